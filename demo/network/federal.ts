import { type Component, type Department, type Jurisdiction, type Mission, allJurisdictions, jurisdictionName } from '../../src/vocabulary/index.ts';
import { factsOf, shareOut } from '../jurisdictions.ts';
import { type Draft, addAgency, addOrganisation, slug } from './draft.ts';

/** A part of the federal government. A parent stands before its parts. */
interface Unit {
  readonly id: string;
  readonly name: string;
  readonly department?: Department;
  readonly component?: Component;
  readonly missions?: readonly Mission[];
  /** Four characters of the ORIs of its offices. Invented. */
  readonly code?: string;
  /** How many offices, spread by drivers, or `each` for one in every jurisdiction. */
  readonly offices?: number | 'each';
  /** What an office is called. */
  readonly office?: string;
  /** Only here. */
  readonly where?: readonly Jurisdiction[];
  /** A court, prison or probation office: not law enforcement. */
  readonly justiceOnly?: boolean;
}

const landBorder: readonly Jurisdiction[] = ['AK', 'AZ', 'CA', 'ID', 'ME', 'MI', 'MN', 'MT', 'ND', 'NH', 'NM', 'NY', 'OH', 'PA', 'TX', 'VT', 'WA', 'FL', 'LA', 'PR', 'WI', 'VA'];
const coast: readonly Jurisdiction[] = ['AK', 'AL', 'CA', 'CT', 'FL', 'GA', 'GU', 'HI', 'LA', 'MA', 'MD', 'ME', 'MI', 'MS', 'NC', 'NJ', 'NY', 'OH', 'OR', 'PR', 'RI', 'SC', 'TX', 'VA', 'VI', 'WA', 'WI'];
const openWest: readonly Jurisdiction[] = ['AK', 'AZ', 'CA', 'CO', 'ID', 'MT', 'NM', 'NV', 'OR', 'UT', 'WA', 'WY'];

