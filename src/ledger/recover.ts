import { mkdir, open, readdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { JournalCheck, TornTail } from './check.ts';
import { checkJournal, damageError } from './check.ts';
import type { JournalFs } from './files.ts';
import { noChain } from './format.ts';
import { writeHead } from './head.ts';
import { Segment } from './segment.ts';

/** A journal that is ready to be written to. */
export interface Recovered {
  readonly size: number;
  readonly chain: Buffer;
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

/**
 * Brings the journal to the state that was acknowledged: checks it, drops a torn tail, and makes sure that what is left is durable.
 * The caller holds the lock. Rejects with `JOURNAL_CORRUPT` or `JOURNAL_VERSION`, and then has changed nothing.
 */
export async function recoverJournal(fs: JournalFs, folder: string, depth: 'all' | 'last', now: number): Promise<Recovered> {
  const check = await checkJournal(folder, depth);
  const error = damageError(check);
  if (error !== null) throw error;
  await dropLeftovers(folder);
  if (check.tail === null) {
    const { segment, chain } = await Segment.create(fs, folder, 0, noChain, now);
    return { size: 0, chain, segment, torn: null };
  }
  const segment = await Segment.reopen(fs, folder, check.tail.file, check.tail.offset);
  try {
    await settle(fs, folder, segment, check, check.tail.lastFrame);
  } catch (failed) {
    await segment.close().catch(() => undefined);
    throw failed;
  }
  return { size: check.size, chain: check.chain, segment, torn: check.torn };
}

async function settle(fs: JournalFs, folder: string, segment: Segment, check: JournalCheck, lastFrame: number | null): Promise<void> {
  if (check.torn !== null) await segment.truncate();
  // The last batch may be whole in memory only: its process may have been told that the sync failed, or have ended before it.
  if (lastFrame !== null) {
    const bytes = Buffer.alloc(segment.offset - lastFrame);
    const file = await open(`${folder}/${segment.name}`, 'r');
    try {
      await file.read(bytes, 0, bytes.length, lastFrame);
    } finally {
      await file.close();
    }
    await segment.rewrite(bytes, lastFrame);
  }
  await fs.syncFolder(folder);
  await writeHead(fs, folder, { size: check.size, chain: check.chain.toString('hex') }).catch(() => undefined);
}

/** What a process that ended in the middle of something left; none of it was in use. */
async function dropLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith('.tmp') || name.endsWith('.new')) await unlink(`${folder}/${name}`).catch(() => undefined);
  }
}
