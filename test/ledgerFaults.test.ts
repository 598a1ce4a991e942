import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalError } from '../src/exchange/errors.ts';
import { Forest } from '../src/ledger/forest.ts';
import { fsck } from '../src/ledger/fsck/index.ts';
import { keepPrefix } from '../src/ledger/name.ts';
import { noWitness, prefix, testRecord, testSigner } from '../src/ledger/publish/cases.ts';
import type { PublishFs } from '../src/ledger/publish/fs.ts';
import { publishFs } from '../src/ledger/publish/fs.ts';
import type { PublishedCheckpoint, Publisher } from '../src/ledger/publish/publisher.ts';
import { openPublisher } from '../src/ledger/publish/publisher.ts';
import { readRecords } from '../src/ledger/read.ts';
import { leafHash } from '../src/ledger/record.ts';
import type { Placed } from '../src/ledger/types.ts';
import type { Wal } from '../src/ledger/wal.ts';
import { openWal } from '../src/ledger/wal.ts';

/** The write-ahead file and the publisher together, on a disk of which one call fails: each call in turn. */
let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'weir-faults-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

type Call = keyof PublishFs;
/** Calls that change the disk, or open what is changed. */
const changing: readonly Call[] = ['open', 'write', 'fdatasync', 'ftruncate', 'rename', 'unlink', 'syncFolder', 'mkdir', 'rmdir'];
/** Every call in turn with `WEIR_FAULTS=all`; else one of four, another of them in each test. */
const step = process.env['WEIR_FAULTS'] === 'all' ? 1 : 4;
const turns = 4;

function struck(before: (call: Call) => void, after: (call: Call) => void = () => undefined): PublishFs {
  const fs: Record<string, unknown> = { ...publishFs };
  for (const call of changing) {
    const work = publishFs[call] as (...given: unknown[]) => Promise<unknown>;
    fs[call] = async (...given: unknown[]) => {
      before(call);
      const result = await work(...given);
      after(call);
      return result;
    };
  }
  return fs as unknown as PublishFs;
}

const injected = (): Error => Object.assign(new Error('EIO: injected'), { code: 'EIO' });

interface Session {
  readonly acknowledged: Placed[];
  readonly checkpoints: PublishedCheckpoint[];
  /** What was told to the operator. */
  readonly failures: string[];
}

/** Opens both, appends entries of three logs in four turns, publishing after each and marking once, trying again what fails; closes. */
async function session(data: string, fs: PublishFs, told: Session, given = turns): Promise<void> {
  await keepPrefix(join(data, 'ledger'), prefix, prefix);
  let publisher: Publisher | null = null;
  let waiting: (readonly Placed[])[] = [];
  const wal = await again(() => openWal({
    folder: join(data, 'journal'), segmentBytes: 4_500, retryDelay: 1, fs,
    onCommit: (placed) => {
      if (publisher === null) waiting.push(placed);
      else publisher.take(placed);
    },
    onFailure: ({ code }) => void told.failures.push(code),
  }));
  const opened = await again(() => openPublisher({
    place: join(data, 'ledger'), wal: join(data, 'journal'), prefix, signer: (log) => Promise.resolve(testSigner(log)), cosigners: noWitness, fs,
    publishMs: 3_600_000, retryDelay: 1, longestDelay: 5,
    onFailure: ({ code }) => void told.failures.push(code),
    onCheckpoints: (list) => {
      // What is signed is durable at that moment.
      for (const { log, size } of list) expect(wal.sizes().get(log)).toBeGreaterThanOrEqual(size);
      told.checkpoints.push(...list);
    },
  }));
  publisher = opened;
  for (const placed of waiting) opened.take(placed);
  waiting = [];
  for (let turn = 0; turn < given; turn += 1) {
    await again(async () => {
      told.acknowledged.push(...(await wal.append(['zy', 'zx', 'anchor'].map((log) => testRecord(log, turn)))));
    }, wal);
    await again(() => opened.publish());
    if (turn === 1) await again(() => opened.sync());
  }
  expect([wal.healthy, wal.state, opened.failure]).toEqual([true, 'open', null]);
  await opened.close().catch(() => void told.failures.push('close'));
  await wal.close();
}

/** Tries until it succeeds: a failing disk is a `JournalError` with a code and nothing else, and `healthy` says it while it lasts. */
async function again<T>(work: () => Promise<T>, wal?: Wal): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      expect(error).toBeInstanceOf(JournalError);
      expect((error as JournalError).code).toBe('JOURNAL_WRITE');
      expect(attempt).toBeLessThan(100);
      while (wal?.healthy === false) await pause(1);
      await pause(1);
    }
  }
}

/** Everything acknowledged is stored as it was acknowledged, every checkpoint is of what is stored, and every file follows from the raw entries. */
async function holds(data: string, { acknowledged, checkpoints }: Session, what: string): Promise<void> {
  const forest = new Forest();
  const stored = new Map<number, string>();
  const roots = new Map<string, string>();
  for await (const { sequence, log, index, record } of readRecords(join(data, 'journal'))) {
    stored.set(sequence, `${log} ${index} ${record.toString('hex')}`);
    forest.append(log, leafHash(record));
    roots.set(`${log} ${index + 1}`, Buffer.from(forest.root(log), 'latin1').toString('base64'));
  }
  expect(new Set(acknowledged.map(({ sequence }) => sequence)).size, what).toBe(acknowledged.length);
  for (const { sequence, log, index, record } of acknowledged) expect(stored.get(sequence), what).toBe(`${log} ${index} ${record.toString('hex')}`);
  for (const { log, size, root: of } of checkpoints) expect(roots.get(`${log} ${size}`), `${what}: a checkpoint of ${log} at ${size}`).toBe(of);
  const report = await fsck({ journal: join(data, 'journal'), ledger: join(data, 'ledger'), publicKey: (log) => Promise.resolve(testSigner(log).publicKey) });
  expect(report.findings, what).toEqual([]);
}

