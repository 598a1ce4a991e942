import type { Sql, TransactionSql } from 'postgres';
import { CodedError } from '../model/codedError.ts';
import { checkPolicy, type CheckResult, type Finding, type PolicyDocument } from '../policy/index.ts';
import type { ClaimReport } from '../proof/types.ts';
import { insertOverride } from './claims.ts';
import { missedPolicyOf } from './missedPolicies.ts';

/** The channel on which a new version is told, as `OWNER VERSION`. */
export const policyChannel = 'weir_policy';

/**
 * `POLICY_INVALID`: the check found errors. `POLICY_VERSION`: the version is not above those that were activated.
 * `POLICY_CLAIMS`: a claim of the policy fails, or could not be decided. `POLICY_OVERRIDE`: an override gives no reason, or names nobody.
 */
export type PolicyStoreErrorCode = 'POLICY_INVALID' | 'POLICY_VERSION' | 'POLICY_CLAIMS' | 'POLICY_OVERRIDE';

/** Thrown where a policy is not activated; nothing is kept then. */
export class PolicyStoreError extends CodedError<PolicyStoreErrorCode> {
  override readonly name = 'PolicyStoreError';
  readonly findings: readonly Finding[];
  /** Of every claim, with `POLICY_CLAIMS`. */
  readonly reports: readonly ClaimReport[];

