import { describe, expect, it } from 'vitest';
import { office, organisation } from '../cases.ts';
import { checkContent } from '../check.ts';
import type { RegistryContent } from '../model.ts';
import { createSnapshot } from '../snapshot.ts';
import { confirmSuggestions, suggestionsOf } from '../suggestions.ts';
import { importAgreements } from './agreements.ts';
import { tableOf } from './cases.ts';
import type { ImportReport } from './report.ts';

const heading = 'state,agency,agency_type,county,support_type,signed,ori';
const options = { file: 'participating-2025-07-18.csv', listDate: null };
const local = (id: string, name: string, level: 'county' | 'municipal' | 'state' | 'campus', ori: string): Pick<RegistryContent, 'organisations' | 'offices'> =>
  ({ organisations: [organisation(id, { name, level, homeState: 'CO' })], offices: [office(ori, id, { name })] });
const parts = [
  local('juniper', "Juniper County Sheriff's Office", 'county', 'CO0010000'), local('juniper-police', 'Juniper County Police Department', 'county', 'CO0010100'),
  local('springfield', 'Springfield Police Department', 'municipal', 'CO0020100'), local('springfield-town', 'Springfield Town Police Department', 'municipal', 'CO0020200'),
  local('saint-mary', 'St. Mary Police Dept.', 'municipal', 'CO0030100'), local('patrol', 'Colorado State Patrol', 'state', 'CO0040000'), local('college', 'Juniper College', 'campus', 'CO0050000'),
  local('shelby', 'Shelby', 'county', 'CO0060000'),
];
const current: RegistryContent = { organisations: parts.flatMap((part) => part.organisations), offices: parts.flatMap((part) => part.offices), affiliations: [], certifications: [] };
const ends = (content: RegistryContent): string[] => content.affiliations.map((row) => `${row.from} ${String(row.detail)} ${row.since}`);
const reasons = (report: ImportReport): string[] => report.notTaken.map(({ line, reason }) => `${line} ${reason}`);

