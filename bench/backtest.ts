import { pathToFileURL } from 'node:url';
import { openSession } from '../src/insight/archive/session.ts';
import type { ArchiveSession } from '../src/insight/archive/types.ts';
import { backtest, type BacktestQuestion } from '../src/insight/backtest/index.ts';
import { samplePolicy, sampleQuestion, sampleWorld } from '../src/insight/backtest/samples.ts';
import { defaultPeriod } from '../src/insight/archive/choose.ts';
import { adoptTemplate, readTemplate } from '../src/templates/index.ts';
import { conditions, number, table, type Row } from './table.ts';

/**
 * What a backtest of a data set costs: one owner, all owners, with people and examples, with the full scan, and DuckDB's bare scan of the same columns beside.
 * `folder` is the data set. Budgets are those of the full year (290,000,000 requests).
 */
export async function measureBacktest(folder: string, owner = 'WA'): Promise<readonly Row[]> {
  const period = await defaultPeriod(folder);
  const open = (owners: readonly string[] | 'all'): Promise<ArchiveSession> => openSession({ folder, owners, period, memoryMb: 1_500, threads: 2 });
  const rows: Row[] = [];
  const measure = async (what: string, budget: number | null, owners: readonly string[] | 'all', work: (session: ArchiveSession) => Promise<number>): Promise<void> => {
    const began = performance.now();
    const session = await open(owners);
    try {
      const requests = await work(session);
      const seconds = (performance.now() - began) / 1000;
      rows.push({ what: `${what}: ${number(requests)} requests`, measured: `${number(seconds, 2)} s; the process ${number(process.memoryUsage.rss() / 2 ** 20)} MiB`, budget: budget === null ? '' : `≤ ${budget} s`, ok: budget === null ? null : seconds <= budget });
    } finally {
      await session.close();
    }
  };
  const everyOwner = (more: Partial<BacktestQuestion>) => async (session: ArchiveSession): Promise<number> => {
    let requests = 0;
    for (const one of session.owners) requests += await requestsOf(session, one, more);
    return requests;
  };
  await measure(`one owner (${owner}), counts from the rollup`, 1, [owner], (session) => requestsOf(session, owner, { rows: false }));
  await measure(`one owner (${owner}), with people, examples and who else gets the same`, null, [owner], (session) => requestsOf(session, owner, { rows: true }));
  await measure(`one owner (${owner}), with the full scan`, null, [owner], (session) => requestsOf(session, owner, { rows: false, fullScan: true }));
  await measure('all owners, counts from the rollup', 10, 'all', everyOwner({ rows: false }));
  await measure('all owners, with the full scan', 60, 'all', everyOwner({ rows: false, fullScan: true }));
  await measure('beside it: DuckDB reads the same columns of all rows, and adds them up', null, 'all', async (session) => {
    const [sums] = await session.query<{ n: number }>('SELECT count(*) AS n, sum(who) AS a, sum(behalf) AS b, sum(context) AS c, sum(outcome) AS d, sum(records) AS e FROM rows');
    return sums?.n ?? 0;
  });
  return rows;
}

async function requestsOf(session: ArchiveSession, owner: string, more: Partial<BacktestQuestion>): Promise<number> {
  const draft = samplePolicy(adoptTemplate(readTemplate('washington-border') ?? '', { owner, version: 99 }));
  const { drafts: [report], scans } = await backtest(session, sampleWorld(), sampleQuestion([draft], more));
  if (scans.some(({ differences }) => differences.length > 0)) throw new Error(`the full scan of ${owner} says otherwise: ${JSON.stringify(scans)}`);
  return report?.requests ?? 0;
}

/** `node dist/bench/backtest.js FOLDER [OWNER]` */
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, owner] = process.argv.slice(2);
  if (folder === undefined) process.stdout.write('Name the folder of a data set: node dist/bench/backtest.js weir-data/archive/year\n');
  else process.stdout.write(`${conditions()}\n\n${table(await measureBacktest(folder, owner))}\n`);
}
