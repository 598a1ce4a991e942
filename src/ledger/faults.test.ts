import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FsCall } from './cases.ts';
import { codeOf, collect, diskError, temporaryFolder, watchedFs } from './cases.ts';
import { readRecords } from './read.ts';
import type { Placed } from './types.ts';
import { verifyWal } from './verify.ts';
import type { Wal, WalOptions } from './wal.ts';
import { openWal } from './wal.ts';
import { sampleRecord } from './walSamples.ts';

let folder: string;
let remove: () => void;
beforeEach(() => ({ folder, remove } = temporaryFolder()));
afterEach(() => remove());

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(1);
}

/** Small files, so that new ones are made all the time. */
const options = { segmentBytes: 7_000, retryDelay: 1 };

/** Opens a journal, appends ten entries in turn, trying each again until it is acknowledged, and closes. */
async function session(given: WalOptions, placed: Placed[]): Promise<void> {
  let wal: Wal | null = null;
  while (wal === null) {
    try {
      wal = await openWal(given);
    } catch (error) {
      expect((error as { code: string }).code).toBe('JOURNAL_WRITE');
    }
  }
  for (let number = 0; number < 10;) {
    try {
      placed.push(...(await wal.append([sampleRecord(number), sampleRecord(number, { log: 'anchor' })])));
      number += 1;
    } catch (error) {
      expect((error as { code: string }).code).toBe('JOURNAL_WRITE');
      const open = wal;
      await until(() => open.healthy);
    }
  }
  await wal.close();
}

/** Everything that was acknowledged is there, unaltered, in its place in its log, each sequence once. */
async function holds(place: string, placed: readonly Placed[]): Promise<void> {
  expect((await verifyWal(place)).damage).toEqual([]);
  const stored = await collect(readRecords(place));
  expect(new Set(placed.map(({ sequence }) => sequence)).size).toBe(placed.length);
  for (const { sequence, log, index, record } of placed) expect(stored[sequence]).toEqual({ sequence, log, index, record });
}

/** How many calls to the disk a session makes where nothing fails. */
async function callsOfSession(): Promise<number> {
  let calls = 0;
  await session({ folder, ...options, fs: watchedFs(() => void (calls += 1)) }, []);
  rmSync(folder, { recursive: true });
  return calls;
}

describe('each call to the disk fails in turn', { timeout: 300_000 }, () => {
  for (const how of ['fails and was not done', 'fails though it was done'] as const) {
    it(`and ${how}: the journal recovers by itself, nothing acknowledged is lost, no place is given twice`, async () => {
      const total = await callsOfSession();
      expect(total).toBeGreaterThan(50);
      for (let failing = 0; failing < total; failing += 1) {
        let calls = -1;
        const strike = (): void => {
          calls += 1;
          if (calls === failing) throw diskError('EIO');
        };
        const fs = how === 'fails and was not done' ? watchedFs(strike) : watchedFs(() => undefined, strike);
        const placed: Placed[] = [];
        await session({ folder, ...options, fs }, placed);
        expect(calls).toBeGreaterThanOrEqual(failing);
        await holds(folder, placed);
        expect(placed).toHaveLength(20);
        rmSync(folder, { recursive: true });
      }
    });

    it(`and ${how}, and the process ends there: the next one finds all that was acknowledged`, async () => {
      const total = await callsOfSession();
      for (let failing = 8; failing < total; failing += 1) {
        let calls = -1;
        let dead = false;
        const strike = (): void => {
          calls += 1;
          if (calls >= failing) {
            dead = true;
            throw diskError('EIO');
          }
        };
        const fs = how === 'fails and was not done' ? watchedFs(strike) : watchedFs(() => { if (dead) throw diskError('EIO'); }, strike);
        const placed: Placed[] = [];
        const wal = await openWal({ folder, ...options, fs }).catch(() => null);
        if (wal !== null) {
          for (let number = 0; number < 10 && wal.healthy; number += 1) await wal.append([sampleRecord(number), sampleRecord(number, { log: 'anchor' })]).then((given) => placed.push(...given), () => undefined);
        }
        // What the next process would find, had this one been killed now.
        const left = `${folder}-left`;
        cpSync(folder, left, { recursive: true });
        for (const name of readdirSync(left)) if (name.startsWith('lock')) rmSync(join(left, name));
        await holds(left, placed);
        await session({ folder: left, ...options }, placed);
        await holds(left, placed);
        await wal?.close();
        rmSync(folder, { recursive: true });
        rmSync(left, { recursive: true });
      }
    });
  }
});

