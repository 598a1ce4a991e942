import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleArchive, sampleSession, sampleTag } from './sample.ts';

let archive: string;
beforeEach(async () => {
  archive = await mkdtemp(join(tmpdir(), 'weir-archive-'));
});
afterEach(() => rm(archive, { recursive: true, force: true }));

test('what a writer sealed is read back: rows, counts, dictionaries and words', async () => {
  const folder = await sampleArchive(archive, [
    { at: '2026-09-30T23:59:59.999Z', subject: 'a', self: true, sex: 'F' },
    { at: '2026-10-01T00:00:00.000Z', ori: 'DCICE0000', attributes: { level: 'federal', department: 'DHS', component: ['ICE'], homeState: 'none' }, status: 'refused', user: 'u', sameSurname: false, times: 3 },
    { at: '2026-10-01T00:00:02.000Z', type: 'opening' },
    { owner: 'OR', at: '2026-10-02', behalf: { ori: 'OR0260100' } },
  ]);
  const session = await sampleSession(folder);
  try {
    expect(session.owners).toEqual(['OR', 'WA']);
    expect(session.watermarks.get('WA')).toEqual({ next: 5, newest: Date.parse('2026-10-01T00:00:02.000Z') });
    const rows = await session.query<Record<string, unknown>>('SELECT * FROM rows ORDER BY owner, index');
    expect(rows.map((row) => [row['owner'], row['index'], row['at'], row['type'], row['who'], row['subject'], row['user'], row['self'], row['sameSurname'], row['sex'], row['records']])).toEqual([
      ['OR', 0, Date.parse('2026-10-02T12:00:00Z'), 'decision', 0, null, null, null, null, null, 1],
      ['WA', 0, Date.parse('2026-09-30T23:59:59.999Z'), 'decision', 0, sampleTag('a'), null, true, null, 'F', 1],
      ...[0, 1, 2].map((n) => ['WA', n + 1, Date.UTC(2026, 9, 1) + n * 1000, 'decision', 1, null, sampleTag('u'), null, false, null, 0]),
      ['WA', 4, Date.UTC(2026, 9, 1) + 2000, 'opening', null, null, null, null, null, null, 0],
    ]);
    expect(await session.query('SELECT owner, month, sum(n) AS n FROM rollup GROUP BY ALL ORDER BY ALL')).toEqual([
      { owner: 'OR', month: '2026-10-01', n: 1 }, { owner: 'WA', month: '2026-09-01', n: 1 }, { owner: 'WA', month: '2026-10-01', n: 4 },
    ]);
    expect(await session.query('SELECT party, sum(n) AS n FROM totals JOIN requesters r USING (owner) JOIN attributes a USING (owner) WHERE who = r.id AND r.attributes = a.id GROUP BY ALL ORDER BY ALL')).toEqual([{ party: 'immigration', n: 3 }, { party: 'otherState', n: 1 }, { party: 'ownState', n: 1 }]);
    const words = await session.words('WA');
    expect(words.requesters.map(({ ori }) => ori)).toEqual(['WA0170100', 'DCICE0000']);
    expect(words.attributes[1]).toMatchObject({ component: ['ICE'], party: 'immigration' });
    expect(words.outcomes[1]?.decisions[0]).toEqual({ dataClass: 'licenceStatus', outcome: 'deny', rules: [], treatment: null, review: null });
    expect((await session.query<{ wanted: string[] }>('SELECT wanted FROM contexts LIMIT 1'))[0]?.wanted).toContain('address');
    const ints: number[] = [];
    await session.columns('SELECT who, "user", self, at_day FROM (SELECT *, CAST("at" AS DATE) AS at_day FROM rows WHERE owner = \'WA\' ORDER BY index)', (chunk) => {
      ints.push(...chunk.ints(0));
      expect([...chunk.longs(1)]).toEqual([0n, sampleTag('u'), sampleTag('u'), sampleTag('u'), 0n]);
      expect([...chunk.ints(2)]).toEqual([1, -1, -1, -1, -1]);
    });
    expect(ints).toEqual([0, 1, 1, 1, -1]);
    await session.table('mine', { a: Int32Array.of(1, -1, 3), b: Int32Array.of(4, 5, 6) });
    expect(await session.query('SELECT * FROM mine')).toEqual([{ a: 1, b: 4 }, { a: null, b: 5 }, { a: 3, b: 6 }]);
    const october = await session.over({ from: Date.UTC(2026, 9, 1), to: Date.UTC(2026, 9, 2), text: '2026-10-01' });
    expect(await october.query('SELECT count(*) AS n FROM rows')).toEqual([{ n: 4 }]);
    expect(await october.query('SELECT sum(n) AS n FROM totals')).toEqual([{ n: 4 }]);
  } finally {
    await session.close();
  }
});
