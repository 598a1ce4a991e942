import { readFile, readdir } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { JournalError } from '../exchange/errors.ts';
import type { JournalFs } from './files.ts';
import { replaceFile } from './files.ts';
import { segmentSequence } from './format.ts';

/**
 * Where the write-ahead file is allowed to begin, because everything before was deleted on purpose. Without this note a missing
 * first segment is damage. It is durable before the first file goes, so files that begin before it are leftovers and count for nothing.
 */
export interface Pruned {
  readonly first: number;
  /** The chain hash before it, hexadecimal. */
  readonly chain: string;
}

export const prunedName = 'pruned';

export interface SegmentFile {
  readonly name: string;
  readonly first: number;
}

/** What a folder holds. */
export interface Listing {
  /** By first sequence, ascending. */
  readonly segments: readonly SegmentFile[];
  /** Segments that were to be deleted and still are there. */
  readonly leftovers: readonly SegmentFile[];
  /** Null where nothing was ever deleted. */
  readonly pruned: Pruned | null | 'damage';
}

/** The segments of a folder, and where they are allowed to begin. Right also while files are made and deleted by others. */
export async function listFolder(folder: string): Promise<Listing> {
  for (;;) {
    const before = await noteText(folder);
    const names = await readdir(folder);
    // Where files were deleted meanwhile the names may be of neither moment.
    if ((await noteText(folder)) !== before) continue;
    const pruned = parse(before);
    const from = pruned === null || pruned === 'damage' ? 0 : pruned.first;
    const all = names.map((name) => ({ name, first: segmentSequence(name) })).filter((one): one is SegmentFile => one.first !== null).sort((a, b) => a.first - b.first);
    return { segments: all.filter(({ first }) => first >= from), leftovers: all.filter(({ first }) => first < from), pruned };
  }
}

/** The first sequence that a folder still has; 0 where it is empty. Rejects with `JOURNAL_CORRUPT` where the note of what was pruned is altered. */
export async function firstSequence(folder: string): Promise<number> {
  const { segments, pruned } = await listFolder(folder);
  if (pruned === 'damage') throw alteredNote();
  return segments[0]?.first ?? pruned?.first ?? 0;
}

/** Replaces the note. */
export async function writePruned(fs: JournalFs, folder: string, pruned: Pruned): Promise<void> {
  const line = `weir-wal-pruned 1 ${pruned.first} ${pruned.chain}`;
  await replaceFile(fs, folder, prunedName, Buffer.from(`${line} ${checkOf(line)}\n`));
}

export function alteredNote(): JournalError {
  return new JournalError('JOURNAL_CORRUPT', `the journal is damaged in ${prunedName}: the note of where it begins is altered`);
}

async function noteText(folder: string): Promise<string | null> {
  try {
    return await readFile(`${folder}/${prunedName}`, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function parse(text: string | null): Pruned | null | 'damage' {
  if (text === null) return null;
  const parts = /^(weir-wal-pruned 1 (\d{1,12}) ([0-9a-f]{64})) ([0-9a-f]{8})\n$/.exec(text);
  if (parts === null || parts[4] !== checkOf(parts[1] ?? '')) return 'damage';
  return { first: Number(parts[2]), chain: parts[3] ?? '' };
}

function checkOf(line: string): string {
  return crc32(line).toString(16).padStart(8, '0');
}
