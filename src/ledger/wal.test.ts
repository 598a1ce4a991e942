import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, collect, temporaryFolder, watchedFs } from './cases.ts';
import { diskFs } from './files.ts';
import { decodeSegmentHead, maxRecordBytes, segmentSequence } from './format.ts';
import { readRecords } from './read.ts';
import { dayOf, leafHash } from './record.ts';
import type { Placed, StoredRecord, WalRecord } from './types.ts';
import { verifyWal } from './verify.ts';
import type { Wal } from './wal.ts';
import { openWal } from './wal.ts';
import { sampleDay, sampleRecord } from './walSamples.ts';

let folder: string;
let remove: () => void;
beforeEach(() => ({ folder, remove } = temporaryFolder()));
afterEach(() => remove());

async function stored(): Promise<StoredRecord[]> {
  return await collect(readRecords(folder));
}

/** What is read back of records that were placed. */
function asStored(placed: readonly Placed[]): StoredRecord[] {
  return placed.map(({ sequence, log, index, record }) => ({ sequence, log, index, record }));
}

describe('group commit', () => {
  it('acknowledges an entry only after its bytes were written and then synced', async () => {
    const log: string[] = [];
    let letThrough: () => void = () => undefined;
    let held = false;
    const fs = watchedFs(async (call) => {
      if (held && call === 'fdatasync') await new Promise<void>((resolve) => (letThrough = resolve));
    }, (call) => void log.push(call));
    const wal = await openWal({ folder, fs });
    log.length = 0;
    held = true;
    const answer = wal.append([sampleRecord(1)]).then(() => log.push('acknowledged'));
    await pause(50);
    expect(log).toEqual(['write']);
    expect(wal.size).toBe(0);
    held = false;
    letThrough();
    await answer;
    expect(log).toEqual(['write', 'fdatasync', 'acknowledged']);
    expect(wal.size).toBe(1);
    await wal.close();
  });

  it('takes all appends of one turn, and all that come during a sync, to the disk together', async () => {
    let calls: string[] = [];
    const wal = await openWal({ folder, fs: watchedFs((call) => void calls.push(call)) });
    calls = [];
    const first = Array.from({ length: 100 }, (_, number) => wal.append([sampleRecord(number)]));
    const later = first[0]!.then(() => Promise.all(Array.from({ length: 50 }, (_, number) => wal.append([sampleRecord(100 + number)]))));
    await Promise.all([...first, later]);
    expect(calls).toEqual(['write', 'fdatasync', 'write', 'fdatasync']);
    await wal.close();
  });

  it('numbers records in the order of the calls, over all logs and in each, and stores the bytes that it was given', async () => {
    const wal = await openWal({ folder });
    const logs = ['zy', 'anchor', 'zx', 'zy', 'a1'];
    const placed = (await Promise.all(logs.map((log, number) => wal.append([sampleRecord(2 * number, { log }), sampleRecord(2 * number + 1, { log: 'zy', bytes: 300 })])))).flat();
    expect([...wal.sizes()].sort()).toEqual([['a1', 1], ['anchor', 1], ['zx', 1], ['zy', 7]]);
    await wal.close();
    expect(placed.map(({ sequence, log, index, id }) => `${sequence} ${log} ${index} ${id}`)).toEqual([
      '0 zy 0 e-0', '1 zy 1 e-1', '2 anchor 0 e-2', '3 zy 2 e-3', '4 zx 0 e-4', '5 zy 3 e-5', '6 zy 4 e-6', '7 zy 5 e-7', '8 a1 0 e-8', '9 zy 6 e-9',
    ]);
    for (const { record, leaf } of placed) expect(leaf).toBe(leafHash(record));
    expect(await stored()).toEqual(asStored(placed));
  });

  it('keeps the entries of one call in one batch, however many they are', async () => {
    const wal = await openWal({ folder, maxBatch: 4, maxBatchBytes: 4_000 });
    await Promise.all([wal.append([sampleRecord(0)]), wal.append(Array.from({ length: 56 }, (_, number) => sampleRecord(1 + number))), wal.append([sampleRecord(57)])]);
    await wal.close();
    expect((await verifyWal(folder)).batches).toBe(3);
    expect((await stored()).map(({ record }) => record)).toEqual(Array.from({ length: 58 }, (_, number) => sampleRecord(number).record));
  });

  it('goes on after a write that took only part of the bytes', async () => {
    const wal = await openWal({ folder, fs: { ...diskFs, write: (descriptor, bytes, from, length, position) => diskFs.write(descriptor, bytes, from, Math.min(length, 700), position) } });
    await wal.append([sampleRecord(0), sampleRecord(1), sampleRecord(2)]);
    await wal.close();
    expect((await verifyWal(folder)).damage).toEqual([]);
    expect(await stored()).toHaveLength(3);
  });
});

