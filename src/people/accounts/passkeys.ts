import type * as Webauthn from '@simplewebauthn/server';
import type { AuthenticationResponseJSON, PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { TransactionSql } from 'postgres';

import { holdAccount, type HeldAccount } from './attempts.ts';
import { AccountError } from './errors.ts';
import { unknownAccount } from './manage.ts';
import { settle, transact, type Context, type Db } from './parts.ts';
import { newSecret } from './secrets.ts';
import { openSession, refuse, replayed, whyNot } from './signIn.ts';
import { findStep, openStep, takeStep } from './steps.ts';
import type { From, SignIn } from './types.ts';

/** Passkeys of one account at most. */
const most = 20;

/** Loaded at the first use: it is an eighth of what is loaded at a start, and no query needs it. */
const webauthn = (): Promise<typeof Webauthn> => import('@simplewebauthn/server');

interface KeyRow {
  readonly id: string;
  readonly account: string;
  readonly publicKey: Uint8Array;
  readonly counter: string;
  readonly transports: string[];
}

/** What the browser is asked for. Null where the flow is none that can be gone on from. The flow that is returned is another one: its challenge is used once. */
export async function passkeyChallenge(context: Context, flow: string | null): Promise<{ readonly flow: string; readonly options: PublicKeyCredentialRequestOptionsJSON } | null> {
  const { sql, rp, now } = context;
  const first = flow === null ? null : await findStep(sql, 'first', flow);
  if (flow !== null && (first === null || first.usedAt !== null || first.expiresAt.getTime() <= now())) return null;
  const account = first?.account ?? null;
  const keys = account === null ? [] : await keysOf(sql, account);
  if (account !== null && keys.length === 0) return null;
  const challenge = newSecret();
  const { generateAuthenticationOptions } = await webauthn();
  const options = await generateAuthenticationOptions({
    rpID: rp.id, challenge: bytesOf(challenge), userVerification: 'required', timeout: 120_000, ...(account === null ? {} : { allowCredentials: keys.map(({ id, transports }) => ({ id, transports })) }),
  });
  const next = await openStep(sql, context, 'passkey', account, { challenge, ...(first === null ? {} : { first: first.secret }) });
  return { flow: next, options };
}

/** Signs in with a passkey: after the password, or alone, where the device has verified its user. */
export async function finishWithPasskey(context: Context, flow: string, response: AuthenticationResponseJSON, from: From): Promise<SignIn> {
  return await transact<SignIn>(context.sql, async (tx) => {
    const taken = await takePasskey(tx, context, flow, response, from, null);
    return taken.ok ? await openSession(tx, context, taken.account, taken.factors, from) : taken.refusal;
  });
}

export type Taken =
  | { readonly ok: true; readonly account: HeldAccount; readonly factors: readonly string[] }
  | { readonly ok: false; readonly refusal: SignIn };

/** Looks at what an authenticator signed, and takes the challenge, whatever comes of it. `mustBe`: the only account that it may be of. */
export async function takePasskey(tx: TransactionSql, context: Context, flow: string, response: AuthenticationResponseJSON, from: From, mustBe: string | null): Promise<Taken> {
  const no = (refusal: SignIn): Taken => ({ ok: false, refusal });
  const step = await findStep(tx, 'passkey', flow);
  if (step === null) return no(await refuse(tx, context, null, 'flow', from));
  const said = await keyOf(tx, response);
  // Another account than the one that is held is not held too: two callers could wait for each other.
  const whose = said === null || (mustBe !== null && mustBe !== said.account) ? null : await holdAccount(tx, said.account);
  // As it stands now that its account is held: another may just have used it.
  const key = whose === null ? null : await keyOf(tx, response);
  const taken = await takeStep(tx, context, step.secret);
  if (taken === 'used') return no(await replayed(tx, context, step.account ?? whose?.id ?? null, 'challenge', from));
  if (taken === 'expired') return no(await refuse(tx, context, whose, 'expired', from, 'expired'));
  if (key === null || whose === null) return no(await refuse(tx, context, null, 'passkey', from));
  const why = whyNot(whose);
  if (why !== null) return no(await refuse(tx, context, whose, why, from));
  if (step.account !== null && step.account !== whose.id) return no(await refuse(tx, context, whose, 'otherAccount', from));
  const counter = await verify(context, step.challenge ?? '', response, key, whose.id);
  if (typeof counter !== 'number') return no(await refuse(tx, context, whose, counter, from));
  // The password that came before is used with it.
  if (step.first !== null && await takeStep(tx, context, step.first) !== 'taken') return no(await replayed(tx, context, whose.id, 'flow', from));
  await tx`update passkey set counter = ${counter}, used_at = ${new Date(context.now())} where id = ${key.id}`;
  return { ok: true, account: whose, factors: step.first === null ? ['passkey'] : ['password', 'passkey'] };
}

/** The new counter, or why the signature is not good. */
async function verify({ rp }: Context, challenge: string, response: AuthenticationResponseJSON, key: KeyRow, account: string): Promise<number | 'passkey' | 'counter'> {
  const kept = Number(key.counter);
  const { verifyAuthenticationResponse } = await webauthn();
  try {
    const { userHandle, clientDataJSON } = response.response;
    if (typeof userHandle === 'string' && Buffer.from(userHandle, 'base64url').toString('utf8') !== account) return 'passkey';
    if (isFramed(clientDataJSON)) return 'passkey';
    // The library is not asked to compare the counter; it is compared below, so that the record can tell a copied key from a wrong signature.
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response, expectedChallenge: challenge, expectedOrigin: [...rp.origins], expectedRPID: rp.id, requireUserVerification: true,
      credential: { id: key.id, publicKey: new Uint8Array(key.publicKey), counter: -1, transports: key.transports },
    });
    if (!verified || !authenticationInfo.userVerified) return 'passkey';
    const { newCounter } = authenticationInfo;
    return (newCounter > 0 || kept > 0) && newCounter <= kept ? 'counter' : newCounter;
  } catch {
    // The library throws for whatever is not as it must be, and for what is no response at all.
    return 'passkey';
  }
}

