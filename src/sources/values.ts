import type { PersonName, Sex } from '../model/index.ts';
import type { ColumnRef } from './mappingSchema.ts';
import { nonsense } from './fault.ts';

/** The name of the column behind a reference. */
export function columnOf(ref: ColumnRef): string {
  return typeof ref === 'string' ? ref : ref.column;
}

/** What the owner writes, turned into what it means here. What the table does not name stays as it is. */
export function meaningOf(ref: ColumnRef, text: string): string {
  return typeof ref === 'string' || !Object.hasOwn(ref.values, text) ? text : ref.values[text] ?? text;
}

/** All that the owner may have written for one of our words: the table of `meaningOf` read backwards. */
export function writtenFor(ref: ColumnRef, word: string): readonly string[] {
  if (typeof ref === 'string') return [word];
  const written = Object.keys(ref.values).filter(key => ref.values[key] === word);
  return Object.hasOwn(ref.values, word) ? written : [...written, word];
}

/** Text without the padding of `char(n)`; undefined for null and for nothing but blanks. */
export function textOf(value: unknown, ref: ColumnRef): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') throw nonsense(columnOf(ref), 'a text');
  const text = String(value).trimEnd();
  return text === '' ? undefined : meaningOf(ref, text);
}

/** `YYYY-MM-DD`, from a date or the beginning of a time stamp, as the database wrote it: no time zone takes part. */
export function dateOf(value: unknown, ref: ColumnRef): string | undefined {
  const text = textOf(value, ref);
  if (text === undefined) return undefined;
  if (!/^\d{4}-\d{2}-\d{2}(?:$|[ T])/.test(text)) throw nonsense(columnOf(ref), 'a date');
  return text.slice(0, 10);
}

export function numberOf(value: unknown, ref: ColumnRef): number | undefined {
  const text = textOf(value, ref);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isFinite(number)) throw nonsense(columnOf(ref), 'a number');
  return number;
}

/** A list that the owner keeps in one column, parted by commas. Undefined where nothing is in it. */
export function listOf(value: unknown, ref: ColumnRef): readonly string[] | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'string') throw nonsense(columnOf(ref), 'a text');
  const items = value.split(',').map(item => item.trim()).filter(item => item !== '').map(item => meaningOf(ref, item));
  return items.length === 0 ? undefined : items;
}

const sexes = new Set<string>(['M', 'F', 'U', 'X'] satisfies Sex[]);

export function sexOf(value: unknown, ref: ColumnRef): Sex | undefined {
  const text = textOf(value, ref);
  if (text === undefined) return undefined;
  if (!sexes.has(text)) throw nonsense(columnOf(ref), 'M, F, U or X; `values` can say what each word means');
  return text as Sex;
}

/** Upper case, as names travel; undefined where there is no surname. */
export function nameOf(surname: string | undefined, given: string | undefined, middle: string | undefined): PersonName | undefined {
  return surname === undefined ? undefined : { surname: surname.toUpperCase(), given: (given ?? '').toUpperCase(), middle: (middle ?? '').toUpperCase() };
}
