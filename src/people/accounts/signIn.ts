import type { TransactionSql } from 'postgres';

import { failed, forgive, holdAccount, type FailureWhy, type HeldAccount } from './attempts.ts';
import { transact, typed, wordsOf, type Context } from './parts.ts';
import { isPassword } from './passwords.ts';
import { hashOf, newNumber, newSecret } from './secrets.ts';
import { findStep, openStep, takeStep } from './steps.ts';
import { totpStep } from './totp.ts';
import type { FirstStep, From, SignIn } from './types.ts';

/** Looks at the password. What it answers, and the work that it does, are the same whether or not there is such an account. */
export async function begin(context: Context, login: string, password: string, from: From): Promise<FirstStep> {
  const { sql } = context;
  const name = typed(login.normalize('NFKC').trim().slice(0, 200));
  const [found] = await sql<{ id: string; password: string | null }[]>`
    select id, password from account where kind = 'local' and lower(login) = lower(${name}) order by disabled_at desc nulls first, created_at desc limit 1`;
  const right = await isPassword(found?.password ?? null, password);
  return await transact<FirstStep>(sql, async (tx) => {
    const account = found === undefined ? null : await holdAccount(tx, found.id);
    // Changed while it was looked at: then it is not known to be right.
    const why = account === null ? 'login' : whyNot(account) ?? (right && account.password === found?.password ? null : 'password');
    if (account === null || why !== null) {
      await failed(tx, context, account, why ?? 'login', from, name.toLowerCase());
      return { ok: false, why: 'refused' };
    }
    const [keys] = await tx<{ count: number }[]>`select count(*)::int as count from passkey where account = ${account.id}`;
    const factors = [...(account.totp === null ? [] : ['totp' as const]), ...((keys?.count ?? 0) === 0 ? [] : ['passkey' as const])];
    if (factors.length === 0) {
      await failed(tx, context, account, 'noFactor', from);
      return { ok: false, why: 'refused' };
    }
    return { ok: true, flow: await openStep(tx, context, 'first', account.id), factors };
  });
}

/** The second factor after `begin`. A wrong code leaves the flow as it is, so that it can be typed again, until the account is locked. */
export async function finishWithCode(context: Context, flow: string, code: string, from: From): Promise<SignIn> {
  return await transact<SignIn>(context.sql, async (tx) => {
    const step = await findStep(tx, 'first', flow);
    const account = step === null || step.account === null ? null : await holdAccount(tx, step.account);
    if (step === null || account === null) return await refuse(tx, context, null, 'flow', from);
    const why = whyNot(account);
    if (why !== null) return await refuse(tx, context, account, why, from);
    const now = context.now();
    // As it stands now that the account is held.
    const current = await findStep(tx, 'first', flow);
    if (current === null || current.usedAt !== null) return await replayed(tx, context, account.id, 'flow', from);
    if (current.expiresAt.getTime() <= now) return await refuse(tx, context, account, 'expired', from, 'expired');
    const checked = await checkCode(tx, context, account, code, from);
    if (checked !== null) return checked;
    if (await takeStep(tx, context, step.secret) !== 'taken') throw new Error('a step of a held account was taken by another');
    return await openSession(tx, context, account, ['password', 'totp'], from);
  });
}

/** For an account of a provider, or a persona. A local account proves itself, and is refused here. */
export async function signInProved(context: Context, id: string, factors: readonly string[], from: From): Promise<SignIn> {
  return await transact<SignIn>(context.sql, async (tx) => {
    const account = await holdAccount(tx, id);
    const why = account === null ? 'login' : whyNot(account) ?? (account.kind === 'local' ? 'kind' : null);
    if (account === null || why !== null) return await refuse(tx, context, account, why ?? 'login', from);
    return await openSession(tx, context, account, factors, from);
  });
}

/** Null where the account may be signed in to. */
export function whyNot({ disabledAt, lockedAt }: HeldAccount): FailureWhy | null {
  if (disabledAt !== null) return 'disabled';
  return lockedAt === null ? null : 'locked';
}

/** Null where the code is right, and now used: a step is taken once, by one, whatever the number of callers. The account must be held. */
export async function checkCode(tx: TransactionSql, context: Context, account: HeldAccount, code: string, from: From): Promise<SignIn | null> {
  const step = account.totp === null ? null : totpStep(openTotp(context, account.id, account.totp), code, context.wall());
  if (step === null) return await refuse(tx, context, account, 'code', from);
  if (account.totpStep !== null && step <= account.totpStep) return await replayed(tx, context, account.id, 'code', from);
  await tx`update account set totp_step = ${step} where id = ${account.id}`;
  return null;
}

/** The key of one-time codes to be kept. Bound to its account: the sealed text of another is not taken. */
export function sealTotp({ seal }: Context, account: string, key: string): string {
  return seal(`${account} ${key}`);
}

function openTotp({ unseal }: Context, account: string, sealed: string): string {
  const [whose, key] = unseal(sealed).split(' ');
  if (whose !== account || key === undefined) throw new Error('the sealed key of one-time codes is another account\'s');
  return key;
}

/** Begins a session with a secret that nobody had before. The account must be held, and good. */
export async function openSession(tx: TransactionSql, context: Context, { id }: HeldAccount, factors: readonly string[], from: From): Promise<SignIn> {
  const { acts, settings, now } = context;
  const at = new Date(now());
  const [cookie, session] = [newSecret(), newNumber('S')];
  await tx`
    insert into session (secret, id, account, begun_at, shown_at, seen_at, expires_at, factors, device)
    values (${hashOf(cookie)}, ${session}, ${id}, ${at}, ${at}, ${at}, ${new Date(at.getTime() + settings.sessionFor * 1_000)}, ${[...factors]}, ${from.agent.slice(0, 200)})`;
  await tx`update account set last_at = ${at} where id = ${id}`;
  await forgive(tx, context, id);
  await acts.put(tx, { act: 'signedIn', owner: null, who: id, on: session, detail: { factors: factors.join('+').slice(0, 100) }, words: wordsOf(from) });
  return { ok: true, cookie, account: id };
}

/** Refuses, with the failure on the record. */
export async function refuse(tx: TransactionSql, context: Context, account: HeldAccount | null, why: FailureWhy, from: From, told: 'refused' | 'expired' = 'refused'): Promise<SignIn> {
  await failed(tx, context, account, why, from);
  return { ok: false, why: told };
}

/** What can be used once came again. That is no guess, and does not count as one. */
export async function replayed(tx: TransactionSql, { acts }: Context, account: string | null, what: string, from: From | null): Promise<SignIn> {
  await acts.put(tx, { act: 'replayed', owner: null, who: account ?? 'nobody', on: account, result: 'refused', detail: { what }, words: wordsOf(from) });
  return { ok: false, why: 'replayed' };
}
