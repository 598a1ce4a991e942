import { cpSync, existsSync, fstatSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, unlinkSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VerifyError } from '../../verify/types.ts';
import { diskError } from '../cases.ts';
import type { Placed } from '../types.ts';
import { openWal } from '../wal.ts';
import { checkpointOf, expectedFiles, filesBelow, noWitness, prefix, testRecord, testSigner, watchedPublishFs } from './cases.ts';
import type { PublishCall } from './cases.ts';
import type { PublishFs } from './fs.ts';
import { partialPaths } from './logFiles.ts';
import type { Publisher } from './publisher.ts';
import { openPublisher } from './publisher.ts';
import { readLogFile } from './tileStore.ts';

/** Write-ahead files at three moments: with nothing, with half, with all. */
let root: string;
let placed: Placed[];
const wals = { none: '', half: '', all: '' };
let half = 0;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'weir-publish-'));
  placed = [];
  for (const name of ['none', 'half', 'all'] as const) {
    const wal = await openWal({ folder: join(root, 'growing'), onCommit: (more) => void placed.push(...more) });
    const add = name === 'none' ? 0 : name === 'half' ? 150 : 230;
    const from = placed.length;
    if (add > 0) await wal.append(Array.from({ length: add }, (_, n) => testRecord((from + n) % 9 === 0 ? 'anchor' : (from + n) % 5 === 0 ? 'or' : 'wa', from + n, 20_000 + Math.floor((from + n) / 100))));
    if (name === 'half') half = placed.length;
    await wal.close();
    wals[name] = join(root, name);
    cpSync(join(root, 'growing'), wals[name], { recursive: true });
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function open(place: string, wal: string, fs: PublishFs = watchedPublishFs(() => undefined)): Promise<Publisher> {
  return await openPublisher({
    place, wal, prefix, signer: (log) => Promise.resolve(testSigner(log)), cosigners: noWitness, publishMs: 3_600_000, retryDelay: 3_600_000, fs,
  });
}

/** Made once for each log and size: it takes long. */
const known = new Map<string, Map<string, Buffer>>();
function expected(log: string, size: number): Map<string, Buffer> {
  const made = known.get(`${log} ${size}`) ?? expectedFiles(placed.filter((one) => log === 'all' || (one.log === log && one.index < size)), '/place');
  known.set(`${log} ${size}`, made);
  return made;
}

/** Whoever reads now finds no checkpoint that is wrong, and every tile that one needs. */
async function nothingWrong(place: string, torn = false): Promise<void> {
  for (const log of existsSync(join(place, 'log')) ? readdirSync(join(place, 'log')) : []) {
    if (!existsSync(join(place, 'log', log, 'checkpoint'))) continue;
    const size = await checkpointOf(place, log, placed).catch((error: unknown) => {
      // One that was torn with the power is no checkpoint, and stands until the next round.
      if (torn && error instanceof VerifyError && error.code === 'malformed') return 0;
      throw error;
    });
    const wanted = expected(log, size);
    for (const path of partialPaths(size)) expect({ path, right: (await readLogFile(place, log, path))?.equals(wanted.get(`log/${log}/${path}`) ?? Buffer.alloc(0)) }).toEqual({ path, right: true });
  }
}

/** All is as in a run that nothing disturbed. */
async function allThere(place: string): Promise<void> {
  const there = filesBelow(place);
  const wanted = expected('all', placed.length);
  expect([...wanted].filter(([path, bytes]) => there.get(path)?.equals(bytes) !== true).map(([path]) => path)).toEqual([]);
  for (const log of ['anchor', 'or', 'wa']) expect(await checkpointOf(place, log, placed)).toBe(placed.filter((one) => one.log === log).length);
  // Nothing besides, but what the checkpoint before needed.
  expect([...there.keys()].filter((path) => !wanted.has(path) && !/^(mark|log\/\w+\/checkpoint|log\/\w+\/tile\/.*\.p\/\d+)$/.test(path))).toEqual([]);
}

/** Rounds with a mark between, trying each again while it fails. */
async function session(publisher: Publisher, from: number, to: number, patient: boolean): Promise<void> {
  const steps = [from + 3, from + Math.floor((to - from) / 2), to];
  let at = from;
  for (const [step, next] of steps.entries()) {
    publisher.take(placed.slice(at, next));
    at = next;
    for (const work of step === 1 ? [() => publisher.publish(), () => publisher.sync()] : [() => publisher.publish()]) {
      for (let tries = 0; tries < (patient ? 5 : 1); tries += 1) {
        const done = await work().then(() => true, () => false);
        if (done) break;
      }
    }
  }
}

async function callsOfRun(place: string): Promise<number> {
  let calls = 0;
  const publisher = await open(place, wals.none, watchedPublishFs(() => void (calls += 1)));
  await session(publisher, 0, placed.length, false);
  await publisher.close();
  await allThere(place);
  rmSync(place, { recursive: true });
  return calls;
}

/** All calls in turn take minutes: `WEIR_FAULTS=all`. Else each test takes every eleventh, and each begins with another. */
const every = process.env['WEIR_FAULTS'] === 'all' ? 1 : 11;

describe('each call to the disk fails in turn', { timeout: 1_800_000 }, () => {
  for (const how of ['fails and was not done', 'fails though it was done'] as const) {
    const failing = (at: number, forever: boolean): { fs: PublishFs; count: () => number } => {
      let calls = -1;
      let dead = false;
      const strike = (): void => {
        calls += 1;
        if (calls === at || (forever && calls > at)) {
          dead = forever;
          throw diskError('EIO');
        }
      };
      const fs = how === 'fails and was not done' ? watchedPublishFs(strike) : watchedPublishFs(() => { if (dead) throw diskError('EIO'); }, strike);
      return { fs, count: () => calls };
    };

    it(`and ${how}: it is tried again, and in the end all is as if nothing had failed`, async () => {
      const place = join(root, 'ledger');
      const total = await callsOfRun(place);
      expect(total).toBeGreaterThan(100);
      for (let at = every === 1 ? 0 : how.length % 7; at < total; at += every) {
        const { fs, count } = failing(at, false);
        let publisher: Publisher | null = null;
        while (publisher === null) publisher = await open(place, wals.none, fs).catch(() => null);
        await session(publisher, 0, placed.length, true);
        await nothingWrong(place);
        await publisher.close().catch(() => undefined);
        // A call that fails by itself, as an open of what is not there, is not counted as done.
        if (how === 'fails and was not done') expect(count()).toBeGreaterThanOrEqual(at);
        const next = await open(place, wals.all);
        await next.close();
        await allThere(place);
        rmSync(place, { recursive: true });
      }
    });

    it(`and ${how}, and the process ends there: the next one makes all as if nothing had failed`, async () => {
      const place = join(root, 'ledger');
      const total = await callsOfRun(place);
      for (let at = every === 1 ? 0 : how.length % 5; at < total; at += every) {
        const publisher = await open(place, wals.none, failing(at, true).fs).catch(() => null);
        if (publisher !== null) await session(publisher, 0, placed.length, false);
        await publisher?.close().catch(() => undefined);
        await nothingWrong(place);
        const next = await open(place, wals.all);
        await next.close();
        await allThere(place);
        rmSync(place, { recursive: true });
      }
    });
  }
});

/**
 * A disk that on a loss of power keeps for certain only what was synced with its name: of every other file either what is there now, what was certain
 * before, nothing, or a part. After `diesAt` calls every call fails.
 */
class ForgetfulDisk {
  readonly fs: PublishFs;
  readonly #certain: Map<string, Buffer>;
  readonly #place: string;
  /** Inodes written since their last sync. */
  readonly #dirty = new Set<number>();
  #durableFolders: Set<string>;
  #calls = 0;

  constructor(place: string, diesAt: number) {
    this.#place = place;
    this.#certain = new Map([...filesBelow(place)].map(([path, bytes]) => [join(place, path), bytes]));
    this.#durableFolders = new Set([dirname(place), place, ...[...this.#certain.keys()].flatMap((path) => this.#above(path))]);
    const plain = watchedPublishFs(() => {
      this.#calls += 1;
      if (this.#calls > diesAt) throw diskError('EIO');
    });
    this.fs = {
      ...plain,
      open: async (path, flags, mode) => {
        const descriptor = await plain.open(path, flags, mode);
        if (flags === 'w') this.#dirty.add(fstatSync(descriptor).ino);
        return descriptor;
      },
      write: (descriptor, ...rest) => {
        this.#dirty.add(fstatSync(descriptor).ino);
        return plain.write(descriptor, ...rest);
      },
      ftruncate: (descriptor, length) => {
        this.#dirty.add(fstatSync(descriptor).ino);
        return plain.ftruncate(descriptor, length);
      },
      fdatasync: async (descriptor) => {
        await plain.fdatasync(descriptor);
        const { ino } = fstatSync(descriptor);
        this.#dirty.delete(ino);
        for (const path of this.#certain.keys()) if (existsSync(path) && statSync(path).ino === ino) this.#certain.set(path, readFileSync(path));
      },
      syncFolder: async (folder) => {
        await plain.syncFolder(folder);
        for (const path of this.#certain.keys()) if (dirname(path) === folder && !existsSync(path)) this.#certain.delete(path);
        for (const name of readdirSync(folder)) {
          const path = join(folder, name);
          const found = statSync(path);
          if (found.isDirectory()) this.#durableFolders.add(path);
          else if (!this.#dirty.has(found.ino)) this.#certain.set(path, readFileSync(path));
        }
      },
    };
  }

  losePower(choose: () => number): void {
    const now = new Map([...filesBelow(this.#place)].map(([path, bytes]) => [join(this.#place, path), bytes]));
    for (const path of new Set([...now.keys(), ...this.#certain.keys()])) {
      const is = now.get(path);
      const was = this.#above(path).every((folder) => this.#durableFolders.has(folder)) ? this.#certain.get(path) : undefined;
      if (is !== undefined && was?.equals(is) === true) continue;
      const choice = choose();
      if (choice === 0) continue;
      if (choice === 1 || is === undefined) {
        if (was !== undefined) {
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, was);
        } else if (is !== undefined) unlinkSync(path);
      } else if (choice === 2) truncateSync(path, Math.floor(is.length / 2));
      else writeFileSync(path, Buffer.alloc(is.length));
      // What was appended may be lost, what was certain before it in the same file may not.
      if (choice >= 2 && was !== undefined && is?.subarray(0, was.length).equals(was) === true) writeFileSync(path, Buffer.concat([was, choice === 2 ? is.subarray(was.length, was.length + 9) : Buffer.alloc(is.length - was.length)]));
    }
  }

  #above(path: string): string[] {
    const folders: string[] = [];
    for (let at = dirname(path); at.length > this.#place.length; at = dirname(at)) folders.push(at);
    return folders;
  }
}

it('after losses of power at any calls, whatever unsynced files survive, all is as if nothing had happened', { timeout: 600_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.nat(160), fc.nat(200), fc.nat(160), fc.infiniteStream(fc.nat(3)), async (first, second, third, choices) => {
    const place = mkdtempSync(join(root, 'ledger-'));
    const choose = (): number => choices.next().value as number;
    try {
      for (const [diesAt, wal, from, to] of [[first, wals.none, 0, half], [second, wals.half, half, placed.length], [third, wals.all, placed.length, placed.length]] as const) {
        const disk = new ForgetfulDisk(place, diesAt);
        const publisher = await open(place, wal, disk.fs).catch((error: unknown) => {
          expect((error as { code: string }).code).toBe('JOURNAL_WRITE');
          return null;
        });
        // What was lost with the power is missing until a start has come to its end, which it has not where the disk failed it.
        const started = publisher !== null && publisher.failure === null;
        if (publisher !== null) await session(publisher, from, to, false);
        await publisher?.close().catch(() => undefined);
        if (started) await nothingWrong(place, true);
        disk.losePower(choose);
      }
      const last = await open(place, wals.all);
      await last.close();
      await allThere(place);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  }), { numRuns: 60 });
});

/** Kept so that a call that is added is thought of here. */
it('knows every call by which files are changed', () => {
  const calls: PublishCall[] = ['open', 'write', 'fdatasync', 'ftruncate', 'close', 'rename', 'unlink', 'rmdir', 'mkdir', 'readFile', 'readdir', 'syncFolder'];
  expect(Object.keys(watchedPublishFs(() => undefined)).sort()).toEqual([...calls].sort());
});
