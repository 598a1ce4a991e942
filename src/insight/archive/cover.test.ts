import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { coverOf } from './cover.ts';
import type { Segment } from './manifest.ts';
import { sampleArchive, sampleSession, type SampleRow } from './sample.ts';
import type { Period } from './types.ts';

let archive: string;
beforeEach(async () => {
  archive = await mkdtemp(join(tmpdir(), 'weir-cover-'));
});
afterEach(() => rm(archive, { recursive: true, force: true }));

const day = 86_400_000;
const start = Date.UTC(2025, 10, 20);
const days = 110;

const moment = fc.integer({ min: 0, max: days * 24 - 1 }).map((hour) => new Date(start + hour * 3_600_000).toISOString());
const row: fc.Arbitrary<SampleRow> = fc.record({
  at: moment, owner: fc.constantFrom('WA', 'OR'), ori: fc.constantFrom('WA0170100', 'DCICE0000'), status: fc.constantFrom('answered', 'refused'), records: fc.integer({ min: 0, max: 3 }),
  type: fc.constantFrom('decision', 'decision', 'opening'), purpose: fc.constantFrom('notStated', 'officerSafety'),
});
const period: fc.Arbitrary<Period> = fc.tuple(fc.integer({ min: -3, max: days }), fc.integer({ min: 1, max: days })).map(([from, length]) => ({ from: start + from * day, to: start + (from + length) * day, text: '' }));
const months: Period = { from: Date.UTC(2025, 10, 1), to: Date.UTC(2026, 2, 1), text: '2025-11..2026-02' };

test('in every period, over any sealings and compactions, the rollup and the totals are the rows counted, and the rows are those of the period', async () => {
  let run = 0;
  await fc.assert(fc.asyncProperty(
    fc.array(row, { minLength: 1, maxLength: 60, size: 'max' }), fc.integer({ min: 6, max: 40 }), fc.boolean(), fc.option(fc.integer({ min: 0, max: days + 60 }), { nil: null }), fc.array(period, { minLength: 4, maxLength: 4 }), fc.boolean(),
    async (rows, sealEvery, sorted, compactDay, periods, monthly) => {
      const given = sorted ? [...rows].sort((a, b) => (a.at < b.at ? -1 : 1)) : rows;
      const folder = await sampleArchive(archive, given, { name: `run-${(run += 1)}`, sealEvery, monthly, ...(compactDay === null ? {} : { compactAt: start + compactDay * day }) });
      const session = await sampleSession(folder);
      try {
        for (const asked of [...periods, months]) {
          const reading = await session.over(asked);
          const inside = given.filter(({ at }) => Date.parse(at) >= asked.from && Date.parse(at) < asked.to);
          const key = '"type", "who", "behalf", "context", "outcome", owner';
          expect((await reading.query<{ n: number }>('SELECT count(*) AS n FROM rows'))[0]?.n).toBe(inside.length);
          const byRows = await reading.query(`SELECT CAST(date_trunc('month', "at") AS DATE) AS month, ${key}, count(*) AS n, sum(records) AS records FROM rows GROUP BY ALL ORDER BY ALL`);
          expect(await reading.query(`SELECT month, ${key}, sum(n) AS n, sum(records) AS records FROM rollup GROUP BY ALL ORDER BY ALL`)).toEqual(byRows);
          expect(await reading.query(`SELECT ${key}, sum(n) AS n, sum(records) AS records FROM totals GROUP BY ALL ORDER BY ALL`))
            .toEqual(await reading.query(`SELECT ${key}, count(*) AS n, sum(records) AS records FROM rows GROUP BY ALL ORDER BY ALL`));
          await reading.close();
        }
        expect(await session.query('SELECT owner, count(*) AS n, count(DISTINCT index) AS d, min(index) AS least, max(index) AS greatest FROM rows GROUP BY ALL ORDER BY ALL'))
          .toEqual(['OR', 'WA'].map((owner) => [owner, given.filter((one) => one.owner === owner).length] as const).filter(([, n]) => n > 0).map(([owner, n]) => ({ owner, n, d: n, least: 0, greatest: n - 1 })));
      } finally {
        await session.close();
      }
    }), { numRuns: 4 });
});

test('a cover has each row of the period once, and no other', () => {
  const hour = fc.integer({ min: 0, max: 24 * days });
  const segments = fc.array(fc.tuple(fc.constantFrom('2025-11', '2025-12', '2026-01'), fc.array(fc.integer({ min: 0, max: 27 * 24 }), { minLength: 1, maxLength: 4 })), { maxLength: 8 });
  fc.assert(fc.property(segments, fc.subarray([1, 11, 12]), hour, hour, (made, inYears, a, b) => {
    const [from, to] = [start + Math.min(a, b) * 3_600_000, start + Math.max(a, b) * 3_600_000];
    const rows = new Map<Segment, number[]>(made.map(([month, hours], n) => {
      const times = hours.map((one) => Date.parse(`${month}-01`) + one * 3_600_000);
      return [{ name: `${month}.${String(n).padStart(6, '0')}`, rows: times.length, bytes: 1, rollupRows: 1, rollupBytes: 1, first: 0, last: 1, oldest: Math.min(...times), newest: Math.max(...times) }, times];
    }));
    const list = [...rows.keys()];
    const years = [2025, 2026].map((year) => ({ name: `${year}.000001`, year, rows: 1, bytes: 1, months: inYears.filter((month) => (year === 2026) === (month === 1)) }));
    const cover = coverOf({ segments: list, years }, { from, to });
    const timesOf = (some: readonly Segment[]): number[] => some.flatMap((one) => rows.get(one)!);
    const inside = (at: number): boolean => at >= from && at < to;
    const expected = timesOf(list).filter(inside).sort();
    expect([...timesOf(cover.whole), ...timesOf(cover.part).filter(inside)].sort()).toEqual(expected);
    const ofYears = cover.years.flatMap(({ year, months }) => timesOf(list.filter(({ name }) => months.some((month) => name.startsWith(`${year.year}-${String(month).padStart(2, '0')}`)))));
    expect([...ofYears, ...timesOf(cover.beside), ...timesOf(cover.part).filter(inside)].sort()).toEqual(expected);
  }), { numRuns: 3_000 });
});
