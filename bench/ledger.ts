import { createCipheriv, generateKeyPairSync, hash, randomBytes, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { Rebuild } from '../src/ledger/fsck/rebuild.ts';
import type { Ledger } from '../src/ledger/ledger.ts';
import { openProofs } from '../src/ledger/proofs.ts';
import { sampleEntry } from '../src/ledger/samples.ts';
import type { BlockRunner, BlockTask, Damage, Fetch } from '../src/verify/index.ts';
import { formatCheckpoint, formatVkey, inclusionProof, keyIdOf, nodeCrypto, parsePolicy, signatureLine, tilePath, verifyBlocks, verifyInclusion, verifyLog } from '../src/verify/index.ts';
import { closedLoop, offered } from './appenders.ts';
import { option } from './argument.ts';
import { openBenchLedger } from './ledgerFolder.ts';
import { conditions, number, table, type Row } from './table.ts';

/**
 * How fast the ledger is on this machine: `node dist/bench/ledger.js [--dir DIR] [--seconds N] [--entries N]`.
 * Entries are decisions of twelve fields, sealed under their owner's day key, in four logs; each is acknowledged with a signed receipt when it is
 * durable, and published and signed every second beside that. `--entries` is the size of the log that is verified; it lies in the system's
 * temporary folder and is taken away.
 */
const owners = ['ZW', 'ZX', 'ZY', 'ZZ'];
const samples = owners.map((owner, place) => ({ ...sampleEntry(place, 'full'), owner }));
/** Bytes of tiles and bundles for one entry: 32 of its leaf hash, 34 in its bundle, and what is above. */
const bytesPerEntry = 67;
/** "One billion decisions a year" is 32 a second. */
const yearEntries = 1_000_000_000;
const streamKey = randomBytes(32);
// As the thread of the ledger has it.
Buffer.poolSize = 1024 * 1024;

if (isMainThread) await main();
else serveBlocks();

async function main(): Promise<void> {
  const seconds = Number(option('seconds', '3'));
  const rows: Row[] = [];
  for (const appenders of [512, 2_048]) rows.push(await durable(`entries/s durable, 12-field commitments, receipts signed, ${appenders} callers`, (ledger) => closedLoop((number) => ledger.append([entryOf(number)]), appenders, seconds), appenders === 2_048 ? 30_000 : null));
  for (const rate of [500, 2_000, 10_000]) rows.push(await durable(`latency at ${number(rate)}/s offered`, (ledger) => offered((number) => ledger.append([entryOf(number)]), rate, seconds), null));
  rows.push(...(await verification(wantedEntries())));
  console.log(`${table(rows)}\n\n${conditions()}`);
}

async function durable(what: string, load: (ledger: Ledger) => Promise<number[]>, budget: number | null): Promise<Row> {
  const folder = mkdtempSync(join(option('dir', process.cwd()), 'weir-bench-'));
  try {
    const { ledger, close } = await openBenchLedger(folder);
    // Day keys are made at the first entry of a day.
    await ledger.append(owners.map((owner, place) => ({ ...sampleEntry(place, 'full'), owner })));
    const cpu = process.cpuUsage();
    const start = performance.now();
    const latencies = await load(ledger);
    const took = performance.now() - start;
    const used = process.cpuUsage(cpu);
    await close();
    latencies.sort((a, b) => a - b);
    const at = (part: number): string => number(latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? NaN, 1);
    const rate = (latencies.length / took) * 1000;
    return {
      what, measured: `${number(rate)}/s; p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; ${number((used.user + used.system) / latencies.length, 1)} µs of processor each; load ${number(loadavg()[0] ?? NaN, 1)}`,
      budget: budget === null ? '' : `≥ ${number(budget)}/s`, ok: budget === null ? null : rate >= budget,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Entries as the exchange makes them: a new object each, whose frozen parts are shared. */
function entryOf(place: number): ReturnType<typeof sampleEntry> {
  return { ...(samples[place % samples.length] ?? sampleEntry(place)), id: `e-${place}`, at: new Date().toISOString() };
}
/** As many entries as were asked for, or as fit into a quarter of what is free. */
function wantedEntries(): number {
  const wanted = Number(option('entries', '10000000'));
  const { bavail, bsize } = statfsSync(tmpdir());
  return Math.min(wanted, Math.floor((bavail * bsize) / 4 / bytesPerEntry));
}

/** Proofs out of tiles, and a whole log. */
async function verification(size: number): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-bench-log-'));
  const clear = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('SIGINT', () => {
    clear();
    process.exit(130);
  });
  try {
    const made = await writeLargeLog(folder, size);
    return [await proofs(folder, made.root, size), ...(await wholeLog(folder, made.policy, size))];
  } finally {
    clear();
  }
}

async function proofs(folder: string, root: Uint8Array, size: number): Promise<Row> {
  const fetch = cachingFetch(folder);
  const runs = 40_000;
  // Entries are asked for as they come: mostly new ones, whose tiles are still held.
  const recent = Math.min(size, 65_536);
  const start = performance.now();
  const held = openProofs(fetch, size, 2_048);
  for (let i = 0; i < runs; i += 1) await held.inclusion(size - 1 - ((i * 7919) % recent));
  const rate = (runs / (performance.now() - start)) * 1000;
  const anywhere = performance.now();
  const some = 2_000;
  for (let i = 0; i < some; i += 1) await inclusionProof(nodeCrypto, cachingFetch(folder), (i * 104_729) % size, size);
  const cold = (some / (performance.now() - anywhere)) * 1000;
  const index = size - 1;
  const leaf = Buffer.from(hash('sha256', Buffer.concat([Buffer.of(0), commitments(index, 1)]), 'buffer'));
  const good = await verifyInclusion(nodeCrypto, { index, size, leaf, root, proof: await held.inclusion(index) });
  if (!good) throw new Error('a proof does not verify');
  return { what: `proofs/s out of the tiles of ${number(size)} entries`, measured: `${number(rate)}/s among the last ${number(recent)} entries; ${number(cold)}/s anywhere with nothing held; load ${number(loadavg()[0] ?? NaN, 1)}`, budget: '≥ 20,000/s', ok: rate >= 20_000 };
}

async function wholeLog(folder: string, policy: string, size: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const threads of [1, cpus().length]) {
    const workers = threads === 1 ? [] : Array.from({ length: threads }, () => new Worker(fileURLToPath(import.meta.url), { workerData: folder }));
    const start = performance.now();
    const report = await verifyLog(nodeCrypto, fileFetch(folder), { policy: parsePolicy(policy), ...(threads === 1 ? {} : { runners: workers.map(runnerOf) }) });
    const took = (performance.now() - start) / 1000;
    await Promise.all(workers.map((worker) => worker.terminate()));
    if (report.damages.length > 0 || !report.complete) throw new Error(`the log is not whole: ${report.damages[0]?.at ?? '?'}`);
    rows.push({
      what: `a whole log of ${number(size)} entries verified, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
      measured: `${number(took, 1)} s, ${number(size / took)} entries/s; a year of ${number(yearEntries)} entries would take ${number((yearEntries / size) * took / 60, 0)} min; load ${number(loadavg()[0] ?? NaN, 1)}`,
      budget: '', ok: null,
    });
  }
  return rows;
}

/** A log of invented commitments, written straight to its files. */
async function writeLargeLog(folder: string, size: number): Promise<{ readonly root: Uint8Array; readonly policy: string }> {
  const rebuild = new Rebuild();
  const folders = new Set<string>();
  const put = (path: string, bytes: Uint8Array): void => {
    const file = join(folder, path);
    if (!folders.has(dirname(file))) mkdirSync(dirname(file), { recursive: true });
    folders.add(dirname(file));
    writeFileSync(file, bytes);
  };
  const leaf = Buffer.alloc(33);
  for (let first = 0; first < size; first += 256) {
    const width = Math.min(256, size - first);
    const data = commitments(first, width);
    const bundle = Buffer.allocUnsafe(width * 34);
    for (let i = 0; i < width; i += 1) {
      bundle.writeUInt16BE(32, i * 34);
      data.copy(bundle, i * 34 + 2, i * 32, i * 32 + 32);
      data.copy(leaf, 1, i * 32, i * 32 + 32);
      for (const { level, n, hashes } of rebuild.add(hash('sha256', leaf, 'binary'))) put(tilePath(level, n), Buffer.from(hashes.join(''), 'latin1'));
    }
    put(tilePath('entries', first / 256, width), bundle);
  }
  for (const { level, n, hashes } of rebuild.edge()) put(tilePath(level, n, hashes.length), Buffer.from(hashes.join(''), 'latin1'));
  const root = Buffer.from(rebuild.root(), 'latin1');
  const origin = 'bench.weir.example/log/zy';
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const text = formatCheckpoint({ origin, size, root });
  put('checkpoint', Buffer.from(`${text}\n${signatureLine(origin, await keyIdOf(nodeCrypto, origin, 1, raw), sign(null, Buffer.from(text), privateKey))}`));
  return { root, policy: `log ${await formatVkey(nodeCrypto, origin, 1, raw)}\nquorum none\n` };
}

/** What looks like commitments: the same for the same index. */
function commitments(first: number, count: number): Buffer {
  const counter = Buffer.alloc(16);
  counter.writeUInt32BE(first * 2, 12);
  return createCipheriv('aes-256-ctr', streamKey, counter).update(Buffer.alloc(count * 32));
}
function fileFetch(folder: string): Fetch {
  return (path) => readFile(join(folder, path)).catch(() => null);
}

/** As a server holds tiles: each is read once. */
function cachingFetch(folder: string): Fetch {
  const held = new Map<string, Uint8Array | null>();
  return (path) => {
    let bytes = held.get(path);
    if (bytes === undefined) {
      try {
        bytes = readFileSync(join(folder, path));
      } catch {
        bytes = null;
      }
      held.set(path, bytes);
    }
    return Promise.resolve(bytes);
  };
}

function runnerOf(worker: Worker): BlockRunner {
  return (task) => new Promise<readonly Damage[]>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (damages: readonly Damage[]) => {
      worker.off('error', reject);
      resolve(damages);
    });
    worker.postMessage(task);
  });
}

function serveBlocks(): void {
  const fetch = fileFetch(workerData as string);
  parentPort?.on('message', (task: BlockTask) => {
    verifyBlocks(nodeCrypto, fetch, task).then((damages) => parentPort?.postMessage(damages), (error: unknown) => { throw error; });
  });
}
