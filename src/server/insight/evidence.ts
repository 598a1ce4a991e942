import { ArchiveError } from '../../insight/archive/types.ts';
import type { Sql } from '../../store/index.ts';
import { withReading } from './reading.ts';

/** What one organisation got of an owner in a year. `lastMonth` is the first day of the last month in which it asked. */
export interface AgencyEvidence {
  readonly organisation: string;
  readonly asked: number;
  readonly answered: number;
  readonly refused: number;
  readonly held: number;
  readonly lastMonth: string | null;
}

/** Counts of a year by organisation, out of the rollups; empty where there is no archive of the owner or year. */
export async function agencyEvidence({ owner, year }: { readonly owner: string; readonly year: number }, archive: string, sql: Sql): Promise<readonly AgencyEvidence[]> {
  try {
    return await withReading(sql, { archive, owners: [owner], period: String(year), log: undefined, now: Date.now() }, async ({ session }) => {
      return session.query<AgencyEvidence>(`
        select requester.organisation as organisation, cast(sum(part.n) as double) as asked,
          cast(coalesce(sum(part.n) filter (where outcome.status in ('answered', 'answeredInPart')), 0) as double) as answered,
          cast(coalesce(sum(part.n) filter (where outcome.status = 'refused'), 0) as double) as refused,
          cast(coalesce(sum(part.n) filter (where outcome.held), 0) as double) as held, cast(max(part.month) as varchar) as "lastMonth"
        from rollup part join requesters requester on requester.id = part.who and requester.owner = part.owner join outcomes outcome on outcome.id = part.outcome and outcome.owner = part.owner
        where part.type = 'decision' group by requester.organisation`);
    });
  } catch (error) {
    if (error instanceof ArchiveError && error.code !== 'ARCHIVE_DAMAGED') return [];
    throw error;
  }
}
