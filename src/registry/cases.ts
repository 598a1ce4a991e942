import fc from 'fast-check';
import { componentTree, missions, namesOf, type AffiliationKind } from '../vocabulary/index.ts';
import { textOfDay } from './days.ts';
import type { Affiliation, CertificationRow, Office, Organisation, RegistryContent } from './model.ts';
import { keyOf } from './rows.ts';

/** Rows for tests. Everything in them is invented. */

export function organisation(id: string, given: Partial<Organisation> = {}): Organisation {
  return {
    id, name: `Body ${id}`, parent: null, level: null, department: null, component: null, homeState: null, missions: null, criminalJustice: null, audit: null,
    invented: true, ...given,
  };
}

export function office(ori: string, of: string, given: Partial<Office> = {}): Office {
  return { ori, organisation: of, name: `Office ${ori}`, state: ori.slice(0, 2), county: null, type: 'PD', active: true, ...given };
}

export function affiliation(kind: AffiliationKind, from: string, to: string, given: Partial<Affiliation> = {}): Affiliation {
  return { kind, from, to, detail: null, since: '2025-01-01', until: null, provenance: 'an invented list of 2025-01-01', grade: 'contractOnly', confirmed: true, ...given };
}

export function certification(of: string, given: Partial<CertificationRow> = {}): CertificationRow {
  return { organisation: of, certification: 'noCivilImmigrationUse', owner: 'CO', since: '2025-03-01', until: '2025-03-31', ...given };
}

/** A federal tree down to a part of a component, a state with a city and a county in it, and an office of each. */
export const smallContent: RegistryContent = {
  organisations: [
    organisation('us', { level: 'federal', criminalJustice: 'yes' }),
    organisation('us/dhs', { parent: 'us', department: 'DHS', audit: 'passed' }),
    organisation('us/dhs/ice', { parent: 'us/dhs', component: 'ICE', missions: ['immigrationEnforcement'] }),
    organisation('us/dhs/ice/hsi', { parent: 'us/dhs/ice', component: 'HSI', missions: ['criminalInvestigation', 'immigrationEnforcement'] }),
    organisation('co', { level: 'state', homeState: 'CO' }),
    organisation('co/springfield', { parent: 'co', level: 'municipal', missions: ['generalPolice'], criminalJustice: 'yes' }),
    organisation('co/juniper', { parent: 'co', level: 'county', missions: ['generalPolice', 'corrections'] }),
    organisation('co/juniper/jail', { parent: 'co/juniper', missions: ['corrections'] }),
    organisation('hosting', { level: 'private' }),
  ],
  offices: [
    office('COZZ00100', 'co/springfield'), office('COZZ00200', 'co/juniper', { type: 'SO', county: 'JUNIPER' }), office('COZZ00300', 'co/juniper/jail', { type: 'JC' }),
    office('COICE0001', 'us/dhs/ice', { type: 'FE' }), office('TXHSI0001', 'us/dhs/ice/hsi', { type: 'FE' }),
  ],
  affiliations: [],
  certifications: [],
};

export function withRows(given: Partial<RegistryContent>): RegistryContent {
  return { ...smallContent, ...given };
}

const tops = ['us', 'aa', 'bb'] as const;
const day = fc.integer({ min: 18_000, max: 22_000 });
const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => text.trim() !== '' && !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text));
/** Components that stand directly in a department: a part of one would need its whole in the sample. */
const real = (Object.keys(componentTree) as (keyof typeof componentTree)[]).filter((name) => componentTree[name].under === undefined);
const known = namesOf(missions).filter((name) => name !== 'undeclared');

/** Sound registries of up to some twenty rows of each kind, with every kind of row. */
export const soundContent: fc.Arbitrary<RegistryContent> = fc.record({
  local: fc.uniqueArray(fc.record({
    number: fc.nat(30), name: words, level: fc.constantFrom('municipal', 'county', 'state', 'tribal', 'private', null), top: fc.constantFrom('aa', 'bb', null),
    missions: fc.option(fc.uniqueArray(fc.constantFrom(...known), { minLength: 1, maxLength: 3 })), audit: fc.constantFrom('passed', 'overdue', null), invented: fc.boolean(),
  }), { selector: (row) => row.number, maxLength: 20 }),
  federal: fc.uniqueArray(fc.constantFrom(...real), { maxLength: 6 }),
  edges: fc.array(fc.record({
    kind: fc.constantFrom('program287g', 'taskForce', 'sharedOri', 'vendorHosting', 'delegation', 'component'), from: fc.nat(25), to: fc.nat(25), since: day, length: fc.option(fc.nat(900)),
    program: fc.constantFrom('taskForce', 'jail', 'warrantService', null), force: fc.constantFrom('drugs', 'gangs', null), confirmed: fc.boolean(), provenance: words,
  }), { maxLength: 20 }),
  certified: fc.array(fc.record({ of: fc.nat(25), what: fc.constantFrom('noRedisclosure', 'permissibleUse'), owner: fc.constantFrom('*', 'CO', 'NY'), since: day, length: fc.nat(900) }), { maxLength: 10 }),
}).map(({ local, federal, edges, certified }): RegistryContent => {
  const organisations: Organisation[] = [
    organisation('us', { level: 'federal' }), organisation('aa', { level: 'state', homeState: 'CO' }), organisation('bb', { level: 'territorial', homeState: 'GU' }),
    ...federal.map((name) => organisation(`us/${name.toLowerCase()}`, { parent: 'us', department: componentTree[name].department, component: name })),
    ...local.map(({ number, name, level, top, missions: for_, audit, invented }) => organisation(`${top ?? 'cc'}/${number}`, {
      name, parent: top, level: level as Organisation['level'], missions: for_ as Organisation['missions'], audit: audit as Organisation['audit'], invented,
    })),
  ];
  const at = (place: number): string => (organisations[place % organisations.length] ?? organisation(tops[0])).id;
  const affiliations = edges.map((edge): Affiliation => {
    const kind = edge.kind as AffiliationKind;
    const local_ = at(edge.from + 3 + federal.length);
    return affiliation(kind, kind === 'program287g' ? (local_.startsWith('us') ? 'aa' : local_) : at(edge.from), kind === 'program287g' ? 'us' : at(edge.to), {
      detail: kind === 'program287g' ? edge.program : kind === 'taskForce' ? edge.force : null,
      since: textOfDay(edge.since), until: edge.length === null ? null : textOfDay(edge.since + edge.length), confirmed: edge.confirmed, provenance: edge.provenance,
    });
  });
  return {
    organisations,
    offices: organisations.map((row, place) => office(`ZZ${String(place).padStart(7, '0')}`, row.id, { name: row.name, active: place % 7 !== 6, county: place % 3 === 0 ? row.name : null })),
    affiliations: unique(affiliations.filter((row) => row.from !== row.to), (row) => keyOf('affiliations', row)),
    certifications: unique(certified.map((row) => certification(at(row.of), {
      certification: row.what as CertificationRow['certification'], owner: row.owner as CertificationRow['owner'], since: textOfDay(row.since), until: textOfDay(row.since + row.length),
    })), (row) => keyOf('certifications', row)),
  };
});

function unique<T>(rows: readonly T[], key: (row: T) => string): T[] {
  return [...new Map(rows.map((row) => [key(row), row])).values()];
}
