import Value from 'typebox/value';
import { allJurisdictions } from '../vocabulary/index.ts';
import { inOrder, pathOf, readYaml, type Locate as LocateOf, type Path, type YamlProblem, type YamlProblemCode } from '../yaml/read.ts';
import { mappingSchema, type Mapping } from './mappingSchema.ts';

/** What is wrong with a mapping file. Codes are stable; `message` says what, `mend` what to do. */
export type MappingProblemCode = OwnCode | YamlProblemCode;
type OwnCode = 'unknownKey' | 'missing' | 'badValue' | 'secret' | 'partitionMissing' | 'nothingMapped' | 'notForHttp' | 'pictureTable' | 'historyWithoutDriver';
export type MappingProblem = YamlProblem<OwnCode>;
type Locate = LocateOf<OwnCode>;

export type MappingReading =
  | { readonly ok: true; readonly mapping: Mapping }
  | { readonly ok: false; readonly problems: readonly MappingProblem[] };

/**
 * Reads and checks a mapping file. The operator controls the text, so it is trusted to mean well and to be wrong:
 * every problem names its line. Nothing is connected to. Never throws.
 */
export function readMapping(text: string): MappingReading {
  const reading = readYaml<OwnCode>(text, 'begin with `owners:`');
  if (!reading.ok) return reading;
  const { value, where } = reading;
  // A single owner may be written without brackets: `owners: WA`.
  if (typeof value['owners'] === 'string' && value['owners'] !== 'all') value['owners'] = [value['owners']];
  const problems = structure(value, where);
  if (problems.length > 0) return { ok: false, problems: inOrder(problems) };
  const mapping = value as unknown as Mapping;
  const more = meaning(mapping, where);
  return more.length > 0 ? { ok: false, problems: inOrder(more) } : { ok: true, mapping };
}

/** The owners that a mapping serves, in the order given; `all` are the 56 jurisdictions. */
export function ownersOf(mapping: Mapping): readonly string[] {
  return mapping.owners === 'all' ? allJurisdictions : mapping.owners;
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
}

/** The schema's own errors in words. Of a union only what is wrong inside the object form is told, or that neither form fits. */
function structure(value: unknown, where: Locate): MappingProblem[] {
  const errors = Value.Errors(mappingSchema, value) as readonly SchemaError[];
  const unions = errors.filter(error => error.keyword === 'anyOf').map(error => error.instancePath);
  const problems = new Map<string, MappingProblem>();
  for (const error of errors) {
    const path = pathOf(error.instancePath);
    const union = unions.find(u => error.instancePath === u || error.instancePath.startsWith(`${u}/`));
    const here = valueAt(value, path);
    for (const problem of words(error, path, here, union === error.instancePath && typeof here === 'object', where)) {
      if (!problems.has(problem.at)) problems.set(problem.at, problem);
    }
  }
  // Of a union both the whole and the part that is wrong are told: the part is enough.
  return [...problems.values()].filter(({ code, at }) => code !== 'badValue' || ![...problems.keys()].some(other => other.startsWith(`${at}.`)));
}

function words(error: SchemaError, path: Path, value: unknown, insideUnion: boolean, where: Locate): MappingProblem[] {
  const params = error.params as { readonly requiredProperties?: readonly string[]; readonly additionalProperties?: readonly string[] };
  switch (error.keyword) {
    case 'required':
      return (params.requiredProperties ?? []).map(name => where([...path, name], 'missing', `\`${name}\` is missing`, path.length === 0 ? 'every mapping needs `owners`, `connection` and `dialect`' : `add \`${name}: COLUMN\` under \`${path.join('.')}\``));
    case 'additionalProperties':
      return (params.additionalProperties ?? []).map(name => where([...path, name], 'unknownKey', `\`${name}\` is not a word of the mapping here`, 'see docs/sources.md for the words'));
    case 'boolean': // the same unknown key a second time
      return [];
    default:
      if (insideUnion && error.keyword !== 'anyOf') return [];
      if (insideUnion && !Array.isArray(value) && value !== null) return [];
      return [badValue(path, value, where)];
  }
}

function badValue(path: Path, value: unknown, where: Locate): MappingProblem {
  const last = path.at(-1) ?? '';
  if (path[0] === 'connection') {
    const secret = typeof value === 'string' && /[:/@]/.test(value);
    return where(path, secret ? 'secret' : 'badValue', secret ? 'an address does not belong in the mapping, because it may carry a password' : 'this is not the name of a connection', 'name a connection of the settings, or write env:NAME for a variable of the environment');
  }
  if (path[0] === 'owners') return where(path, 'badValue', 'owners are two capital letters each, or the word `all`', 'for example `owners: [WA, OR]`');
  if (last === 'dialect') return where(path, 'badValue', 'the dialect is not known', 'write postgres, mysql or http');
  if (last === 'table') return where(path, 'badValue', 'this is not the name of a table', 'letters, digits and _, with the schema before a point where needed; for anything else make a view');
  return where(path, 'badValue', 'this does not fit here', 'write the name of a column: letters, digits and _; for anything else make a view');
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[step] : undefined), value);
}

/** What a schema cannot say. */
function meaning(mapping: Mapping, where: Locate): MappingProblem[] {
  const problems: MappingProblem[] = [];
  const { driver, vehicle, history, partition } = mapping;
  if (mapping.dialect === 'http') {
    for (const word of ['driver', 'vehicle', 'history', 'partition'] as const) {
      if (mapping[word] !== undefined) problems.push(where([word], 'notForHttp', 'a service over HTTP lays out its own records', `remove \`${word}\``));
    }
    return problems;
  }
  if (driver === undefined && vehicle === undefined) problems.push(where([], 'nothingMapped', 'neither `driver` nor `vehicle` is mapped', 'add one of them'));
  if (history !== undefined && driver === undefined) problems.push(where(['history'], 'historyWithoutDriver', 'a history hangs on a driver', 'map `driver` as well'));
  if (ownersOf(mapping).length > 1 && partition === undefined) {
    problems.push(where(['owners'], 'partitionMissing', 'several owners in one database need a column that tells whose a row is', 'add `partition: { column: COLUMN }`'));
  }
  for (const name of ['photo', 'signature'] as const) {
    const picture = driver?.[name];
    if (picture === undefined) continue;
    const parts = [picture.table, picture.key, picture.by].filter(part => part !== undefined).length;
    if (parts !== 0 && parts !== 3) problems.push(where(['driver', name], 'pictureTable', 'a picture in a table of its own needs `table`, `key` and `by`', 'give all three, or none where the picture is in the driver table'));
    if (parts === 0 && picture.partition !== undefined) problems.push(where(['driver', name, 'partition'], 'pictureTable', '`partition` is for a picture in a table of its own', 'remove it'));
  }
  return problems;
}
