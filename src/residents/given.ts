import type { ResidentGiven } from '../ledger/subjects/index.ts';
import { ResidentError } from './types.ts';

/** What a resident gave, in the form in which it is kept: texts of ordinary length, five of each kind at most. Throws `RESIDENT_FIELD`. */
export function givenOf(value: unknown): ResidentGiven {
  const { licences = [], plates = [], vins = [], people = [] } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return {
    licences: list(licences).map((one) => textOf(one, 40)),
    plates: list(plates).map((one) => ({ plate: textOf(member(one, 'plate'), 20), types: list(member(one, 'types') ?? []).map((type) => textOf(type, 4)) })),
    vins: list(vins).map((one) => ({ vin: textOf(member(one, 'vin'), 40), make: orNull(member(one, 'make'), 20), year: orNull(member(one, 'year'), 4) })),
    people: list(people).map((one) => {
      const name = member(one, 'name');
      const birthDate = birthOf(member(one, 'birthDate'));
      return { name: { surname: plain(member(name, 'surname')), given: plain(member(name, 'given')), middle: plain(member(name, 'middle') ?? '') }, birthDate };
    }),
  };
}

/** One text of a person, without control characters. Throws `RESIDENT_FIELD`. */
export function textOf(value: unknown, longest: number): string {
  if (typeof value !== 'string' || value.length > longest || /\p{Cc}/u.test(value.replaceAll('\n', ' ').replaceAll('\r', ' '))) {
    throw new ResidentError('RESIDENT_FIELD', 'a text is missing, too long, or has control characters', 'Write it as it stands on the licence.');
  }
  return value.trim();
}

/** Whether a text is a day that there is, as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && Number.isFinite(Date.parse(text)) && new Date(Date.parse(text)).toISOString().startsWith(text);
}

/** A date of birth, or nothing. Throws `RESIDENT_FIELD` for 31 February: nobody would ever be found by it. */
function birthOf(value: unknown): string {
  const text = textOf(value, 10);
  if (text === '' || isDay(text)) return text;
  throw new ResidentError('RESIDENT_FIELD', 'there is no such date of birth', 'Write it as YYYY-MM-DD, as it stands on the licence.');
}

function plain(value: unknown): string {
  return textOf(value, 60).toUpperCase();
}

function orNull(value: unknown, longest: number): string | null {
  return value === undefined || value === null || value === '' ? null : textOf(value, longest);
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value) && value.length <= 5) return value;
  throw new ResidentError('RESIDENT_FIELD', 'a list is missing, or has more than five', 'Give at most five of each kind.');
}
