import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, collect, diskError, temporaryFolder, watchedFs } from './cases.ts';
import { segmentSequence } from './format.ts';
import { takeLock } from './lock.ts';
import { pruneWal } from './prune.ts';
import { firstSequence } from './pruned.ts';
import { readRecords } from './read.ts';
import { verifyWal } from './verify.ts';
import { openWal } from './wal.ts';
import { sampleRecord } from './walSamples.ts';

let folder: string;
let remove: () => void;
beforeEach(() => ({ folder, remove } = temporaryFolder()));
afterEach(() => remove());

/** Two entries in each file. */
const segmentBytes = 4_200;
const segments = (place = folder): number[] => readdirSync(place).map(segmentSequence).filter((one) => one !== null).sort((a, b) => a - b);

async function write(entries: number): Promise<void> {
  const wal = await openWal({ folder, segmentBytes });
  for (let number = 0; number < entries; number += 1) await wal.append([sampleRecord(wal.size)]);
  await wal.close();
}

/** All entries from the first on are there, and the next one gets its place. */
async function goesOn(place: string, size: number): Promise<void> {
  expect((await verifyWal(place)).damage).toEqual([]);
  for (const check of ['all', 'last'] as const) {
    const wal = await openWal({ folder: place, segmentBytes, check });
    expect([wal.size, wal.sizes().get('zy')]).toEqual([size, size]);
    await wal.close();
  }
  const first = await firstSequence(place);
  expect(segments(place)[0]).toBe(first);
  expect(await collect(readRecords(place, first))).toEqual(Array.from({ length: size - first }, (_, n) => ({ sequence: first + n, log: 'zy', index: first + n, record: sampleRecord(first + n).record })));
}

describe('pruning', () => {
  it('deletes whole files below a sequence, never the last one', async () => {
    await write(9);
    const before = await verifyWal(folder);
    expect(segments()).toEqual([0, 2, 4, 6, 8]);
    for (const [below, first, gone] of [[0, 0, 0], [1, 0, 0], [2, 2, 1], [2, 2, 0], [5, 4, 1], [3, 4, 0], [99, 8, 2]] as const) {
      expect(await pruneWal(folder, below)).toEqual({ first, segments: gone });
      expect(segments()[0]).toBe(first);
      expect(await verifyWal(folder)).toMatchObject({ first, last: 8, size: 9, entries: 9 - first, damage: [], sizes: before.sizes, roots: before.roots, chain: before.chain });
      await goesOn(folder, 9);
    }
    await write(3);
    await goesOn(folder, 12);
  });

  it('refuses what is no sequence, makes no folder, and goes one at a time', async () => {
    for (const bad of [-1, 0.5, NaN, Infinity]) await expect(pruneWal(folder, bad)).rejects.toBeInstanceOf(RangeError);
    expect(await codeOf(pruneWal(folder, 5))).toBe('JOURNAL_WRITE');
    expect(existsSync(folder)).toBe(false);
    mkdirSync(folder);
    expect(await pruneWal(folder, 5)).toEqual({ first: 0, segments: 0 });
    await write(5);
    const held = await takeLock(join(folder, 'pruning'));
    expect(await codeOf(pruneWal(folder, 4))).toBe('JOURNAL_LOCKED');
    await held.release();
    expect(await pruneWal(folder, 4)).toEqual({ first: 4, segments: 2 });
  });

  it('may run beside the writer', async () => {
    const wal = await openWal({ folder, segmentBytes });
    for (let number = 0; number < 30; number += 1) {
      const [placed] = await Promise.all([wal.append([sampleRecord(number)]), pruneWal(folder, number)]);
      expect(placed[0]).toMatchObject({ sequence: number, index: number });
    }
    await wal.close();
    expect(segments()[0]).toBeGreaterThan(20);
    await goesOn(folder, 30);
  });

  for (const how of ['was not done', 'was done'] as const) {
    it(`leaves a legal folder wherever it ends, where the failing call ${how}; a repetition and a start both finish it`, async () => {
      await write(9);
      const whole = `${folder}-whole`;
      cpSync(folder, whole, { recursive: true });
      let total = Infinity;
      for (let failing = 0; failing < total; failing += 1) {
        rmSync(folder, { recursive: true });
        cpSync(whole, folder, { recursive: true });
        let calls = -1;
        const strike = (): void => {
          calls += 1;
          if (calls >= failing) throw diskError('EIO');
        };
        const fs = how === 'was not done' ? watchedFs(strike) : watchedFs(() => { if (calls >= failing) throw diskError('EIO'); }, strike);
        const done = await codeOf(pruneWal(folder, 7, { fs }));
        if (done === 'none') total = failing;
        else expect(done).toBe('JOURNAL_WRITE');
        const copy = `${folder}-copy`;
        cpSync(folder, copy, { recursive: true });
        const first = await firstSequence(folder);
        expect([0, 6]).toContain(first);
        expect((await verifyWal(folder)).damage).toEqual([]);
        await goesOn(folder, 9);
        expect(await pruneWal(copy, 7)).toMatchObject({ first: 6 });
        expect(segments(copy)).toEqual([6, 8]);
        await goesOn(copy, 9);
        rmSync(copy, { recursive: true });
      }
      expect(total).toBeGreaterThan(8);
    });
  }
});

