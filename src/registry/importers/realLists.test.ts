import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkContent } from '../check.ts';
import { emptyContent } from '../rows.ts';
import { createSnapshot } from '../snapshot.ts';
import { importAgreements } from './agreements.ts';
import { importFbi } from './fbi.ts';
import { countReasons, type ImportReport } from './report.ts';
import { importStates } from './states.ts';
import { readTable } from './table.ts';

/** The published lists lie beside the repository and are no part of it. */
const data = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const there = existsSync(data);
const list = (path: string) => readTable(readFileSync(`${data}/${path}`));
const sum = (report: ImportReport): number => report.added + report.updated + report.unchanged + report.notTaken.length;

describe.skipIf(!there)('the published lists (skipped where ../shared/data is absent)', () => {
  const states = there ? importStates(list('states/states.csv'), emptyContent, { file: 'states.csv' }) : null;
  const fbi = states === null ? null : importFbi(list('agencies/us-le-agencies.csv'), states.content, { file: 'us-le-agencies.csv' });

  it('states: all 52 rows', () => {
    expect(states?.report).toMatchObject({ rows: 52, added: 52, notTaken: [] });
  });

  it('FBI: 20,590 of 20,591 rows; one calls a state agency federal', () => {
    const report = fbi?.report as ImportReport;
    expect(report).toMatchObject({ rows: 20_591, added: 20_590, updated: 0, unchanged: 0 });
    expect(report.notTaken).toMatchObject([{ line: 2948, reason: 'contradiction', what: 'FLDOA0300' }]);
    expect(sum(report)).toBe(report.rows);
    expect(checkContent(fbi?.content ?? emptyContent)).toEqual([]);
  });

  it('an agency is found by its ORI, with its attributes', () => {
    const snapshot = createSnapshot(fbi?.content ?? emptyContent, 1, 'h');
    const city = snapshot.requester('AK0010100');
    expect(city?.name).toBe('Anchorage Police Department');
    expect(city?.attributes('CO', new Date('2025-08-01'))).toMatchObject({ level: 'municipal', homeState: 'AK', mission: ['generalPolice'], program287g: ['none'] });
    expect(snapshot.requester('DEDEA0100')?.attributes('CO', new Date('2025-08-01'))).toMatchObject({ level: 'federal', department: 'DOJ', component: ['DEA'], homeState: 'none' });
    expect(snapshot.requester('NB0010000')?.attributes('CO', new Date('2025-08-01')).homeState).toBe('NE');
  });

  it.each<[string, number, number, Record<string, number>]>([
    ['participating-2025-07-18.csv', 832, 740, { unmatched: 88, badDate: 3, ambiguous: 1 }],
    ['agreements-seen-2025-05-to-07.csv', 860, 746, { unmatched: 102, duplicate: 7, badDate: 3, ambiguous: 1, unknownState: 1 }],
    ['pending-2025-07-18.csv', 26, 0, { notSigned: 26 }],
  ])('287(g): %s', (file, rows, added, reasons) => {
    const { content, report } = importAgreements(list(`ice-287g/${file}`), fbi?.content ?? emptyContent, { file, listDate: '2025-07-18' });
    expect(sum(report)).toBe(report.rows);
    expect({ rows: report.rows, added: report.added, reasons: Object.fromEntries(countReasons(report)) }).toEqual({ rows, added, reasons });
    expect(content.affiliations.every((row) => !row.confirmed)).toBe(true);
    expect(checkContent(content)).toEqual([]);
  });
});