describe('a 287(g) list', () => {
  it('matches names to organisations, as suggestions with the list and its day', () => {
    const { content, report } = importAgreements(tableOf(heading,
      'CO,Juniper County Sheriff\u2019s Office,County,Juniper County,Jail Enforcement Model,2025-02-01,', 'CO,JUNIPER CO. SHERIFF DEPT,County,,Task Force Model,3/4/2025,',
      'CO,Saint Mary Police Department,Municipality,,Warrant Service Officer,2025-05-06,', 'CO,Colorado State Patrol,State Agency,,Task Force Model,2025-05-07,',
      'CO,Juniper College Police Department,State Agency,,Task Force Model,2025-05-08,', 'CO,Shelby County Sheriff,County,Shelby,Task Force Model,2025-05-09,',
    ), current, options);
    expect(reasons(report)).toEqual([]);
    expect(report).toMatchObject({ rows: 6, added: 6, made: ['us', 'us/dhs', 'us/dhs/ice'] });
    expect(ends(content)).toEqual([
      'juniper jail 2025-02-01', 'juniper taskForce 2025-03-04', 'saint-mary warrantService 2025-05-06', 'patrol taskForce 2025-05-07', 'college taskForce 2025-05-08', 'shelby taskForce 2025-05-09',
    ]);
    expect(content.affiliations.every((row) => !row.confirmed && row.to === 'us/dhs/ice' && row.provenance.includes('participating-2025-07-18.csv of 2025-07-18, matched by name'))).toBe(true);
    expect(content.affiliations.map((row) => row.grade)).toEqual(['contractOnly', 'inseparable', 'contractOnly', 'inseparable', 'inseparable', 'inseparable']);
    expect(checkContent(content)).toEqual([]);
    expect(createSnapshot(content, 1, 'h').requester('CO0010000')?.attributes('CO', new Date('2025-06-01')).program287g).toEqual(['undeclared']);
    expect(createSnapshot(content, 1, 'h').requester('CO0010000')?.attributes('CO', new Date('2025-01-31')).program287g).toEqual(['none']);
  });

  it('reports what it does not take, with candidates, and the counts add up', () => {
    const { report } = importAgreements(tableOf(heading,
      'CO,Springfield,Municipality,,Task Force Model,2025-02-01,', 'CO,Nowhere Police Department,Municipality,,Task Force Model,2025-02-01,', 'CO,Juniper Valley College,County,,Task Force Model,2025-02-01,',
      'QQ,Saint Mary Police,Municipality,,Task Force Model,2025-02-01,', 'CO,Saint Mary Police,Municipality,,Hot Pursuit Model,2025-02-01,', 'CO,Saint Mary Police,Municipality,,Task Force Model,,',
      'CO,Saint Mary Police,Municipality,,Task Force Model,7/72025,', 'CO,Saint Mary Police,Municipality,,Task Force Model,2025-07-19,', 'CO,,Municipality,,Task Force Model,2025-02-01,',
      'CO,Saint Mary Police,Municipality,,Task Force Model,2025-02-01,', 'CO,St Mary Police Department,Municipality,,Task Force Model,2/1/2025,', 'CO,Saint Mary Police',
    ), current, options);
    expect(reasons(report)).toEqual(['2 ambiguous', '3 unmatched', '4 unmatched', '5 unknownState', '6 unknownModel', '7 notSigned', '8 badDate', '9 badDate', '10 noName', '12 duplicate', '13 columnCount']);
    expect(report.notTaken[0]?.candidates).toEqual(['springfield', 'springfield-town']);
    expect(report.notTaken[2]?.candidates).toEqual(['college']);
    expect(report.added + report.updated + report.unchanged + report.notTaken.length).toBe(report.rows);
  });

  it('takes an ORI beside the name as a hint: it can settle which is meant, and never confirms', () => {
    const { content, report } = importAgreements(tableOf(heading,
      'CO,Springfield,Municipality,,Task Force Model,2025-02-01,CO0020200', 'CO,Saint Mary Police,Municipality,,Task Force Model,2025-02-01,CO0020100',
    ), current, options);
    expect(ends(content)).toEqual(['springfield-town taskForce 2025-02-01']);
    expect(content.affiliations[0]).toMatchObject({ confirmed: false });
    expect(report.notTaken).toMatchObject([{ line: 3, reason: 'ambiguous', candidates: ['saint-mary', 'springfield'] }]);
  });

  it('does not take a state agency for a city or county of like name, nor a sheriff for a county police', () => {
    const without = { ...current, organisations: current.organisations.filter(({ id }) => id !== 'juniper'), offices: current.offices.filter((row) => row.organisation !== 'juniper') };
    const { report } = importAgreements(tableOf(heading,
      'CO,Shelby Department of Public Safety,State Agency,,Task Force Model,2025-02-01,', 'CO,Juniper County Sheriff,County,Juniper County,Task Force Model,2025-02-01,',
    ), without, options);
    expect(reasons(report)).toEqual(['2 unmatched', '3 unmatched']);
  });

  it('leaves alone what is on record: a confirmed agreement is not made a suggestion again', () => {
    const table = tableOf(heading, 'CO,Juniper County Sheriff,County,,Jail Enforcement Model,2025-02-01,', 'CO,Saint Mary Police,Municipality,,Task Force Model,2025-02-01,');
    const first = importAgreements(table, current, options).content;
    const jail = suggestionsOf(first).filter(({ affiliation }) => affiliation.from === 'juniper').map(({ id }) => id);
    const confirmed = confirmSuggestions(first, jail, { by: 'the records desk', on: '2025-08-01' });
    const again = importAgreements(table, confirmed, { ...options, file: 'participating-2025-08-18.csv' });
    expect(again.report).toMatchObject({ added: 0, updated: 0, unchanged: 2 });
    expect(again.content.affiliations).toEqual(expect.arrayContaining([...confirmed.affiliations]));
  });

  it('with replace, drops suggestions that are no longer listed, and no confirmed agreement', () => {
    const both = tableOf(heading, 'CO,Juniper County Sheriff,County,,Jail Enforcement Model,2025-02-01,', 'CO,Saint Mary Police,Municipality,,Task Force Model,2025-02-01,');
    const first = importAgreements(both, current, options).content;
    const confirmed = confirmSuggestions(first, suggestionsOf(first).filter(({ affiliation }) => affiliation.from === 'juniper').map(({ id }) => id), { by: 'the records desk', on: '2025-08-01' });
    const other = tableOf(heading, 'CO,Colorado State Patrol,State Agency,,Task Force Model,2025-02-01,');
    expect(ends(importAgreements(other, confirmed, options).content)).toHaveLength(3);
    const replaced = importAgreements(other, confirmed, { ...options, replace: true });
    expect(ends(replaced.content)).toEqual(['juniper jail 2025-02-01', 'patrol taskForce 2025-02-01']);
    expect(replaced.report).toMatchObject({ dropped: 1, added: 1 });
    expect(replaced.report.notes).toHaveLength(1);
  });

  it('ends an agreement on the last day on which a list of several days has it', () => {
    const { content } = importAgreements(tableOf('state,agency,support_type,signed,first_seen,last_seen',
      'CO,Juniper County Sheriff,Task Force Model,2025-02-01,2025-05-16,2025-07-01', 'CO,Saint Mary Police,Task Force Model,2025-02-01,2025-05-16,2025-07-18',
    ), current, { file: 'agreements.csv', listDate: '2025-07-18' });
    expect(content.affiliations.map((row) => row.until)).toEqual(['2025-07-01', null]);
  });

  it('needs the day of the list', () => {
    expect(() => importAgreements(tableOf(heading), current, { file: 'list.csv', listDate: null })).toThrow(expect.objectContaining({ code: 'badDate' }));
    expect(() => importAgreements(tableOf(heading), current, { file: 'list.csv', listDate: '2025-13-01' })).toThrow(expect.objectContaining({ code: 'badDate' }));
  });
});
