import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openJournal } from '../src/ledger/index.ts';
import type { FileJournal } from '../src/ledger/index.ts';
import { sampleEntry } from '../src/ledger/samples.ts';

/**
 * How fast the journal is on this machine: `node dist/bench/journal.js [--dir DIR] [--seconds N] [--size small|full]`.
 * Each appender waits for its entry to be durable before it appends the next; `offered` appends at a fixed rate whatever the answers do,
 * and counts latency from the moment at which an entry was due.
 */
const option = (name: string, otherwise: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
};
const seconds = Number(option('seconds', '4'));
const size = option('size', 'small') === 'full' ? 'full' : 'small';
const parent = option('dir', process.cwd());
const entries = Array.from({ length: 1_000 }, (_, number) => sampleEntry(number, size));
const entry = (number: number): (typeof entries)[number] => entries[number % entries.length]!;

interface Row {
  readonly what: string;
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time for one entry, all threads, microseconds. */
  readonly cpu: number;
}

await main();

async function main(): Promise<void> {
  const bytes = JSON.stringify(entry(1)).length;
  console.log(`${cpus().length} processors (${cpus()[0]?.model.trim() ?? '?'}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, entries of ${bytes} bytes, ${seconds} s each, folder ${parent === process.cwd() ? '.' : parent}`);
  const rows: Row[] = [];
  for (const appenders of [1, 512, 2_048, 8_192]) rows.push(await measured(`${appenders} appenders`, (journal) => closedLoop(journal, appenders)));
  for (const rate of [500, 2_000, 10_000]) rows.push(await measured(`offered ${rate}/s`, (journal) => offered(journal, rate)));
  console.log('\n| case | entries/s durable | p50 ms | p99 ms | processor µs/entry |\n|---|---|---|---|---|');
  for (const row of rows) console.log(`| ${row.what} | ${Math.round(row.rate)} | ${row.p50.toFixed(1)} | ${row.p99.toFixed(1)} | ${row.cpu.toFixed(1)} |`);
}

async function measured(what: string, load: (journal: FileJournal) => Promise<number[]>): Promise<Row> {
  const folder = mkdtempSync(join(parent, 'weir-bench-'));
  try {
    const journal = await openJournal({ folder });
    const cpu = process.cpuUsage();
    const start = performance.now();
    const latencies = await load(journal);
    const took = performance.now() - start;
    const used = process.cpuUsage(cpu);
    await journal.close();
    if (journal.size !== latencies.length) throw new Error('entries were lost');
    latencies.sort((a, b) => a - b);
    const at = (part: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? NaN;
    return { what, rate: (latencies.length / took) * 1000, p50: at(0.5), p99: at(0.99), cpu: (used.user + used.system) / latencies.length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function closedLoop(journal: FileJournal, appenders: number): Promise<number[]> {
  const latencies: number[] = [];
  const end = performance.now() + seconds * 1000;
  let number = 0;
  const one = async (): Promise<void> => {
    for (;;) {
      const start = performance.now();
      if (start >= end) return;
      number += 1;
      await journal.append([entry(number)]);
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: appenders }, one));
  return latencies;
}

async function offered(journal: FileJournal, rate: number): Promise<number[]> {
  const latencies: number[] = [];
  const pending: Promise<void>[] = [];
  const start = performance.now();
  const total = rate * seconds;
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * rate));
    for (; sent < due; sent += 1) {
      const dueAt = start + (sent / rate) * 1000;
      pending.push(journal.append([entry(sent)]).then(() => void latencies.push(performance.now() - dueAt)));
    }
    await pause(1);
  }
  await Promise.all(pending);
  return latencies;
}
