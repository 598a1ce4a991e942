import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Receipt } from '../model/index.ts';
import { codeOf, collect, temporaryFolder } from './cases.ts';
import { openJournal } from './journal.ts';
import { readEntries } from './read.ts';
import { sampleEntry } from './samples.ts';
import { verifyJournal } from './verify.ts';

let folder: string;
let remove: () => void;
beforeEach(() => ({ folder, remove } = temporaryFolder()));
afterEach(() => remove());

it('gives every entry once and in order while the journal is written, and never one that differs from its receipt', async () => {
  const journal = await openJournal({ folder, segmentBytes: 60_000 });
  const receipts: Receipt[] = [];
  const state = { writing: true };
  const writers = Promise.all(Array.from({ length: 8 }, async (_, writer) => {
    for (let number = 0; number < 60; number += 1) receipts.push(...(await journal.append([sampleEntry(writer * 1_000 + number)])));
  })).finally(() => (state.writing = false));
  const seen: { index: number; entry: string; hash: string }[] = [];
  let readings = 0;
  for (let last = false; !last;) {
    last = !state.writing;
    for await (const { index, entry, hash } of readEntries(folder, seen.length)) seen.push({ index, entry: entry.id, hash });
    expect((await verifyJournal(folder)).damage).toEqual([]);
    readings += 1;
  }
  await writers;
  await journal.close();
  expect(readings).toBeGreaterThan(1);
  expect(seen).toEqual([...receipts].sort((a, b) => a.index - b.index));
});

it('gives a range over the borders of files', async () => {
  const journal = await openJournal({ folder, segmentBytes: 9_000 });
  for (let number = 0; number < 12; number += 1) await journal.append([sampleEntry(2 * number), sampleEntry(2 * number + 1)]);
  const ids = async (from?: number, end?: number): Promise<string[]> => (await collect(readEntries(folder, from, end === undefined ? {} : { end }))).map(({ index, entry }) => `${index} ${entry.id}`);
  const all = Array.from({ length: 24 }, (_, number) => `${number} e-${number}`);
  expect(await ids()).toEqual(all);
  for (const [from, end] of [[0, 1], [5, 19], [7, 7], [23, 24], [23, 99], [24, 30], [400, 500]] as const) expect(await ids(from, end)).toEqual(all.slice(from, end));
  for (const [from, end] of [[0, 24], [5, 19], [20, 24], [7, 7]] as const) {
    const some = await collect(readEntries(folder, from, { end, where: (text, index) => index === end - 1 || text.includes('"id":"e-6"') }));
    expect(some.map(({ index, entry }) => `${index} ${entry.id}`)).toEqual(all.filter((_one, n) => n >= from && n < end && (n === 6 || n === end - 1)));
  }
  await journal.close();
});

it('gives nothing from an empty folder, and stops with file and byte at damage', async () => {
  mkdirSync(folder);
  expect(await collect(readEntries(folder))).toEqual([]);
  const journal = await openJournal({ folder });
  await journal.append([sampleEntry(0)]);
  await journal.append([sampleEntry(1)]);
  await journal.close();
  const path = join(folder, '000000000000.wal');
  const bytes = readFileSync(path);
  bytes[bytes.length - 200]! ^= 1;
  writeFileSync(path, bytes);
  const found: number[] = [];
  const reading = (async () => {
    for await (const { index } of readEntries(folder)) found.push(index);
  })();
  expect(await codeOf(reading)).toBe('JOURNAL_CORRUPT');
  expect(found).toEqual([0]);
});
