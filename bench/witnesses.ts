import { hash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { diskFs } from '../src/ledger/files.ts';
import { SampleLog } from '../src/ledger/witness/cases.ts';
import { openCosigners } from '../src/ledger/witness/cosigners.ts';
import { keep, keptFolder } from '../src/ledger/witness/kept.ts';
import { makeKey } from '../src/ledger/witness/key.ts';
import { formatRequest } from '../src/ledger/witness/request.ts';
import { startWitnessServer } from '../src/ledger/witness/server.ts';
import { openWitness } from '../src/ledger/witness/state.ts';
import { addWatched } from '../src/ledger/witness/watched.ts';
import { formatCheckpoint } from '../src/verify/checkpoint.ts';
import { argument } from './argument.ts';
import { conditions, number, table } from './table.ts';
import type { Row } from './table.ts';

/**
 * Witnesses of checkpoints (not the witnesses of proofs, which are bench/witness.ts): cosignatures a second of one witness in a process of its own, with
 * real syncs to the disk, and the time until a quorum has cosigned. All requests are made before they are timed.
 * `node dist/bench/witnesses.js [--seconds N] [--logs N]`
 */
const seconds = Math.min(60, argument('--seconds', 5));
const logCount = Math.min(500, argument('--logs', 57));

/** The witness's own process. */
async function serve(folder: string): Promise<void> {
  const witness = await openWitness({ folder, rate: { perSecond: 1e6, atOnce: 1e6 } });
  const { port } = await startWitnessServer({ witness, port: 0 });
  process.stdout.write(`${port}\n`);
}

async function measure(): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'weir-bench-witness-'));
  const ends: (() => Promise<void>)[] = [];
  try {
    process.stderr.write('making logs and requests\n');
    const logs = await Promise.all(Array.from({ length: logCount }, (_, at) => SampleLog.make(`weir.example.org/log/n${at}`)));
    const disk = await diskAlone(place);
    const one = await startOne(join(place, 'one'), logs, ends);
    const alone = await run(one.url, [bodies(logs[0]!, 2_000)], 1);
    const many = await startOne(join(place, 'many'), logs, ends);
    const perLog = Math.ceil((seconds * 2_500) / logCount);
    const full = await run(many.url, logs.map((log) => bodies(log, perLog)), logCount);
    const paced = await startOne(join(place, 'paced'), logs, ends);
    const steady = await everySecond(paced.url, logs.map((log) => bodies(log, seconds)));
    const three = [await startOne(join(place, 'a'), logs, ends), await startOne(join(place, 'b'), logs, ends), await startOne(join(place, 'c'), logs, ends)];
    const quorum = await quorums(place, three, logs);
    const row = (what: string, { perSecond, p50, p99 }: Round): Row => ({ what, measured: `${perSecond === null ? '' : `${number(perSecond)}/s, `}p50 ${number(p50, 1)} ms, p99 ${number(p99, 1)} ms`, budget: '', ok: null });
    process.stdout.write(`${table([
      row('the disk alone: write, fdatasync, rename, sync of the folder, one after the other', disk),
      row('one witness, one log, each checkpoint as the one before is cosigned', alone),
      row(`one witness, ${logCount} logs at once, as fast as it goes`, full),
      row(`one witness, ${logCount} logs, each once a second`, { ...steady, perSecond: null }),
      row(`until 2 of 3 witnesses have cosigned (with a grace of 0), ${logCount} logs, each once a second`, { ...quorum, perSecond: null }),
    ])}\n\n${conditions()}\n`);
  } finally {
    for (const end of ends) await end();
    await rm(place, { recursive: true, force: true });
  }
}

interface Round { readonly perSecond: number | null; readonly p50: number; readonly p99: number }
interface Running { readonly url: string; readonly vkey: string }

