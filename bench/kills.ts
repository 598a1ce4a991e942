import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Forest } from '../src/ledger/forest.ts';
import { fsck } from '../src/ledger/fsck/index.ts';
import { publicBytes, readSigningKey } from '../src/ledger/keys/ed25519.ts';
import { readRecords } from '../src/ledger/read.ts';
import type { LogName } from '../src/ledger/record.ts';
import { leafData, leafHash } from '../src/ledger/record.ts';
import { sampleEntry } from '../src/ledger/samples.ts';
import { parseCheckpoint, parseNote } from '../src/verify/index.ts';
import { option } from './argument.ts';
import { openBenchLedger } from './ledgerFolder.ts';

/**
 * Kills a process that writes a ledger under load, again and again, and looks whether anything that it was told is missing or altered, and whether a log
 * is ever shorter than a checkpoint that was signed: `node dist/bench/kills.js [--count 200] [--dir DIR] [--appenders 128] [--lives 20]`. Exit code 1 where so.
 *
 * The child tells each receipt through a pipe the moment it has it; the parent reads the published checkpoints all the while, and ends the child with
 * SIGKILL at a random moment, sometimes before it has opened the ledger. After each kill, and before anything is mended, `fsck` compares every stored
 * file with the raw entries. After every other kill the parent recovers the ledger itself and looks once more; otherwise the next child does, under load.
 * After `--lives` kills a fresh ledger is begun, so that the look does not grow longer than the load.
 */
const owners = ['ZW', 'ZX', 'ZY'];
const ledgerOptions = { publishMs: 20, anchorMs: 200, wal: { segmentBytes: 4 * 1024 * 1024 } };

/** One acknowledgement: the commitment, hexadecimal, by log and leaf index. */
interface Told {
  readonly log: LogName;
  readonly index: number;
  readonly hash: string;
}

/** What is known of one ledger from outside. */
interface Life {
  readonly data: string;
  readonly told: Map<LogName, (string | undefined)[]>;
  /** Roots, base64, of the checkpoints that were seen, by size. */
  readonly signed: Map<LogName, Map<number, string>>;
}

const findings: string[] = [];
const totals = { acknowledged: 0, checkpoints: 0, early: 0, torn: 0, stored: 0 };

if (process.argv.includes('--child')) await child(option('child', ''), Number(option('round', '0')), Number(option('appenders', '128')));
else await parent(Number(option('count', '200')), option('dir', process.cwd()), Number(option('lives', '20')));

async function child(data: string, round: number, appenders: number): Promise<void> {
  const { ledger } = await openBenchLedger(data, { ...ledgerOptions, onFailure: (error) => void process.stderr.write(`${error.message}\n`) });
  say(`size ${ledger.size}\n`);
  let lines = '';
  let count = 0;
  const tell = (): void => {
    say(lines);
    lines = '';
  };
  const appender = async (): Promise<never> => {
    for (;;) {
      count += 1;
      const owner = owners[count % owners.length] ?? 'ZY';
      for (const { receipt } of await ledger.append([{ ...sampleEntry(count, count % 2 === 0 ? 'small' : 'full'), owner, id: `${round}-${count}` }])) {
        if (lines === '') queueMicrotask(tell);
        lines += `${receipt.log} ${receipt.index} ${receipt.hash}\n`;
      }
    }
  };
  await Promise.all(Array.from({ length: appenders }, appender));
}

