import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { JournalError } from '../../exchange/errors.ts';
import { folderPath } from '../../store/folder.ts';
import type { CommonOptions } from '../verb.ts';
import { exitCodes, VerbError } from '../verb.ts';

/** The folder of the journal, from `--data`, `WEIR_DATA` or `./weir-data`. Throws where there is none. */
export function journalFolder(options: CommonOptions): string {
  const folder = join(folderPath(options.data), 'journal');
  if (!existsSync(folder)) throw new VerbError(exitCodes.environment, `there is no journal in ${folder}`, 'Give the data folder with --data, or run weir start first.');
  return folder;
}

/** Runs a reading of the journal; damage that it meets ends it with a sentence and the exit code of a finding. */
export async function reading<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    const damaged = error.code === 'JOURNAL_CORRUPT';
    throw new VerbError(damaged ? exitCodes.finding : exitCodes.environment, error.message, damaged ? 'weir journal verify lists all of the damage.' : null, { cause: error });
  }
}
