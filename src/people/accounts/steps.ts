import type { Context, Db } from './parts.ts';
import { hashOf, newSecret } from './secrets.ts';

/** `first`: the password was right. `passkey`: a challenge was put. `register`: a passkey is to be added. */
export type StepKind = 'first' | 'passkey' | 'register';

export interface Step {
  readonly secret: string;
  readonly account: string | null;
  readonly challenge: string | null;
  /** Hash of the step before it, which ends with it. */
  readonly first: string | null;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
}

/** How long a step can be gone on from, in milliseconds. */
const stepFor = 300_000;

/** Notes a step on the way in. Returns its secret, which is kept as a hash. */
export async function openStep(db: Db, { now }: Context, kind: StepKind, account: string | null, more: { readonly challenge?: string; readonly first?: string } = {}): Promise<string> {
  const secret = newSecret();
  await db`
    insert into sign_in_step (secret, kind, account, challenge, detail, expires_at)
    values (${hashOf(secret)}, ${kind}, ${account}, ${more.challenge ?? null}, ${db.json(more.first === undefined ? {} : { first: more.first })}, ${new Date(now() + stepFor)})`;
  return secret;
}

/** The step of a secret, used or not; null where there is none of the kind. */
export async function findStep(db: Db, kind: StepKind, secret: string): Promise<Step | null> {
  const [row] = await db<Step[]>`
    select secret, account, challenge, detail->>'first' as first, expires_at as "expiresAt", used_at as "usedAt" from sign_in_step where secret = ${hashOf(secret)} and kind = ${kind}`;
  return row ?? null;
}

/** Takes a step, once: of any number of callers one gets true. `hash` as in `Step.secret`. */
export async function takeStep(db: Db, { now }: Context, hash: string): Promise<'taken' | 'used' | 'expired'> {
  const at = new Date(now());
  const done = await db`update sign_in_step set used_at = ${at} where secret = ${hash} and used_at is null and expires_at > ${at}`;
  if (done.count === 1) return 'taken';
  const [row] = await db<{ used: boolean }[]>`select used_at is not null as used from sign_in_step where secret = ${hash}`;
  return row?.used === true ? 'used' : 'expired';
}
