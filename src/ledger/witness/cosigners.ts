import { Agent } from 'undici';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { checkedKey } from '../../verify/note.ts';
import { hasQuorum, parsePolicy } from '../../verify/policy.ts';
import type { TrustPolicy } from '../../verify/policy.ts';
import { VerifyError } from '../../verify/types.ts';
import type { Cosigners } from '../types.ts';
import { longestAnswer } from './asking.ts';
import { WitnessError } from './errors.ts';
import { OneWitness } from './oneWitness.ts';
import type { WitnessStatus } from './oneWitness.ts';
import { openRemembered } from './remembered.ts';
import type { Remembered } from './remembered.ts';

export type { WitnessStatus } from './oneWitness.ts';

/** The witnesses of an exchange's logs. */
export interface WitnessedLogs extends Cosigners {
  /** Of each witness that is asked, in the order of the policy. */
  status(): readonly WitnessStatus[];
  close(): Promise<void>;
}

export interface CosignersOptions {
  /** The text of a C2SP tlog-policy. Witnesses with a URL are asked; null where there is none. */
  readonly policy: string | null;
  /** The ledger's folder, where what each witness last had is remembered. */
  readonly place: string;
  /** What a checkpoint may take with all witnesses, in milliseconds. */
  readonly limitMs?: number;
  /** How long those that are slower than the quorum are still waited for, in milliseconds. */
  readonly graceMs?: number;
  readonly clock?: () => number;
}

/** A checkpoint needs one request to a witness; this many logs can be shown to it at once. */
const connections = 8;

/** Reads the policy and makes ready to ask. Rejects with `WITNESS_POLICY`, also where the witnesses with a URL could never be a quorum. */
export async function openCosigners({ policy, place, limitMs = 2_000, graceMs = 100, clock = Date.now }: CosignersOptions): Promise<WitnessedLogs> {
  const trusted = policy === null ? null : await readPolicy(policy);
  const asked = trusted?.witnesses.filter(({ url }) => url !== null) ?? [];
  if (trusted === null || asked.length === 0) return noWitnesses;
  const remembered = await openRemembered(place);
  const dispatcher = new Agent({
    connections, maxResponseSize: longestAnswer, headersTimeout: limitMs, bodyTimeout: limitMs, keepAliveTimeout: 30_000, connect: { timeout: limitMs },
  });
  const witnesses = asked.map(({ name, key, url }) => new OneWitness({ name, key, prefix: prefixOf(url ?? '', name), dispatcher, remembered, clock }));
  return new PolicyCosigners(trusted, witnesses, { limitMs, graceMs, remembered, stop: () => dispatcher.destroy() });
}

const noWitnesses: WitnessedLogs = {
  configured: false,
  cosign: () => Promise.resolve({ lines: [], quorum: false }),
  status: () => [],
  close: () => Promise.resolve(),
};

class PolicyCosigners implements WitnessedLogs {
  readonly configured = true;
  readonly #policy: TrustPolicy;
  readonly #witnesses: readonly OneWitness[];
  readonly #parts: { readonly limitMs: number; readonly graceMs: number; readonly remembered: Remembered; readonly stop: () => Promise<void> };

  constructor(policy: TrustPolicy, witnesses: readonly OneWitness[], parts: { limitMs: number; graceMs: number; remembered: Remembered; stop: () => Promise<void> }) {
    this.#policy = policy;
    this.#witnesses = witnesses;
    this.#parts = parts;
  }

  async cosign(...[log, { note, size }, consistency]: Parameters<Cosigners['cosign']>): ReturnType<Cosigners['cosign']> {
    const controller = new AbortController();
    const lines = new Map<string, string>();
    // The proof from one size serves all witnesses that have it.
    const proofs = new Map<number, Promise<readonly Buffer[]>>();
    const proofFrom = (oldSize: number): Promise<readonly Buffer[]> => {
      const proof = proofs.get(oldSize) ?? Promise.resolve().then(() => consistency(oldSize));
      proofs.set(oldSize, proof);
      return proof;
    };
    const limit = setTimeout(() => controller.abort(), this.#parts.limitMs);
    let grace: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      controller.signal.addEventListener('abort', () => resolve(), { once: true });
      const all = this.#witnesses.map(async (witness) => {
        const line = await witness.cosign({ log, note, size, consistency: proofFrom, signal: controller.signal });
        if (line === null) return;
        lines.set(witness.name, line);
        // One that is slow or gone does not hold up those who wait for the quorum. It is not cut off: what it says still counts for its status.
        if (hasQuorum(this.#policy, [...lines.keys()])) grace ??= setTimeout(resolve, this.#parts.graceMs);
      });
      void Promise.allSettled(all).then(() => {
        clearTimeout(limit);
        resolve();
      });
    });
    clearTimeout(grace);
    const by = this.#witnesses.map(({ name }) => name).filter((name) => lines.has(name));
    return { lines: by.map((name) => lines.get(name) ?? ''), quorum: hasQuorum(this.#policy, by) };
  }

  status(): readonly WitnessStatus[] {
    return this.#witnesses.map((witness) => witness.status());
  }

  async close(): Promise<void> {
    await this.#parts.stop();
    await this.#parts.remembered.close();
  }
}

async function readPolicy(text: string): Promise<TrustPolicy> {
  let policy: TrustPolicy;
  try {
    policy = parsePolicy(text);
    for (const { key } of policy.witnesses) await checkedKey(nodeCrypto, key);
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
    throw new WitnessError('WITNESS_POLICY', `the policy of witnesses cannot be used: ${error.message}${error.at === null ? '' : ` (${error.at.slice(0, 80)})`}`, 'Its form: https://c2sp.org/tlog-policy', { cause: error });
  }
  const asked = policy.witnesses.filter(({ url }) => url !== null).map(({ name }) => name);
  if (asked.length > 0 && !hasQuorum(policy, asked)) {
    throw new WitnessError('WITNESS_POLICY', 'the witnesses of the policy that have a URL could never be its quorum', 'Give the URL of each witness that is to be asked: witness NAME VKEY URL');
  }
  return policy;
}

function prefixOf(text: string, name: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.search === '' && url.hash === '' && url.username === '') return url;
  throw new WitnessError('WITNESS_POLICY', `the URL of the witness \`${name.slice(0, 80)}\` is not one that can be asked`, 'Give an http or https address: the prefix that stands before /add-checkpoint.');
}
