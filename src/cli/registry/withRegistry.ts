import type { Sql } from 'postgres';
import { createSnapshot, latestVersion, readContent, RegistryError, type ContentSnapshot, type RegistryErrorCode } from '../../registry/index.ts';
import { withStore } from '../store.ts';
import { exitCodes, VerbError, type CommonOptions } from '../verb.ts';

const mends: Readonly<Record<RegistryErrorCode, string>> = {
  badContent: 'Nothing was kept. Correct the rows, and try again.',
  noVersion: 'See weir registry versions.',
  badFile: 'Give a CSV file in UTF-8 with a heading.',
  columnMissing: 'See weir registry import --help for the columns of each list.',
  unknownOrganisation: 'See weir registry find.',
  unknownSuggestion: 'See weir registry suggestions.',
  badDate: 'Give days as YYYY-MM-DD.',
};

/** The open database, with what the registry refuses told as a verb tells it. */
export async function withRegistry<T>(options: CommonOptions, work: (sql: Sql) => Promise<T>): Promise<T> {
  try {
    return await withStore(options, async ({ sql }) => work(sql));
  } catch (error) {
    throw inWords(error);
  }
}

/** The newest version, or the one that is named, with its rows. Version 0, without rows, where nothing was imported yet. */
export async function openSnapshot(sql: Sql, version?: number): Promise<ContentSnapshot> {
  const latest = await latestVersion(sql);
  const at = version ?? latest?.version ?? 0;
  return createSnapshot(await readContent(sql, version), at, at === latest?.version ? latest.hash : '');
}

/** A refusal of the registry as a sentence with its mend; anything else passes. */
export function inWords(error: unknown): unknown {
  return error instanceof RegistryError ? new VerbError(exitCodes.usage, error.message, mends[error.code], { cause: error }) : error;
}

/** A version as it is typed. */
export function readVersion(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new VerbError(exitCodes.usage, 'a version is a whole number from 1', 'See weir registry versions.');
  return Number(text);
}
