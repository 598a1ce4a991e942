import { chooseDataset, defaultPeriod } from '../../insight/archive/choose.ts';
import { openSession } from '../../insight/archive/session.ts';
import type { ArchiveSession, Dataset } from '../../insight/archive/types.ts';
import { readPeriod } from '../../insight/period.ts';
import type { InsightWorld } from '../../insight/world.ts';
import type { Sql } from '../../store/index.ts';
import { openWorld } from './world.ts';

/** What is to be read. */
export interface ReadingAsked {
  /** The folder of data sets. */
  readonly archive: string;
  readonly owners: readonly string[] | 'all';
  /** As it was typed; the year up to the newest entry where nothing was. */
  readonly period: string | undefined;
  /** The name of a data set, or the default. */
  readonly log: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface Reading {
  readonly session: ArchiveSession;
  readonly world: InsightWorld;
  readonly dataset: Dataset;
  /** The folder of the data set. */
  readonly folder: string;
  readonly owners: readonly string[];
}

/** Opens a data set over a period, with what the store knows beside it, for as long as `work` takes. Throws an `ArchiveError` where the question means nothing. */
export async function withReading<T>(sql: Sql, asked: ReadingAsked, work: (reading: Reading) => Promise<T>): Promise<T> {
  const { folder, dataset } = await chooseDataset(asked.archive, asked.log);
  const period = asked.period === undefined ? await defaultPeriod(folder, asked.owners) : readPeriod(asked.period, asked.now);
  const session = await openSession({ folder, owners: asked.owners, period });
  try {
    const world = await openWorld(sql, { owners: session.owners, dataset: folder, at: asked.now });
    return await work({ session, world, dataset, folder, owners: session.owners });
  } finally {
    await session.close();
  }
}
