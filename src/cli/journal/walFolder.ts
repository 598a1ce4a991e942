import { existsSync } from 'node:fs';
import { ledgerPlaces } from '../../server/compose/ledgerFolder.ts';
import { folderPath } from '../../store/folder.ts';
import { exitCodes, VerbError, type CommonOptions } from '../verb.ts';

/** The folder of the write-ahead file, from `--data`, `WEIR_DATA` or `./weir-data`. Throws where there is none. */
export function walFolder(options: CommonOptions): string {
  const { journal } = ledgerPlaces(folderPath(options.data));
  if (!existsSync(journal)) throw new VerbError(exitCodes.environment, `there is no journal in ${journal}`, 'Give the data folder with --data, or run weir start first.');
  return journal;
}
