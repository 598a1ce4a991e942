import { acts } from './acts.ts';

/** What acts are searched for. Values of one key are alternatives; keys are all to hold; `not` is what must not be. Times are RFC 3339, UTC, `to` not included. */
export interface ActQuery {
  readonly is: Readonly<Record<ActKey, readonly string[]>>;
  readonly not: Readonly<Record<ActKey, readonly string[]>>;
  readonly from: string | null;
  readonly to: string | null;
}

export const actKeys = ['who', 'act', 'on', 'result', 'role'] as const;
export type ActKey = (typeof actKeys)[number];

export type ReadActQuery =
  | { readonly ok: true; readonly query: ActQuery; /** The same as text, in one order. */ readonly text: string }
  /** `word` is the part that was not understood: from whoever asks. */
  | { readonly ok: false; readonly word: string; readonly why: string };

const shapes: Readonly<Record<ActKey, { readonly pattern: RegExp; readonly says: string }>> = {
  who: { pattern: /^(?:A-[0-9A-Z]{12}|operator|clock|nobody|certificate:[0-9a-f]{16}|directory:[\w-]{1,40})$/, says: 'an account such as A-0123456789AB, operator, clock or nobody' },
  act: { pattern: /^[a-zA-Z]{1,40}$/, says: 'a word of the list of acts' },
  on: { pattern: /^[\w.:-]{1,80}$/, says: 'the number of a ticket, proposal, account or paper' },
  result: { pattern: /^(?:done|refused|failed)$/, says: 'done, refused or failed' },
  role: { pattern: /^[a-zA-Z]{1,30}$/, says: 'a role' },
};

const longest = 1_000;
const most = 30;

/**
 * Reads `who:A-… -act:signedIn on:WA-… result:refused from:2026-03-01 to:2026-03-31`. A day as `to` is included whole. The text comes from an address, so
 * from anybody who may search.
 */
export function readActQuery(text: string): ReadActQuery {
  const words = text.slice(0, longest).split(/\s+/).filter((word) => word !== '');
  if (text.length > longest || words.length > most) return { ok: false, word: '', why: `a search has at most ${longest} characters and ${most} parts` };
  const is = empty();
  const not = empty();
  const time: { from: string | null; to: string | null } = { from: null, to: null };
  const times: string[] = [];
  for (const word of words) {
    const [, minus = '', key = '', value = ''] = /^(-?)([a-z]+):(.+)$/.exec(word) ?? [];
    if (key === 'from' || key === 'to') {
      const at = minus === '' ? instant(value, key === 'to') : null;
      if (at === null) return { ok: false, word, why: 'a day is 2026-03-01, a time 2026-03-01T17:00:00Z' };
      time[key] = at;
      times.push(`${key}:${value}`);
      continue;
    }
    if (!isKey(key)) return { ok: false, word, why: `the parts are ${[...actKeys, 'from', 'to'].map((one) => `${one}:`).join(' ')}` };
    if (!shapes[key].pattern.test(value) || (key === 'act' && !Object.hasOwn(acts, value))) return { ok: false, word, why: `${key}: takes ${shapes[key].says}` };
    (minus === '-' ? not : is)[key].push(key === 'who' ? value.replace(':', ' ') : value);
  }
  const parts = actKeys.flatMap((key) => [...is[key].map((value) => `${key}:${value.replace(' ', ':')}`), ...not[key].map((value) => `-${key}:${value.replace(' ', ':')}`)]);
  return { ok: true, query: { is, not, ...time }, text: [...parts, ...times].join(' ') };
}

/** A search for everything. */
export const allActs: ActQuery = { is: empty(), not: empty(), from: null, to: null };

function empty(): Record<ActKey, string[]> {
  return { who: [], act: [], on: [], result: [], role: [] };
}

function isKey(key: string): key is ActKey {
  return (actKeys as readonly string[]).includes(key);
}

/** The instant that a day or time means; as an end, a day means the midnight after it. */
function instant(value: string, end: boolean): string | null {
  const day = /^\d{4}-\d\d-\d\d$/.test(value);
  if (!day && !/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z$/.test(value)) return null;
  const at = new Date(day ? `${value}T00:00:00Z` : value);
  if (Number.isNaN(at.getTime()) || !at.toISOString().startsWith(value.slice(0, 10))) return null;
  return new Date(at.getTime() + (day && end ? 86_400_000 : 0)).toISOString();
}
