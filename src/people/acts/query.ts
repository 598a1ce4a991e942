import { acts } from './acts.ts';

/** What acts are searched for. Values of one key are alternatives; keys are all to hold; `not` is what must not be. */
export interface ActQuery {
  readonly is: Readonly<Record<ActKey, readonly string[]>>;
  readonly not: Readonly<Record<ActKey, readonly string[]>>;
  /** When: within any of these, and none of those. */
  readonly created: readonly ActPeriod[];
  readonly notCreated: readonly ActPeriod[];
}

/** RFC 3339, UTC; `to` is not in it. Null where that end is open; never both. */
export interface ActPeriod {
  readonly from: string | null;
  readonly to: string | null;
}

export const actKeys = ['who', 'act', 'about', 'outcome', 'role'] as const;
export type ActKey = (typeof actKeys)[number];

/** Every word before a colon, as `readActQuery` says it back. */
export const actQualifiers = [...actKeys, 'created'] as const;

export type ReadActQuery =
  | { readonly ok: true; readonly query: ActQuery; /** The same as text, in one order. */ readonly text: string }
  /** `word` is the part that was not understood: from whoever asks. */
  | { readonly ok: false; readonly word: string; readonly why: string };

/** Other words for the same: those that acts have as their fields. */
const otherWords: Readonly<Record<string, ActKey>> = { on: 'about', result: 'outcome' };

const shapes: Readonly<Record<ActKey, { readonly pattern: RegExp; readonly says: string }>> = {
  who: { pattern: /^(?:A-[0-9A-Z]{12}|operator|clock|nobody|certificate:[0-9a-f]{16}|(?:directory|resident):[\w-]{1,40})$/, says: 'an account such as A-0123456789AB, operator, clock or nobody' },
  act: { pattern: /^[a-zA-Z]{1,40}$/, says: 'a word of the list of acts' },
  about: { pattern: /^[\w.:-]{1,80}$/, says: 'the number of a ticket, proposal, account or paper' },
  outcome: { pattern: /^(?:done|refused|failed)$/, says: 'done, refused or failed' },
  role: { pattern: /^[a-zA-Z]{1,30}$/, says: 'a role' },
};

const longest = 1_000;
const most = 30;
const timeSays = 'a day is 2026-03-01, a time 2026-03-01T17:00:00Z, a period 2026-03-01..2026-03-31 with either end left out';

/**
 * Reads `who:A-… -act:signedIn about:WA-… outcome:refused created:2026-03-01..2026-03-31`. A day as an end is included whole. `on:` and `result:` are other words for `about:` and
 * `outcome:`; `from:` and `to:` together are one period. The text comes from an address, so from anybody who may search.
 */
export function readActQuery(text: string): ReadActQuery {
  const words = text.slice(0, longest).split(/\s+/).filter((word) => word !== '');
  if (text.length > longest || words.length > most) return { ok: false, word: '', why: `a search has at most ${longest} characters and ${most} parts` };
  const is = empty();
  const not = empty();
  const periods: { readonly minus: string; readonly text: string; readonly period: ActPeriod }[] = [];
  const ends = { from: '', to: '' };
  for (const word of words) {
    const [, minus = '', typed = '', value = ''] = /^(-?)([a-z]+):(.+)$/.exec(word) ?? [];
    const key = otherWords[typed] ?? typed;
    if (key === 'from' || key === 'to') {
      if (minus !== '' || periodOf(key === 'from' ? `${value}..` : `..${value}`) === null) return { ok: false, word, why: timeSays };
      ends[key] = value;
    } else if (key === 'created') {
      const period = periodOf(value);
      if (period === null) return { ok: false, word, why: timeSays };
      periods.push({ minus, text: value, period });
    } else {
      if (!isKey(key)) return { ok: false, word, why: `the parts are ${actQualifiers.map((one) => `${one}:`).join(' ')}` };
      if (!shapes[key].pattern.test(value) || (key === 'act' && !Object.hasOwn(acts, value))) return { ok: false, word, why: `${key}: takes ${shapes[key].says}` };
      (minus === '-' ? not : is)[key].push(key === 'who' ? value.replace(':', ' ') : value);
    }
  }
  if (ends.from !== '' || ends.to !== '') {
    const both = `${ends.from}..${ends.to}`;
    const period = periodOf(both);
    if (period === null) return { ok: false, word: both, why: timeSays };
    periods.push({ minus: '', text: both, period });
  }
  const parts = actKeys.flatMap((key) => [...is[key].map((value) => `${key}:${value.replace(' ', ':')}`), ...not[key].map((value) => `-${key}:${value.replace(' ', ':')}`)]);
  const of = (minus: string): readonly ActPeriod[] => periods.filter((one) => one.minus === minus).map(({ period }) => period);
  return { ok: true, query: { is, not, created: of(''), notCreated: of('-') }, text: [...parts, ...periods.map(({ minus, text: period }) => `${minus}created:${period}`)].join(' ') };
}

/** A search for everything. */
export const allActs: ActQuery = { is: empty(), not: empty(), created: [], notCreated: [] };

function empty(): Record<ActKey, string[]> {
  return { who: [], act: [], about: [], outcome: [], role: [] };
}

function isKey(key: string): key is ActKey {
  return (actKeys as readonly string[]).includes(key);
}

/** A period as it is typed; null where it is none. One that ends before it begins holds nothing, and is a mistake. One day or time alone is all of that day, minute, second or millisecond. */
function periodOf(text: string): ActPeriod | null {
  const [first = '', last, more] = text.split('..');
  if (more !== undefined) return null;
  const from = first === '' ? null : instant(first, false);
  const to = last === undefined ? instant(first, true, true) : last === '' ? null : instant(last, true);
  if ((first !== '' && from === null) || (last !== undefined && last !== '' && to === null)) return null;
  if (from === null && to === null) return null;
  return from !== null && to !== null && from >= to ? null : { from, to };
}

/** The instant that a day or time means, of the years 1900 to 2999; as an end, a day means the midnight after it. `whole`: the end of the minute, second or millisecond that is named. */
function instant(value: string, end: boolean, whole = false): string | null {
  const parts = /^(?:19|2\d)\d\d-\d\d-\d\d(?:(T\d\d:\d\d)(:\d\d)?(\.\d{1,3})?Z)?$/.exec(value)?.slice(1) as readonly (string | undefined)[] | undefined;
  if (parts === undefined) return null;
  const [time, seconds, fraction] = parts;
  if (fraction !== undefined && seconds === undefined) return null;
  const at = new Date(time === undefined ? `${value}T00:00:00Z` : value);
  if (Number.isNaN(at.getTime()) || !at.toISOString().startsWith(value.slice(0, 10))) return null;
  const length = time === undefined ? 86_400_000 : !whole ? 0 : fraction !== undefined ? 1 : seconds !== undefined ? 1_000 : 60_000;
  return new Date(at.getTime() + (end ? length : 0)).toISOString();
}
