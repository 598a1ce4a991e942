import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { argument } from './argument.ts';
import { landmarkOris, people } from '../demo/landmarks.ts';
import { connect, openStore } from '../src/store/index.ts';
import { driverQuestions } from './questions.ts';
import { inTemporaryFolder, startProcess, type WeirProcess } from './weirProcess.ts';
import { holdAgainst, Witness } from './witness.ts';

/**
 * Source, disk and database fail one after the other under load. Each time: nothing is released without an entry, no request
 * hangs, and the exchange recovers by itself. `node dist/bench/faults.js [--seconds N]`; exit 1 on a finding.
 * The disk is a small file system in memory, which only root can mount; without root that part is left out, and says so.
 */
const seconds = argument('--seconds', 4);
const findings: string[] = [];
const nothing = (): Promise<void> => Promise.resolve();

await inTemporaryFolder(async (folder) => {
  const data = join(folder, 'data');
  const first = await startProcess({ data, residents: 5_000, agencies: 3_500 });
  const bodies = await driverQuestions(data, 2_000);
  await first.stop();
  const journal = join(data, 'journal');
  const small = mountSmall(journal, folder);
  const weir = await startProcess({ data });
  const witness = new Witness();
  const asking = witness.ask(weir.http, bodies, 32);
  try {
    await phase(witness, 'all well', seconds, () => Promise.resolve(nothing), { answered: true });
    await phase(witness, 'source down', seconds, () => sourceDown(data), { unavailable: true });
    if (small) await phase(witness, 'disk full', seconds, () => diskFull(journal), { '503': true });
    else process.stdout.write('disk full: left out, it needs root to mount a small file system\n');
    await phase(witness, 'database frozen', seconds, () => databaseFrozen(data), { unavailable: true });
    await flood(weir, data, witness);
    await phase(witness, 'database killed', seconds, () => databaseKilled(data), {});
  } finally {
    witness.stop();
    await asking;
    await witness.close();
    await weir.stop();
  }
  const verdict = await holdAgainst(data, witness);
  if (small) execFileSync('umount', [journal]);
  process.stdout.write(`answers ${verdict.answers}, without a receipt ${witness.unreceipted}, missing ${verdict.missing}, altered ${verdict.altered}, contradicted ${verdict.contradicted}; slowest request ${Math.round(witness.slowest)} ms\n`);
  if (witness.unreceipted + verdict.missing + verdict.altered + verdict.contradicted > 0) findings.push('an answer is not on the record');
  if (witness.slowest > 15_000) findings.push('a request hung');
});
for (const finding of findings) process.stdout.write(`FINDING: ${finding}\n`);
process.exitCode = findings.length === 0 ? 0 : 1;

/** Breaks something for a while, mends it, and looks whether answers come again. */
async function phase(witness: Witness, name: string, time: number, breakIt: () => Promise<() => Promise<void>>, expected: Record<string, true>): Promise<void> {
  const before = new Map(witness.statuses);
  const mend = await breakIt();
  await pause(time * 1000);
  const during = difference(before, witness.statuses);
  await mend();
  const mended = performance.now();
  const answered = witness.count('answered');
  while (witness.count('answered') < answered + 50 && performance.now() - mended < 30_000) await pause(50);
  const recovery = (performance.now() - mended) / 1000;
  for (const status of Object.keys(expected)) if ((during.get(status) ?? 0) === 0) findings.push(`${name}: no answer was \`${status}\``);
  if (recovery >= 30) findings.push(`${name}: no recovery within 30 s`);
  process.stdout.write(`${name}: ${[...during].map(([status, n]) => `${status} ${n}`).join(', ')}; answers again after ${recovery.toFixed(1)} s\n`);
}

/** Far more than fits, all of it fan-outs, while nothing can be looked up: the exchange says busy at once and its memory stays bounded. */
async function flood(weir: WeirProcess, data: string, witness: Witness): Promise<void> {
  const crowd = new Witness(1_500);
  const { dara } = people;
  const body = JSON.stringify({
    key: 'DQ', requester: landmarkOris.cityPolice, destinations: ['NL'],
    subject: { kind: 'person', name: { surname: dara.surname, given: dara.given, middle: dara.middle }, birthDate: dara.birthDate, sex: dara.sex },
  });
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, residentMegabytes(weir.child.pid ?? 0))), 100);
  const asking = crowd.ask(weir.http, [body], 1_500);
  await phase(witness, 'flood on a frozen database', seconds, () => databaseFrozen(data), {});
  crowd.stop();
  await asking;
  clearInterval(watch);
  await crowd.close();
  process.stdout.write(`flood: ${[...crowd.statuses].map(([status, n]) => `${status} ${n}`).join(', ')}; most memory ${most} MB\n`);
  if (crowd.count('503') === 0) findings.push('flood: nobody was told that the exchange is busy');
  if (most > 1_500) findings.push('flood: the memory grew past 1.5 GB');
}

function residentMegabytes(pid: number): number {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
}

/** The owner's database lets nobody in, and throws everybody out. */
async function sourceDown(data: string): Promise<() => Promise<void>> {
  const store = await openStore({ data });
  const admin = connect(store.url, { max: 1 });
  await admin.unsafe('alter database weir_records with allow_connections false');
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'weir_records'`;
  return async () => {
    await admin.unsafe('alter database weir_records with allow_connections true');
    await admin.end({ timeout: 5 });
    await store.stop();
  };
}

async function diskFull(journal: string): Promise<() => Promise<void>> {
  const filler = join(journal, 'filler');
  await writeFile(filler, Buffer.alloc(600 * 1024 * 1024)).catch(() => undefined);
  return () => rm(filler, { force: true });
}

async function databaseFrozen(data: string): Promise<() => Promise<void>> {
  const pids = await postgresProcesses(data);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  return () => {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
    return Promise.resolve();
  };
}

async function databaseKilled(data: string): Promise<() => Promise<void>> {
  const [postmaster] = await postgresProcesses(data);
  if (postmaster !== undefined) process.kill(postmaster, 'SIGKILL');
  return () => Promise.resolve();
}

/** The postmaster of the data folder, then its children. */
async function postgresProcesses(data: string): Promise<number[]> {
  const { cluster } = JSON.parse(await readFile(join(data, 'weir.json'), 'utf8')) as { cluster?: string };
  const pid = Number((await readFile(join(cluster ?? join(data, 'postgres'), 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  const children = execFileSync('ps', ['--ppid', String(pid), '-o', 'pid=']).toString().trim().split(/\s+/).map(Number);
  return [pid, ...children];
}

/** False where this machine does not let us mount. */
function mountSmall(journal: string, folder: string): boolean {
  const kept = join(folder, 'kept');
  mkdirSync(kept);
  execFileSync('cp', ['-a', `${journal}/.`, kept]);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=500m,mode=0700', 'tmpfs', journal], { stdio: 'ignore' });
  } catch {
    return false;
  }
  execFileSync('cp', ['-a', `${kept}/.`, journal]);
  return true;
}

function difference(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...after].map(([key, n]) => [key, n - (before.get(key) ?? 0)] as const).filter(([, n]) => n > 0));
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