/** What the browser needs to make a passkey. `ACCOUNT_UNKNOWN`; `ACCOUNT_FACTOR` where the account is a provider's, or has twenty. */
export async function passkeyRegistration(context: Context, account: string): Promise<{ readonly flow: string; readonly options: PublicKeyCredentialCreationOptionsJSON }> {
  const { sql, rp } = context;
  const [found] = await sql<{ kind: string; login: string; name: string; barred: boolean }[]>`
    select a.kind, a.login, p.name, (a.disabled_at is not null or a.locked_at is not null or a.password is null) as barred from account a join person p on p.id = a.person where a.id = ${account}`;
  if (found === undefined) throw unknownAccount();
  const keys = await keysOf(sql, account);
  if (found.kind !== 'local' || found.barred || keys.length >= most) throw new AccountError('ACCOUNT_FACTOR', 'this account cannot be given a passkey', `Passkeys are of local accounts, ${most} at most.`);
  const challenge = newSecret();
  const { generateRegistrationOptions } = await webauthn();
  const options = await generateRegistrationOptions({
    rpName: rp.name, rpID: rp.id, userName: found.login, userDisplayName: found.name, userID: new TextEncoder().encode(account), challenge: bytesOf(challenge), timeout: 300_000, attestationType: 'none',
    excludeCredentials: keys.map(({ id, transports }) => ({ id, transports })), authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
  });
  return { flow: await openStep(sql, context, 'register', account, { challenge }), options };
}

/** Adds the passkey that was made. `ACCOUNT_PASSKEY` where it is not good, or the challenge was used: the latter is on the record. */
export async function addPasskey(context: Context, account: string, flow: string, name: string, response: RegistrationResponseJSON): Promise<void> {
  const called = name.normalize('NFKC').trim();
  if (called === '' || called.length > 100 || /\p{Cc}/u.test(called)) throw new AccountError('ACCOUNT_FIELD', 'the name of the passkey cannot be taken', 'Give 1 to 100 characters, such as the name of the device.');
  await settle(context.sql, async (tx) => {
    const held = await holdAccount(tx, account);
    if (held === null) return unknownAccount();
    const step = await findStep(tx, 'register', flow);
    if (step === null || step.account !== account || whyNot(held) !== null) return notGood();
    const taken = await takeStep(tx, context, step.secret);
    if (taken === 'used') await replayed(tx, context, account, 'challenge', null);
    if (taken !== 'taken') return notGood();
    const key = await verifyNew(context, step.challenge ?? '', response);
    if (key === null || (await keysOf(tx, account)).length >= most) return notGood();
    const done = await tx`
      insert into passkey (id, account, public_key, counter, transports, name, created_at)
      values (${key.id}, ${account}, ${Buffer.from(key.publicKey)}, ${key.counter}, ${key.transports}, ${called}, ${new Date(context.now())}) on conflict (id) do nothing`;
    if (done.count === 0) return notGood();
    await context.acts.put(tx, { act: 'factorAdded', owner: null, who: account, on: account, detail: { factor: 'passkey' } });
    return null;
  });
}