describe('limits', () => {
  it('rejects at once with JOURNAL_FULL past the entries that may wait, and keeps those that it took', async () => {
    const wal = await openWal({ folder, maxQueued: 10 });
    const taken = Array.from({ length: 5 }, (_, number) => wal.append([sampleRecord(number), sampleRecord(number)]));
    expect(await codeOf(wal.append([sampleRecord(9)]))).toBe('JOURNAL_FULL');
    await Promise.all(taken);
    expect(await codeOf(wal.append([sampleRecord(9)]))).toBe('none');
    expect(wal.size).toBe(11);
    await wal.close();
  });

  it('rejects with JOURNAL_FULL past the bytes that may wait', async () => {
    const wal = await openWal({ folder, maxQueuedBytes: 3_000 });
    const codes = await Promise.all([0, 1, 2].map((number) => codeOf(wal.append([sampleRecord(number)]))));
    expect(codes).toEqual(['none', 'none', 'JOURNAL_FULL']);
    await wal.close();
  });

  it('takes a record of exactly 65,535 bytes and none of one more', async () => {
    const wal = await openWal({ folder });
    expect(await codeOf(wal.append([sampleRecord(0, { bytes: maxRecordBytes })]))).toBe('none');
    expect(await codeOf(wal.append([sampleRecord(1), sampleRecord(2, { bytes: maxRecordBytes + 1 })]))).toBe('JOURNAL_TOO_LARGE');
    expect(wal.size).toBe(1);
    await wal.close();
    expect((await stored())[0]!.record).toHaveLength(maxRecordBytes);
  });

  it('rejects what is no record of the log that is named, and takes nothing of the call', async () => {
    const wal = await openWal({ folder });
    const good = sampleRecord(0);
    const bad: WalRecord[] = [{ ...good, log: 'zx' }, { ...good, log: 'anchor' }, { ...good, record: Buffer.alloc(0) }, { ...good, record: Buffer.from('no record') }, { ...good, record: good.record.subarray(0, 60) }];
    for (const one of bad) await expect(wal.append([good, one])).rejects.toBeInstanceOf(TypeError);
    expect(await wal.append([good])).toHaveLength(1);
    await wal.close();
    expect(await stored()).toHaveLength(1);
  });

  it('rejects a call that no batch can hold', async () => {
    const wal = await openWal({ folder });
    const large = sampleRecord(0, { bytes: 60_000 });
    expect(await codeOf(wal.append(Array.from({ length: 300 }, () => large)))).toBe('JOURNAL_TOO_LARGE');
    await wal.close();
  });
});

describe('new segments', () => {
  const day = 86_400_000;
  const began = Date.UTC(2026, 2, 1, 23, 59, 59);

  async function withClock(times: readonly number[]): Promise<{ first: number; created: number }[]> {
    let now = began;
    const wal = await openWal({ folder, clock: { now: () => now } });
    for (const [number, at] of times.entries()) {
      now = at;
      await wal.append([sampleRecord(number)]);
    }
    await wal.close();
    expect((await verifyWal(folder)).damage).toEqual([]);
    return readdirSync(folder).filter((name) => segmentSequence(name) !== null).sort().map((name) => {
      const head = decodeSegmentHead(readFileSync(join(folder, name)).subarray(0, 512));
      if ('bad' in head) throw new Error(head.what);
      return { first: head.firstSequence, created: head.created };
    });
  }

  it('begin when the UTC day changes, and not within a day', async () => {
    const tomorrow = began + 1_000;
    expect(await withClock([began, began + 999, tomorrow, tomorrow + day - 1, tomorrow + 3 * day])).toEqual([
      { first: 0, created: began }, { first: 2, created: tomorrow }, { first: 4, created: tomorrow + 3 * day },
    ]);
  });

  it('do not begin when the clock steps back, and are then never older than the one before', async () => {
    expect(await withClock([began, began - 5 * day, began - 1, began + 1_000])).toEqual([{ first: 0, created: began }, { first: 3, created: began + 1_000 }]);
    const wal = await openWal({ folder, segmentBytes: 1, clock: { now: () => began - 9 * day } });
    await wal.append([sampleRecord(4)]);
    await wal.close();
    expect(await withClock([])).toEqual([{ first: 0, created: began }, { first: 3, created: began + 1_000 }, { first: 4, created: began + 1_000 }]);
  });

  it('know the latest day of any entry, over restarts, though the clock steps back', async () => {
    const clock = { now: () => began - 9 * day };
    let wal = await openWal({ folder, clock });
    expect(wal.latestDay).toBe(dayOf(clock.now()));
    await wal.append([sampleRecord(0), sampleRecord(1, { log: 'anchor' })]);
    expect(wal.latestDay).toBe(sampleDay);
    await wal.close();
    for (const check of ['all', 'last'] as const) {
      wal = await openWal({ folder, check, clock, segmentBytes: 1 });
      expect(wal.latestDay).toBe(sampleDay);
      await wal.append([sampleRecord(2)]);
      await wal.close();
    }
    // The entries of an earlier day are in an earlier file now, and the empty one behind it still knows.
    wal = await openWal({ folder, check: 'last', clock });
    expect(wal.latestDay).toBe(sampleDay);
    await wal.close();
  });

  it('begin on the next day also after a restart', async () => {
    await withClock([began]);
    const wal = await openWal({ folder, check: 'last', clock: { now: () => began + day } });
    await wal.append([sampleRecord(1)]);
    await wal.close();
    expect((await verifyWal(folder)).segments).toBe(2);
  });
});

