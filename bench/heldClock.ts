import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { police } from '../test/exchangeParts.ts';
import { openKeys } from '../src/ledger/index.ts';
import { sampleEntry } from '../src/ledger/samples.ts';
import type { ClassDecision, DecisionEntry } from '../src/model/index.ts';
import { runClock } from '../src/review/index.ts';
import { migrate, openStore } from '../src/store/index.ts';
import { argument } from './argument.ts';
import { openHeldParts } from './heldParts.ts';
import { openBenchLedger } from './ledgerFolder.ts';
import { inTemporaryFolder } from './weirProcess.ts';

/**
 * Held requests whose deadlines fall within some seconds, by a clock in a process of its own that is ended with SIGKILL in the middle and begun again: none may be decided early, and none over a
 * second late while it runs. `node dist/bench/heldClock.js [--count 10000] [--seconds 20] [--down 2]`; exit 1 on a finding. Of ten requests six end in a refusal, three in a release out of an
 * owner's records, and one is an emergency that is marked as overdue. The clock begins with an empty database: all that it knows is in the ledger.
 */
const count = argument('--count', 10_000);
const seconds = argument('--seconds', 20);
const down = argument('--down', 2);

const role = process.argv.indexOf('--clock');
if (role >= 0) await clock(process.argv[role + 1] ?? '', process.argv[role + 2] ?? '');
else await inTemporaryFolder(measure);

async function measure(folder: string): Promise<void> {
  const store = await openStore({ data: join(folder, 'data'), databaseUrl: null, say: () => undefined });
  await migrate(store.sql);
  const lead = 8_000 + count;
  const begins = Date.now() + lead;
  await write(folder, begins);
  const first = await start(folder, store.url);
  const ready = Date.now();
  const killAt = begins + seconds * 400;
  await until(killAt);
  first.kill('SIGKILL');
  const killed = Date.now();
  await until(killed + down * 1_000);
  const second = await start(folder, store.url);
  const again = Date.now();
  const endOf = begins + seconds * 1_000 + 15_000;
  for (;;) {
    await until(Date.now() + 500);
    const [row] = await store.sql<{ open: number; unrecorded: number }[]>`
      select (select count(*)::int from ticket where state <> 'decided' and overdue_at is null) as open, (select count(*)::int from ledger_outbox where recorded_at is null) as unrecorded`;
    if ((row?.open === 0 && row.unrecorded === 0) || Date.now() > endOf) break;
  }
  second.kill('SIGKILL');
  const told = await store.sql<Told[]>`
    with said as materialized (select id, at, recorded_at, entry->>'type' as type, entry->>'act' as act, coalesce(entry->>'ticket', entry->>'on') as ticket from ledger_outbox where entry is not null),
      verdicts as (select ticket, count(*)::int as n from said where type = 'verdict' group by ticket), lapsed as (select ticket, min(at) as at from said where act = 'heldLapsed' group by ticket)
    select t.id, t.deadline, t.kind, t.on_timeout, coalesce(o.at, l.at) as at, o.recorded_at, coalesce(v.n, 0) as verdicts
    from ticket t left join ledger_outbox o on o.id = t.outbox left join verdicts v on v.ticket = t.id left join lapsed l on l.ticket = t.id`;
  await store.stop();
  report(told, { ready, killed, again });
}

interface Told {
  readonly id: string;
  readonly deadline: Date;
  readonly kind: string;
  readonly on_timeout: string;
  readonly at: Date | null;
  readonly recorded_at: Date | null;
  readonly verdicts: number;
}

