import type { TransactionSql } from 'postgres';

import { holdAccount, type HeldAccount } from './attempts.ts';
import { takePasskey } from './passkeys.ts';
import { transact, wordsOf, type Context } from './parts.ts';
import { isPassword } from './passwords.ts';
import { hashOf, newSecret } from './secrets.ts';
import { checkCode, refuse, replayed, whyNot } from './signIn.ts';
import type { Accounts, From, SignIn } from './types.ts';

/** All factors again within a session: unlocks it, and makes the sign-in fresh. The session gets a new secret; whoever had the one before has nothing. */
export async function again(context: Context, cookie: string, proof: Parameters<Accounts['again']>[1], from: From): Promise<SignIn> {
  const { sql } = context;
  if ('flow' in proof) {
    return await transact<SignIn>(sql, async (tx) => await within(tx, context, cookie, from, async (account) => {
      const taken = await takePasskey(tx, context, proof.flow, proof.passkey, from, account.id);
      return taken.ok ? null : taken.refusal;
    }, ['passkey']));
  }
  const [found] = await sql<{ password: string | null }[]>`select a.password from session s join account a on a.id = s.account where s.secret = ${hashOf(cookie)}`;
  const right = await isPassword(found?.password ?? null, proof.password);
  return await transact<SignIn>(sql, async (tx) => await within(tx, context, cookie, from, async (account) => {
    if (!right || account.password !== found?.password) return await refuse(tx, context, account, 'password', from);
    return await checkCode(tx, context, account, proof.code, from);
  }, ['password', 'totp']));
}

/** The same, for factors that a provider or the demonstration has shown. */
export async function againProved(context: Context, cookie: string, id: string, factors: readonly string[], from: From): Promise<SignIn> {
  return await transact<SignIn>(context.sql, async (tx) => await within(tx, context, cookie, from, async (account) => {
    if (account.id !== id) return await refuse(tx, context, account, 'otherAccount', from);
    return account.kind === 'local' ? await refuse(tx, context, account, 'kind', from) : null;
  }, factors));
}

/** Holds the account, then the session; `check` gives null where the factors are good. */
async function within(tx: TransactionSql, context: Context, cookie: string, from: From, check: (account: HeldAccount) => Promise<SignIn | null>, factors: readonly string[]): Promise<SignIn> {
  const secret = hashOf(cookie);
  const at = new Date(context.now());
  const [found] = await tx<{ account: string }[]>`select account from session where secret = ${secret}`;
  const account = found === undefined ? null : await holdAccount(tx, found.account);
  if (account === null) {
    const [past] = await tx<{ account: string }[]>`select s.account from session_past p join session s on s.id = p.session where p.secret = ${secret}`;
    return past === undefined ? await refuse(tx, context, null, 'session', from) : await replayed(tx, context, past.account, 'session', from);
  }
  const why = whyNot(account);
  if (why !== null) return await refuse(tx, context, account, why, from);
  const [session] = await tx<{ id: string; endedAt: Date | null; expiresAt: Date }[]>`select id, ended_at as "endedAt", expires_at as "expiresAt" from session where secret = ${secret} for update`;
  // Another was quicker, with the same secret.
  if (session === undefined || session.endedAt !== null) return await replayed(tx, context, account.id, 'session', from);
  if (session.expiresAt <= at) return await refuse(tx, context, account, 'expired', from, 'expired');
  const refusal = await check(account);
  if (refusal !== null) return refusal;
  const fresh = newSecret();
  await tx`update session set secret = ${hashOf(fresh)}, shown_at = ${at}, seen_at = ${at}, locked_at = null, factors = ${[...factors]} where id = ${session.id}`;
  await tx`insert into session_past (secret, session, at) values (${secret}, ${session.id}, ${at})`;
  await tx`insert into attempt (login, at, ok) values (${account.id}, ${at}, true)`;
  await context.acts.put(tx, { act: 'freshSignIn', owner: null, who: account.id, on: session.id, detail: { factors: factors.join('+').slice(0, 100) }, words: wordsOf(from) });
  return { ok: true, cookie: fresh, account: account.id };
}
