import type { ColumnMapping } from './mappingSchema.ts';

/** Reads a cell, without spaces around it. */
export type TextColumn = (cells: readonly string[]) => string;
/** Reads a word: null where nothing is stated, undefined where it is not known. */
export type WordColumn<T extends string> = (cells: readonly string[]) => T | null | undefined;

export function textColumn(column: string, place: (column: string) => number): TextColumn {
  const at = place(column);
  return (cells) => (cells[at] ?? '').trim();
}

/** The text of a column, with its values put for what the log writes. */
export function valueColumn(mapped: ColumnMapping, place: (column: string) => number): TextColumn {
  if (typeof mapped === 'string') return textColumn(mapped, place);
  if ('constant' in mapped) return () => mapped.constant;
  const read = textColumn(mapped.column, place);
  const values = new Map(Object.entries(mapped.values ?? {}).map(([theirs, ours]) => [theirs.toUpperCase(), ours]));
  return (cells) => {
    const text = read(cells);
    if (text === '') return mapped.empty ?? '';
    return values.size === 0 ? text : values.get(text) ?? values.get(text.toUpperCase()) ?? mapped.otherwise ?? text;
  };
}

/** A column whose values are words of ours, or are put into them by the mapping. Capitals and small letters are the same. `ours` are the words that need no mapping. */
export function wordColumn<T extends string>(mapped: ColumnMapping, place: (column: string) => number, ours: Readonly<Record<string, T>>): WordColumn<T> {
  const words = new Map<string, T>(Object.entries(ours).map(([word, value]) => [word.toUpperCase(), value]));
  const own = (word: string): T | undefined => words.get(word.toUpperCase());
  if (typeof mapped !== 'string' && 'constant' in mapped) {
    const word = own(mapped.constant);
    return () => word;
  }
  const given = typeof mapped === 'string' ? { column: mapped } : mapped;
  const table = new Map(words);
  for (const [theirs, word] of Object.entries(given.values ?? {})) {
    const value = own(word);
    if (value !== undefined) table.set(theirs.trim().toUpperCase(), value);
  }
  const [otherwise, empty] = [given.otherwise, given.empty].map((word) => (word === undefined ? undefined : own(word)));
  const read = textColumn(given.column, place);
  return (cells) => {
    const text = read(cells);
    if (text === '') return empty ?? null;
    return table.get(text) ?? table.get(text.toUpperCase()) ?? otherwise;
  };
}

/** Words that mean themselves. */
export function themselves<T extends string>(words: readonly T[]): Readonly<Record<string, T>> {
  return Object.fromEntries(words.map((word) => [word, word]));
}