/** `late` counts from the deadline, or from when the clock runs again where the deadline fell while it did not. */
function report(told: readonly Told[], { ready, killed, again }: { readonly ready: number; readonly killed: number; readonly again: number }): void {
  const lateOf = ({ deadline, at }: Told): number => (at === null ? Infinity : Math.max(0, at.getTime() - (isDown(deadline) ? again : deadline.getTime())));
  const isDown = (deadline: Date): boolean => deadline.getTime() >= killed - 1_000 && deadline.getTime() < again;
  const groups: readonly (readonly [string, readonly Told[]])[] = [
    ['refused at the end', told.filter((one) => one.kind === 'hold' && one.on_timeout === 'deny' && !isDown(one.deadline))], ['released at the end', told.filter((one) => one.kind === 'hold' && one.on_timeout === 'release' && !isDown(one.deadline))],
    ['emergency, marked overdue', told.filter((one) => one.kind === 'exigent' && !isDown(one.deadline))], ['due while the clock was down', told.filter((one) => isDown(one.deadline))],
  ];
  process.stdout.write(`${told.length} held requests; deadlines over ${seconds} s; the clock was ended with SIGKILL and away for ${((again - killed) / 1_000).toFixed(1)} s; the first was due ${((Math.min(...told.map(({ deadline }) => deadline.getTime())) - ready) / 1_000).toFixed(1)} s after it began\n\n`);
  process.stdout.write('| what | requests | early | twice | undecided | late p50 ms | p99 ms | most ms |\n|---|---:|---:|---:|---:|---:|---:|---:|\n');
  let found = told.length === count ? 0 : 1;
  for (const [name, rows] of groups) {
    const lates = rows.map(lateOf).sort((a, b) => a - b);
    const early = rows.filter(({ at, deadline }) => at !== null && at < deadline).length;
    const twice = rows.filter(({ verdicts, kind }) => verdicts > (kind === 'exigent' ? 0 : 1)).length;
    const undecided = rows.filter(({ at }) => at === null).length;
    const most = lates.at(-1) ?? 0;
    found += early + twice + undecided + (most > 1_000 ? 1 : 0);
    process.stdout.write(`| ${name} | ${rows.length} | ${early} | ${twice} | ${undecided} | ${at(lates, 0.5)} | ${at(lates, 0.99)} | ${most} |\n`);
  }
  const durable = told.flatMap(({ at: put, recorded_at: recorded }) => (put === null || recorded === null ? [] : [recorded.getTime() - put.getTime()])).sort((a, b) => a - b);
  process.stdout.write(`\nfrom the verdict to its entry in the ledger: p50 ${at(durable, 0.5)} ms, p99 ${at(durable, 0.99)} ms\n`);
  process.exitCode = found === 0 ? 0 : 1;
}

function at(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
}

/** The ledger of an exchange that held them, and ended. */
async function write(folder: string, begins: number): Promise<void> {
  const keys = await openKeys(join(folder, 'keys'), ['ZY']);
  const { ledger, close } = await openBenchLedger(folder, { publishMs: 500 });
  const sealed = keys.seal('ZY', JSON.stringify({ subject: { kind: 'licence', number: 'Q4471180023' }, user: null, caseNumber: null, warrant: null, attention: null, control: 'HELD' }));
  for (let at = 0; at < count; at += 500) await ledger.append(Array.from({ length: Math.min(500, count - at) }, (_, i) => entryOf(at + i, begins, sealed)));
  await close();
  await keys.close();
}

function entryOf(number: number, begins: number, sealed: string): DecisionEntry {
  const sample = sampleEntry(number, 'full');
  const kind = number % 10;
  const deadline = new Date(begins + Math.floor((number * 7_919 % count) * seconds * 1_000 / count)).toISOString();
  const review: NonNullable<ClassDecision['review']> = { by: 'desk', withinSeconds: 3_600, onTimeout: kind < 7 ? 'deny' : 'release' };
  const exigent = kind === 0;
  return {
    ...sample, id: `held-${number}/ZY`, inquiry: `held-${number}`, at: new Date(begins - 3_600_000).toISOString(), requester: { ...sample.requester, ori: police }, status: exigent ? 'answered' : 'answeredInPart',
    decisions: sample.decisions.map((one) => (one.dataClass === 'photo' ? { ...one, outcome: exigent ? 'release' : 'hold', review } : one)), sealed,
    ticket: { id: `ZY-${String(number).padStart(4, '0')}-0000-0000-0000`, deadline, by: 'desk', onTimeout: review.onTimeout, ...(exigent ? { exigent: true as const } : {}) },
  };
}

/** The part of an exchange that decides by the clock: ledger, outbox and clock, as they run in one. */
async function clock(folder: string, url: string): Promise<void> {
  const { review, now, onFault } = await openHeldParts(folder, url);
  process.stdout.write('ready\n');
  runClock({ review, now, onFault });
}

async function start(folder: string, url: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), '--clock', folder, url, ...process.argv.slice(2)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`the clock ended with ${String(code)}`)));
  });
  return child;
}

function until(instant: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, instant - Date.now())));
}
