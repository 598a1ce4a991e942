import { LineCounter, isMap, isNode, isPair, isScalar, isSeq, parseDocument, type Document } from 'yaml';

/** What can be wrong with any file here; what a room looks for besides has codes of its own. */
export type YamlProblemCode = 'tooLarge' | 'notYaml' | 'notAMap';

export interface YamlProblem<Code extends string = never> {
  readonly code: Code | YamlProblemCode;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Where in the document: `driver.name.surname`. */
  readonly at: string;
  readonly message: string;
  /** What to do about it. */
  readonly mend: string | null;
}

/** The keys that lead to a place; of a list the number of the item, from 0. */
export type Path = readonly string[];

/** Makes a problem at a place; where the place is not there, at the nearest above it that is. */
export type Locate<Code extends string = never> = (path: Path, code: Code | YamlProblemCode, message: string, mend?: string | null) => YamlProblem<Code>;

export type YamlReading<Code extends string = never> =
  | { readonly ok: true; readonly value: Record<string, unknown>; readonly where: Locate<Code> }
  | { readonly ok: false; readonly problems: readonly YamlProblem<Code>[] };

const maxCharacters = 262_144;

/**
 * Reads a file that a person writes: one document whose outermost value is a mapping, with keys of text, each once. `begin` says how such a file begins.
 * Whoever runs the machine controls the text, so it is trusted to mean well and to be wrong: every problem names its line. Never throws.
 */
export function readYaml<Code extends string = never>(text: string, begin: string): YamlReading<Code> {
  if (text.length > maxCharacters) return { ok: false, problems: [{ code: 'tooLarge', line: 1, column: 1, at: '', message: `the file is longer than ${maxCharacters} characters`, mend: null }] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true });
  if (document.errors.length > 0) {
    return { ok: false, problems: document.errors.slice(0, 20).map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return { code: 'notYaml', line, column: col, at: '', message: (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''), mend: null };
    }) };
  }
  const where = locator<Code>(document, lines);
  if (!isMap(document.contents)) return { ok: false, problems: [where([], 'notAMap', 'the file holds no mapping', begin)] };
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 100 }) as Record<string, unknown>, where };
  } catch {
    return { ok: false, problems: [where([], 'notYaml', 'an alias in the file cannot be followed', 'write the value out')] };
  }
}

/** In the order of the file. */
export function inOrder<Code extends string>(problems: readonly YamlProblem<Code>[]): readonly YamlProblem<Code>[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** One line for a person: `mapping.yaml:12:5: …`. */
export function yamlProblemLine(file: string, { line, column, at, message, mend }: YamlProblem<string>): string {
  return `${file}:${line}:${column}: ${at === '' ? '' : `\`${at}\`: `}${message}${mend === null ? '' : ` — ${mend}`}`;
}

/** The path of a JSON pointer (RFC 6901). */
export function pathOf(pointer: string): Path {
  return pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function locator<Code extends string>(document: Document, lines: LineCounter): Locate<Code> {
  return (path, code, message, mend = null) => {
    let offset = 0;
    let node: unknown = document.contents;
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === step);
        if (pair === undefined) break;
        if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
        node = pair.value;
      } else {
        const item: unknown = isSeq(node) ? node.items[Number(step)] : undefined;
        if (!isNode(item)) break;
        offset = item.range?.[0] ?? offset;
        node = item;
      }
    }
    const { line, col } = lines.linePos(offset);
    return { code, line, column: col, at: path.join('.'), message, mend };
  };
}
