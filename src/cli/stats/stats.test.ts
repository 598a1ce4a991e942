import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArchiveSession } from '../../insight/archive/types.ts';
import { readPeriod } from '../../insight/period.ts';
import { inventedDecisions, memorySession, testDataset, testNames } from '../../insight/statistics/cases.ts';
import { rowsBehind } from '../../insight/statistics/behind.ts';
import { tabulate } from '../../insight/statistics/index.ts';
import { withLeaves } from './ledgerSide.ts';
import { questionOf, stats, type StatsOptions } from './stats.ts';
import { tableCsv } from './tableCsv.ts';
import { tableText } from './tableText.ts';

const decisions = inventedDecisions(400);
let session: ArchiveSession;
beforeAll(async () => {
  session = await memorySession(decisions, readPeriod('2026-Q1', 0), { dataset: { ...testDataset, kind: 'invented', name: 'year', label: 'Invented.' } });
});
afterAll(() => session.close());

const exitOf = (work: () => unknown): Promise<unknown> => Promise.resolve().then(work).then(() => 0, (error: unknown) => (error as { exit?: unknown }).exit);

describe('the question of a command line', () => {
  it('is read whole, and its period may stand in the search', () => {
    expect(questionOf({ by: 'party,month', where: ['status!=refused', 'purpose:fraud'], compare: true })).toMatchObject({ query: { by: [{ dimension: 'party' }, { dimension: 'month' }], compare: true, limit: 40, where: [{ not: true }, { words: ['fraud'] }] }, period: undefined });
    expect(questionOf({ where: ['created:2026-01 party:tribal'], json: true })).toMatchObject({ query: { limit: null }, period: '2026-01' });
    expect(questionOf({ limit: 'all' }).query.limit).toBeNull();
  });

  it('is a slip of the caller where it means nothing, before anything is opened', async () => {
    const wrong: readonly StatsOptions[] = [{ by: 'x' }, { by: 'party,party' }, { where: ['party'] }, { where: ['party=x'] }, { where: ['created:2026'], period: '2026' }, { csv: true, json: true }, { rows: 5, csv: true }, { rows: true, compare: true }, { rows: 1, fromLedger: true }];
    for (const one of wrong) expect(await exitOf(() => stats({ data: '/nowhere', ...one }, 'WA')), JSON.stringify(one)).toBe(2);
  });

  it('about leaves is refused of a data set that has none', async () => {
    expect(await exitOf(() => withLeaves({}, session, () => Promise.resolve(1)))).toBe(2);
  });
});

describe('a table', () => {
  it('says for people what it rests on, and that it is invented', async () => {
    for (const by of [[], [{ dimension: 'party' as const }], [{ dimension: 'status' as const }, { dimension: 'month' as const }], [{ dimension: 'agency' as const }, { dimension: 'released' as const }]]) {
      const table = await tabulate(session, { by, where: [], compare: by.length === 1, limit: null }, { names: testNames });
      const text = tableText(table, testNames);
      expect(text.startsWith('INVENTED DATA.')).toBe(true);
      for (const part of ['UTC', 'Data set year (invented)', '1 January 2026 to 31 March 2026', table.total.n.toLocaleString('en-US'), table.command, '--rows']) expect(text).toContain(part);
      if (by.length === 1) expect(text).toContain('does not reach back a year');
    }
  });

  it('is CSV of which each line says what it is about', async () => {
    const table = await tabulate(session, { by: [{ dimension: 'agency' }, { dimension: 'status' }], where: [], compare: false, limit: null }, { names: { ...testNames, agency: () => '=HYPERLINK("x")' } });
    const lines = parse<Record<string, string>>(tableCsv(table), { columns: true, record_delimiter: '\r\n' });
    expect(lines).toHaveLength(table.rows.length + 1);
    expect(lines[0]).toMatchObject({ agencyWords: '\'=HYPERLINK("x")', requests: String(table.rows[0]?.n), from: '2026-01-01', to: '2026-03-31', timeZone: 'UTC', dataset: 'year', kind: 'invented', owner: 'all' });
    expect(lines.at(-1)).toMatchObject({ agency: 'total', requests: String(table.total.n) });
  });
});

describe('the requests behind a figure', () => {
  it('are the newest that meet its conditions, each with its place', async () => {
    const where = [{ dimension: 'status' as const, words: ['refused'], not: false }];
    const expected = decisions.filter(({ entry }) => entry.status === 'refused' && entry.at >= '2026-01' && entry.at < '2026-04').reverse();
    const rows = await rowsBehind(session, where, 7, testNames);
    expect(rows.map(({ place, at }) => [place, at])).toEqual(expected.slice(0, 7).map(({ index, entry }) => [`${entry.owner}#${index}`, entry.at]));
    expect(rows[0]?.open).toBeNull();
    const own = await memorySession(decisions, readPeriod('2026-Q1', 0));
    expect((await rowsBehind(own, where, 1, testNames))[0]?.open).toContain(`--index ${expected[0]?.index}`);
    await own.close();
  });
});
