import type { ArchiveSession } from '../../archive/types.ts';
import { periodBefore, yearBefore } from '../../period.ts';
import { factsOf, reachesBack } from '../../statistics/facts.ts';
import { count, tableOf } from '../../statistics/tabulate.ts';
import type { Condition, Dimension, Facts, Names, StatTable } from '../../statistics/types.ts';

/** Makes many tables over one period and the two that it is compared with, each of which is opened once. */
export interface Counter {
  readonly facts: Facts;
  /** By none, one or two dimensions. Compared tables may not be by month or day. */
  table(by: readonly Dimension[], options?: { readonly where?: readonly Condition[]; readonly compare?: boolean }): Promise<StatTable>;
}

export async function openCounter(session: ArchiveSession, names: Names): Promise<Counter> {
  const facts = await factsOf(session);
  const earlier = async (period: ReturnType<typeof periodBefore>): Promise<ArchiveSession | null> => (await reachesBack(session, period) ? session.over(period) : null);
  const before = await earlier(periodBefore(session.period));
  const sameAsBefore = periodBefore(session.period).from === yearBefore(session.period).from;
  const year = sameAsBefore ? before : await earlier(yearBefore(session.period));
  return {
    facts,
    table: async (by, { where = [], compare = false } = {}) => {
      const query = { by: by.map((dimension) => ({ dimension })), where, compare, limit: null };
      const counted = await count(session, query);
      const then = compare && before !== null ? await count(before, query) : null;
      const earlierYear = compare && year !== null ? (year === before ? then : await count(year, query)) : null;
      return tableOf(query, { facts, counted, before: then, year: earlierYear, names });
    },
  };
}

export const where = (dimension: Dimension, ...words: readonly string[]): Condition => ({ dimension, words, not: false });
export const whereNot = (dimension: Dimension, ...words: readonly string[]): Condition => ({ dimension, words, not: true });
