import { parseCheckpoint } from '../../verify/checkpoint.ts';
import { parseNote } from '../../verify/note.ts';
import { firstSequence } from '../pruned.ts';
import { readMark } from '../publish/mark.ts';
import { readLogFile } from '../publish/tileStore.ts';
import type { LogName } from '../record.ts';

/** A sequence from which the write-ahead file must be read to find what the private files may not have yet: they have all before the mark. */
export async function tailStart(journal: string, place: string): Promise<number> {
  return Math.max(await firstSequence(journal), (await readMark(place))?.sequence ?? 0);
}

/** The size of a log at its latest checkpoint; 0 before the first. */
export async function publishedSize(place: string, log: LogName): Promise<number> {
  const note = await readLogFile(place, log, 'checkpoint');
  return note === null ? 0 : parseCheckpoint(parseNote(note.toString('utf8')).text).size;
}
