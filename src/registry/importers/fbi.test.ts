import { describe, expect, it } from 'vitest';
import { affiliation, certification, withRows } from '../cases.ts';
import { checkContent } from '../check.ts';
import { hashContent } from '../hash.ts';
import type { RegistryContent } from '../model.ts';
import { emptyContent } from '../rows.ts';
import { createSnapshot } from '../snapshot.ts';
import { tableOf } from './cases.ts';
import { importFbi } from './fbi.ts';
import type { ImportReport } from './report.ts';

const heading = 'ori,name,name_2018,agency_type,state,county';
const options = { file: 'agencies.csv' };
const reasons = (report: ImportReport): string[] => report.notTaken.map(({ line, reason }) => `${line} ${reason}`);
const sum = (report: ImportReport): number => report.added + report.updated + report.unchanged + report.notTaken.length;
const attributes = (content: RegistryContent, ori: string) => createSnapshot(content, 1, 'h').requester(ori)?.attributes('CO', new Date('2025-06-01'));

describe('the FBI list', () => {
  it('takes a row of each type, with what the type says and no more', () => {
    const { content, report } = importFbi(tableOf(heading,
      'CO0990100,Springfield,Springfield Police Department,City,CO,JUNIPER', 'CO0990000,Juniper,,County,CO,JUNIPER', 'NB0990200,State Patrol: Juniper,,State Police,NB,',
      'CO0990300,Weights Board,,Other State Agency,CO,', 'CO0990400,Springfield College,,University or College,CO,', 'CO0990500,Springfield Tribal,,Tribal,CO,',
      'CO0990600,Juniper Schools,,Other,CO,', 'GM0990000,Island State Police,,State Police,GU,',
    ), emptyContent, options);
    expect(reasons(report)).toEqual([]);
    expect(report).toMatchObject({ rows: 8, added: 8, updated: 0, unchanged: 0, made: ['ne', 'co', 'gu'] });
    expect(checkContent(content)).toEqual([]);
    expect(attributes(content, 'CO0990100')).toMatchObject({ level: 'municipal', department: 'none', component: ['none'], homeState: 'CO', mission: ['generalPolice'], criminalJustice: 'yes', audit: 'undeclared' });
    expect(attributes(content, 'CO0990000')).toMatchObject({ level: 'county', mission: ['generalPolice'] });
    expect(attributes(content, 'NB0990200')).toMatchObject({ level: 'state', homeState: 'NE' });
    expect(attributes(content, 'CO0990300')).toMatchObject({ level: 'state', mission: ['undeclared'] });
    expect(attributes(content, 'CO0990400')).toMatchObject({ level: 'campus', homeState: 'CO' });
    expect(attributes(content, 'CO0990500')).toMatchObject({ level: 'tribal', homeState: 'undeclared' });
    expect(attributes(content, 'CO0990600')).toMatchObject({ level: 'special', mission: ['undeclared'] });
    expect(attributes(content, 'GM0990000')).toMatchObject({ level: 'territorial', homeState: 'GU' });
    expect(content.offices.map((row) => row.type)).toEqual(['PD', 'SO', 'SA', 'SA', 'LE', 'LE', 'LE', 'SA']);
    expect(content.offices.find(({ ori }) => ori === 'CO0990100')).toMatchObject({ name: 'Springfield Police Department', state: 'CO', county: 'JUNIPER' });
    expect(content.organisations.find(({ id }) => id === 'co0990100')?.parent).toBeNull();
    expect(content.organisations.find(({ id }) => id === 'co/co0990300')?.parent).toBe('co');
  });

  it('puts federal agencies where their exact name says, wherever they stand', () => {
    const { content, report } = importFbi(tableOf(heading,
      'CO0990000,Federal Bureau of Investigation,,Federal,US,', 'TX0990000,Federal Bureau of Investigation,,Federal,US,', 'VA0990000,United States Department of the Interior,,Federal,US,',
      'VA0990100,Board of Weights,,Federal,US,', 'VA0990200,Office of Border Statistics,,Federal,US,', 'VA0990300,Federal Bureau of Investigations,,Federal,US,', 'USX990000,U.S. Department of Health and Human Services,,Federal,US,',
    ), emptyContent, options);
    expect(report).toMatchObject({ added: 7, notTaken: [] });
    expect(checkContent(content)).toEqual([]);
    expect(attributes(content, 'CO0990000')).toMatchObject({ level: 'federal', department: 'DOJ', component: ['FBI'], homeState: 'none' });
    expect(content.offices.slice(0, 2).map((row) => [row.organisation, row.state])).toEqual([['us/doj/fbi', 'CO'], ['us/doj/fbi', 'TX']]);
    expect(attributes(content, 'VA0990000')).toMatchObject({ department: 'INTERIOR', component: ['undeclared'] });
    expect(attributes(content, 'VA0990100')).toMatchObject({ department: 'otherFederal', component: ['none'] });
    expect(attributes(content, 'VA0990200')).toMatchObject({ department: 'undeclared', component: ['undeclared'] });
    expect(attributes(content, 'VA0990300')).toMatchObject({ department: 'otherFederal', component: ['none'] });
    expect(attributes(content, 'USX990000')).toMatchObject({ department: 'HHS', component: ['undeclared'] });
    expect(content.offices.at(-1)?.state).toBe('US');
  });

  it('reports every row that it does not take, with its line, and the counts add up', () => {
    const { content, report } = importFbi(tableOf(heading,
      'CO0990100,Springfield,,City,CO,', 'CO099,Shortville,,City,CO,', 'CO0990100,Springfield again,,City,CO,', 'CO0990200,,,City,CO,', 'CO0990300,A,,Guild,CO,', 'CO0990400,B,,City,Q9,',
      'CO0990500,C,,Federal,CO,', 'CO0990600,D,,City,US,', 'CO0990700,E,,City,CO', 'CO0990800,"F\u0007",,City,CO,',
    ), emptyContent, options);
    expect(reasons(report)).toEqual(['3 badOri', '4 duplicate', '5 noName', '6 unknownType', '7 unknownState', '8 contradiction', '9 contradiction', '10 columnCount', '11 refused']);
    expect(report).toMatchObject({ rows: 10, added: 1 });
    expect(sum(report)).toBe(report.rows);
    expect(content.offices.map(({ ori }) => ori)).toEqual(['CO0990100']);
  });

  it('finds its columns under other headings and by what they hold', () => {
    const { report } = importFbi(tableOf('Ident;Agency Name;kind;Where', 'CO0990100;Springfield;City;Colorado', 'CO0990200;Shelby;City;CO'), emptyContent, options);
    expect(report).toMatchObject({ added: 2 });
    expect(report.columns.map(({ column, by }) => [column, by])).toEqual([['Ident', 'content'], ['kind', 'content'], ['Where', 'content'], ['Agency Name', 'heading'], [null, null], [null, null]]);
  });

  it('merges: the same again changes nothing, others stay, a person\'s placing and audit stay', () => {
    const table = tableOf(heading, 'CO0990100,Springfield,,City,CO,', 'COZZ00100,Springfield Renamed,,City,CO,');
    const before = withRows({ affiliations: [affiliation('sharedOri', 'co/springfield', 'co/juniper')], certifications: [certification('us/dhs/ice')] });
    const first = importFbi(table, before, options);
    expect(first.report).toMatchObject({ added: 1, updated: 1, unchanged: 0 });
    expect(first.content.offices.find(({ ori }) => ori === 'COZZ00100')).toMatchObject({ organisation: 'co/springfield', name: 'Springfield Renamed' });
    expect(first.content.organisations).toEqual(expect.arrayContaining([...before.organisations]));
    const closed = { ...before, offices: before.offices.map((row) => ({ ...row, active: false })) };
    expect(importFbi(table, closed, options).content.offices.find(({ ori }) => ori === 'COZZ00100')?.active).toBe(false);
    expect(first.content.affiliations).toEqual(before.affiliations);
    const audited = { ...first.content, organisations: first.content.organisations.map((row) => (row.id === 'co0990100' ? { ...row, audit: 'failed' as const } : row)) };
    const again = importFbi(table, audited, options);
    expect(again.report).toMatchObject({ added: 0, updated: 0, unchanged: 2 });
    expect(hashContent(again.content)).toBe(hashContent(audited));
  });

  it('replaces only where it is told to, and says how much it dropped', () => {
    const before = withRows({ affiliations: [affiliation('sharedOri', 'co/springfield', 'co/juniper')], certifications: [certification('us/dhs/ice')] });
    const { content, report } = importFbi(tableOf(heading, 'CO0990100,Springfield,,City,CO,'), before, { ...options, replace: true });
    expect(content.offices.map(({ ori }) => ori)).toEqual(['CO0990100']);
    expect(content.affiliations).toEqual([]);
    expect(report.dropped).toBe(before.organisations.length + before.offices.length + 2);
    expect(checkContent(content)).toEqual([]);
  });

  it('does not blame the file for rows that were unsound before', () => {
    const before = withRows({ affiliations: [affiliation('sharedOri', 'co/springfield', 'nobody')] });
    expect(() => importFbi(tableOf(heading, 'CO0990100,Springfield,,City,CO,'), before, options)).toThrow(expect.objectContaining({ code: 'badContent' }));
  });
});
