import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkYear, ensureDemoYear } from '../demo/year/index.ts';
import { defaultPeriod } from '../src/insight/archive/choose.ts';
import { openSession } from '../src/insight/archive/session.ts';
import type { ArchiveSession } from '../src/insight/archive/types.ts';
import { backtest } from '../src/insight/backtest/index.ts';
import { samplePolicy, sampleQuestion, sampleWorld } from '../src/insight/backtest/samples.ts';
import { briefingHtml, makeBriefing } from '../src/insight/briefing/index.ts';
import { findLeads } from '../src/insight/leads/index.ts';
import { tabulate } from '../src/insight/statistics/index.ts';
import { adoptTemplate, readTemplate } from '../src/templates/index.ts';
import { inventedWorld } from './inventedWorld.ts';
import { conditions, number, table, type Row } from './table.ts';

/**
 * What it costs to read a year: `node dist/bench/insight.js FOLDER`, where the folder is a data set of `weir demo year`; a thousandth in a temporary
 * folder where none is named. Each line runs in a process of its own, so that its memory is its own; files are warm from the line before. Budgets are those of the full year.
 */
interface Step {
  readonly name: string;
  readonly what: string;
  readonly budget: number | null;
  readonly memory?: number;
  /** Seconds, of what is to be measured alone, and what was read. */
  readonly run: (folder: string) => Promise<{ readonly seconds: number; readonly said: string }>;
}

const steps: readonly Step[] = [
  { name: 'bare', what: 'DuckDB alone: the same columns of all rows, added up', budget: null, run: (folder) => overAll(folder, async (session) => `${number((await session.query<{ n: number }>('select count(*) as n, sum(who) a, sum(behalf) b, sum(context) c, sum(outcome) d, sum(records) e from rows'))[0]?.n ?? 0)} rows`) },
  { name: 'totals', what: 'every promised total counted in the rows again, by owner, ICE, HSI, CBP', budget: null, run: async (folder) => timed(async () => {
    const { findings, counted } = await checkYear(dirname(folder), basename(folder));
    return `${number(counted.total)} in all, ICE without HSI ${number(counted.ero)}, HSI ${number(counted.hsi)}: ${findings.length === 0 ? 'all as promised' : findings.join('; ')}`;
  }) },
  { name: 'stats-wa', what: 'statistics, Washington: who asked by what was given', budget: null, run: (folder) => statistics(folder, ['WA'], ['party', 'released']) },
  { name: 'stats-hour', what: 'statistics, Washington: by hour, which reads rows', budget: null, run: (folder) => statistics(folder, ['WA'], ['hour', 'party']) },
  { name: 'stats-all', what: 'statistics, all owners: who asked by month', budget: null, run: (folder) => statistics(folder, 'all', ['party', 'month']) },
  ...['WA', 'MN', 'CA'].map((owner): Step => ({ name: `brief-${owner}`, what: `briefing over a year, ${owner}`, budget: 2, memory: 2048, run: (folder) => briefing(folder, owner) })),
  ...['WA', 'CA'].map((owner): Step => ({ name: `backtest-${owner}`, what: `backtest, one owner, ${owner}`, budget: 1, memory: 2048, run: (folder) => replay(folder, [owner], { rows: false }) })),
  { name: 'backtest-people', what: 'the same, WA, with people, examples and who else gets the same', budget: null, memory: 2048, run: (folder) => replay(folder, ['WA'], { rows: true }) },
  { name: 'backtest-all', what: 'backtest, all owners', budget: 10, memory: 2048, run: (folder) => replay(folder, 'all', { rows: false }) },
  { name: 'backtest-scan', what: 'backtest, all owners, with the full scan as its check', budget: 60, memory: 2048, run: (folder) => replay(folder, 'all', { rows: false, fullScan: true }) },
  { name: 'leads-WA', what: 'leads, Washington, all thirteen detectors', budget: null, memory: 2048, run: (folder) => leads(folder, 'WA') },
];

const [first, second] = process.argv.slice(2).filter((text) => !text.startsWith('--count'));
if (first === '--step') await runStep(second ?? '', process.argv[4] ?? '');
else await runAll(first);

async function runAll(named: string | undefined): Promise<void> {
  const own = named === undefined ? join(tmpdir(), `weir-bench-year-${process.pid}`) : null;
  try {
    if (own !== null) await ensureDemoYear(own, { scale: 1000 });
    const folder = named ?? join(own ?? '', 'year');
    process.stdout.write(`${conditions()}\n\n`);
    const rows: Row[] = [];
    for (const step of steps) rows.push(await apart(step, folder));
    process.stdout.write(`${table(rows)}\n`);
  } finally {
    if (own !== null) await rm(own, { recursive: true, force: true });
  }
}