/** Waits until the pipe took it all. */
function say(text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(1, bytes, done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

async function parent(count: number, dir: string, lives: number): Promise<void> {
  const root = mkdtempSync(join(dir, 'weir-kills-'));
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  let life: Life | null = null;
  for (let round = 1; round <= count && findings.length < 10; round += 1) {
    life ??= { data: join(root, String(round)), told: new Map(), signed: new Map() };
    await oneKill(life, round);
    if (round % lives === 0 || round === count) {
      await compareAll(life, round);
      rmSync(life.data, { recursive: true });
      life = null;
    }
    if (round % 20 === 0) console.log(`${round} kills, ${totals.acknowledged} entries acknowledged, ${totals.checkpoints} checkpoints seen, ${findings.length} findings`);
  }
  console.log(`${count} kills (${totals.early} before the ledger was open), ${totals.acknowledged} entries acknowledged, ${totals.stored} stored, ${totals.checkpoints} checkpoints seen, ${totals.torn} torn tails`);
  console.log(findings.length === 0
    ? 'acknowledged entries that are missing or altered: 0; indices given twice: 0; logs shorter than a signed checkpoint: 0; fsck findings after a kill: 0'
    : findings.join('\n'));
  process.exitCode = findings.length === 0 ? 0 : 1;
}

async function oneKill(life: Life, round: number): Promise<void> {
  const { lines, opened } = await killed(life, round);
  if (!opened) totals.early += 1;
  for (const { log, index, hash } of lines) {
    const told = life.told.get(log) ?? [];
    if (told[index] !== undefined) findings.push(`kill ${round}: index ${index} of ${log} was given twice`);
    told[index] = hash;
    life.told.set(log, told);
    totals.acknowledged += 1;
  }
  await look(life, `kill ${round}`);
  if (round % 2 === 0) {
    const { close } = await openBenchLedger(life.data, ledgerOptions);
    await close();
    watch(life);
    await look(life, `recovery after kill ${round}`);
  }
}

/** Starts a child, kills it, and returns what it said. A line that the kill cut in two does not count. */
async function killed(life: Life, round: number): Promise<{ readonly lines: readonly Told[]; readonly opened: boolean }> {
  const running = spawn(process.execPath, [fileURLToPath(import.meta.url), '--child', life.data, '--round', String(round), '--appenders', option('appenders', '128')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  const looking = setInterval(() => watch(life), 5);
  let timer: NodeJS.Timeout | null = Math.random() < 0.1 ? setTimeout(() => running.kill('SIGKILL'), Math.random() * 500) : null;
  running.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    timer ??= setTimeout(() => running.kill('SIGKILL'), Math.random() * 250);
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => running.once('close', (_, by) => resolve(by)));
  clearInterval(looking);
  if (timer !== null) clearTimeout(timer);
  watch(life);
  if (signal !== 'SIGKILL') throw new Error('the child ended by itself');
  const whole = Buffer.concat(chunks).toString('latin1').split('\n').slice(0, -1).map((line) => line.split(' '));
  const [opened, ...rest] = whole;
  return { lines: rest.map(([log, index, hash]) => ({ log: log ?? '', index: Number(index), hash: hash ?? '' })), opened: opened !== undefined };
}

/** Remembers every checkpoint that stands there at this moment. */
function watch({ data, signed }: Life): void {
  for (const log of folders(join(data, 'ledger', 'log'))) {
    let size: number;
    let root: string;
    try {
      const read = parseCheckpoint(parseNote(readFileSync(join(data, 'ledger', 'log', log, 'checkpoint'), 'utf8')).text);
      [size, root] = [read.size, Buffer.from(read.root).toString('base64')];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') findings.push(`the checkpoint of ${log} is not readable: ${String(error)}`);
      continue;
    }
    const seen = signed.get(log) ?? new Map<number, string>();
    const before = seen.get(size);
    if (before === undefined) totals.checkpoints += 1;
    else if (before !== root) findings.push(`two checkpoints of ${log} at size ${size} have different roots`);
    if (size < Math.max(0, ...seen.keys())) findings.push(`the checkpoint of ${log} went back to ${size}`);
    signed.set(log, seen.set(size, root));
  }
}

function folders(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** Every stored file against the raw entries, and the raw entries against all that was signed or told. */
async function look({ data, told, signed }: Life, when: string): Promise<void> {
  if (folders(join(data, 'journal')).every((name) => !name.endsWith('.wal'))) return;
  const report = await fsck({
    journal: join(data, 'journal'), ledger: join(data, 'ledger'),
    publicKey: (log) => {
      const path = join(data, 'keys', 'logs', `${log}.key`);
      return Promise.resolve(folders(join(data, 'keys', 'logs')).includes(`${log}.key`) ? publicBytes(readSigningKey(readFileSync(path, 'utf8'), path)) : null);
    },
  });
  for (const { file, what } of report.findings) findings.push(`${when}: ${file}: ${what}`);
  if (report.remarks.some(({ file }) => file.startsWith('journal/'))) totals.torn += 1;
  const sizes = new Map(report.logs.map(({ log, size }) => [log, size]));
  for (const [log, seen] of signed) {
    const largest = Math.max(...seen.keys());
    if ((sizes.get(log) ?? 0) < largest) findings.push(`${when}: ${log} has ${sizes.get(log) ?? 0} entries, and a checkpoint of ${largest} was signed`);
  }
  for (const [log, own] of told) if ((sizes.get(log) ?? 0) < own.length) findings.push(`${when}: ${log} has ${sizes.get(log) ?? 0} entries, and ${own.length} were acknowledged`);
}

/** Every acknowledged entry by its commitment, and the root of every checkpoint that was ever seen. */
async function compareAll({ data, told, signed }: Life, round: number): Promise<void> {
  const forest = new Forest();
  for await (const { log, index, record } of readRecords(join(data, 'journal'))) {
    totals.stored += 1;
    if (forest.append(log, leafHash(record)) !== index) findings.push(`kill ${round}: ${log} has no entry ${forest.size(log) - 1}`);
    const hash = told.get(log)?.[index];
    if (hash !== undefined && hash !== leafData(record).toString('hex')) findings.push(`kill ${round}: entry ${index} of ${log} is not the one that was acknowledged`);
    const root = signed.get(log)?.get(index + 1);
    if (root !== undefined && root !== Buffer.from(forest.root(log), 'latin1').toString('base64')) findings.push(`kill ${round}: the checkpoint of ${log} at ${index + 1} has a root that its entries do not make`);
  }
}