/** The departments and their parts are public facts; how many offices each has here, and every ORI, is invented. */
const units: readonly Unit[] = [
  { id: 'us/dhs', name: 'Department of Homeland Security', department: 'DHS' },
  { id: 'us/dhs/ice', name: 'Immigration and Customs Enforcement', component: 'ICE', missions: ['immigrationEnforcement'] },
  { id: 'us/dhs/ice/ero', name: 'ICE Enforcement and Removal Operations', component: 'ERO', code: 'ICEE', offices: 110, office: 'ICE ERO' },
  { id: 'us/dhs/ice/hsi', name: 'Homeland Security Investigations', component: 'HSI', missions: ['criminalInvestigation', 'immigrationEnforcement'], code: 'ICEH', offices: 140, office: 'HSI' },
  { id: 'us/dhs/cbp', name: 'Customs and Border Protection', component: 'CBP', missions: ['borderSecurity', 'immigrationEnforcement'] },
  { id: 'us/dhs/cbp/ofo', name: 'CBP Office of Field Operations', component: 'OFO', code: 'CBPO', offices: 110, office: 'CBP port of entry' },
  { id: 'us/dhs/cbp/usbp', name: 'Border Patrol', component: 'USBP', code: 'CBPB', offices: 90, office: 'Border Patrol station', where: landBorder },
  { id: 'us/dhs/cbp/amo', name: 'CBP Air and Marine Operations', component: 'AMO', missions: ['borderSecurity'], code: 'CBPA', offices: 18, office: 'Air and Marine branch', where: landBorder },
  { id: 'us/dhs/tsa', name: 'Transportation Security Administration', component: 'TSA', missions: ['transportSecurity'], code: 'TSAA', offices: 64, office: 'TSA airport office' },
  { id: 'us/dhs/usss', name: 'Secret Service', component: 'USSS', missions: ['protective', 'criminalInvestigation'], code: 'USSS', offices: 56, office: 'Secret Service field office' },
  { id: 'us/dhs/uscg', name: 'Coast Guard', component: 'USCG', missions: ['borderSecurity', 'military'], code: 'USCG', offices: 34, office: 'Coast Guard sector', where: coast },
  { id: 'us/dhs/fps', name: 'Federal Protective Service', component: 'FPS', missions: ['protective'], code: 'FPSP', offices: 24, office: 'Federal Protective Service' },
  { id: 'us/dhs/uscis', name: 'Citizenship and Immigration Services', component: 'USCIS', missions: ['regulatory'], code: 'CISF', offices: 24, office: 'USCIS fraud detection' },
  { id: 'us/dhs/oig', name: 'Homeland Security Inspector General', missions: ['regulatory', 'criminalInvestigation'], code: 'DHIG', offices: 6, office: 'DHS Inspector General' },
  { id: 'us/doj', name: 'Department of Justice', department: 'DOJ' },
  { id: 'us/doj/fbi', name: 'Federal Bureau of Investigation', component: 'FBI', missions: ['criminalInvestigation', 'intelligence'], code: 'FBIF', offices: 'each', office: 'FBI field office' },
  { id: 'us/doj/dea', name: 'Drug Enforcement Administration', component: 'DEA', missions: ['criminalInvestigation'], code: 'DEAX', offices: 80, office: 'DEA' },
  { id: 'us/doj/atf', name: 'Bureau of Alcohol, Tobacco, Firearms and Explosives', component: 'ATF', missions: ['criminalInvestigation'], code: 'ATFF', offices: 50, office: 'ATF' },
  { id: 'us/doj/usms', name: 'Marshals Service', component: 'USMS', missions: ['court', 'criminalInvestigation'], code: 'USMM', offices: 'each', office: 'Marshals Service district' },
  { id: 'us/doj/bop', name: 'Bureau of Prisons', component: 'BOP', missions: ['corrections'], code: 'BOPC', offices: 50, office: 'federal prison', justiceOnly: true },
  { id: 'us/doj/usao', name: 'United States Attorneys', missions: ['prosecution'], code: 'USAA', offices: 'each', office: 'United States Attorney', justiceOnly: true },
  { id: 'us/treasury', name: 'Department of the Treasury', department: 'TREASURY' },
  { id: 'us/treasury/irs-ci', name: 'IRS Criminal Investigation', component: 'IRSCI', missions: ['taxEnforcement'], code: 'IRSC', offices: 25, office: 'IRS Criminal Investigation' },
  { id: 'us/treasury/tigta', name: 'Treasury Inspector General for Tax Administration', component: 'TIGTA', missions: ['regulatory', 'taxEnforcement'], code: 'TIGT', offices: 8, office: 'TIGTA' },
  { id: 'us/interior', name: 'Department of the Interior', department: 'INTERIOR' },
  { id: 'us/interior/nps', name: 'National Park Service', component: 'NPS', missions: ['wildlife'], code: 'NPSR', offices: 40, office: 'Park Service rangers' },
  { id: 'us/interior/bia', name: 'Bureau of Indian Affairs', component: 'BIA', missions: ['generalPolice'], code: 'BIAP', offices: 20, office: 'BIA police', where: ['AZ', 'NM', 'OK', 'SD', 'ND', 'MT', 'WA', 'NV', 'MN', 'WY'] },
  { id: 'us/interior/blm', name: 'Bureau of Land Management', component: 'BLM', missions: ['wildlife'], code: 'BLMR', offices: 14, office: 'BLM rangers', where: openWest },
  { id: 'us/interior/fws', name: 'Fish and Wildlife Service', component: 'FWS', missions: ['wildlife'], code: 'FWSR', offices: 16, office: 'Fish and Wildlife agents' },
  { id: 'us/state', name: 'Department of State', department: 'STATE' },
  { id: 'us/state/dss', name: 'Diplomatic Security Service', component: 'DSS', missions: ['protective', 'criminalInvestigation'], code: 'DSSF', offices: 12, office: 'Diplomatic Security' },
  { id: 'us/usps', name: 'United States Postal Service', department: 'USPS' },
  { id: 'us/usps/uspis', name: 'Postal Inspection Service', component: 'USPIS', missions: ['postal'], code: 'USPP', offices: 24, office: 'Postal Inspection Service' },
  { id: 'us/agriculture', name: 'Department of Agriculture', department: 'AGRICULTURE' },
  { id: 'us/agriculture/usfs', name: 'Forest Service', component: 'USFS', missions: ['wildlife'], code: 'USFR', offices: 22, office: 'Forest Service officers' },
  { id: 'us/defense', name: 'Department of Defense', department: 'DEFENSE' },
  { id: 'us/defense/army', name: 'Army police', missions: ['military'], code: 'ARMP', offices: 20, office: 'Army post police' },
  { id: 'us/defense/navy', name: 'Navy police', missions: ['military'], code: 'NAVP', offices: 14, office: 'Navy base police', where: coast },
  { id: 'us/defense/airforce', name: 'Air Force police', missions: ['military'], code: 'AIRP', offices: 16, office: 'air base police' },
  { id: 'us/veterans', name: 'Department of Veterans Affairs', department: 'VETERANS' },
  { id: 'us/veterans/police', name: 'Veterans Affairs Police', missions: ['protective'], code: 'VAPD', offices: 50, office: 'Veterans hospital police' },
  { id: 'us/transportation', name: 'Department of Transportation', department: 'TRANSPORTATION' },
  { id: 'us/transportation/oig', name: 'Transportation Inspector General', missions: ['regulatory'], code: 'DTIG', offices: 5, office: 'DOT Inspector General' },
  { id: 'us/hhs', name: 'Department of Health and Human Services', department: 'HHS' },
  { id: 'us/hhs/oig', name: 'Health Inspector General', missions: ['regulatory', 'criminalInvestigation'], code: 'HHIG', offices: 10, office: 'HHS Inspector General' },
  { id: 'us/commerce', name: 'Department of Commerce', department: 'COMMERCE' },
  { id: 'us/commerce/export', name: 'Export Enforcement', missions: ['regulatory', 'criminalInvestigation'], code: 'COMX', offices: 8, office: 'Export Enforcement' },
  { id: 'us/courts', name: 'Federal courts', department: 'JUDICIARY' },
  { id: 'us/courts/district', name: 'District Courts', missions: ['court'], code: 'USDC', offices: 'each', office: 'District Court', justiceOnly: true },
  { id: 'us/courts/probation', name: 'Federal probation', missions: ['probation'], code: 'USPO', offices: 'each', office: 'federal probation office', justiceOnly: true },
  { id: 'us/other', name: 'Other federal bodies', department: 'otherFederal' },
  { id: 'us/other/ssa-oig', name: 'Social Security Inspector General', missions: ['regulatory', 'criminalInvestigation'], code: 'SSIG', offices: 10, office: 'SSA Inspector General' },
  { id: 'us/other/capitol', name: 'Capitol Police', missions: ['protective'], code: 'CAPP', offices: 1, office: 'Capitol Police', where: ['DC'] },
];

