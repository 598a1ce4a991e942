import Value from 'typebox/value';
import { allDataClasses, isNameOf, dataClasses } from '../../vocabulary/index.ts';
import { inOrder, pathOf, readYaml, type Locate as LocateOf, type Path, type YamlProblem, type YamlProblemCode } from '../../yaml/read.ts';
import { mappingSchema, wordsOf, type ColumnMapping, type Mapping } from './mappingSchema.ts';
import { saysOffset, timeReader } from './timeFormat.ts';
import { zoneOf } from './zones.ts';

type OwnCode = 'unknownKey' | 'missing' | 'badValue' | 'badForm' | 'badZone' | 'unknownWord' | 'unknownColumn' | 'notHere';
export type MappingProblemCode = OwnCode | YamlProblemCode;
export type MappingProblem = YamlProblem<OwnCode>;
type Locate = LocateOf<OwnCode>;

export type MappingReading = { readonly ok: true; readonly mapping: Mapping } | { readonly ok: false; readonly problems: readonly MappingProblem[] };

/** Reads and checks the mapping of a log. Every problem names its line. Never throws. */
export function readMapping(text: string): MappingReading {
  const reading = readYaml<OwnCode>(text, 'begin with `log: 1`, or let `weir import sketch FILE` propose one');
  if (!reading.ok) return reading;
  const { value, where } = reading;
  const problems = structure(value, where);
  if (problems.length > 0) return { ok: false, problems: inOrder(problems) };
  const mapping = value as unknown as Mapping;
  const more = meaning(mapping, where);
  return more.length > 0 ? { ok: false, problems: inOrder(more) } : { ok: true, mapping };
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
}

/** What the schema finds, in words. Within a choice of forms only that none fits is told, at the place of the choice. */
function structure(value: unknown, where: Locate): MappingProblem[] {
  const errors = Value.Errors(mappingSchema, value) as readonly SchemaError[];
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath);
  const problems = new Map<string, MappingProblem>();
  for (const { keyword, instancePath, params } of errors) {
    if (keyword === 'boolean' || (keyword !== 'anyOf' && unions.some((union) => instancePath === union || instancePath.startsWith(`${union}/`)))) continue;
    const path = pathOf(instancePath);
    const { requiredProperties = [], additionalProperties = [] } = params as { readonly requiredProperties?: readonly string[]; readonly additionalProperties?: readonly string[] };
    const found = keyword === 'required' ? requiredProperties.map((name) => where([...path, name], 'missing', `\`${name}\` is missing`, 'see `weir import schema`, or the samples in samples/imports'))
      : keyword === 'additionalProperties' ? additionalProperties.map((name) => where([...path, name], 'unknownKey', `\`${name}\` is not a word of the mapping here`, 'see docs/imports.md for the words'))
        : [where(path, 'badValue', 'this does not fit here', hintOf(path))];
    for (const problem of found) if (!problems.has(problem.at)) problems.set(problem.at, problem);
  }
  return [...problems.values()];
}

function hintOf(path: Path): string {
  switch (path[0]) {
    case 'format': return 'write csv, jsonl, fixed or message';
    case 'log': return 'write `log: 1`';
    case 'fixed': return 'write `NAME: [first character from 1, number of characters]`';
    case 'subject': return 'each item has `kind` (licence, person, plate, vin, partialPlate) and its columns';
    case 'time': return 'for example `columns: [DATE, TIME]`, `form: YYYYMMDD HHmmss`, `zone: America/Los_Angeles`';
    default: return 'write the name of a column, or `{ column: NAME, values: { THEIRS: ours } }`; numbers and yes/no as words in quotes';
  }
}

