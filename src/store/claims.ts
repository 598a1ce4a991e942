import { hash } from 'node:crypto';
import type { Sql, TransactionSql } from 'postgres';
import type { ProofDomain, ProofWorld } from '../policy/index.ts';
import type { ClaimReport, Verdict } from '../proof/types.ts';
import { putEvent } from './outbox.ts';

/** Told after a run of the proofs, with the owner: who shows verdicts looks again. */
export const claimsChannel = 'weir_claims';

/** Which policy was proved on which registry, and when. */
export interface ClaimCheck {
  readonly owner: string;
  readonly policyVersion: number;
  readonly policyHash: string;
  readonly registryVersion: number;
  readonly at: Date;
}

/** One verdict as the store keeps it: no more of the proof than a person needs to be told of it. */
export interface StoredVerdict {
  readonly owner: string;
  readonly policyVersion: number;
  readonly registryVersion: number;
  readonly claim: string;
  readonly world: ProofWorld;
  readonly domain: ProofDomain;
  /** The claim names this world and domain as the ones that decide. */
  readonly decides: boolean;
  readonly holds: boolean | 'capped';
  readonly count: number | null;
  /** The first few that obtain the data against the claim. */
  readonly names: readonly string[];
  /** The agency whose request leads to them, where the claim fails. */
  readonly asker: string | null;
  /** The counterexample in words. */
  readonly sentence: string | null;
  readonly checkedAt: Date;
}

/** A claim that the check before this one found to hold, or that was never checked, and that fails now. */
export interface BrokenClaim extends StoredVerdict {
  readonly decides: true;
}

/** An override that the journal has to be told of, or a claim that broke. */
export interface Unrecorded {
  readonly event: 'claimsOverridden' | 'claimBroken';
  /** `OWNER VERSION CLAIM…`, or `OWNER CLAIM policy VERSION registry VERSION`. */
  readonly subject: string;
  /** SHA-256 of the policy, hexadecimal. */
  readonly hash: string;
}

/** How many verdict names are kept; the count says how many there are. */
const mostNames = 10;

/**
 * Keeps what the proofs of one owner found, in one transaction, and gives the claims that newly fail: those whose deciding verdict was
 * to hold when last checked, or that were never checked. A claim that the policy was activated in spite of is on record as overridden
 * and not given. Checks of one owner come one after the other, also those of several exchanges over one database.
 */
