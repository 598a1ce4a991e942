import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ArchiveError } from '../../insight/archive/types.ts';
import { ImportError, readMapping, type ImportErrorCode, type Mapping, type MessageDecoder } from '../../insight/imports/index.ts';
import { KeyError, openKeys, type Keys } from '../../ledger/index.ts';
import { ledgerPlaces, ledgerSettings } from '../../server/compose/ledgerFolder.ts';
import { folderPath } from '../../store/folder.ts';
import { decode } from '../../wire/index.ts';
import { yamlProblemLine } from '../../yaml/read.ts';
import { archiveInWords } from '../insight/context.ts';
import { settingsOf } from '../ledger/folder.ts';
import { exitCodes, VerbError, type CommonOptions, type ExitCode } from '../verb.ts';

const mends: Readonly<Record<ImportErrorCode, readonly [ExitCode, string | null]>> = {
  IMPORT_MAPPING: [exitCodes.usage, 'The words are in docs/imports.md; `weir import sketch FILE` proposes a mapping.'],
  IMPORT_FILE: [exitCodes.usage, null],
  IMPORT_DATASET: [exitCodes.usage, 'See weir import list.'],
  IMPORT_STATE: [exitCodes.environment, null],
  IMPORT_HOPELESS: [exitCodes.finding, 'Try the mapping with --dry-run: the report says which reasons there are. What was sealed before stays; `weir import forget` removes it.'],
  IMPORT_LOST: [exitCodes.environment, 'This is a fault of Weir. Please report it with the mapping and the report of a --dry-run.'],
};

/** Runs an import; what it refuses becomes a sentence with its mend and exit code. */
export async function importInWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await archiveInWords(work);
  } catch (error) {
    if (error instanceof ImportError) throw new VerbError(mends[error.code][0], error.message, mends[error.code][1], { cause: error });
    if (error instanceof ArchiveError || error instanceof KeyError) throw new VerbError(exitCodes.environment, error.message, null, { cause: error });
    throw error;
  }
}

/** A mapping out of its file, with the SHA-256 of its text. */
export async function mappingFile(path: string): Promise<{ readonly mapping: Mapping; readonly hash: string }> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new VerbError(exitCodes.usage, `the mapping ${path} cannot be read`, 'Give the file with --map; `weir import sketch FILE` proposes one.', { cause });
  }
  const reading = readMapping(text);
  if (reading.ok) return { mapping: reading.mapping, hash: createHash('sha256').update(text).digest('hex') };
  throw new VerbError(exitCodes.usage, `the mapping is not one yet:\n${reading.problems.map((problem) => `  ${yamlProblemLine(basename(path), problem)}`).join('\n')}`, mends.IMPORT_MAPPING[1]);
}

/** Messages as the exchange would read them. */
export const decodeMessage: MessageDecoder = (text) => {
  const found = decode('legacy', Buffer.from(text));
  return found.ok ? { inquiry: found.value } : { fault: found.fault.code };
};

/** The keys of an owner, so that tags are those of the ledger. They are made where there are none yet, and the ledger goes on with them. */
export async function withOwnerKeys<T>(options: CommonOptions, owner: string, work: (keys: Keys) => Promise<T>): Promise<T> {
  const { keyProgram } = ledgerSettings(await settingsOf(options));
  const keys = await openKeys(ledgerPlaces(folderPath(options.data)).keys, [owner], keyProgram === null ? {} : { command: keyProgram });
  try {
    return await work(keys);
  } finally {
    await keys.close();
  }
}

/** Where a data set lies. */
export function datasetFolder(archive: string, name: string): string {
  return join(archive, name);
}