/** One line in a process of its own. */
function apart({ name, what, budget, memory }: Step, folder: string): Promise<Row> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), '--step', name, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (part: Buffer) => { text += part.toString(); });
  return new Promise((resolve) => child.once('close', (code) => {
    const limits = [budget === null ? '' : `≤ ${budget} s`, memory === undefined ? '' : `≤ ${memory / 1024} GB`].filter((one) => one !== '').join(', ');
    if (code !== 0) {
      resolve({ what, measured: `failed (${code ?? 'killed'})`, budget: limits, ok: false });
      return;
    }
    const { seconds, said, peak } = JSON.parse(text) as { seconds: number; said: string; peak: number };
    const ok = budget === null && memory === undefined ? null : (budget === null || seconds <= budget) && (memory === undefined || peak <= memory);
    resolve({ what, measured: `**${number(seconds, 2)} s**, at most ${number(peak)} MiB; ${said}`, budget: limits, ok });
  }));
}

async function runStep(name: string, folder: string): Promise<void> {
  const step = steps.find((one) => one.name === name);
  if (step === undefined) throw new Error(`there is no step ${name}`);
  const done = await step.run(folder);
  process.stdout.write(JSON.stringify({ ...done, peak: process.resourceUsage().maxRSS / 1024 }));
}

async function timed(work: () => Promise<string>): Promise<{ readonly seconds: number; readonly said: string }> {
  const began = performance.now();
  const said = await work();
  return { seconds: (performance.now() - began) / 1000, said };
}

/** From the opening of the archive on. */
async function reading(folder: string, owners: readonly string[] | 'all', work: (session: ArchiveSession) => Promise<string>): Promise<{ readonly seconds: number; readonly said: string }> {
  const period = await defaultPeriod(folder);
  return timed(async () => {
    const session = await openSession({ folder, owners, period });
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  });
}

function overAll(folder: string, work: (session: ArchiveSession) => Promise<string>): ReturnType<typeof reading> {
  return reading(folder, 'all', work);
}

function statistics(folder: string, owners: readonly string[] | 'all', by: readonly ('party' | 'released' | 'hour' | 'month')[]): ReturnType<typeof reading> {
  const { names } = sampleWorld();
  return reading(folder, owners, async (session) => {
    const { rows, total } = await tabulate(session, { by: by.map((dimension) => ({ dimension })), where: [], compare: false, limit: null }, { names });
    return `${number(total.n)} entries in ${number(rows.length)} lines`;
  });
}

/** The registry and the policies are in memory, as in an exchange; opening the archive, all readings and proofs, and the page are in it. */
async function briefing(folder: string, owner: string): ReturnType<typeof reading> {
  const world = inventedWorld(Date.UTC(2026, 10, 1));
  await world.policy(owner);
  return reading(folder, [owner], async (session) => `a page of ${number(briefingHtml(await makeBriefing(session, world, { owner })).length / 1024)} KiB`);
}

function replay(folder: string, owners: readonly string[] | 'all', more: { readonly rows: boolean; readonly fullScan?: boolean }): ReturnType<typeof reading> {
  return reading(folder, owners, async (session) => {
    let [requests, changed] = [0, 0];
    for (const owner of session.owners) {
      const draft = samplePolicy(adoptTemplate(readTemplate('washington-border') ?? '', { owner, version: 99 }));
      const { drafts: [report], scans } = await backtest(session, sampleWorld(), sampleQuestion([draft], more));
      if (scans.some(({ differences }) => differences.length > 0)) throw new Error(`the full scan of ${owner} says otherwise`);
      requests += report?.requests ?? 0;
      changed += (report?.requests ?? 0) - (report?.kinds.find(({ kind }) => kind === 'unchanged')?.requests ?? 0);
    }
    return `${number(requests)} requests, ${number(changed)} changed${more.fullScan === true ? '; both agree to the unit' : ''}`;
  });
}

async function leads(folder: string, owner: string): ReturnType<typeof reading> {
  const world = inventedWorld(Date.UTC(2026, 10, 1));
  return reading(folder, [owner], async (session) => {
    const report = await findLeads({ session, world, owner });
    return `${number(report.entries)} entries, ${number(report.leads.length)} leads`;
  });
}