describe('what stands behind the journal', () => {
  it('is told of each durable batch once and in order, before the callers are', async () => {
    const told: string[] = [];
    const seen: Placed[] = [];
    const wal: Wal = await openWal({
      folder, maxBatch: 3,
      fs: watchedFs(() => undefined, (call) => { if (call === 'fdatasync') told.push('synced'); }),
      onCommit: (placed) => {
        expect(wal.size).toBe(placed.at(-1)!.sequence + 1);
        expect(wal.sizes().get('zy')).toBe(wal.size);
        told.push(`batch of ${placed.length}`);
        seen.push(...placed);
      },
    });
    told.length = 0;
    const answers = [[0, 1], [2], [3]].map((numbers) => wal.append(numbers.map((number) => sampleRecord(number))).then((placed) => {
      told.push(`answered ${placed.map(({ sequence }) => sequence).join()}`);
      return placed;
    }));
    const placed = (await Promise.all(answers)).flat();
    await wal.close();
    expect(told.slice(0, 7)).toEqual(['synced', 'batch of 3', 'answered 0,1', 'answered 2', 'synced', 'batch of 1', 'answered 3']);
    expect(seen).toEqual(placed);
  });

  it('where it throws, nobody is answered, nothing more is taken, and only a restart mends it', async () => {
    let failing = false;
    const failures: string[] = [];
    const wal = await openWal({
      folder, maxBatch: 2, retryDelay: 1, onFailure: (error) => void failures.push(error.code),
      onCommit: () => {
        if (failing) throw new Error('it fell over');
      },
    });
    await wal.append([sampleRecord(0)]);
    failing = true;
    const codes = await Promise.all([1, 2, 3, 4].map((number) => codeOf(wal.append([sampleRecord(number)]))));
    expect(codes).toEqual(Array.from({ length: 4 }, () => 'JOURNAL_WRITE'));
    failing = false;
    await pause(40);
    expect([wal.state, wal.healthy, failures]).toEqual(['failed', false, ['JOURNAL_WRITE']]);
    expect(await codeOf(wal.append([sampleRecord(5)]))).toBe('JOURNAL_WRITE');
    await wal.close();
    // The batch at which it threw is there; the one behind it never went to the disk.
    const next = await openWal({ folder });
    expect(next.size).toBe(3);
    expect((await next.append([sampleRecord(6)]))[0]).toMatchObject({ sequence: 3, index: 3 });
    await next.close();
    expect((await stored()).map(({ record }) => record)).toEqual([0, 1, 2, 6].map((number) => sampleRecord(number).record));
  });
});

describe('open and close', () => {
  it('finishes what it took, then takes nothing more', async () => {
    const wal = await openWal({ folder });
    const taken = wal.append([sampleRecord(0)]);
    const closing = wal.close();
    expect(await codeOf(wal.append([sampleRecord(1)]))).toBe('JOURNAL_CLOSED');
    expect(await taken).toHaveLength(1);
    await closing;
    await wal.close();
    expect(wal.state).toBe('closed');
    expect(wal.healthy).toBe(false);
  });

  it('continues where it ended, over many files, in one chain', async () => {
    const placed: Placed[] = [];
    let before = '';
    for (let round = 0; round < 4; round += 1) {
      const wal = await openWal({ folder, segmentBytes: 6_000, check: round % 2 === 0 ? 'all' : 'last' });
      expect(wal.size).toBe(placed.length);
      if (round > 0) expect(wal.lastHash).toBe(before);
      for (let number = 0; number < 7; number += 1) placed.push(...(await wal.append([sampleRecord(placed.length, { log: number % 3 === 0 ? 'anchor' : 'zy' })])));
      before = wal.lastHash;
      await wal.close();
    }
    const names = readdirSync(folder).filter((name) => segmentSequence(name) !== null);
    expect(names.length).toBeGreaterThan(4);
    const report = await verifyWal(folder);
    expect(report).toMatchObject({ entries: 28, size: 28, first: 0, last: 27, batches: 28, segments: names.length, chain: before, torn: null, damage: [] });
    expect([...report.sizes]).toEqual([['anchor', 12], ['zy', 16]]);
    expect(await stored()).toEqual(asStored(placed));
  });

  it('tells how far a check is, up to all bytes', async () => {
    const wal = await openWal({ folder, segmentBytes: 6_000 });
    for (let number = 0; number < 10; number += 1) await wal.append([sampleRecord(number)]);
    await wal.close();
    const steps: [number, number][] = [];
    const { bytes } = await verifyWal(folder, { onProgress: (done, total) => steps.push([done, total]) });
    expect(steps.at(-1)).toEqual([bytes, bytes]);
    expect(steps.map(([done]) => done)).toEqual(steps.map(([done]) => done).sort((a, b) => a - b));
    expect(new Set(steps.map(([, total]) => total))).toEqual(new Set([bytes]));
  });

  it('answers an empty call at once', async () => {
    const wal = await openWal({ folder });
    expect(await wal.append([])).toEqual([]);
    await wal.close();
  });
});