export async function keepVerdicts(sql: Sql, check: ClaimCheck, reports: readonly Pick<ClaimReport, 'claim' | 'verdicts'>[]): Promise<readonly BrokenClaim[]> {
  const rows = reports.flatMap((report) => report.verdicts.map((verdict) => rowOf(check, report, verdict)));
  if (rows.length === 0) return [];
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtext(${`weir claims ${check.owner}`}))`;
    const stood = await standing(tx, check.owner);
    const overridden = await overriddenClaims(tx, check.owner, check.policyVersion);
    const broken: BrokenClaim[] = [];
    for (const row of rows) {
      const broke = row.decides && row.holds !== true && (stood.get(row.claim) ?? true) && !overridden.has(row.claim);
      await upsert(tx, row, check.policyHash, broke);
      if (broke) broken.push({ ...row, decides: true });
    }
    await tellLedger(tx, check, rows);
    await tx`select pg_notify(${claimsChannel}, ${check.owner})`;
    return broken;
  });
}

/** The verdicts of the latest check of each owner, or of one owner and one version of its policy. Owners and claims in alphabetical order. */
export async function latestVerdicts(sql: Sql, owner?: string, policyVersion?: number): Promise<readonly StoredVerdict[]> {
  const rows = await sql<Record[]>`
    select owner, policy_version as "policyVersion", registry_version as "registryVersion", claim, world, domain, decides, holds, count, names, asker, sentence, checked_at as "checkedAt"
    from claim_verdict as v
    where (checked_at, policy_version, registry_version) = (
      select checked_at, policy_version, registry_version from claim_verdict as w
      where w.owner = v.owner ${policyVersion === undefined ? sql`` : sql`and w.policy_version = ${policyVersion}`}
      order by checked_at desc, policy_version desc, registry_version desc limit 1)
    ${owner === undefined ? sql`` : sql`and owner = ${owner}`}
    order by owner, claim, world, domain`;
  return rows.map(verdictOf);
}

/** Whether each claim of a policy held on a version of the registry, by its deciding verdict. Null where that pair was never checked. */
export async function standingOn(sql: Sql, owner: string, policyVersion: number, registryVersion: number): Promise<ReadonlyMap<string, StoredVerdict> | null> {
  const rows = await sql<Record[]>`
    select owner, policy_version as "policyVersion", registry_version as "registryVersion", claim, world, domain, decides, holds, count, names, asker, sentence, checked_at as "checkedAt"
    from claim_verdict where owner = ${owner} and policy_version = ${policyVersion} and registry_version = ${registryVersion} and decides`;
  return rows.length === 0 ? null : new Map(rows.map((row) => [row.claim, verdictOf(row)]));
}

/** By which reason, and whose, a version was activated in spite of claims that fail. */
export interface StoredOverride {
  readonly owner: string;
  readonly version: number;
  readonly claims: readonly string[];
  readonly reason: string;
  readonly by: string;
  readonly at: Date;
  /** When the journal was told; null until then. */
  readonly recordedAt: Date | null;
}

/** Null where the version was activated without an override. */
export async function readOverride(sql: Sql, owner: string, version: number): Promise<StoredOverride | null> {
  const [row] = await sql<StoredOverride[]>`
    select owner, version, claims, reason, by, at, recorded_at as "recordedAt" from claim_override where owner = ${owner} and version = ${version}`;
  return row ?? null;
}

/** Keeps an override together with the version that it is for. */
export async function insertOverride(tx: TransactionSql, override: Omit<StoredOverride, 'recordedAt'>): Promise<void> {
  const { claims, ...rest } = override;
  await tx`insert into claim_override ${tx({ ...rest, claims: [...claims] })}`;
}

/**
 * Tells the journal of everything that it has not been told of: overrides, then claims that broke, in order of time. What `record` has made
 * durable is marked; where it rejects, nothing is marked and the next call tries again. So a fact may be recorded twice, and is never lost.
 * Several exchanges over one database each take what no other is at. Returns how many were recorded.
 */
export async function recordUnrecorded(sql: Sql, record: (fact: Unrecorded) => Promise<void>): Promise<number> {
  return sql.begin(async (tx) => {
    const overrides = await tx<{ owner: string; version: number; claims: readonly string[]; hash: string }[]>`
      select o.owner, o.version, o.claims, p.hash from claim_override as o join policy_version as p using (owner, version)
      where o.recorded_at is null order by o.at, o.owner for update of o skip locked`;
    const breaks = await tx<{ owner: string; claim: string; policyVersion: number; registryVersion: number; world: string; domain: string; hash: string }[]>`
      select owner, claim, policy_version as "policyVersion", registry_version as "registryVersion", world, domain, policy_hash as hash from claim_verdict
      where broke and recorded_at is null order by checked_at, owner, claim for update skip locked`;
    for (const { owner, version, claims, hash } of overrides) {
      await record({ event: 'claimsOverridden', subject: [owner, version, ...claims].join(' '), hash });
      await tx`update claim_override set recorded_at = now() where owner = ${owner} and version = ${version}`;
    }
    for (const { owner, claim, policyVersion, registryVersion, world, domain, hash } of breaks) {
      await record({ event: 'claimBroken', subject: `${owner} ${claim} policy ${policyVersion} registry ${registryVersion}`, hash });
      await tx`
        update claim_verdict set recorded_at = now()
        where owner = ${owner} and claim = ${claim} and policy_version = ${policyVersion} and registry_version = ${registryVersion} and world = ${world} and domain = ${domain}`;
    }
    return overrides.length + breaks.length;
  });
}

/** What was proved is told to the ledger once for each outcome: the same verdicts on the same two versions, found again, are no news. */
async function tellLedger(tx: TransactionSql, { owner, policyVersion, registryVersion }: ClaimCheck, rows: readonly StoredVerdict[]): Promise<void> {
  const subject = `${owner} policy ${policyVersion} registry ${registryVersion}`;
  const digest = hash('sha256', JSON.stringify(rows.map(({ claim, world, domain, holds, count }) => [claim, world, domain, holds, count])), 'hex');
  const failing = new Set(rows.filter((row) => row.decides && row.holds !== true).map(({ claim }) => claim)).size;
  const detail = { claims: new Set(rows.map(({ claim }) => claim)).size, failing };
  await putEvent(tx, `claimsProved ${subject} ${digest}`, { event: 'claimsProved', subject, hash: digest, detail });
}

/** Whether each claim of an owner held when it was last checked, whichever versions that was on. */
async function standing(tx: TransactionSql, owner: string): Promise<ReadonlyMap<string, boolean>> {
  const rows = await tx<{ claim: string; holds: string }[]>`
    select distinct on (claim) claim, holds from claim_verdict where owner = ${owner} and decides order by claim, checked_at desc`;
  return new Map(rows.map(({ claim, holds }) => [claim, holds === 'yes']));
}

async function overriddenClaims(tx: TransactionSql, owner: string, version: number): Promise<ReadonlySet<string>> {
  const [row] = await tx<{ claims: readonly string[] }[]>`select claims from claim_override where owner = ${owner} and version = ${version}`;
  return new Set(row?.claims ?? []);
}

/** A check of the same two versions again, such as on another day, takes the place of the earlier one; what the journal must still be told stays. */
async function upsert(tx: TransactionSql, row: StoredVerdict, policyHash: string, broke: boolean): Promise<void> {
  const values = {
    owner: row.owner, policy_version: row.policyVersion, registry_version: row.registryVersion, claim: row.claim, world: row.world, domain: row.domain, decides: row.decides,
    holds: row.holds === 'capped' ? 'capped' : row.holds ? 'yes' : 'no', count: row.count, names: [...row.names], asker: row.asker, sentence: row.sentence,
    policy_hash: policyHash, checked_at: row.checkedAt, broke,
  };
  await tx`
    insert into claim_verdict ${tx(values)}
    on conflict (owner, policy_version, registry_version, claim, world, domain) do update set
      decides = excluded.decides, holds = excluded.holds, count = excluded.count, names = excluded.names, asker = excluded.asker, sentence = excluded.sentence,
      policy_hash = excluded.policy_hash, checked_at = excluded.checked_at, broke = claim_verdict.broke or excluded.broke,
      recorded_at = case when excluded.broke then null else claim_verdict.recorded_at end`;
}

function rowOf(check: ClaimCheck, { claim }: Pick<ClaimReport, 'claim'>, verdict: Verdict): StoredVerdict {
  const { owner, policyVersion, registryVersion, at } = check;
  const { world, domain, holds, count, who, counterexample } = verdict;
  return {
    owner, policyVersion, registryVersion, claim: claim.id, world, domain, decides: world === claim.world && domain === claim.domain, holds, count,
    names: who.slice(0, mostNames).map(({ name, ori }) => (ori === null ? name : `${name} (${ori})`)),
    asker: counterexample === null ? null : counterexample.asker.name, sentence: counterexample?.sentence ?? null, checkedAt: at,
  };
}

type Record = Omit<StoredVerdict, 'holds'> & { readonly holds: 'yes' | 'no' | 'capped' };

function verdictOf(record: Record): StoredVerdict {
  return { ...record, holds: record.holds === 'capped' ? 'capped' : record.holds === 'yes' };
}
