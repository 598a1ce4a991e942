import { mkdir, open, readdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { JournalError } from '../exchange/errors.ts';
import type { TornTail, WalCheck } from './check.ts';
import { checkWal, damageError } from './check.ts';
import type { JournalFs } from './files.ts';
import { decodeSegmentHead, noChain, sectorBytes } from './format.ts';
import type { Forest } from './forest.ts';
import { writeHead } from './head.ts';
import { listFolder } from './pruned.ts';
import { dayOf } from './record.ts';
import { Segment } from './segment.ts';

/** A write-ahead file that is ready to be written to. */
export interface Recovered {
  readonly size: number;
  readonly chain: Buffer;
  readonly forest: Forest;
  readonly latestDay: number;
  readonly segment: Segment;
  /** What was dropped: the remains of a batch that nobody was told of. */
  readonly torn: TornTail | null;
}

/** Makes the folder, durably, where it is missing. */
export async function makeFolder(fs: JournalFs, folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made === undefined) return;
  for (let at = folder; at.length >= made.length; at = dirname(at)) await fs.syncFolder(dirname(at));
}

/** Rejects with `JOURNAL_VERSION` where another version of this program wrote the folder. Touches nothing, not even a lock. */
export async function refuseOtherVersion(folder: string): Promise<void> {
  const last = (await listFolder(folder)).segments.at(-1);
  if (last === undefined) return;
  const bytes = await readPart(`${folder}/${last.name}`, sectorBytes, 0);
  const head = decodeSegmentHead(bytes);
  if ('bad' in head && head.bad === 'version') throw new JournalError('JOURNAL_VERSION', `${last.name}: ${head.what}`);
}

/**
 * Brings the folder to the state that was acknowledged: checks it, drops a torn tail, and makes sure that what is left is durable.
 * The caller holds the lock. Rejects with `JOURNAL_CORRUPT` or `JOURNAL_VERSION`, and then has changed nothing.
 */
export async function recoverWal(fs: JournalFs, folder: string, depth: 'all' | 'last', now: number): Promise<Recovered> {
  const check = await checkWal(folder, depth);
  const error = damageError(check);
  if (error !== null) throw error;
  await dropLeftovers(folder);
  const { size, chain, forest, latestDay, tail } = check;
  if (tail === null) {
    const made = await Segment.create(fs, folder, { firstSequence: 0, previous: noChain, created: now, state: forest.encode() });
    return { size, chain: made.chain, forest, latestDay: dayOf(now), segment: made.segment, torn: null };
  }
  const segment = await Segment.reopen(fs, folder, tail);
  try {
    await settle(fs, folder, segment, check, tail.lastFrame);
  } catch (failed) {
    await segment.close().catch(() => undefined);
    throw failed;
  }
  return { size, chain, forest, latestDay, segment, torn: check.torn };
}

async function settle(fs: JournalFs, folder: string, segment: Segment, check: WalCheck, lastFrame: number | null): Promise<void> {
  if (check.torn !== null) await segment.truncate();
  // The last batch may be whole in memory only: its process may have been told that the sync failed, or have ended before it.
  if (lastFrame !== null) await segment.rewrite(await readPart(`${folder}/${segment.name}`, segment.offset - lastFrame, lastFrame), lastFrame);
  await fs.syncFolder(folder);
  await writeHead(fs, folder, { size: check.size, chain: check.chain.toString('hex') }).catch(() => undefined);
}

/** What a process that ended in the middle of something left; none of it was in use. */
async function dropLeftovers(folder: string): Promise<void> {
  const { leftovers } = await listFolder(folder);
  const names = [...(await readdir(folder)).filter((name) => name.endsWith('.tmp') || name.endsWith('.new')), ...leftovers.map(({ name }) => name)];
  for (const name of names) await unlink(`${folder}/${name}`).catch(() => undefined);
}

/** Shorter than asked at the end of the file. */
async function readPart(path: string, length: number, offset: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const file = await open(path, 'r');
  try {
    const { bytesRead } = await file.read(bytes, 0, length, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
