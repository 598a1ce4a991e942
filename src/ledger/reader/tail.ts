import { readFile } from 'node:fs/promises';
import { parseCheckpoint } from '../../verify/checkpoint.ts';
import { parseNote } from '../../verify/note.ts';
import { firstSequence } from '../pruned.ts';
import type { LogName } from '../record.ts';

/** A sequence from which the write-ahead file must be read to find what the private files may not have yet. */
export async function tailStart(journal: string, _place: string): Promise<number> {
  return await firstSequence(journal);
}

/** The size of a log at its latest checkpoint; 0 before the first. */
export async function publishedSize(place: string, log: LogName): Promise<number> {
  try {
    return parseCheckpoint(parseNote(await readFile(`${place}/log/${log}/checkpoint`, 'utf8')).text).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
