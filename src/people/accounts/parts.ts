import type { Sql, TransactionSql } from 'postgres';

import type { Acts } from '../acts/index.ts';
import { AccountError } from './errors.ts';
import type { From, SignInSettings } from './types.ts';

/** What accounts need. */
export interface AccountsParts {
  readonly sql: Sql;
  readonly acts: Acts;
  /** What differs from the defaults. */
  readonly settings?: Partial<SignInSettings>;
  /** Under a key of the exchange's own: keys of one-time codes are kept sealed. */
  readonly seal: (plain: string) => string;
  readonly unseal: (sealed: string) => string;
  /** What passkeys are bound to: the name for screens, the host, and the origins of the pages (`https://…`). */
  readonly rp: { readonly name: string; readonly id: string; readonly origins: readonly string[] };
  /** Whether an owner has a log here: a role for any other is refused. Every one has, unless told. */
  readonly isOwner?: (owner: string) => boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** The clock on the wall, which one-time codes go by, because the devices of people do; the same as `now` unless told. */
  readonly wall?: () => number;
}

/** The same, with what holds where nothing was said. */
export interface Context {
  readonly sql: Sql;
  readonly acts: Acts;
  readonly settings: SignInSettings;
  readonly seal: (plain: string) => string;
  readonly unseal: (sealed: string) => string;
  readonly rp: AccountsParts['rp'];
  readonly isOwner: (owner: string) => boolean;
  readonly now: () => number;
  readonly wall: () => number;
}

export type Db = Sql | TransactionSql;

/** Runs one transaction. A refusal that it returns is thrown once the transaction, with the act that tells of it, is committed; what it throws itself undoes everything. */
export async function settle<T>(sql: Sql, work: (tx: TransactionSql) => Promise<T | AccountError>): Promise<T> {
  const result = (await sql.begin(async (tx) => [await work(tx)] as const)) as readonly [T | AccountError];
  if (result[0] instanceof AccountError) throw result[0];
  return result[0];
}

/** Runs one transaction and gives back what it returns, of whatever shape. */
export async function transact<T>(sql: Sql, work: (tx: TransactionSql) => Promise<T>): Promise<T> {
  const result = (await sql.begin(async (tx) => [await work(tx)] as const)) as readonly [T];
  return result[0];
}

/** Where a request came from, as an act holds it: sealed. */
export function wordsOf(from: From | null): Readonly<Record<string, string>> | null {
  return from === null ? null : { address: from.address.slice(0, 100), agent: from.agent.slice(0, 200) };
}

/** A text that came from the network, without the one character that no text of the database can hold. */
export function typed(text: string): string {
  return text.replaceAll('\u0000', '');
}