async function verifyNew({ rp }: Context, challenge: string, response: RegistrationResponseJSON): Promise<{ readonly id: string; readonly publicKey: Uint8Array; readonly counter: number; readonly transports: string[] } | null> {
  const { verifyRegistrationResponse } = await webauthn();
  try {
    if (isFramed(response.response.clientDataJSON)) return null;
    const made = await verifyRegistrationResponse({ response, expectedChallenge: challenge, expectedOrigin: [...rp.origins], expectedRPID: rp.id, requireUserVerification: true });
    if (!made.verified || !made.registrationInfo.userVerified) return null;
    const { id, publicKey, counter, transports } = made.registrationInfo.credential;
    const known = (Array.isArray(transports) ? transports : []).filter((one) => typeof one === 'string' && /^[a-z-]{1,20}$/.test(one)).slice(0, 10);
    return { id, publicKey, counter, transports: known };
  } catch {
    return null;
  }
}

/** Takes a passkey away. `ACCOUNT_PASSKEY` where it is none of the account's, `ACCOUNT_LAST` where no second factor would be left. */
export async function removePasskey({ sql, acts }: Context, account: string, id: string): Promise<void> {
  await settle(sql, async (tx) => {
    const held = await holdAccount(tx, account);
    if (held === null) return unknownAccount();
    const keys = await keysOf(tx, account);
    if (!keys.some((key) => key.id === id)) return new AccountError('ACCOUNT_PASSKEY', 'the account has no such passkey', 'Look at its passkeys again.');
    if (held.totp === null && keys.length === 1) return new AccountError('ACCOUNT_LAST', 'the account would have no second factor left', 'Add another passkey first.');
    await tx`delete from passkey where id = ${id} and account = ${account}`;
    await acts.put(tx, { act: 'factorRemoved', owner: null, who: account, on: account, detail: { factor: 'passkey' } });
    return null;
  });
}

export async function passkeys({ sql }: Context, account: string): Promise<readonly { readonly id: string; readonly name: string; readonly createdAt: Date; readonly usedAt: Date | null }[]> {
  return await sql<{ id: string; name: string; createdAt: Date; usedAt: Date | null }[]>`select id, name, created_at as "createdAt", used_at as "usedAt" from passkey where account = ${account} order by created_at, id`;
}

async function keysOf(db: Db, account: string): Promise<KeyRow[]> {
  return await db<KeyRow[]>`select id, account, public_key as "publicKey", counter, transports from passkey where account = ${account} order by created_at, id`;
}

/** The passkey that a response says it is of. The response is whatever was sent. */
async function keyOf(db: Db, response: unknown): Promise<KeyRow | null> {
  const id = typeof response === 'object' && response !== null && 'id' in response ? response.id : null;
  if (typeof id !== 'string' || id.length > 2_000 || !/^[A-Za-z0-9_-]+$/.test(id)) return null;
  const [row] = await db<KeyRow[]>`select k.id, k.account, k.public_key as "publicKey", k.counter, k.transports from passkey k where k.id = ${id}`;
  return row ?? null;
}

/** Made within a page of another site. */
function isFramed(clientDataJSON: string): boolean {
  const data = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8')) as { crossOrigin?: unknown };
  return data.crossOrigin === true;
}

function bytesOf(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(secret, 'base64url'));
}

function notGood(): AccountError {
  return new AccountError('ACCOUNT_PASSKEY', 'the passkey could not be taken', 'Begin again; the device must ask who you are.');
}
