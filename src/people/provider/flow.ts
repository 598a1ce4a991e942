import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import type { Sql } from '../../store/index.ts';

/** A sign-in that was begun at a provider and not ended. */
export interface Flow {
  readonly provider: string;
  /** Where to go on after; an address of this site. */
  readonly to: string;
  readonly purpose: 'signIn' | 'again';
  /** SHA-256 of the session whose factors are shown again; null for a sign-in. */
  readonly session: string | null;
  /** When it was begun, milliseconds since 1970. */
  readonly at: number;
}

/** Seconds from the first step to the last: somebody finds their key, or their telephone. */
export const flowFor = 600;

/**
 * What a flow's secret leads to: the state, the nonce and the verifier (RFC 7636) of the request. The database has none of them, only the hash of the secret,
 * so that nobody who reads it can end a sign-in.
 */
export function secretsOf(flow: string): { readonly state: string; readonly nonce: string; readonly verifier: string } {
  const derive = (what: string): string => createHmac('sha256', flow).update(`weir-flow/v1 ${what}`).digest('base64url');
  return { state: derive('state'), nonce: derive('nonce'), verifier: derive('verifier') };
}

/** Writes down a flow, and returns its secret: for the cookie of the browser that began it, and nobody else. */
export async function beginFlow(sql: Sql, flow: Flow): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  const { at, ...detail } = flow;
  await sql`insert into sign_in_step (secret, kind, detail, expires_at) values (${hashOf(secret)}, 'oidc', ${sql.json({ ...detail, at })}, ${new Date(at + flowFor * 1_000)})`;
  return secret;
}

/** Forgets flows that ended a day ago. Used ones are kept so long, so that a second use is known as one. */
export async function sweepFlows(sql: Sql, now: number): Promise<void> {
  await sql`delete from sign_in_step where kind = 'oidc' and expires_at < ${new Date(now - 86_400_000)}`;
}

/** Takes a flow, once: of any number of callers with one secret, one gets it. */
export async function takeFlow(sql: Sql, secret: string, now: number): Promise<Flow | 'unknown' | 'replayed' | 'expired'> {
  const at = new Date(now);
  const [taken] = await sql<{ detail: Flow }[]>`
    update sign_in_step set used_at = ${at} where secret = ${hashOf(secret)} and kind = 'oidc' and used_at is null and expires_at > ${at} returning detail`;
  if (taken !== undefined) return taken.detail;
  const [there] = await sql<{ used: boolean }[]>`select used_at is not null as used from sign_in_step where secret = ${hashOf(secret)} and kind = 'oidc'`;
  if (there === undefined) return 'unknown';
  return there.used ? 'replayed' : 'expired';
}

/** SHA-256, hexadecimal: how secrets are kept. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Whether two texts are equal, in a time that tells nothing of where they differ. */
export function equals(one: string, other: string): boolean {
  return timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest());
}