async function startOne(folder: string, logs: readonly SampleLog[], ends: (() => Promise<void>)[]): Promise<Running> {
  const { vkey } = await makeKey(folder, `witness.example.org/${folder.split('/').at(-1) ?? 'w'}`);
  await addWatched(folder, logs.map((log) => log.vkey));
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'serve', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  ends.push(async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${port.toString().trim()}`, vkey };
}

/** Each log's requests one after the other, the logs beside each other, until the time is over or all are cosigned. */
async function run(url: string, all: readonly (readonly string[])[], connections: number): Promise<Round> {
  const dispatcher = new Agent({ connections });
  const taken: number[] = [];
  const began = performance.now();
  const end = began + seconds * 1000;
  await Promise.all(all.map(async (mine) => {
    for (const body of mine) {
      if (performance.now() > end) return;
      taken.push(await asked(url, body, dispatcher));
    }
  }));
  const passed = (performance.now() - began) / 1000;
  await dispatcher.close();
  return { perSecond: taken.length / passed, ...quantiles(taken) };
}

/** As an exchange does: each log once a second, spread over it. */
async function everySecond(url: string, all: readonly (readonly string[])[]): Promise<Round> {
  const dispatcher = new Agent({ connections: 8 });
  const taken: number[] = [];
  await Promise.all(all.map(async (mine, at) => {
    await pause((at * 1000) / all.length);
    for (const body of mine) {
      const [ms] = await Promise.all([asked(url, body, dispatcher), pause(1000)]);
      taken.push(ms);
    }
  }));
  await dispatcher.close();
  return { perSecond: null, ...quantiles(taken) };
}

/** The exchange's side as well: the client that asks all, verifies each cosignature, and judges the quorum. */
async function quorums(place: string, three: readonly Running[], logs: readonly SampleLog[]): Promise<Round> {
  const policy = `${three.map(({ vkey, url }, at) => `witness w${at} ${vkey} ${url}\n`).join('')}group g 2 w0 w1 w2\nquorum g\n`;
  const cosigners = await openCosigners({ policy, place: join(place, 'ledger'), graceMs: 0 });
  const taken: number[] = [];
  await Promise.all(logs.map(async (log, at) => {
    const tree = new Tree();
    const shown = Array.from({ length: seconds }, (_, n) => {
      tree.add(`entry ${n}`);
      return { size: n + 1, note: log.signed(formatCheckpoint({ origin: log.origin, size: n + 1, root: tree.root() })), proof: n === 0 ? [] : tree.proofFrom(n) };
    });
    await pause((at * 1000) / logs.length);
    for (const { size, note, proof } of shown) {
      const from = performance.now();
      const [{ quorum }] = await Promise.all([cosigners.cosign(log.origin, { note, size }, () => Promise.resolve(proof)).then((given) => {
        taken.push(performance.now() - from);
        return given;
      }), pause(1000)]);
      if (!quorum) throw new Error(`no quorum: ${JSON.stringify(cosigners.status())}`);
    }
  }));
  await cosigners.close();
  return { perSecond: null, ...quantiles(taken) };
}

async function diskAlone(place: string): Promise<Round> {
  const folder = join(place, 'disk');
  await mkdir(join(folder, keptFolder), { recursive: true });
  const taken: number[] = [];
  const end = performance.now() + Math.min(2, seconds) * 1000;
  for (let n = 0; performance.now() < end; n += 1) {
    const from = performance.now();
    await keep(diskFs, folder, 'weir.example.org/log/n0', `${'x'.repeat(400)}${n}\n`);
    taken.push(performance.now() - from);
  }
  return { perSecond: taken.length / Math.min(2, seconds), ...quantiles(taken) };
}

async function asked(url: string, body: string, dispatcher: Agent): Promise<number> {
  const from = performance.now();
  const response = await request(`${url}/add-checkpoint`, { method: 'POST', body, dispatcher });
  const text = await response.body.text();
  if (response.statusCode !== 200) throw new Error(`${response.statusCode}: ${text}`);
  return performance.now() - from;
}

/** Requests by which a log shows each of its sizes from 1 on. */
function bodies(log: SampleLog, count: number): string[] {
  const tree = new Tree();
  return Array.from({ length: count }, (_, n) => {
    tree.add(`entry ${n}`);
    const note = log.signed(formatCheckpoint({ origin: log.origin, size: n + 1, root: tree.root() }));
    return formatRequest({ oldSize: n, proof: n === 0 ? [] : tree.proofFrom(n), note });
  });
}

/** A tree of RFC 6962 that keeps its whole subtrees, so that thousands of proofs are made quickly. */
class Tree {
  readonly #levels: Buffer[][] = [[]];

  add(data: string): void {
    let node: Buffer = hash('sha256', Buffer.concat([Buffer.of(0), Buffer.from(data)]), 'buffer');
    for (let level = 0; ; level += 1) {
      const nodes = (this.#levels[level] ??= []);
      nodes.push(node);
      if (nodes.length % 2 === 1) return;
      node = both(nodes.at(-2)!, node);
    }
  }

  root(): Buffer {
    return this.#subtree(0, this.#size());
  }

  proofFrom(oldSize: number): Buffer[] {
    const walk = (m: number, start: number, end: number, whole: boolean): Buffer[] => {
      if (m === end - start) return whole ? [] : [this.#subtree(start, end)];
      const k = largestPower(end - start);
      return m <= k ? [...walk(m, start, start + k, whole), this.#subtree(start + k, end)] : [...walk(m - k, start + k, end, false), this.#subtree(start, start + k)];
    };
    return walk(oldSize, 0, this.#size(), true);
  }

  #size(): number {
    return this.#levels[0]!.length;
  }

  #subtree(start: number, end: number): Buffer {
    const level = Math.log2(end - start);
    if (Number.isInteger(level)) return this.#levels[level]![start / 2 ** level]!;
    const k = largestPower(end - start);
    return both(this.#subtree(start, start + k), this.#subtree(start + k, end));
  }
}

function both(left: Buffer, right: Buffer): Buffer {
  return hash('sha256', Buffer.concat([Buffer.of(1), left, right]), 'buffer');
}

function largestPower(count: number): number {
  let k = 1;
  while (k * 2 < count) k *= 2;
  return k;
}

function quantiles(taken: readonly number[]): { p50: number; p99: number } {
  const sorted = [...taken].sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

if (process.argv[2] === 'serve') await serve(process.argv[3] ?? '');
else await measure();
