import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { openWal } from '../src/ledger/wal.ts';
import type { Wal } from '../src/ledger/wal.ts';
import { sampleRecord } from '../src/ledger/walSamples.ts';
import { verifyWal } from '../src/ledger/verify.ts';
import { closedLoop, offered } from './appenders.ts';
import { option } from './argument.ts';

/**
 * How fast the write-ahead file is on this machine: `node dist/bench/journal.js [--dir DIR] [--seconds N] [--bytes 1200] [--logs 50]`.
 * Records are made beforehand: sealing and receipts are not in these figures. Each appender waits for its record to be durable before it appends the next; `offered` appends at a fixed rate whatever the answers do,
 * and counts latency from the moment at which an entry was due.
 */
const seconds = Number(option('seconds', '4'));
const bytes = Number(option('bytes', '1200'));
const logs = Array.from({ length: Number(option('logs', '50')) }, (_, number) => `${String.fromCharCode(97 + Math.floor(number / 10))}${number % 10}`);
const parent = option('dir', process.cwd());
const records = Array.from({ length: 1_000 }, (_, number) => sampleRecord(number, { log: logs[number % logs.length]!, bytes }));
const record = (number: number): (typeof records)[number] => records[number % records.length]!;

interface Row {
  readonly what: string;
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time for one entry, all threads, microseconds. */
  readonly cpu: number;
  /** Load average of the machine over the minute before the end. */
  readonly load: number;
}

await main();

async function main(): Promise<void> {
  console.log(`${cpus().length} processors (${cpus()[0]?.model.trim() ?? '?'}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, records of ${bytes} bytes in ${logs.length} logs, ${seconds} s each, folder ${parent === process.cwd() ? '.' : parent}`);
  const rows: Row[] = [];
  for (const appenders of [1, 512, 2_048, 8_192]) rows.push(await measured(`${appenders} appenders`, (wal) => closedLoop((number) => wal.append([record(number)]), appenders, seconds)));
  for (const rate of [500, 2_000, 10_000]) rows.push(await measured(`offered ${rate}/s`, (wal) => offered((number) => wal.append([record(number)]), rate, seconds)));
  console.log('\n| case | entries/s durable | p50 ms | p99 ms | processor µs/entry | load |\n|---|---|---|---|---|---|');
  for (const row of rows) console.log(`| ${row.what} | ${Math.round(row.rate)} | ${row.p50.toFixed(1)} | ${row.p99.toFixed(1)} | ${row.cpu.toFixed(1)} | ${row.load.toFixed(0)} |`);
  await starts();
}

async function measured(what: string, load: (wal: Wal) => Promise<number[]>): Promise<Row> {
  const folder = mkdtempSync(join(parent, 'weir-bench-'));
  try {
    const wal = await openWal({ folder });
    const cpu = process.cpuUsage();
    const start = performance.now();
    const latencies = await load(wal);
    const took = performance.now() - start;
    const used = process.cpuUsage(cpu);
    await wal.close();
    if (wal.size !== latencies.length) throw new Error('entries were lost');
    latencies.sort((a, b) => a - b);
    const at = (part: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? NaN;
    return { what, rate: (latencies.length / took) * 1000, p50: at(0.5), p99: at(0.99), cpu: (used.user + used.system) / latencies.length, load: loadavg()[0] ?? NaN };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How long a start takes, and a full check. */
async function starts(): Promise<void> {
  const folder = mkdtempSync(join(parent, 'weir-bench-'));
  try {
    const wal = await openWal({ folder });
    while (wal.size < 400_000) await Promise.all(Array.from({ length: 4_000 }, (_, number) => wal.append([record(number)])));
    await wal.close();
    for (const check of ['last', 'all'] as const) {
      const cpu = process.cpuUsage();
      const start = performance.now();
      await (await openWal({ folder, check })).close();
      const { user, system } = process.cpuUsage(cpu);
      console.log(`a start with check '${check}' on ${wal.size} entries: ${Math.round(performance.now() - start)} ms, processor ${Math.round((user + system) / 1_000)} ms`);
    }
    const cpu = process.cpuUsage();
    const { bytes: read, damage } = await verifyWal(folder);
    const { user, system } = process.cpuUsage(cpu);
    console.log(`verifyWal of ${Math.round(read / 1e6)} MB: processor ${Math.round((user + system) / 1_000)} ms, ${damage.length} damaged`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
