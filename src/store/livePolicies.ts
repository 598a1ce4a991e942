import type { Sql } from 'postgres';
import { setImmediate } from 'node:timers/promises';
import type { Policies } from '../exchange/ports.ts';
import { checkPolicy, ownerPolicy, type LiveOwnerPolicy, type PolicyTable } from '../policy/index.ts';
import type { RequesterAttributes } from '../vocabulary/index.ts';
import { follow } from './follow.ts';
import { keepTable, latestTable } from './policyTables.ts';
import { listPolicies, policyChannel, readPolicy, versionsInForce, type PolicyVersion } from './policyVersions.ts';

/** The policies of a running process: the version in force of each owner, in memory. All change as one switch. */
export interface LivePolicies extends Policies {
  of(owner: string): LiveOwnerPolicy | null;
  readonly owners: readonly string[];
  /** Looks for newer versions now. True where something changed. Rejects where the database cannot be read; the old ones stay. */
  refresh(): Promise<boolean>;
  /**
   * After a change of the registry: compiles anew for the owners whose rules tell agencies apart that no class of their table was
   * written for. Until then, and at every other time, such agencies are decided by the same table, whose classes are found as they come.
   * Returns those owners.
   */
  recompile(): Promise<readonly string[]>;
  /** Stops following. What was loaded last stays readable. */
  close(): Promise<void>;
}

export interface PolicyOptions {
  /** Called after each switch with the owners whose policy changed. */
  readonly onSwitch?: (owners: readonly string[]) => void;
  /** Called where something told could not be loaded, and where a stored text is not the document that its hash names. */
  readonly onFault?: (error: unknown) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** The attributes of the agencies that there are, as this owner reads them. */
  readonly known?: (owner: string) => Iterable<RequesterAttributes>;
}

interface Loaded {
  readonly owners: readonly string[];
  readonly policies: ReadonlyMap<string, LiveOwnerPolicy>;
}

const dayLength = 86_400_000;

/**
 * Loads the policies in force and follows new ones by LISTEN; looks again when a lost connection is back, and at midnight UTC,
 * when a version may reach its first day. An owner whose stored text is damaged has no policy: everything is refused.
 */
export async function openPolicies(sql: Sql, options: PolicyOptions = {}): Promise<LivePolicies> {
  const now = options.now ?? Date.now;
  let loaded: Loaded = { owners: [], policies: new Map() };
  let midnight: NodeJS.Timeout | null = null;
  let closed = false;

  const load = async (): Promise<boolean> => {
    const [all, inForce] = await Promise.all([listPolicies(sql), versionsInForce(sql, new Date(now()))]);
    const policies = new Map<string, LiveOwnerPolicy>();
    const changed: string[] = [];
    for (const version of inForce) {
      const kept = loaded.policies.get(version.owner);
      const same = kept?.version === version.version && kept.hash === version.hash;
      const policy = same ? kept : await loadOne(sql, version, options);
      if (policy === null) continue;
      policies.set(version.owner, policy);
      if (!same) changed.push(version.owner);
    }
    changed.push(...[...loaded.policies.keys()].filter((owner) => !policies.has(owner)));
    loaded = { owners: [...new Set(all.map(({ owner }) => owner))].sort(), policies };
    if (changed.length > 0) options.onSwitch?.(changed);
    return changed.length > 0;
  };
  const recompile = async (): Promise<readonly string[]> => {
    const touched: string[] = [];
    for (const [owner, policy] of loaded.policies) {
      // Between two owners whatever waits is answered first.
      await setImmediate();
      if (closed || !hasNewClasses(policy, options)) continue;
      const next = await compiled(sql, policy.document, policy.hash, options, null);
      if (loaded.policies.get(owner) !== policy) continue;
      loaded = { ...loaded, policies: new Map(loaded.policies).set(owner, next) };
      touched.push(owner);
    }
    return touched;
  };
  const following = await follow(sql, policyChannel, load, { ...(options.onFault === undefined ? {} : { onFault: options.onFault }) });
  const waitForMidnight = (): void => {
    midnight = setTimeout(() => {
      following.refresh().catch((error: unknown) => options.onFault?.(error));
      waitForMidnight();
    }, dayLength - (now() % dayLength) + 1).unref();
  };
  waitForMidnight();
  return {
    of: (owner) => loaded.policies.get(owner) ?? null,
    get owners() { return loaded.owners; },
    refresh: () => following.refresh(),
    recompile,
    close: async () => {
      closed = true;
      if (midnight !== null) clearTimeout(midnight);
      await following.close();
    },
  };
}

async function loadOne(sql: Sql, version: PolicyVersion, options: PolicyOptions): Promise<LiveOwnerPolicy | null> {
  const stored = await readPolicy(sql, version.owner, version.version);
  const checked = stored === null ? null : checkPolicy(stored.text);
  if (checked?.ok === true && checked.hash === version.hash && checked.document.policy === version.owner) {
    const at = (options.now ?? Date.now)();
    const policy = await compiled(sql, checked.document, checked.hash, options, await latestTable(sql, version.owner, version.hash, at));
    return hasNewClasses(policy, options) ? compiled(sql, checked.document, checked.hash, options, null) : policy;
  }
  options.onFault?.(new Error(`version ${version.version} of the policy of ${version.owner} in the store is not the document that its hash names; everything is refused`));
  return null;
}

/** With its table for now made and kept: no entry names a table that the store does not have. */
async function compiled(sql: Sql, document: LiveOwnerPolicy['document'], hash: string, options: PolicyOptions, table: PolicyTable | null): Promise<LiveOwnerPolicy> {
  const known = (): Iterable<RequesterAttributes> => options.known?.(document.policy) ?? [];
  let first: PolicyTable | null = null;
  const policy = ownerPolicy(document, hash, {
    known, table,
    ...(options.now === undefined ? {} : { now: options.now }),
    onCompiled: (made) => {
      if (first === null) first = made;
      else keepTable(sql, made).catch((error: unknown) => options.onFault?.(error));
    },
  });
  await keepTable(sql, (first = policy.table()));
  return policy;
}

/** True where some agency is told apart by the rules from all those that the table was compiled with. */
function hasNewClasses(policy: LiveOwnerPolicy, options: PolicyOptions): boolean {
  const table = policy.table();
  for (const attributes of options.known?.(policy.owner) ?? []) if (table.classOf(attributes) >= table.compiledClasses) return true;
  return false;
}
