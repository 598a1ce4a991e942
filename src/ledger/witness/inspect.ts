import { contradictionsOf } from './contradictions.ts';
import { originHash, readKept } from './kept.ts';
import type { Kept } from './kept.ts';
import { readKey } from './key.ts';
import { readWatched } from './watched.ts';

/** A log that a witness watches, and the latest that it cosigned of it. */
export interface WatchedLog {
  readonly origin: string;
  /** `hex(SHA-256(origin))`. */
  readonly hash: string;
  /** Null where nothing was cosigned yet. */
  readonly kept: Kept | null;
  /** Signed checkpoints that contradict what was cosigned and are kept as evidence. */
  readonly contradictions: number;
}

/** What stands in a witness's folder, read without its lock: a witness may be running. Rejects with WitnessError. */
export async function inspectWitness(folder: string): Promise<{ readonly name: string; readonly vkey: string; readonly logs: readonly WatchedLog[] }> {
  const { name, vkey } = await readKey(folder);
  const logs: WatchedLog[] = [];
  for (const [origin, keys] of await readWatched(folder)) {
    const kept = await readKept(folder, origin, keys, vkey);
    logs.push({ origin, hash: originHash(origin), kept, contradictions: (await contradictionsOf(folder, origin)).length });
  }
  return { name, vkey, logs };
}