describe('a first file that is missing', () => {
  it('is damage where it was not pruned, where more is missing than was, and where the note of it is missing or of another journal', async () => {
    await write(9);
    unlinkSync(join(folder, '000000000000.wal'));
    expect((await verifyWal(folder)).damage).toMatchObject([{ file: '000000000002.wal', offset: 0 }]);
    expect(await codeOf(openWal({ folder }))).toBe('JOURNAL_CORRUPT');

    rmSync(folder, { recursive: true });
    await write(9);
    await pruneWal(folder, 4);
    const note = readFileSync(join(folder, 'pruned'));
    cpSync(folder, `${folder}-4`, { recursive: true });
    unlinkSync(join(folder, '000000000004.wal'));
    expect(await codeOf(openWal({ folder }))).toBe('JOURNAL_CORRUPT');
    rmSync(folder, { recursive: true });

    cpSync(`${folder}-4`, folder, { recursive: true });
    unlinkSync(join(folder, 'pruned'));
    expect(await codeOf(openWal({ folder }))).toBe('JOURNAL_CORRUPT');
    writeFileSync(join(folder, 'pruned'), '');
    for (const check of ['all', 'last'] as const) expect(await codeOf(openWal({ folder, check }))).toBe('JOURNAL_CORRUPT');
    expect(await codeOf(pruneWal(folder, 9))).toBe('JOURNAL_CORRUPT');
    expect(await codeOf(firstSequence(folder))).toBe('JOURNAL_CORRUPT');

    // The same sequence in a journal of another history.
    const mine = folder;
    folder = `${mine}-other`;
    const wal = await openWal({ folder, segmentBytes });
    for (let number = 0; number < 9; number += 1) await wal.append([sampleRecord(100 + number)]);
    await wal.close();
    await pruneWal(folder, 4);
    cpSync(join(folder, 'pruned'), join(mine, 'pruned'));
    folder = mine;
    expect((await verifyWal(folder)).damage).toMatchObject([{ file: '000000000004.wal', offset: 0 }]);
    writeFileSync(join(folder, 'pruned'), note);
    expect((await verifyWal(folder)).damage).toEqual([]);
  });

  it('and all others are damage', async () => {
    await write(9);
    await pruneWal(folder, 4);
    writeFileSync(join(folder, 'head'), '');
    for (const first of segments()) unlinkSync(join(folder, `${String(first).padStart(12, '0')}.wal`));
    expect((await verifyWal(folder)).damage).toMatchObject([{ file: 'pruned' }]);
    expect(await codeOf(openWal({ folder }))).toBe('JOURNAL_CORRUPT');
    expect(existsSync(join(folder, '000000000000.wal'))).toBe(false);
  });
});
