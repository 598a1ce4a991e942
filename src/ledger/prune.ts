import { mkdir, open } from 'node:fs/promises';
import { JournalError } from '../exchange/errors.ts';
import type { JournalFs } from './files.ts';
import { diskFs } from './files.ts';
import { decodeSegmentHead, sectorBytes } from './format.ts';
import type { SegmentHead } from './format.ts';
import type { Lock } from './lock.ts';
import { takeLock } from './lock.ts';
import type { SegmentFile } from './pruned.ts';
import { alteredNote, listFolder, writePruned } from './pruned.ts';

/** A folder of its own, because the lock of the write-ahead file belongs to whoever writes it. */
const lockFolder = 'pruning';

/** What was deleted. */
export interface PruneResult {
  /** The first sequence that is left. */
  readonly first: number;
  readonly segments: number;
}

/**
 * Deletes the segments all of whose sequences are below `before`, and never the last one. The caller answers for that everything below `before` is kept
 * elsewhere, durably. May run beside the writer and beside readers; one at a time (`JOURNAL_LOCKED`). Where it ends half-way the folder is legal, and a
 * repetition or the next start takes the rest away. Rejects with `JOURNAL_CORRUPT` or `JOURNAL_VERSION` where the segment that would come first is damaged, and with
 * `JOURNAL_WRITE` where the disk fails.
 */
export async function pruneWal(folder: string, before: number, options: { readonly fs?: JournalFs } = {}): Promise<PruneResult> {
  if (!Number.isSafeInteger(before) || before < 0) throw new RangeError(`the sequence ${before} is none`);
  let lock: Lock | null = null;
  try {
    await mkdir(`${folder}/${lockFolder}`, { mode: 0o700 }).catch(unlessThere);
    lock = await takeLock(`${folder}/${lockFolder}`);
    return await prune(options.fs ?? diskFs, folder, before);
  } catch (error) {
    if (error instanceof JournalError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new JournalError('JOURNAL_WRITE', `the journal cannot be pruned${code === undefined ? '' : ` (${code})`}`, { cause: error });
  } finally {
    await lock?.release().catch(() => undefined);
  }
}

async function prune(fs: JournalFs, folder: string, before: number): Promise<PruneResult> {
  const { segments, leftovers, pruned } = await listFolder(folder);
  if (pruned === 'damage') throw alteredNote();
  const keep = segments.findLast(({ first }) => first <= before) ?? segments[0];
  if (keep === undefined) return { first: pruned?.first ?? 0, segments: 0 };
  const gone = [...leftovers, ...segments.filter(({ first }) => first < keep.first)];
  if (gone.length === 0) return { first: keep.first, segments: 0 };
  // Durable before the first file goes: from here on they count for nothing.
  if (keep !== segments[0]) await writePruned(fs, folder, { first: keep.first, chain: await chainBefore(folder, keep) });
  for (const { name } of gone) await fs.unlink(`${folder}/${name}`).catch(unlessGone);
  await fs.syncFolder(folder);
  return { first: keep.first, segments: gone.length };
}

async function chainBefore(folder: string, { name, first }: SegmentFile): Promise<string> {
  const head = await readSegmentHead(folder, name);
  if (head.firstSequence !== first) throw new JournalError('JOURNAL_CORRUPT', `${name} at byte 0: the segment begins with entry ${head.firstSequence}`);
  return head.previous.toString('hex');
}

/** The head of a segment. Rejects with `JOURNAL_CORRUPT` or `JOURNAL_VERSION` where it is none. */
export async function readSegmentHead(folder: string, name: string): Promise<SegmentHead> {
  const bytes = Buffer.alloc(sectorBytes);
  const file = await open(`${folder}/${name}`, 'r');
  try {
    await file.read(bytes, 0, sectorBytes, 0);
  } finally {
    await file.close();
  }
  const head = decodeSegmentHead(bytes);
  if ('bad' in head) throw new JournalError(head.bad === 'version' ? 'JOURNAL_VERSION' : 'JOURNAL_CORRUPT', `${name} at byte 0: ${head.what}`);
  return head;
}

function unlessThere(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
}

function unlessGone(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
