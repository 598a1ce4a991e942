import type { TransactionSql } from 'postgres';

import { wordsOf, type Context, type Db } from './parts.ts';
import { hashOf } from './secrets.ts';
import type { From } from './types.ts';

/** Why a sign-in failed: on the record, and never told to whoever tried. */
export type FailureWhy =
  | 'login' | 'password' | 'code' | 'passkey' | 'counter' | 'flow' | 'expired' | 'locked' | 'disabled' | 'noFactor' | 'session' | 'otherAccount' | 'kind';

/** Those that tell of a guess. */
const guesses: ReadonlySet<FailureWhy> = new Set(['password', 'code', 'passkey', 'counter']);

/** The row of an account, held until the transaction ends: whoever signs in to it goes one after another. */
export interface HeldAccount {
  readonly id: string;
  readonly person: string;
  readonly kind: 'local' | 'oidc' | 'persona';
  readonly login: string;
  readonly password: string | null;
  readonly totp: string | null;
  readonly totpStep: number | null;
  readonly disabledAt: Date | null;
  readonly disabledBy: string | null;
  readonly lockedAt: Date | null;
}

/** Reads and holds an account. Taken before any other row of it, so that nobody waits for another in a circle. */
export async function holdAccount(tx: Db, id: string): Promise<HeldAccount | null> {
  const [row] = await tx<(Omit<HeldAccount, 'totpStep'> & { totpStep: string | null })[]>`
    select id, person, kind, login, password, totp, totp_step as "totpStep", disabled_at as "disabledAt", disabled_by as "disabledBy", locked_at as "lockedAt"
    from account where id = ${id} for update`;
  return row === undefined ? null : { ...row, totpStep: row.totpStep === null ? null : Number(row.totpStep) };
}

/**
 * Puts a failure on the record, and locks the account at the last of too many (CJIS AC-7): those since it was last signed in to or unlocked, within the time. An account must be held.
 * The login of nobody is kept as a hash: people type passwords into that field.
 */
export async function failed(tx: TransactionSql, { acts, settings, now }: Context, account: HeldAccount | null, why: FailureWhy, from: From, login = ''): Promise<void> {
  const at = new Date(now());
  if (account === null) await tx`insert into attempt (login, at, ok) values (${`sha256:${hashOf(login)}`}, ${at}, false)`;
  await acts.put(tx, { act: 'signInFailed', owner: null, who: account?.id ?? 'nobody', on: account?.id ?? null, result: 'failed', detail: { why }, words: wordsOf(from) });
  if (account === null || account.lockedAt !== null || !guesses.has(why)) return;
  await tx`insert into attempt (login, at, ok) values (${account.id}, ${at}, false)`;
  const [row] = await tx<{ failures: number }[]>`
    select count(*)::int as failures from attempt
    where login = ${account.id} and not ok and at > ${new Date(at.getTime() - settings.within * 1_000)} and id > coalesce((select max(id) from attempt where login = ${account.id} and ok), 0)`;
  if ((row?.failures ?? 0) < settings.failures) return;
  await tx`update account set locked_at = ${at} where id = ${account.id} and locked_at is null`;
  await acts.put(tx, { act: 'lockedOut', owner: null, who: account.id, on: account.id, detail: { failures: row?.failures ?? 0, within: settings.within }, words: wordsOf(from) });
}

/** Failures before this count no more. */
export async function forgive(tx: Db, { now }: Context, account: string): Promise<void> {
  await tx`insert into attempt (login, at, ok) values (${account}, ${new Date(now())}, true)`;
}
