import { appendFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, collect, temporaryFolder } from './cases.ts';
import { decodePrivate, deletePrivateDay, encodePrivate, filesOfTile, findPrivate, privateDays, privateFile, readPrivate, writePrivate } from './private.ts';
import { plainRecord, sealedHead } from './record.ts';
import type { StoredRecord } from './types.ts';

let place: string;
let remove: () => void;
beforeEach(() => ({ folder: place, remove } = temporaryFolder()));
afterEach(() => remove());

function record(kind: 'disclosure' | 'other', day: number, number: number): Buffer {
  const commitment = Buffer.alloc(32);
  commitment.writeUInt32BE(number);
  return Buffer.concat([sealedHead(kind, 'WA', day, commitment), Buffer.alloc(12 + 32 + 16 + (number % 7), number)]);
}

/** Kinds and days by leaf index; a sequence that is not the index. */
function stored(index: number, day: number, kind: 'disclosure' | 'other'): StoredRecord {
  return { sequence: 7 + 3 * index, log: 'wa', index, record: record(kind, day, index) };
}

it('stands byte by byte as the format says', async () => {
  await writePrivate(place, [{ sequence: 258, index: 2 ** 33 + 1, record: plainRecord(20_000, '{}') }]);
  const path = `${place}/private/anchor/2024-10-04/p/x033/x554/432`;
  const bytes = readFileSync(path);
  expect(bytes.toString('hex')).toBe(`15000000${bytes.toString('hex', 4, 8)}0201000000000000010000000200000002204e7b7d`);
  expect(bytes.readUInt32LE(0)).toBe(bytes.length - 8);
});

describe('a log over days, kinds and tiles', () => {
  const shape = fc.array(fc.record({ day: fc.integer({ min: 0, max: 2 }), count: fc.integer({ min: 1, max: 300 }), kinds: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 6 });

  it('is read in the order of leaf indices, from and to anywhere, and found one by one', async () => {
    await fc.assert(fc.asyncProperty(shape, fc.nat(2_000), fc.nat(2_000), fc.nat(5), async (runs, a, b, tile) => {
      const given: StoredRecord[] = [];
      let day = 20_000;
      for (const run of runs) {
        day += run.day;
        for (let n = 0; n < run.count; n += 1) given.push(stored(given.length, day, run.kinds === 3 ? (n % 3 === 0 ? 'disclosure' : 'other') : run.kinds === 1 ? 'disclosure' : 'other'));
      }
      const { folder, remove: away } = temporaryFolder();
      try {
        await writePrivate(folder, given);
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        expect(await collect(readPrivate(folder, 'wa', from, to))).toEqual(given.slice(from, to));
        expect(await findPrivate(folder, 'wa', a)).toEqual(given[a] ?? null);
        for (const { day: on, kind, from: first, to: end } of await privateDays(folder, 'wa')) {
          const mine = given.filter(({ record: bytes }) => bytes.readUInt16LE(3) === on && (bytes[0] === 1) === (kind === 'disclosure'));
          expect([first, end]).toEqual([mine[0]?.index, (mine.at(-1)?.index ?? 0) + 1]);
        }
        const files = new Set(given.filter(({ index }) => Math.floor(index / 256) === tile).map(({ record: bytes }) => `${bytes.readUInt16LE(3)} ${bytes[0] === 1 ? 'disclosure' : 'other'}`));
        expect(new Set((await filesOfTile(folder, 'wa', tile)).map((file) => `${file.day} ${file.kind}`))).toEqual(files);
      } finally {
        away();
      }
    }), { numRuns: 25 });
  });

  it('has no more of a day and kind that was taken away, and says when there was nothing', async () => {
    const given = Array.from({ length: 600 }, (_, index) => stored(index, 20_000 + Math.floor(index / 200), index % 2 === 0 ? 'disclosure' : 'other'));
    await writePrivate(place, given);
    expect(await deletePrivateDay(place, 'wa', 20_001, 'disclosure')).toBe(true);
    expect(await deletePrivateDay(place, 'wa', 20_001, 'disclosure')).toBe(false);
    expect(await findPrivate(place, 'wa', 300)).toBeNull();
    expect(await findPrivate(place, 'wa', 301)).toEqual(given[301]);
    expect(await deletePrivateDay(place, 'wa', 20_001, 'other')).toBe(true);
    expect(await collect(readPrivate(place, 'wa'))).toEqual([...given.slice(0, 200), ...given.slice(400)]);
    expect(await findPrivate(place, 'wa', 400)).toEqual(given[400]);
    expect((await privateDays(place, 'wa')).map(({ day }) => day)).toEqual([20_000, 20_000, 20_002, 20_002]);
  });

  it('of a log that is not there has nothing', async () => {
    expect([await collect(readPrivate(place, 'wa')), await findPrivate(place, 'wa', 0), await privateDays(place, 'wa')]).toEqual([[], null, []]);
  });
});

describe('a file that is not whole', () => {
  it('gives the records before the place, wherever it is cut or altered', () => {
    const given = [stored(0, 20_000, 'other'), stored(3, 20_000, 'other'), stored(4, 20_000, 'other')];
    const bytes = Buffer.concat(given.map(encodePrivate));
    const ends = decodePrivate(bytes, 'wa').ends;
    for (let at = 0; at < bytes.length; at += 1) {
      const before = ends.filter((end) => end <= at).length;
      expect(decodePrivate(bytes.subarray(0, at), 'wa').records).toEqual(given.slice(0, before));
      const altered = Buffer.from(bytes);
      altered[at]! ^= 4;
      expect(decodePrivate(altered, 'wa').records).toEqual(given.slice(0, before));
    }
  });

  it('ends the reading where it is the last, and is damage where later ones are there', async () => {
    const given = Array.from({ length: 300 }, (_, index) => stored(index, 20_000, 'other'));
    await writePrivate(place, given);
    const last = privateFile(place, 'wa', 20_000, 'other', 1);
    truncateSync(last, readFileSync(last).length - 1);
    expect(await collect(readPrivate(place, 'wa'))).toEqual(given.slice(0, 299));
    appendFileSync(privateFile(place, 'wa', 20_000, 'other', 0), 'x');
    expect(await codeOf(collect(readPrivate(place, 'wa')))).toBe('JOURNAL_CORRUPT');
  });

  it('is not followed by a record with a smaller index', () => {
    const bytes = Buffer.concat([encodePrivate(stored(5, 20_000, 'other')), encodePrivate(stored(5, 20_000, 'other'))]);
    expect(decodePrivate(bytes, 'wa').records).toHaveLength(1);
  });
});

it('refuses bytes that are no record, and passes over names that are none of its own', async () => {
  expect(await codeOf(writePrivate(place, [{ sequence: 0, index: 0, record: Buffer.from('nothing') }]))).toBe('JOURNAL_CORRUPT');
  const given = [stored(0, 20_000, 'other')];
  await writePrivate(place, given);
  mkdirSync(`${place}/private/wa/lost+found`);
  writeFileSync(`${dirname(privateFile(place, 'wa', 20_000, 'other', 0))}/000.bak`, 'x');
  expect(await collect(readPrivate(place, 'wa'))).toEqual(given);
});
