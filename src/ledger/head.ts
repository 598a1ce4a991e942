import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { JournalFs } from './files.ts';
import { replaceFile } from './files.ts';

/**
 * A note of how far the journal certainly reached: everything before `size` was durable, and `chain` was the chain hash
 * then. It lags behind, and so proves the presence of what it names and nothing about what came later.
 * With it a journal whose end was cut off at a batch, or whose last batch was altered, is told from one that lost power.
 */
export interface Head {
  readonly size: number;
  /** Hexadecimal. */
  readonly chain: string;
}

export const headName = 'head';

/** Replaces the note. */
export async function writeHead(fs: JournalFs, folder: string, head: Head): Promise<void> {
  const line = `weir-journal-head 1 ${head.size} ${head.chain}`;
  await replaceFile(fs, folder, headName, Buffer.from(`${line} ${checkOf(line)}\n`));
}

/** The note; null where there is none (or an empty file, as some file systems leave after a loss of power); `'damage'` where it was altered. */
export async function readHead(folder: string): Promise<Head | null | 'damage'> {
  let text: string;
  try {
    text = await readFile(`${folder}/${headName}`, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  if (text === '') return null;
  const parts = /^(weir-journal-head 1 (\d{1,15}) ([0-9a-f]{64})) ([0-9a-f]{8})\n$/.exec(text);
  if (parts === null || parts[4] !== checkOf(parts[1] ?? '')) return 'damage';
  return { size: Number(parts[2]), chain: parts[3] ?? '' };
}

function checkOf(line: string): string {
  return crc32(line).toString(16).padStart(8, '0');
}
