import { fromBase64, textOf, toBase64 } from './bytes.ts';
import { blockEntries, checkUnder, verifyBlocks } from './log/blocks.ts';
import type { BlockRunner, BlockTask } from './log/blocks.ts';
import { collectDamages } from './log/damage.ts';
import type { Damage } from './log/damage.ts';
import { trueEdge } from './log/edge.ts';
import type { EdgeTile } from './log/edge.ts';
import { compareEntries } from './log/leaves.ts';
import { appendBlock, emptyState, noBlocks, rangeText } from './log/state.ts';
import type { BlockRange, LogState } from './log/state.ts';
import { bytesOf, fetchUpTo } from './log/tile.ts';
import type { Look } from './log/tile.ts';
import { blockTasks } from './log/upper.ts';
import { verifyConsistency } from './merkle.ts';
import { judge } from './policy.ts';
import type { Judged, TrustPolicy } from './policy.ts';
import { tileWidth } from './tilePath.ts';
import { consistencyProof } from './tiles.ts';
import { VerifyError } from './types.ts';
import type { Fetch, VerifyCrypto } from './types.ts';

export type { BlockRunner, BlockTask, Damage, LogState };

/** How a log is to be verified. */
export interface LogOptions {
  readonly policy: TrustPolicy;
  /** A checkpoint of this log that the caller has from before, verified. The log must contain it. */
  readonly older?: { readonly size: number; readonly root: Uint8Array } | null;
  /** What an earlier look at the log left. Blocks that it verified are not hashed again. */
  readonly state?: LogState | null;
  /** Who hashes the blocks, each one at a time: workers. This thread alone where none is given. */
  readonly runners?: readonly BlockRunner[];
  /** Told after each task. Entries. */
  readonly onProgress?: (verified: number, size: number) => void;
  /** Told whenever more of the log's beginning is verified: to be kept. */
  readonly onState?: (state: LogState) => void;
  /** True ends the look after the tasks that are under way. */
  readonly stopped?: () => boolean;
}

/** What a look at a whole log found. */
export interface LogReport {
  readonly checkpoint: Judged;
  /** Every file that is missing, too short or altered. Empty for a good log. */
  readonly damages: readonly Damage[];
  /** Whether every entry was looked at. False where it was stopped, or had too many damages. */
  readonly complete: boolean;
  readonly state: LogState;
}

/**
 * Verifies a whole log: the checkpoint's signatures, and that the entries make every tile at every level, and these its root.
 * It goes from the signed root downwards, so that each file that does not fit is known to be the one that was changed.
 * Throws VerifyError where the checkpoint itself is `missing`, `malformed`, `unsigned` or `badSignature`, or the state is of another log.
 */
export async function verifyLog(crypto: VerifyCrypto, fetch: Fetch, options: LogOptions): Promise<LogReport> {
  const note = await fetch('checkpoint');
  if (note === null) throw new VerifyError('missing', 'The log has no checkpoint.', 'checkpoint');
  const checkpoint = await judge(crypto, options.policy, textOf(note, 'checkpoint'));
  const { origin, size, root } = checkpoint;
  const before = options.state ?? emptyState(origin);
  if (before.origin !== origin) throw new VerifyError('malformed', `The state is of the log ${before.origin}, and this is ${origin}.`);
  const damages = collectDamages(before.damages);
  const look: Look = { crypto, fetch, damages };
  const edges = await trueEdge(look, size, root);
  const walk = await walkBlocks(look, edges, before, size, options);
  const complete = walk.complete && await checkTail(look, edges);
  const remembered = before.checkpoint === null ? null : { size: before.checkpoint.size, root: fromBase64(before.checkpoint.root) ?? new Uint8Array() };
  for (const older of [remembered, options.older ?? null]) if (older !== null) await checkOlder(look, checkpoint, older);
  const good = complete && damages.list.length === 0;
  return { checkpoint, damages: damages.list, complete, state: { ...walk.state(damages.list), checkpoint: good ? { size, root: toBase64(root) } : before.checkpoint } };
}

interface Walk {
  readonly complete: boolean;
  readonly state: (damages: readonly Damage[]) => LogState;
}

