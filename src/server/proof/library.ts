import type { Sql } from 'postgres';
import { CodedError } from '../../model/codedError.ts';
import type { Network } from '../../model/index.ts';
import { checkPolicy, tableFor, windowOf, type PolicyDocument, type PolicyTable } from '../../policy/index.ts';
import type { ProofBasis } from '../../proof/types.ts';
import { attributeSets, createSnapshot, latestVersion, listVersions, networkOf, readContent, type ContentSnapshot, type VersionRow } from '../../registry/index.ts';
import { usedCounters } from '../../store/limits.ts';
import { listPolicies, readPolicy, versionsInForce, type PolicyVersion, type StoredPolicy } from '../../store/policies.ts';
import { latestTable } from '../../store/policyTables.ts';

/** A sound document with the hash that names it. */
export interface NamedDocument {
  readonly document: PolicyDocument;
  readonly hash: string;
}

/** What a proof is made of, and the versions and hashes that a report names. The network is always there. */
export interface NamedBasis extends ProofBasis {
  readonly network: Network;
  readonly policyHash: string;
  /** The instant whose rules and claims are in force: now, or the first of the policy where that has not come. Milliseconds since 1970. */
  readonly at: number;
}

/** `damaged`: a stored policy is not the document that its hash names. `noVersion`: the registry has no such version. */
export class LibraryError extends CodedError<'damaged' | 'noVersion'> {
  override readonly name = 'LibraryError';
}

/** Versions of the registry, and documents, that are kept in memory at most. */
const mostSnapshots = 2;
const mostKept = 200;

/**
 * Loads what proofs are made of out of the store, and keeps what was loaded last: the newest version of the registry as a network,
 * and the table of each policy. For one process or thread that proves; the live path has its own.
 */
export class ProofLibrary {
  readonly #sql: Sql;
  readonly #now: () => number;
  readonly #snapshots = new Map<number, ContentSnapshot>();
  readonly #networks = new WeakMap<ContentSnapshot, Network>();
  readonly #documents = new Map<string, NamedDocument>();
  readonly #tables = new Map<string, PolicyTable>();

  /** `now` is in milliseconds since 1970: proofs are about the day of that instant, UTC. */
  constructor(sql: Sql, now: () => number = Date.now) {
    this.#sql = sql;
    this.#now = now;
  }

  /** A version of the registry; the newest where none is named, and version 0, without rows, where there is none. */
  async snapshot(version?: number): Promise<ContentSnapshot> {
    const known = await this.#version(version);
    const kept = this.#snapshots.get(known?.version ?? 0);
    if (kept !== undefined && kept.hash === (known?.hash ?? '')) return kept;
    const snapshot = createSnapshot(await readContent(this.#sql, known?.version), known?.version ?? 0, known?.hash ?? '');
    keep(this.#snapshots, snapshot.version, snapshot, mostSnapshots);
    return snapshot;
  }

  /** The same as proofs read it, today. */
  async network(version?: number): Promise<Network> {
    const snapshot = await this.snapshot(version);
    const at = new Date(this.#now());
    let network = this.#networks.get(snapshot);
    if (network?.day !== day(at.getTime())) this.#networks.set(snapshot, (network = networkOf(snapshot, at)));
    return network;
  }

  /** The policies in force, in alphabetical order of their owners. */
  async inForce(): Promise<readonly PolicyVersion[]> {
    return versionsInForce(this.#sql, new Date(this.#now()));
  }

  /** The policy of an owner that is in force, or the newest where none is yet. Null where there is none. Throws `damaged`. */
  async policy(owner: string): Promise<NamedDocument | null> {
    const stored = await readPolicy(this.#sql, owner, undefined, new Date(this.#now()));
    return stored === null ? null : this.#named(stored);
  }

  /** The policy in force, and those that were activated and whose first day is to come: what decides on this day and later, if nothing is changed. Throws `damaged`. */
  async line(owner: string): Promise<readonly NamedDocument[]> {
    const all = await listPolicies(this.#sql, owner);
    const today = day(this.#now());
    const inForce = all.find(({ effective }) => effective <= today);
    const named = await Promise.all(all.filter((one) => one === inForce || (one.effective > today && one.version > (inForce?.version ?? 0))).map(({ version }) => readPolicy(this.#sql, owner, version)));
    return named.flatMap((stored) => (stored === null ? [] : [this.#named(stored)]));
  }

  #named(stored: StoredPolicy): NamedDocument {
    const { owner } = stored;
    const kept = this.#documents.get(stored.hash);
    if (kept !== undefined) return kept;
    const checked = checkPolicy(stored.text);
    if (!checked.ok || checked.hash !== stored.hash || checked.document.policy !== owner) {
      throw new LibraryError('damaged', `version ${stored.version} of the policy of ${owner} in the store is not the document that its hash names`);
    }
    const { document, hash } = checked;
    keep(this.#documents, hash, { document, hash }, mostKept);
    return { document, hash };
  }

  /**
   * What the proofs of a document are made of: the table that decides, the very bytes of the live path where it has compiled one, and
   * the network as it stands today. Throws `noVersion`.
   */
  async basis({ document, hash }: NamedDocument, options: { readonly version?: number | undefined; readonly at?: number } = {}): Promise<NamedBasis> {
    const [network, snapshot] = [await this.network(options.version), await this.snapshot(options.version)];
    const at = options.at ?? Math.max(this.#now(), Date.parse(document.effective));
    return { document, network, policyHash: hash, at, table: await this.#table(document, hash, snapshot, at) };
  }

  /** The ids of the limits that an organisation, or all of them together, have used up in the window that is open now. */
  async usedUp({ policy, limits }: PolicyDocument, organisation: string): Promise<readonly string[]> {
    if (limits.length === 0) return [];
    const at = this.#now();
    const counters = await usedCounters(this.#sql, policy, new Date(at));
    return limits.filter(({ id, per, max }) => counters.some(({ rule, key, window, used }) =>
      rule === id && key === (per === 'agency' ? organisation : '*') && window === windowOf(max.per, at).name && used >= max.count)).map(({ id }) => id);
  }

  get now(): number {
    return this.#now();
  }

  async #table(document: PolicyDocument, hash: string, snapshot: ContentSnapshot, at: number): Promise<PolicyTable> {
    const key = `${hash} ${snapshot.version} ${snapshot.hash} ${day(at)}`;
    const kept = this.#tables.get(key);
    if (kept !== undefined) return kept;
    const table = await latestTable(this.#sql, document.policy, hash, at)
      ?? tableFor(document, { hash, at, known: attributeSets(snapshot, document.policy, new Date(at)) });
    keep(this.#tables, key, table, mostKept);
    return table;
  }

  async #version(version: number | undefined): Promise<VersionRow | null> {
    if (version === undefined) return latestVersion(this.#sql);
    const known = (await listVersions(this.#sql)).find((row) => row.version === version);
    if (known === undefined) throw new LibraryError('noVersion', `there is no version ${version} of the registry`);
    return known;
  }
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function keep<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const old of map.keys()) {
    if (map.size <= most) return;
    map.delete(old);
  }
}
