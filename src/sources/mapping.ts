import { LineCounter, isMap, isNode, isPair, isScalar, parseDocument, type Document } from 'yaml';
import Value from 'typebox/value';
import { allJurisdictions } from '../vocabulary/index.ts';
import { mappingSchema, type Mapping } from './mappingSchema.ts';

/** What is wrong with a mapping file. Codes are stable; `message` says what, `mend` what to do. */
export type MappingProblemCode =
  | 'tooLarge' | 'notYaml' | 'notAMap' | 'unknownKey' | 'missing' | 'badValue' | 'secret'
  | 'partitionMissing' | 'nothingMapped' | 'notForHttp' | 'pictureTable' | 'historyWithoutDriver';

export interface MappingProblem {
  readonly code: MappingProblemCode;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Where in the document: `driver.name.surname`. */
  readonly at: string;
  readonly message: string;
  readonly mend: string | null;
}

export type MappingReading =
  | { readonly ok: true; readonly mapping: Mapping }
  | { readonly ok: false; readonly problems: readonly MappingProblem[] };

const maxCharacters = 262_144;

/**
 * Reads and checks a mapping file. The operator controls the text, so it is trusted to mean well and to be wrong:
 * every problem names its line. Nothing is connected to. Never throws.
 */
export function readMapping(text: string): MappingReading {
  if (text.length > maxCharacters) return failed([{ code: 'tooLarge', line: 1, column: 1, at: '', message: `the file is longer than ${maxCharacters} characters`, mend: null }]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true });
  if (document.errors.length > 0) {
    return failed(document.errors.slice(0, 20).map(error => {
      const { line, col } = lines.linePos(error.pos[0]);
      return { code: 'notYaml', line, column: col, at: '', message: (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''), mend: null };
    }));
  }
  const where = locator(document, lines);
  if (!isMap(document.contents)) return failed([where([], 'notAMap', 'the file holds no mapping', 'begin with `owners:`')]);
  const value = plain(document);
  if (value === undefined) return failed([where([], 'notYaml', 'an alias in the file cannot be followed', 'write the value out')]);
  const problems = structure(value, where);
  if (problems.length > 0) return failed(problems);
  const mapping = value as Mapping;
  const more = meaning(mapping, where);
  return more.length > 0 ? failed(more) : { ok: true, mapping };
}

/** The owners that a mapping serves, in the order given; `all` are the 56 jurisdictions. */
export function ownersOf(mapping: Mapping): readonly string[] {
  return mapping.owners === 'all' ? allJurisdictions : mapping.owners;
}

/** One line for a person: `mapping.yaml:12:5: …`. */
export function problemLine(file: string, problem: MappingProblem): string {
  return `${file}:${problem.line}:${problem.column}: ${problem.at === '' ? '' : `\`${problem.at}\`: `}${problem.message}${problem.mend === null ? '' : ` — ${problem.mend}`}`;
}

type Path = readonly string[];
type Locate = (path: Path, code: MappingProblemCode, message: string, mend?: string | null) => MappingProblem;

function failed(problems: readonly MappingProblem[]): MappingReading {
  return { ok: false, problems: [...problems].sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** A single owner may be written without brackets: `owners: WA`. */
function plain(document: Document): unknown {
  try {
    const value = document.toJS({ maxAliasCount: 100 }) as Record<string, unknown>;
    if (typeof value['owners'] === 'string' && value['owners'] !== 'all') value['owners'] = [value['owners']];
    return value;
  } catch {
    return undefined;
  }
}

/** The position of a key, or of the nearest key above it that is there. */
function locator(document: Document, lines: LineCounter): Locate {
  return (path, code, message, mend = null) => {
    let offset = 0;
    let node: unknown = document.contents;
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find(item => isPair(item) && isScalar(item.key) && String(item.key.value) === step);
        if (pair === undefined) break;
        if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
        node = pair.value;
      } else {
        const next = isNode(node) && 'get' in node && typeof node.get === 'function' ? (node as { get(key: number, keep: true): unknown }).get(Number(step), true) : undefined;
        if (!isNode(next)) break;
        offset = next.range?.[0] ?? offset;
        node = next;
      }
    }
    const { line, col } = lines.linePos(offset);
    return { code, line, column: col, at: path.join('.'), message, mend };
  };
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
    const path = error.instancePath.split('/').slice(1);
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