/** What a schema cannot say. */
function meaning(mapping: Mapping, where: Locate): MappingProblem[] {
  const problems: MappingProblem[] = [];
  const { format, time } = mapping;
  for (const part of ['csv', 'fixed', 'message'] as const) {
    if (mapping[part] !== undefined && format !== part) problems.push(where([part], 'notHere', `the format is ${format}`, `remove \`${part}\`, or write \`format: ${part}\``));
    if (part !== 'csv' && mapping[part] === undefined && format === part) problems.push(where(['format'], 'missing', `\`${part}\` is missing`, `say under \`${part}\` how the lines are laid out`));
  }
  if (mapping.csv?.header === false && mapping.csv.columns === undefined) problems.push(where(['csv', 'header'], 'missing', 'without a header the mapping has to name the columns', 'add `columns: [A, B, C]` under `csv`'));
  if (mapping.csv?.multiline === true && mapping.csv.quote === 'none') problems.push(where(['csv', 'multiline'], 'notHere', 'only quoted values can run over line ends', 'name the quotation mark'));
  if (mapping.csv?.delimiter !== undefined && mapping.csv.delimiter === (mapping.csv.quote ?? '"')) problems.push(where(['csv', 'delimiter'], 'badValue', 'the delimiter and the quotation mark are the same', null));
  for (const name of ['ori', 'key'] as const) {
    if (format !== 'message' && mapping[name] === undefined) problems.push(where([name], 'missing', `\`${name}\` is missing`, 'name the column that holds it'));
  }
  if (format === 'message') {
    for (const name of ['ori', 'key', 'subject', 'image', 'purpose', 'owner'] as const) {
      if (mapping[name] !== undefined) problems.push(where([name], 'notHere', 'the message itself says it', `remove \`${name}\``));
    }
  }
  try {
    timeReader(time.form);
    if (time.zone === undefined && !saysOffset(time.form) && time.form !== 'iso') problems.push(where(['time'], 'missing', 'the times do not say in which zone they are', 'add `zone: America/Los_Angeles`, or the zone of the clock that wrote the log'));
  } catch (error) {
    problems.push(where(['time', 'form'], 'badForm', error instanceof Error ? error.message : 'this is no form of a time', 'for example `YYYY-MM-DD HH:mm:ss`'));
  }
  try {
    zoneOf(time.zone ?? 'UTC');
  } catch {
    problems.push(where(['time', 'zone'], 'badZone', 'this is no time zone', 'write one such as America/Los_Angeles, UTC or -08:00'));
  }
  if (time.earliest !== undefined && time.latest !== undefined && time.earliest > time.latest) problems.push(where(['time', 'latest'], 'badValue', 'the latest day is before the earliest', null));
  if (mapping.duplicates?.by === 'id' && mapping.id === undefined) problems.push(where(['duplicates', 'by'], 'missing', 'no column holds an id', 'add `id: COLUMN`'));
  for (const name of ['key', 'purpose', 'status', 'court', 'image'] as const) problems.push(...words(name, mapping[name], where));
  for (const [given, word] of Object.entries(mapping.released?.values ?? {})) {
    if (!isNameOf(dataClasses, word)) problems.push(where(['released', 'values', given], 'unknownWord', `\`${word.slice(0, 40)}\` is no class of data`, `one of ${allDataClasses.join(', ')}`));
  }
  mapping.subject?.forEach((one, place) => {
    if (one.kind !== 'person' || one.birthDateForm === undefined) return;
    try {
      timeReader(one.birthDateForm);
    } catch (error) {
      problems.push(where(['subject', String(place), 'birthDateForm'], 'badForm', error instanceof Error ? error.message : 'this is no form of a day', 'for example `YYYYMMDD`'));
    }
  });
  const known = format === 'fixed' ? Object.keys(mapping.fixed?.columns ?? {}) : format === 'message' ? mapping.message?.columns : mapping.csv?.header === false ? mapping.csv.columns : undefined;
  if (known !== undefined && problems.length === 0) {
    for (const { path, column } of columnsOf(mapping)) if (!known.includes(column)) problems.push(where(path, 'unknownColumn', `no column \`${column.slice(0, 60)}\` is laid out`, `columns: ${known.slice(0, 30).join(', ')}`));
  }
  return problems;
}

function words(name: 'key' | 'purpose' | 'status' | 'court' | 'image', given: ColumnMapping | undefined, where: Locate): MappingProblem[] {
  if (given === undefined || typeof given === 'string') return [];
  const all = wordsOf[name] ?? [];
  const said: [Path, string][] = 'constant' in given ? [[[name, 'constant'], given.constant]] : [
    ...Object.entries(given.values ?? {}).map(([theirs, ours]): [Path, string] => [[name, 'values', theirs], ours]),
    ...(given.otherwise === undefined ? [] : [[[name, 'otherwise'], given.otherwise] as [Path, string]]),
    ...(given.empty === undefined ? [] : [[[name, 'empty'], given.empty] as [Path, string]]),
  ];
  return said.filter(([, word]) => !all.includes(word)).map(([path, word]) => where(path, 'unknownWord', `\`${word.slice(0, 40)}\` is no word here`, `one of ${all.join(', ')}`));
}

/** Every column that a mapping names, with the place where it does. */
export function columnsOf(mapping: Mapping): readonly { readonly path: Path; readonly column: string }[] {
  const found: { path: Path; column: string }[] = [];
  const see = (path: Path, value: unknown): void => {
    if (typeof value === 'string') found.push({ path, column: value });
    else if (typeof value === 'object' && value !== null && 'column' in value && typeof value.column === 'string') found.push({ path: [...path, 'column'], column: value.column });
  };
  mapping.time.columns.forEach((column, place) => found.push({ path: ['time', 'columns', String(place)], column }));
  for (const name of ['ori', 'onBehalfOf', 'owner', 'key', 'purpose', 'caseNumber', 'warrant', 'court', 'user', 'image', 'status', 'released', 'records', 'id'] as const) see([name], mapping[name]);
  for (const [part, value] of Object.entries(mapping.userName ?? {})) if (part !== 'order') see(['userName', part], value);
  mapping.skip?.where?.forEach((rule, place) => found.push({ path: ['skip', 'where', String(place), 'column'], column: rule.column }));
  mapping.subject?.forEach((one, place) => {
    for (const [part, value] of Object.entries(one)) {
      if (part === 'kind' || part === 'birthDateForm') continue;
      if (part === 'name') {
        for (const [piece, column] of Object.entries(value as Readonly<Record<string, string>>)) if (piece !== 'order') see(['subject', String(place), 'name', piece], column);
      } else see(['subject', String(place), part], value);
    }
  });
  return found;
}