const fresh = (): Session => ({ acknowledged: [], checkpoints: [], failures: [] });

async function callsOfSession(): Promise<Call[]> {
  const calls: Call[] = [];
  const told = fresh();
  await session(join(root, 'count'), struck((call) => void calls.push(call)), told);
  expect(told.failures).toEqual([]);
  await holds(join(root, 'count'), told, 'nothing fails');
  return calls;
}

describe('each call to the disk fails in turn, of the write-ahead file and of what is published', { timeout: 600_000 }, () => {
  for (const how of ['was not done', 'was done all the same'] as const) {
    it(`and ${how}: nothing acknowledged is lost, nothing is signed that is not durable, both recover by themselves, and every file is right`, async () => {
      const calls = await callsOfSession();
      const kinds = new Set(calls);
      for (const call of ['open', 'write', 'fdatasync', 'rename', 'syncFolder', 'mkdir'] as const) expect(kinds.has(call), call).toBe(true);
      let silent = 0;
      let struckCalls = 0;
      for (let failing = how === 'was not done' ? 0 : 1; failing < calls.length; failing += step) {
        let at = -1;
        const strike = (): void => {
          at += 1;
          if (at === failing) throw injected();
        };
        const data = join(root, 'data');
        const told = fresh();
        await session(data, how === 'was not done' ? struck(strike) : struck(() => undefined, strike), told);
        const what = `call ${failing} of ${calls.length} (${calls[failing] ?? ''}) ${how}`;
        // How many old partial tiles are taken away at the very end hangs on the time; all else is the same in every run.
        if (at < failing) {
          rmSync(data, { recursive: true });
          continue;
        }
        expect(told.acknowledged, what).toHaveLength(3 * turns);
        if (told.failures.length === 0) silent += 1;
        struckCalls += 1;
        // A close that failed leaves what it could not write to the next start.
        await session(data, publishFs, fresh(), 0);
        await holds(data, told, what);
        rmSync(data, { recursive: true });
      }
      expect(struckCalls).toBeGreaterThan((calls.length / step) * 0.95 - 2);
      console.log(`${struckCalls} of ${calls.length} calls failed in turn and ${how}; ${silent} of them before either was open, or where nothing depends on it`);
    });
  }

  it('and the process ends there: what is found is right before and after the next start', async () => {
    const calls = await callsOfSession();
    for (let failing = 10; failing < calls.length; failing += step) {
      let at = -1;
      const strike = (): void => {
        at += 1;
        if (at >= failing) throw injected();
      };
      const data = join(root, 'data');
      const left = join(root, 'left');
      const told = fresh();
      const what = `the process ends at call ${failing} (${calls[failing] ?? ''})`;
      const dead = ending(data, struck(strike), told, () => at >= failing);
      await dead.until;
      cpSync(data, left, { recursive: true });
      for (const name of readdirSync(join(left, 'journal'))) if (name.startsWith('lock')) rmSync(join(left, 'journal', name));
      const acknowledged = told.acknowledged.length;
      if (readdirSync(join(left, 'journal')).some((name) => name.endsWith('.wal'))) await holds(left, told, what);
      await session(left, publishFs, fresh(), 0);
      await holds(left, { ...told, acknowledged: told.acknowledged.slice(0, acknowledged) }, `${what}, after the next start`);
      await dead.close();
      rmSync(data, { recursive: true });
      rmSync(left, { recursive: true });
    }
  });
});

/** A session on a disk that dies at some call. `until` resolves once it is dead, or the session is through. */
function ending(data: string, fs: PublishFs, told: Session, isDead: () => boolean): { readonly until: Promise<void>; close(): Promise<void> } {
  let wal: Wal | null = null;
  let publisher: Publisher | null = null;
  const until = (async () => {
    await keepPrefix(join(data, 'ledger'), prefix, prefix);
    try {
      wal = await openWal({ folder: join(data, 'journal'), segmentBytes: 4_500, retryDelay: 3_600_000, fs, onCommit: (placed) => publisher?.take(placed) });
      publisher = await openPublisher({
        place: join(data, 'ledger'), wal: join(data, 'journal'), prefix, signer: (log) => Promise.resolve(testSigner(log)), cosigners: noWitness, fs,
        publishMs: 3_600_000, retryDelay: 3_600_000, onCheckpoints: (list) => void told.checkpoints.push(...list),
      });
      for (let turn = 0; turn < turns && !isDead(); turn += 1) {
        told.acknowledged.push(...(await wal.append(['zy', 'zx', 'anchor'].map((log) => testRecord(log, turn)))));
        await publisher.publish();
        if (turn === 1) await publisher.sync();
      }
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
    }
    // What is told in a later turn of the program.
    await new Promise((resolve) => setImmediate(resolve));
  })();
  const close = async (): Promise<void> => {
    await publisher?.close().catch(() => undefined);
    await wal?.close().catch(() => undefined);
  };
  return { until, close };
}
