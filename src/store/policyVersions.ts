import type { Sql, TransactionSql } from 'postgres';
import { checkPolicy, type Finding } from '../policy/index.ts';

/** The channel on which a new version is told, as `OWNER VERSION`. */
export const policyChannel = 'weir_policy';

/** `POLICY_INVALID`: the check found errors. `POLICY_VERSION`: the version is not above those that were activated. */
export type PolicyStoreErrorCode = 'POLICY_INVALID' | 'POLICY_VERSION';

/** Thrown where a policy is not activated; nothing is kept then. */
export class PolicyStoreError extends Error {
  override readonly name = 'PolicyStoreError';
  readonly code: PolicyStoreErrorCode;
  readonly findings: readonly Finding[];

  constructor(code: PolicyStoreErrorCode, message: string, findings: readonly Finding[] = []) {
    super(message);
    this.code = code;
    this.findings = findings;
  }
}

/** One version as the store lists it. `effective` is its first day, `YYYY-MM-DD`. */
export interface PolicyVersion {
  readonly owner: string;
  readonly version: number;
  /** SHA-256 of the canonical document, hexadecimal. */
  readonly hash: string;
  readonly author: string;
  readonly effective: string;
  readonly activatedAt: Date;
}

/** One version with its text, as the author wrote it. */
export interface StoredPolicy extends PolicyVersion {
  readonly text: string;
}

/** What an activation came to. `changed` is false where this very document was the newest version already. */
export interface Activated extends PolicyVersion {
  readonly changed: boolean;
  /** Warnings and notices. */
  readonly findings: readonly Finding[];
}

/**
 * Checks a policy and makes it the newest version of its owner; it is in force from its first day, at once where that has come.
 * Throws a `PolicyStoreError`, and keeps nothing, where the check finds errors or the version is not above the newest.
 */
export async function activatePolicy(sql: Sql, text: string, by: { readonly author: string; readonly at: Date }): Promise<Activated> {
  const checked = checkPolicy(text);
  if (!checked.ok) {
    const errors = checked.findings.filter(({ severity }) => severity === 'error');
    throw new PolicyStoreError('POLICY_INVALID', `the policy has ${errors.length} error${errors.length === 1 ? '' : 's'}; the first, on line ${errors[0]?.line ?? 1}: ${errors[0]?.message ?? ''}`, checked.findings);
  }
  const { document, hash, findings } = checked;
  const row = { owner: document.policy, version: document.version, hash, author: by.author, effective: document.effective };
  return sql.begin(async (tx) => {
    // One activation at a time: else two could each find the other's version absent.
    await tx`lock table policy_version in share row exclusive mode`;
    const newest = await newestVersion(tx, row.owner);
    if (newest?.version === row.version && newest.hash === hash) return { ...newest, changed: false, findings };
    if (newest !== null && newest.version >= row.version) {
      throw new PolicyStoreError('POLICY_VERSION', `version ${row.version} of ${row.owner} is not above version ${newest.version}, the newest`);
    }
    await tx`insert into policy_version ${tx({ ...row, text, activated_at: by.at })}`;
    await tx`select pg_notify(${policyChannel}, ${`${row.owner} ${row.version}`})`;
    return { ...row, activatedAt: by.at, changed: true, findings };
  });
}

/** One version of an owner's policy; without a number the one in force, or the newest where none is yet. Null where there is none. */
export async function readPolicy(sql: Sql, owner: string, version?: number, at: Date = new Date()): Promise<StoredPolicy | null> {
  const [row] = await sql<StoredPolicy[]>`
    select owner, version, hash, author, effective::text, activated_at as "activatedAt", text from policy_version
    where owner = ${owner} ${version === undefined ? sql`` : sql`and version = ${version}`}
    order by effective <= ${day(at)}::date desc, version desc limit 1`;
  return row ?? null;
}

/** Every version, of one owner or of all: owners in alphabetical order, the newest version first. */
export async function listPolicies(sql: Sql, owner?: string): Promise<readonly PolicyVersion[]> {
  return sql<PolicyVersion[]>`
    select owner, version, hash, author, effective::text, activated_at as "activatedAt" from policy_version
    ${owner === undefined ? sql`` : sql`where owner = ${owner}`} order by owner, version desc`;
}

/** The version of each owner that is in force on the day of `at`. */
export async function versionsInForce(sql: Sql, at: Date): Promise<readonly PolicyVersion[]> {
  return sql<PolicyVersion[]>`
    select distinct on (owner) owner, version, hash, author, effective::text, activated_at as "activatedAt" from policy_version
    where effective <= ${day(at)}::date order by owner, version desc`;
}

async function newestVersion(tx: TransactionSql, owner: string): Promise<PolicyVersion | null> {
  const [row] = await tx<PolicyVersion[]>`
    select owner, version, hash, author, effective::text, activated_at as "activatedAt" from policy_version
    where owner = ${owner} order by version desc limit 1`;
  return row ?? null;
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
