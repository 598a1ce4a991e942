import { join } from 'node:path';
import { ArchiveError, type ArchiveErrorCode } from '../../insight/archive/types.ts';
import { withReading, type Reading } from '../../server/insight/reading.ts';
import { LibraryError } from '../../server/proof/library.ts';
import { folderPath } from '../../store/index.ts';
import { ownerOf } from '../policy/file.ts';
import { onRecord, type MachineAct } from '../acts/onRecord.ts';
import { withRegistry } from '../registry/withRegistry.ts';
import { exitCodes, VerbError, type CommonOptions, type ExitCode } from '../verb.ts';

/** Options of every verb that reads the archive. */
export interface InsightOptions extends CommonOptions {
  readonly period?: string;
  /** The data set. */
  readonly log?: string;
}

/** A reading, and what a verb needs besides. */
export interface InsightContext extends Reading {
  /** The data folder. */
  readonly data: string;
  /** The folder of data sets. */
  readonly archive: string;
  /** Puts on the record what is about to be read or handed out, in the log of each owner of the reading; durable when it resolves. */
  readonly record: (act: Omit<MachineAct, 'owner'>) => Promise<void>;
  /** Tells a person something on the side: nothing with `--quiet`. */
  readonly say: (line: string) => void;
}

/** Opens the archive of the data folder over the period asked for, with the store beside it. What the archive refuses is told as a verb tells it. */
export async function withInsight<T>(options: InsightOptions, asked: { readonly owners: readonly string[] | 'all' }, work: (context: InsightContext) => Promise<T>): Promise<T> {
  const data = folderPath(options.data);
  const archive = archiveFolder(options);
  const say = (line: string): void => { if (options.quiet !== true) process.stderr.write(`${line}\n`); };
  return archiveInWords(() => withRegistry(options, (sql) =>
    withReading(sql, { archive, owners: asked.owners, period: options.period, log: options.log, now: Date.now() }, (reading) => work({
      ...reading, data, archive, say, record: (act) => onRecord(sql, data, reading.owners.map((owner) => ({ ...act, owner }))),
    }))));
}

/** The folder of data sets of the data folder that `--data`, `WEIR_DATA` or `./weir-data` names. */
export function archiveFolder(options: CommonOptions): string {
  return join(folderPath(options.data), 'archive');
}

/** `WA`, or all owners of the data set for `all` and for nothing. */
export function ownersOf(text: string | undefined): readonly string[] | 'all' {
  return text === undefined || text.toLowerCase() === 'all' ? 'all' : [ownerOf(text)];
}

const mends: Readonly<Record<ArchiveErrorCode, readonly [ExitCode, string | null]>> = {
  ARCHIVE_UNKNOWN: [exitCodes.usage, 'See weir archive list. In a demonstration `weir demo year` writes an invented year; `weir archive follow` brings in the ledger, and `weir import log` a log of your own.'],
  ARCHIVE_LOCKED: [exitCodes.environment, 'Wait until the other command is done, or stop it.'],
  ARCHIVE_DAMAGED: [exitCodes.finding, 'See weir archive check. The projection of the ledger can be made again: weir archive rebuild.'],
  ARCHIVE_QUESTION: [exitCodes.usage, null],
  ARCHIVE_ORDER: [exitCodes.environment, null],
};

/** Runs work on the archive; what it refuses becomes a sentence with its mend and exit code. */
export async function archiveInWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ArchiveError) throw new VerbError(mends[error.code][0], error.message, mends[error.code][1], { cause: error });
    if (error instanceof LibraryError) throw new VerbError(exitCodes.finding, error.message, null, { cause: error });
    throw error;
  }
}
