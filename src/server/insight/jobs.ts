import { ensureDemoYear } from '../../../demo/year/index.ts';
import { ArchiveError } from '../../insight/archive/types.ts';
import { followLedger } from '../../insight/archive/follow.ts';
import { briefingHtml, makeBriefing } from '../../insight/briefing/index.ts';
import { weirVersion, type Sql } from '../../store/index.ts';
import { readLedgerFolder } from '../compose/ledgerFolder.ts';
import { backtestDraft } from './backtest.ts';
import { agencyEvidence } from './evidence.ts';
import type { InsightAnswer, InsightJob, InsightPlaces } from './messages.ts';
import { withReading } from './reading.ts';

/** Does one job. Throws an `ArchiveError` where the question means nothing; anything else is a fault. */
export async function runJob(job: InsightJob, places: InsightPlaces, sql: Sql): Promise<InsightAnswer> {
  switch (job.kind) {
    case 'follow': return follow(job.until, places);
    case 'year': return { kind: 'year', made: await ensureDemoYear(places.archive, { scale: job.scale, seed: job.seed, agencies: job.agencies }) };
    case 'briefing': return briefing(job, places, sql);
    case 'evidence': return { kind: 'evidence', rows: await agencyEvidence(job, places.archive, sql) };
    case 'backtest': return { kind: 'backtest', result: await backtestDraft(job, places.archive, sql) };
  }
}

async function follow(until: number, { archive, ledger, settings, invented }: InsightPlaces): Promise<InsightAnswer> {
  const { keys, reader } = await readLedgerFolder(ledger, settings);
  try {
    const { entries } = await followLedger(reader, archive, { until, engine: `weir ${weirVersion()}`, invented });
    return { kind: 'follow', archived: entries };
  } catch (error) {
    // A command is at it; what it brings in need not be brought in again.
    if (error instanceof ArchiveError && error.code === 'ARCHIVE_LOCKED') return { kind: 'follow', archived: 0 };
    throw error;
  } finally {
    await keys.close();
  }
}

async function briefing({ owner, period, log }: Extract<InsightJob, { kind: 'briefing' }>, { archive }: InsightPlaces, sql: Sql): Promise<InsightAnswer> {
  const asked = { archive, owners: [owner], period: period === '' ? undefined : period, log: log === '' ? undefined : log, now: Date.now() };
  return withReading(sql, asked, async ({ session, world }) => ({ kind: 'briefing', html: briefingHtml(await makeBriefing(session, world, { owner })) }));
}