/** The places that federal offices of Washington are named after: facts that the examples use. */
const seats: Readonly<Record<string, string>> = {
  'us/dhs/ice/ero': 'ICE ERO Seattle', 'us/dhs/ice/hsi': 'HSI Seattle', 'us/dhs/cbp/ofo': 'CBP OFO Blaine', 'us/dhs/cbp/usbp': 'USBP Spokane', 'us/doj/fbi': 'FBI Seattle',
  'us/doj/dea': 'DEA Seattle', 'us/doj/usms': 'Marshals Service Seattle', 'us/dhs/usss': 'Secret Service Seattle', 'us/usps/uspis': 'Postal Inspection Service Seattle',
};

/**
 * The federal tree and its offices. An ORI starts with the state where the office stands, which says nothing about whose it
 * is; it ends in `Z` after a unit code of ours, so that nobody takes it for a real one.
 */
export function addFederal(draft: Draft): void {
  addOrganisation(draft, { id: 'us', name: 'United States', parent: null, level: 'federal', department: 'otherFederal', component: 'none', criminalJustice: 'yes', audit: 'passed' });
  for (const unit of units) {
    addOrganisation(draft, {
      id: unit.id, name: unit.name, parent: unit.id.slice(0, unit.id.lastIndexOf('/')), department: unit.department ?? null,
      component: unit.component ?? null, missions: unit.missions ?? null,
    });
    for (const [owner, count] of officesBy(unit)) for (let n = 1; n <= count; n++) addFederalOffice(draft, unit, owner, n);
  }
}

function addFederalOffice(draft: Draft, unit: Unit, state: Jurisdiction, n: number): void {
  const number = String(n).padStart(2, '0');
  const seat = state === 'WA' && n === 1 ? seats[unit.id] : undefined;
  const name = seat ?? `${unit.office ?? unit.name}, ${jurisdictionName(state)}${n === 1 ? '' : ` ${n}`}`;
  addAgency(
    draft,
    { id: `${unit.id}/${state.toLowerCase()}-${number}${seat === undefined ? '' : `-${slug(seat.split(' ').at(-1) ?? '')}`}`, name, parent: unit.id },
    { ori: `${state}${unit.code ?? ''}${number}Z`, kind: 'federal', state, county: null, unit: unit.id, type: unit.justiceOnly === true ? 'JF' : 'FE' },
  );
}

/** How many offices a unit has in each state. Washington always has one, where the unit is there at all. */
function officesBy(unit: Unit): ReadonlyMap<Jurisdiction, number> {
  const where = unit.where ?? allJurisdictions;
  if (unit.offices === undefined) return new Map();
  if (unit.offices === 'each') return new Map(where.map((owner) => [owner, 1]));
  const home: Jurisdiction = where.includes('WA') ? 'WA' : (where[0] ?? 'DC');
  const shares = new Map(shareOut(unit.offices - 1, where, (owner) => factsOf(owner).drivers ** 0.7, 0));
  return shares.set(home, (shares.get(home) ?? 0) + 1);
}