describe('a disk that stays bad', () => {
  async function failingAt(call: FsCall, code: 'EIO' | 'ENOSPC'): Promise<void> {
    let bad = false;
    const failures: string[] = [];
    let recoveries = 0;
    const wal = await openWal({
      folder, ...options, segmentBytes: 1_000_000,
      fs: watchedFs((asked) => { if (bad && asked === call) throw diskError(code); }),
      onFailure: (error) => void failures.push(error.code),
      onRecovery: () => void (recoveries += 1),
    });
    const before = await wal.append([sampleRecord(0)]);
    bad = true;
    const caught = Array.from({ length: 5 }, (_, number) => codeOf(wal.append([sampleRecord(number)])));
    expect(await Promise.all(caught)).toEqual(Array.from({ length: 5 }, () => 'JOURNAL_WRITE'));
    expect([wal.state, wal.healthy, wal.size]).toEqual(['failed', false, 1]);
    expect(await codeOf(wal.append([sampleRecord(9)]))).toBe('JOURNAL_WRITE');
    await until(() => failures.length >= 3);
    expect([wal.state, recoveries]).toEqual(['failed', 0]);
    bad = false;
    await until(() => wal.healthy);
    expect([wal.state, wal.failure, recoveries]).toEqual(['open', null, 1]);
    const after = await wal.append([sampleRecord(10)]);
    expect(after[0]!.sequence).toBe(1);
    await wal.close();
    await holds(folder, [...before, ...after]);
    expect((await verifyWal(folder)).entries).toBe(2);
  }

  it('refuses at once, says so, and takes entries again when a full disk has room', () => failingAt('write', 'ENOSPC'));
  it('refuses at once, says so, and takes entries again when syncs work again', () => failingAt('fdatasync', 'EIO'));

  it('rejects all that waited behind the batch that failed', async () => {
    let bad = false;
    const wal = await openWal({ folder, ...options, maxBatch: 2, fs: watchedFs((asked) => { if (bad && asked === 'fdatasync') throw diskError('EIO'); }) });
    bad = true;
    const codes = await Promise.all(Array.from({ length: 9 }, (_, number) => codeOf(wal.append([sampleRecord(number)]))));
    expect(codes).toEqual(Array.from({ length: 9 }, () => 'JOURNAL_WRITE'));
    expect(wal.size).toBe(0);
    bad = false;
    await until(() => wal.healthy);
    // What waited counts no longer.
    const placed = (await Promise.all(Array.from({ length: 9 }, (_, number) => wal.append([sampleRecord(number)])))).flat();
    await wal.close();
    await holds(folder, placed);
  });

  it('closes while it is bad, and lets the folder go', async () => {
    let bad = false;
    const wal = await openWal({ folder, ...options, fs: watchedFs((asked) => { if (bad && asked !== 'close') throw diskError('EIO'); }) });
    await wal.append([sampleRecord(0)]);
    bad = true;
    expect(await codeOf(wal.append([sampleRecord(1)]))).toBe('JOURNAL_WRITE');
    await wal.close();
    expect(wal.state).toBe('closed');
    const next = await openWal({ folder, ...options });
    expect(next.size).toBeGreaterThanOrEqual(1);
    await next.close();
  });

  it('does not come back on a folder that is gone, or that holds another journal now', async () => {
    let bad = false;
    let failures = 0;
    const wal = await openWal({ folder, ...options, segmentBytes: 1_000_000, fs: watchedFs((asked) => { if (bad && asked === 'write') throw diskError('EIO'); }), onFailure: () => void (failures += 1) });
    await wal.append([sampleRecord(0)]);
    bad = true;
    await codeOf(wal.append([sampleRecord(1)]));
    rmSync(folder, { recursive: true });
    bad = false;
    await until(() => failures >= 4);
    expect(wal.healthy).toBe(false);

    const other = await openWal({ folder });
    const placed = [...(await other.append([sampleRecord(5)])), ...(await other.append([sampleRecord(6)]))];
    await other.close();
    const seen = failures;
    await until(() => failures >= seen + 3);
    expect(wal.healthy).toBe(false);
    await holds(folder, placed);
    await wal.close().catch(() => undefined);
  });

  it('makes the new file that it could not make before it goes on, even where the next batch would fit the old one', async () => {
    let renames = 0;
    let bad = false;
    const wal = await openWal({
      folder, ...options, segmentBytes: 5_000,
      fs: watchedFs(() => undefined, (asked) => {
        if (asked === 'rename') renames += 1;
        // The name of the new file is there; whether it is durable is not known.
        if (bad && asked === 'syncFolder' && renames > 0) {
          bad = false;
          throw diskError('EIO');
        }
      }),
    });
    const placed = [...(await wal.append([sampleRecord(0), sampleRecord(1)]))];
    renames = 0;
    bad = true;
    expect(await codeOf(wal.append([sampleRecord(2), sampleRecord(3)]))).toBe('JOURNAL_WRITE');
    await until(() => wal.healthy);
    placed.push(...(await wal.append([sampleRecord(4, { bytes: 100 })])));
    placed.push(...(await wal.append([sampleRecord(5), sampleRecord(6)])));
    await wal.close();
    await holds(folder, placed);
  });
});
