import { wrongField } from './texts.ts';
import type { NewDelegation, Rota } from './types.ts';

/** Of an owner that set none. */
export const noRota: Rota = { spans: [], deputies: [] };

const most = 1_000;

/** A rota as somebody sent it, with times in one form. Throws `HELD_FIELD`: too long, no desk or account, a time that is none, an end before its beginning, one's own deputy. */
export function readRota(input: unknown): Rota {
  const { spans, deputies } = (typeof input === 'object' && input !== null ? input : {}) as { readonly spans?: unknown; readonly deputies?: unknown };
  if (!Array.isArray(spans) || !Array.isArray(deputies)) throw wrongField('a rota has two lists: spans and deputies', 'Give both; either may be empty.');
  if (spans.length + deputies.length > most) throw wrongField(`a rota has at most ${most} rows`, 'Take out what has passed.');
  return {
    spans: spans.map((one: unknown) => {
      const span = { desk: deskOf(one), account: accountOf(one, 'account'), from: timeOf(one, 'from'), to: timeOf(one, 'to') };
      if (span.from >= span.to) throw wrongField('a span of duty ends before it begins', 'Give the beginning first.');
      return span;
    }),
    deputies: deputies.map((one: unknown) => {
      const row = { desk: deskOf(one), account: accountOf(one, 'account'), deputy: accountOf(one, 'deputy'), until: timeOf(one, 'until') };
      if (row.account === row.deputy) throw wrongField('nobody is their own deputy', 'Name another account.');
      return row;
    }),
  };
}

/** A delegation as somebody sent it, with times in one form. Throws `HELD_FIELD`. */
export function readDelegation(input: unknown): NewDelegation {
  const from = memberOf(input, 'from');
  const row = { desk: deskOf(input), account: accountOf(input, 'account'), deputy: accountOf(input, 'deputy'), from: from === null || from === undefined ? null : timeOf(input, 'from'), until: timeOf(input, 'until') };
  if (row.account === row.deputy) throw wrongField('nobody is their own deputy', 'Name another account.');
  return row;
}

function memberOf(row: unknown, name: string): unknown {
  return typeof row === 'object' && row !== null ? (row as Readonly<Record<string, unknown>>)[name] : undefined;
}

function deskOf(row: unknown): string {
  const desk = memberOf(row, 'desk');
  if (typeof desk !== 'string' || !/^[^\p{C}]{1,100}$/u.test(desk)) throw wrongField('a row of the rota names no desk', 'Give the desk as the policy names it.');
  return desk;
}

function accountOf(row: unknown, name: string): string {
  const account = memberOf(row, name);
  if (typeof account !== 'string' || !/^A-[0-9A-Z]{12}$/.test(account)) throw wrongField('a row of the rota names no account', 'An account is A- and twelve letters or digits.');
  return account;
}

function timeOf(row: unknown, name: string): string {
  const text = memberOf(row, name);
  const at = typeof text === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) && /(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) throw wrongField('a time of the rota is no time', 'Write it as 2026-11-22T16:00:00Z.');
  return new Date(at).toISOString();
}
