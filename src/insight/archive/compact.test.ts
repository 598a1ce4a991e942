import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mergesOf } from './compact.ts';
import { ownerFolder } from './dataset.ts';
import { emptyManifest, filesOf, readManifest, type Manifest, type Segment } from './manifest.ts';
import { sampleArchive, sampleSession, type SampleRow } from './sample.ts';
import type { Erased } from './types.ts';
import { openWriter } from './writer.ts';

let archive: string;
beforeEach(async () => {
  archive = await mkdtemp(join(tmpdir(), 'weir-compact-'));
});
afterEach(() => rm(archive, { recursive: true, force: true }));

const manifestOf = async (folder: string): Promise<Manifest> => (await readManifest(ownerFolder(folder, 'WA'), 'WA')) ?? emptyManifest('WA');
const totalOf = async (folder: string): Promise<object | undefined> => {
  const session = await sampleSession(folder);
  try {
    return (await session.query('SELECT (SELECT count(*) FROM rows) AS rows, (SELECT sum(n) FROM rollup) AS rollup, (SELECT sum(n) FROM totals) AS totals'))[0];
  } finally {
    await session.close();
  }
};
const segment = (name: string, rows = 10): Segment => ({ name, rows, bytes: 1, rollupRows: 1, rollupBytes: 1, first: 0, last: 1, oldest: 0, newest: 1 });

test('months that are over become one file each, and their year a rollup; a row that comes late makes both anew', async () => {
  const rows: SampleRow[] = ['2025-11-03', '2025-11-04', '2025-12-24', '2026-01-02'].map((at) => ({ at, times: 5 }));
  const folder = await sampleArchive(archive, rows, { sealEvery: 5, compactAt: Date.UTC(2026, 0, 10) });
  const before = await manifestOf(folder);
  expect(before.segments.map(({ name, rows: n }) => [name.split('.')[0], n])).toEqual([['2025-11', 10], ['2025-12', 5], ['2026-01-02', 5]]);
  expect(before.years.map(({ year, months }) => [year, months])).toEqual([[2025, [11, 12]]]);
  const writer = await openWriter({ folder }, 'WA');
  const { context, outcome, who } = { who: 0, context: 0, outcome: 0 };
  writer.add({ index: writer.next + 7, at: Date.UTC(2025, 10, 5), type: 'decision', who, behalf: null, context, outcome, records: 1, subject: null, subjectName: null, user: null, userName: null, self: null, sameSurname: null, sex: null });
  await writer.seal();
  expect((await manifestOf(folder)).years.map(({ months }) => months)).toEqual([[12]]);
  expect(await totalOf(folder)).toEqual({ rows: 21, rollup: 21, totals: 21 });
  await writer.compact(Date.UTC(2026, 0, 10));
  await writer.close();
  expect((await manifestOf(folder)).years.map(({ months }) => months)).toEqual([[11, 12]]);
  expect(await totalOf(folder)).toEqual({ rows: 21, rollup: 21, totals: 21 });
});

test('days that are over are merged, and the small files of the day that goes on once they are many', () => {
  const now = Date.parse('2026-03-05T10:00:00Z');
  const names = (found: ReturnType<typeof mergesOf>): unknown => found.map(({ name, segments }) => [name, segments.length]);
  expect(names(mergesOf([segment('2026-02.000001'), segment('2026-03-04.000002'), segment('2026-03-04.000003'), segment('2026-03-05.000004'), segment('2026-03-05.000005')], now))).toEqual([['2026-03-04', 2]]);
  const today = Array.from({ length: 16 }, (_, n) => segment(`2026-03-05.${String(n).padStart(6, '0')}`));
  expect(names(mergesOf([...today, segment('2026-03-05.000099', 1_000_000)], now))).toEqual([['2026-03-05', 16]]);
  expect(names(mergesOf([segment('2026-02.000001'), segment('2026-02.000002'), segment('2026-01-31.000003')], now))).toEqual([['2026-02', 2], ['2026-01', 1]]);
});

test('files that are named no more stay for readers, then go; what no manifest names goes at the next opening', async () => {
  const folder = await sampleArchive(archive, [{ at: '2026-02-01' }, { at: '2026-02-02' }], { sealEvery: 1 });
  const own = ownerFolder(folder, 'WA');
  const parquet = async (): Promise<string[]> => (await readdir(own)).filter((name) => name.endsWith('.parquet')).sort();
  await writeFile(join(own, '2026-02-02.000009.parquet'), 'half a file');
  let now = Date.UTC(2026, 2, 2);
  const writer = await openWriter({ folder }, 'WA', { now: () => now, graceMs: 60_000 });
  expect(await parquet()).toEqual([...filesOf(await manifestOf(folder)).keys()].sort());
  await writer.compact(now);
  const gone = (await manifestOf(folder)).leftovers.map(({ file }) => file);
  expect(gone).toHaveLength(4);
  expect(await parquet()).toEqual([...filesOf(await manifestOf(folder)).keys(), ...gone].sort());
  await writer.seal(100);
  now += 60_000;
  await writer.seal(101);
  expect(await parquet()).toEqual([...filesOf(await manifestOf(folder)).keys()].sort());
  await writer.close();
});

test('erased entries lose tags and flags, and nothing else changes; the old file goes without a further sealing', async () => {
  const row = { subject: 's', user: 'u', self: false, sex: 'F' } as const;
  const folder = await sampleArchive(archive, [{ at: '2026-02-01', ...row }, { at: '2026-02-02', ...row }, { at: '2026-02-02', status: 'refused', ...row }, { at: '2026-02-02', type: 'redelivery', ...row }, { at: '2026-02-02', type: 'opening', ...row }, { at: '2026-02-03', ...row, times: 2 }], { monthly: true });
  const marked = async (): Promise<unknown> => {
    const session = await sampleSession(folder);
    try {
      return (await session.query<{ index: number }>('SELECT index FROM rows WHERE subject IS NOT NULL AND "user" IS NOT NULL AND self IS NOT NULL AND sex IS NOT NULL ORDER BY index')).map(({ index }) => index);
    } finally {
      await session.close();
    }
  };
  const all = await totalOf(folder);
  let now = Date.UTC(2026, 2, 2);
  const blank = async (...what: Erased[]): Promise<unknown> => {
    const writer = await openWriter({ folder }, 'WA', { now: () => now });
    await writer.blank(what);
    await writer.close();
    return marked();
  };
  expect(await blank({ index: 5 })).toEqual([0, 1, 2, 3, 4, 6]);
  expect(await blank({ day: '2026-02-02', kind: 'disclosure' })).toEqual([0, 2, 4, 6]);
  expect(await blank({ day: '2026-02-02', kind: 'other' })).toEqual([0, 6]);
  const { sealing } = await manifestOf(folder);
  expect(await blank({ day: '2026-02-02', kind: 'all' }, { day: '2026-02-09', kind: 'all' })).toEqual([0, 6]);
  expect((await manifestOf(folder)).sealing).toBe(sealing);
  expect(await totalOf(folder)).toEqual(all);
  now += 600_000;
  await blank({ index: 99 });
  expect((await readdir(ownerFolder(folder, 'WA'))).filter((name) => name.startsWith('2026-02.'))).toHaveLength(2);
});