/** Gives the blocks to the runners, several at once, and follows how far the beginning of the log is verified without a gap. */
async function walkBlocks(look: Look, edges: readonly EdgeTile[], before: LogState, size: number, options: LogOptions): Promise<Walk> {
  const runners = options.runners ?? [(task: BlockTask) => verifyBlocks(look.crypto, look.fetch, task)];
  const known = before.size / blockEntries;
  const done = new Map<number, BlockTask>();
  let range: BlockRange = noBlocks;
  let kept: BlockRange | null = null;
  let verified = Math.min(before.size, size);
  // A look that was stopped before it came to where the last one was forgets nothing.
  const state = (damages: readonly Damage[]): LogState => (kept === null || kept.blocks < known ? { ...before, damages } : { ...before, size: kept.blocks * blockEntries, range: rangeText(kept), damages });
  const advance = async (): Promise<void> => {
    for (let task = done.get(range.blocks); task !== undefined; task = done.get(range.blocks)) {
      for (const hash of task.expected) {
        // A block whose hash is not known cannot be remembered: the look begins there again.
        if (hash === null) return;
        range = await appendBlock(look.crypto, range, hash);
        if (range.blocks === known && rangeText(range).join() !== before.range.join()) {
          look.damages.add('checkpoint', 'inconsistent', `The first ${String(before.size)} entries are not those that were verified before.`);
        }
      }
      kept = range;
    }
    if (kept !== null && kept.blocks >= known) options.onState?.(state(look.damages.list));
  };
  const source = blockTasks(look, edges);
  const progress = { ended: false };
  // A generator answers one call after the other, so runners may ask for the next task at any time.
  const run = async (runner: BlockRunner): Promise<void> => {
    for (;;) {
      if (look.damages.full || options.stopped?.() === true) return;
      const next = await source.next();
      if (next.done === true) {
        progress.ended = true;
        return;
      }
      const task = next.value;
      const skipped = Math.min(task.expected.length, Math.max(0, known - task.first));
      if (skipped < task.expected.length) {
        for (const { at, kind, message } of await runner({ first: task.first + skipped, expected: task.expected.slice(skipped) })) look.damages.add(at, kind, message);
        verified += (task.expected.length - skipped) * blockEntries;
        options.onProgress?.(verified, size);
      }
      done.set(task.first, task);
      await advance();
    }
  };
  await Promise.all(runners.map(run));
  if (before.size > size) look.damages.add('checkpoint', 'inconsistent', `The log has ${String(size)} entries, and had ${String(before.size)} before.`);
  return { complete: progress.ended && !look.damages.full, state };
}

/** What stands behind the last whole block: tiles of level 0 under the partial tile of level 1, and the last entries. */
async function checkTail(look: Look, edges: readonly EdgeTile[]): Promise<boolean> {
  for (const { level, n, slots } of edges) {
    if (level === 1) await checkUnder(look, n * tileWidth, slots);
    if (level !== 0) continue;
    const truth = slots.filter((slot) => slot !== null);
    await compareEntries(look, n, slots.length, await fetchUpTo(look.fetch, 'entries', n, slots.length), truth.length === slots.length ? bytesOf(truth) : null);
  }
  return !look.damages.full;
}

/** That the log still begins with the tree of an older checkpoint. */
async function checkOlder(look: Look, { size, root }: Judged, older: { readonly size: number; readonly root: Uint8Array }): Promise<void> {
  if (older.size > size) {
    look.damages.add('checkpoint', 'inconsistent', `The log has ${String(size)} entries, and the older checkpoint has ${String(older.size)}.`);
    return;
  }
  try {
    const proof = await consistencyProof(look.crypto, look.fetch, older.size, size);
    if (await verifyConsistency(look.crypto, { oldSize: older.size, oldRoot: older.root, newSize: size, newRoot: root, proof })) return;
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
  }
  // With damaged files nothing can be shown either way; those are named already.
  const named = look.damages.list.length === 0 ? 'The log does not begin with' : 'With its damaged files the log does not show that it begins with';
  look.damages.add('checkpoint', 'inconsistent', `${named} the ${String(older.size)} entries of the older checkpoint.`);
}
