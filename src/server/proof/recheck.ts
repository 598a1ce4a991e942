import { setImmediate } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { keepVerdicts, type BrokenClaim } from '../../store/policies.ts';
import { decides, type Verdicts } from './claims.ts';
import type { NamedBasis, ProofLibrary } from './library.ts';

/** How many claims of an owner fail, by the verdict that decides each. */
export interface Failing {
  readonly owner: string;
  readonly claims: number;
  readonly failing: number;
  /** The policy, registry and day that it was proved of. */
  readonly of: string;
}

/** What one run over all owners came to. */
export interface Checked {
  readonly registryVersion: number;
  readonly owners: readonly Failing[];
  readonly broken: readonly BrokenClaim[];
  /** Owners whose claims could not be proved, and why. */
  readonly faults: readonly { readonly owner: string; readonly error: Error }[];
}

export interface RecheckOptions {
  readonly prove: (basis: NamedBasis) => readonly Verdicts[];
  readonly now?: () => number;
}

/**
 * Proves the claims of every policy in force on the newest registry, owner by owner, and keeps the verdicts. Between two owners whatever
 * waits in this thread goes first. A fault of one owner does not keep the others from being proved.
 */
export class Rechecker {
  readonly #sql: Sql;
  readonly #library: ProofLibrary;
  readonly #prove: RecheckOptions['prove'];
  readonly #now: () => number;

  constructor(sql: Sql, library: ProofLibrary, { prove, now = Date.now }: RecheckOptions) {
    this.#sql = sql;
    this.#library = library;
    this.#prove = prove;
    this.#now = now;
  }

  /** `known` is what earlier runs found: what was proved of the same policy, registry and day is not proved again. */
  async run(known: readonly Failing[] = []): Promise<Checked> {
    const before = new Map(known.map((one) => [one.owner, one]));
    const inForce = await this.#library.inForce();
    const owners: Failing[] = [];
    const broken: BrokenClaim[] = [];
    const faults: { owner: string; error: Error }[] = [];
    let registryVersion = 0;
    for (const { owner } of inForce) {
      await setImmediate();
      try {
        const { failing, newly, version } = await this.#owner(owner, before.get(owner));
        owners.push(failing);
        broken.push(...newly);
        registryVersion = Math.max(registryVersion, version);
      } catch (error) {
        faults.push({ owner, error: error instanceof Error ? error : new Error(String(error)) });
      }
    }
    return { registryVersion, owners, broken, faults };
  }

  async #owner(owner: string, known: Failing | undefined): Promise<{ failing: Failing; newly: readonly BrokenClaim[]; version: number }> {
    const policy = await this.#library.policy(owner);
    // Without a claim there is nothing to load a registry for.
    if (policy === null || policy.document.claims.length === 0) return { failing: { owner, claims: 0, failing: 0, of: '' }, newly: [], version: 0 };
    const basis = await this.#library.basis(policy);
    const { registryVersion: version, registryHash, day } = basis.network;
    const of = `${policy.hash} ${version} ${registryHash} ${day}`;
    if (known?.of === of) return { failing: known, newly: [], version };
    const reports = this.#prove(basis);
    const check = { owner, policyVersion: policy.document.version, policyHash: policy.hash, registryVersion: version, at: new Date(this.#now()) };
    const newly = await keepVerdicts(this.#sql, check, reports);
    const failing = { owner, claims: reports.length, failing: reports.filter((one) => !decides(one)).length, of };
    return { failing, newly, version };
  }
}