  constructor(code: PolicyStoreErrorCode, message: string, findings: readonly Finding[] = [], reports: readonly ClaimReport[] = []) {
    super(code, message);
    this.findings = findings;
    this.reports = reports;
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
  /** What the prover found; null where none was given, or the document was there already. */
  readonly reports: readonly ClaimReport[] | null;
  /** The claims that fail and were overridden. */
  readonly overridden: readonly string[];
}

/** Who activates and when, and what stands between a policy whose claims fail and its activation. */
export interface ActivationOptions {
  readonly author: string;
  readonly at: Date;
  /** Proves every claim in force of the document, on the newest version of the registry. Without one, claims are not looked at. */
  readonly prover?: (document: PolicyDocument) => readonly ClaimReport[] | Promise<readonly ClaimReport[]>;
  /** Activates in spite of claims that fail. The reason and who gives it are kept, and put on the record. */
  readonly override?: { readonly reason: string; readonly by: string };
}

/**
 * Checks a policy and makes it the newest version of its owner; it is in force from its first day, at once where that has come.
 * Throws a `PolicyStoreError`, and keeps nothing, where the check finds errors, the version is not above the newest, or a claim fails
 * and is not overridden. The proofs run before anything is locked: whatever changes meanwhile is proved again by the exchange.
 */
export async function activatePolicy(sql: Sql, text: string, options: ActivationOptions): Promise<Activated> {
  const { document, hash, findings } = soundText(text);
  const { author, at } = options;
  const row = { owner: document.policy, version: document.version, hash, author, effective: document.effective };
  const override = soundOverride(options);
  const standing = await standingVersion(sql, row);
  if (standing !== null) return { ...standing, changed: false, findings, reports: null, overridden: [] };
  const reports = options.prover === undefined ? null : await options.prover(document);
  const failing = (reports ?? []).filter(({ holds }) => !holds).map(({ claim }) => claim.id);
  if (failing.length > 0 && override === null) {
    throw new PolicyStoreError('POLICY_CLAIMS', `${failing.length === 1 ? 'a claim' : `${failing.length} claims`} of the policy would not hold: ${failing.slice(0, 10).join(', ')}`, findings, reports ?? []);
  }
  return sql.begin(async (tx) => {
    const done = await insertVersion(tx, row, text, at);
    if (done.changed && failing.length > 0 && override !== null) await insertOverride(tx, { owner: row.owner, version: row.version, claims: failing, ...override, at });
    return { ...done, findings, reports: done.changed ? reports : null, overridden: done.changed ? failing : [] };
  });
}

/**
 * The same inside a transaction of the caller, who has proved the claims: the version is in force when that is committed, and never without it. Throws a
 * `PolicyStoreError` where the check finds errors or the version is not above the newest; the transaction must then be rolled back.
 */
export async function activatePolicyIn(tx: TransactionSql, text: string, { author, at }: Pick<ActivationOptions, 'author' | 'at'>): Promise<PolicyVersion & { readonly changed: boolean }> {
  const { document, hash } = soundText(text);
  return insertVersion(tx, { owner: document.policy, version: document.version, hash, author, effective: document.effective }, text, at);
}

async function insertVersion(tx: TransactionSql, row: Omit<PolicyVersion, 'activatedAt'>, text: string, at: Date): Promise<PolicyVersion & { readonly changed: boolean }> {
  // One activation at a time: else two could each find the other's version absent.
  await tx`lock table policy_version in share row exclusive mode`;
  const kept = await standingVersion(tx, row);
  if (kept !== null) return { ...kept, changed: false };
  await tx`insert into policy_version ${tx({ ...row, text, activated_at: at })}`;
  await tx`select pg_notify(${policyChannel}, ${`${row.owner} ${row.version}`})`;
  return { ...row, activatedAt: at, changed: true };
}

function soundText(text: string): Extract<CheckResult, { readonly ok: true }> {
  const checked = checkPolicy(text);
  if (checked.ok) return checked;
  const errors = checked.findings.filter(({ severity }) => severity === 'error');
  throw new PolicyStoreError('POLICY_INVALID', `the policy has ${errors.length} error${errors.length === 1 ? '' : 's'}; the first, on line ${errors[0]?.line ?? 1}: ${errors[0]?.message ?? ''}`, checked.findings);
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

/** The version of each owner that is in force on the day of `at`: none where the ledger knows of a later one that this database has missed. */
export async function versionsInForce(sql: Sql, at: Date): Promise<readonly PolicyVersion[]> {
  const today = day(at);
  return sql<PolicyVersion[]>`
    select distinct on (owner) owner, version, hash, author, effective::text, activated_at as "activatedAt" from policy_version as known
    where effective <= ${today}::date and not exists (
      select from setting, jsonb_each(value) as missed (owner, one) where name = 'missedPolicies' and missed.owner = known.owner
      and (one->>'version')::int > known.version and (one->>'effective')::date <= ${today}::date)
    order by owner, version desc`;
}

/** A reason is a line that a person can read years later, and somebody stands for it. */
function soundOverride({ override }: ActivationOptions): { readonly reason: string; readonly by: string } | null {
  if (override === undefined) return null;
  const [reason, by] = [override.reason.trim(), override.by.trim()];
  if (!/^[^\p{Cc}\p{Cs}]{1,500}$/u.test(reason)) throw new PolicyStoreError('POLICY_OVERRIDE', 'an override needs a reason, of one line and at most 500 characters');
  if (!/^[^\p{Cc}\p{Cs}]{1,200}$/u.test(by)) throw new PolicyStoreError('POLICY_OVERRIDE', 'an override needs the name of who gives it');
  return { reason, by };
}

/** The newest version where it is this very document, and null where this one may follow it. Throws `POLICY_VERSION` where it may not. */
async function standingVersion(tx: Sql | TransactionSql, { owner, version, hash }: Pick<PolicyVersion, 'owner' | 'version' | 'hash'>): Promise<PolicyVersion | null> {
  const newest = await newestVersion(tx, owner);
  if (newest?.version === version && newest.hash === hash) return newest;
  if (newest !== null && newest.version >= version) {
    throw new PolicyStoreError('POLICY_VERSION', `version ${version} of ${owner} is not above version ${newest.version}, the newest`);
  }
  const missed = await missedPolicyOf(tx, owner);
  if (missed !== null && (version < missed.version || (version === missed.version && hash !== missed.hash))) {
    throw new PolicyStoreError('POLICY_VERSION', `the ledger has version ${missed.version} of ${owner} (${missed.hash.slice(0, 16)}), which this database has lost: activate that one, or one above it`);
  }
  return null;
}

async function newestVersion(tx: Sql | TransactionSql, owner: string): Promise<PolicyVersion | null> {
  const [row] = await tx<PolicyVersion[]>`
    select owner, version, hash, author, effective::text, activated_at as "activatedAt" from policy_version
    where owner = ${owner} order by version desc limit 1`;
  return row ?? null;
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
