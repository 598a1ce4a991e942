import { describe, expect, it } from 'vitest';
import { affiliation, certification, office, organisation, smallContent, withRows } from './cases.ts';
import { checkContent } from './check.ts';
import type { CertificationRow, Office, Organisation, RegistryContent } from './model.ts';

const codes = (content: RegistryContent): string[] => checkContent(content).map(({ code, at }) => `${code} ${at}`);
const withOrganisation = (...rows: Organisation[]): RegistryContent => withRows({ organisations: [...smallContent.organisations, ...rows] });
const withOffice = (row: Office): RegistryContent => withRows({ offices: [row] });

describe('a sound registry', () => {
  it('has no faults', () => expect(checkContent(smallContent)).toEqual([]));
});

describe('organisations that are refused', () => {
  it.each<[string, Organisation[], string[]]>([
    ['an id with capitals', [organisation('US/DHS')], ['badId id']],
    ['an empty name', [organisation('x', { name: ' ' })], ['badName name']],
    ['a control character', [organisation('x', { name: 'a\u0000b' })], ['badName name']],
    ['half a surrogate pair', [organisation('x', { name: 'a\ud800' })], ['badName name']],
    ['a level that is no word', [organisation('x', { level: 'galactic' as 'county' })], ['badWord level']],
    ['a mission that is no word', [organisation('x', { missions: ['toString' as 'court'] })], ['badWord missions']],
    ['a parent that is not there', [organisation('x', { parent: 'y' })], ['unknownParent parent']],
    ['a circle', [organisation('x', { parent: 'y' }), organisation('y', { parent: 'x' })], ['circular parent', 'circular parent']],
    ['its own parent', [organisation('x', { parent: 'x' })], ['circular parent']],
    ['the same id again', [organisation('us', { level: 'federal' })], ['duplicate key']],
    ['ICE outside DHS', [organisation('x', { level: 'federal', department: 'DOJ', component: 'ICE' })], ['constraint component-in-department']],
    ['HSI outside ICE', [organisation('x', { parent: 'us/dhs', component: 'HSI' })], ['constraint component-with-parent']],
    ['a city in a department', [organisation('x', { parent: 'us/dhs', level: 'municipal', homeState: 'CO' })], ['constraint department-is-federal']],
    ['a federal body with a home state', [organisation('x', { parent: 'co', level: 'federal', department: 'DOJ' })], ['constraint federal-has-no-home-state']],
    ['undeclared beside a mission', [organisation('x', { missions: ['court', 'undeclared'] })], ['constraint mission-is-total']],
  ])('%s', (_what, rows, expected) => expect(codes(withOrganisation(...rows))).toEqual(expected));
});

describe('offices that are refused', () => {
  it.each<[string, Office, string[]]>([
    ['a short ORI', office('CO123', 'co'), ['badOri ori']],
    ['a lower-case ORI', office('coZZ00100', 'co', { state: 'CO' }), ['badOri ori']],
    ['an ORI of digits', office('123456789', 'co', { state: 'CO' }), ['badOri ori']],
    ['nobody behind it', office('COZZ00100', 'nobody'), ['unknownOrganisation organisation']],
    ['no state', office('COZZ00100', 'co', { state: '' }), ['badState state']],
    ['a type of three letters', office('COZZ00100', 'co', { type: 'PDX' }), ['badWord type']],
  ])('%s', (_what, row, expected) => expect(codes(withOffice(row))).toEqual(expected));
});

describe('affiliations that are refused', () => {
  const good = affiliation('program287g', 'co/juniper', 'us/dhs/ice', { detail: 'jail' });
  it.each([
    ['an unknown end', { ...good, from: 'nobody' }, ['unknownOrganisation from']],
    ['an edge to itself', { ...good, kind: 'sharedOri' as const, detail: null, to: good.from }, ['selfEdge to']],
    ['a day that does not exist', { ...good, since: '2025-02-30' }, ['badDate since']],
    ['an end before the beginning', { ...good, until: '2024-12-31' }, ['badDate until']],
    ['no provenance', { ...good, provenance: '' }, ['badName provenance']],
    ['a detail of another kind', { ...good, detail: 'drugs' as const }, ['badDetail detail']],
    ['a detail where none belongs', { ...good, kind: 'sharedOri' as const }, ['badDetail detail']],
    ['an agreement that says none', { ...good, detail: 'none' as const }, ['badDetail detail']],
    ['an agreement without a federal end', { ...good, to: 'co/springfield' }, ['notFederal from or to']],
    ['an agreement between federal bodies', { ...good, from: 'us/dhs' }, ['notFederal from or to']],
  ])('%s', (_what, row, expected) => expect(codes(withRows({ affiliations: [row] }))).toEqual(expected));

  it('the same edge of the same day twice', () => expect(codes(withRows({ affiliations: [good, { ...good, until: '2026-01-01' }] }))).toEqual(['duplicate key']));
  it('but not a renewal', () => expect(codes(withRows({ affiliations: [good, { ...good, since: '2026-01-01' }] }))).toEqual([]));
});

describe('certifications that are refused', () => {
  it.each<[string, CertificationRow, string[]]>([
    ['nobody', certification('nobody'), ['unknownOrganisation organisation']],
    ['the word none', certification('co', { certification: 'none' as 'permissibleUse' }), ['badWord certification']],
    ['an owner that is none', certification('co', { owner: 'ZZ' as 'CO' }), ['badWord owner']],
    ['an end before the beginning', certification('co', { until: '2025-02-28' }), ['badDate until']],
  ])('%s', (_what, row, expected) => expect(codes(withRows({ certifications: [row] }))).toEqual(expected));
});
