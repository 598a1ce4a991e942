import { mkdirSync, readFileSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { codeOf, collect, temporaryFolder } from './cases.ts';
import { segmentSequence } from './format.ts';
import { pruneWal } from './prune.ts';
import { readRecords } from './read.ts';
import type { Placed, StoredRecord } from './types.ts';
import { verifyWal } from './verify.ts';
import { openWal } from './wal.ts';
import { sampleRecord } from './walSamples.ts';

let folder: string;
let remove: () => void;
beforeEach(() => ({ folder, remove } = temporaryFolder()));
afterEach(() => remove());

const segmentsOf = (): string[] => readdirSync(folder).filter((name) => segmentSequence(name) !== null).sort();
const asStored = ({ sequence, log, index, record }: Placed): StoredRecord => ({ sequence, log, index, record });
const logs = ['zy', 'anchor', 'zx'];

it('gives every record once, in order and in its place in its log, while the file is written and pruned', async () => {
  const wal = await openWal({ folder, segmentBytes: 60_000 });
  const placed: Placed[] = [];
  const state = { writing: true };
  const writers = Promise.all(Array.from({ length: 8 }, async (_, writer) => {
    for (let number = 0; number < 60; number += 1) placed.push(...(await wal.append([sampleRecord(writer * 1_000 + number, { log: logs[number % 3]! })])));
  })).finally(() => (state.writing = false));
  const seen: StoredRecord[] = [];
  let readings = 0;
  let first = 0;
  for (let last = false; !last;) {
    last = !state.writing;
    for await (const one of readRecords(folder, seen.length)) seen.push(one);
    const [{ damage }] = await Promise.all([verifyWal(folder), pruneWal(folder, Math.max(0, seen.length - 50)).then((result) => (first = result.first))]);
    expect(damage).toEqual([]);
    readings += 1;
  }
  await writers;
  await wal.close();
  expect(readings).toBeGreaterThan(1);
  expect(first).toBeGreaterThan(0);
  expect(seen).toEqual([...placed].sort((a, b) => a.sequence - b.sequence).map(asStored));
});

it('gives a range over the borders of files', async () => {
  const wal = await openWal({ folder, segmentBytes: 9_000 });
  const all: StoredRecord[] = [];
  for (let number = 0; number < 12; number += 1) all.push(...(await wal.append([sampleRecord(2 * number, { log: logs[number % 3]! }), sampleRecord(2 * number + 1)])).map(asStored));
  expect(segmentsOf().length).toBeGreaterThan(3);
  expect(await collect(readRecords(folder))).toEqual(all);
  for (let from = 0; from <= 26; from += 1) {
    for (const end of [from, from + 1, 19, 24, 99]) expect(await collect(readRecords(folder, from, { end }))).toEqual(all.slice(from, end));
  }
  for (const [from, end] of [[0, 24], [5, 19], [20, 24], [7, 7]] as const) {
    const given: string[] = [];
    const some = await collect(readRecords(folder, from, {
      end,
      where: (record, sequence, log) => {
        given.push(`${sequence} ${log} ${record.length}`);
        return log === 'zx' || sequence === end - 1;
      },
    }));
    expect(some).toEqual(all.filter(({ log }, n) => n >= from && n < end && (log === 'zx' || n === end - 1)));
    expect(given.slice(0, end - from)).toEqual(all.slice(from, end).map(({ sequence, log, record }) => `${sequence} ${log} ${record.length}`));
  }
  await wal.close();
});

it('gives nothing from an empty folder, and stops with file and byte at damage', async () => {
  mkdirSync(folder);
  expect(await collect(readRecords(folder))).toEqual([]);
  const wal = await openWal({ folder });
  await wal.append([sampleRecord(0)]);
  await wal.append([sampleRecord(1)]);
  await wal.close();
  const path = join(folder, '000000000000.wal');
  const bytes = readFileSync(path);
  bytes[bytes.length - 200]! ^= 1;
  writeFileSync(path, bytes);
  const found: number[] = [];
  const reading = (async () => {
    for await (const { sequence } of readRecords(folder)) found.push(sequence);
  })();
  expect(await codeOf(reading)).toBe('JOURNAL_CORRUPT');
  expect(found).toEqual([0]);
});

it('does not pass over a file that is missing, and says where what was pruned was asked for', async () => {
  const wal = await openWal({ folder, segmentBytes: 4_200 });
  for (let number = 0; number < 10; number += 1) await wal.append([sampleRecord(number)]);
  await wal.close();
  const { first } = await pruneWal(folder, 5);
  expect(first).toBe(4);
  expect(await codeOf(collect(readRecords(folder, 3)))).toBe('JOURNAL_CORRUPT');
  expect((await collect(readRecords(folder, 4))).map(({ sequence, index }) => [sequence, index])).toEqual([4, 5, 6, 7, 8, 9].map((n) => [n, n]));
  unlinkSync(join(folder, '000000000006.wal'));
  expect(await codeOf(collect(readRecords(folder, 4)))).toBe('JOURNAL_CORRUPT');
  expect(await collect(readRecords(folder, 8))).toHaveLength(2);
});
