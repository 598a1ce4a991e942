import type { Component, Department, Mission } from '../../vocabulary/index.ts';
import type { Organisation } from '../model.ts';
import { blank } from './parents.ts';

/** Where a federal agency of the FBI's list belongs. `component` is null where its name says a department and not which part of it. */
export interface FederalPlace {
  readonly parent: string;
  readonly department: Department;
  readonly component: Component | null;
  readonly missions: readonly Mission[] | null;
}

type Row = readonly [id: string, name: string, department: Department];

/** The departments: id, name and the word of the vocabulary. */
const departmentRows: readonly Row[] = [
  ['us/dhs', 'Department of Homeland Security', 'DHS'], ['us/doj', 'Department of Justice', 'DOJ'], ['us/treasury', 'Department of the Treasury', 'TREASURY'],
  ['us/interior', 'Department of the Interior', 'INTERIOR'], ['us/state', 'Department of State', 'STATE'], ['us/usps', 'United States Postal Service', 'USPS'],
  ['us/defense', 'Department of Defense', 'DEFENSE'], ['us/agriculture', 'Department of Agriculture', 'AGRICULTURE'], ['us/commerce', 'Department of Commerce', 'COMMERCE'],
  ['us/hhs', 'Department of Health and Human Services', 'HHS'], ['us/transportation', 'Department of Transportation', 'TRANSPORTATION'],
  ['us/veterans', 'Department of Veterans Affairs', 'VETERANS'], ['us/other', 'Other federal bodies', 'otherFederal'],
];

type Part = readonly [name: string, id: string, component: Component, missions: readonly Mission[]];

/** Parts that a rule may name, by exactly this name and no other (after "United States" and signs are dropped). */
const parts: readonly Part[] = [
  ['Immigration and Customs Enforcement', 'us/dhs/ice', 'ICE', ['immigrationEnforcement']],
  ['Customs and Border Protection', 'us/dhs/cbp', 'CBP', ['borderSecurity', 'immigrationEnforcement']],
  ['Transportation Security Administration', 'us/dhs/tsa', 'TSA', ['transportSecurity']],
  ['Secret Service', 'us/dhs/usss', 'USSS', ['protective', 'criminalInvestigation']],
  ['Coast Guard', 'us/dhs/uscg', 'USCG', ['borderSecurity', 'military']],
  ['Citizenship and Immigration Services', 'us/dhs/uscis', 'USCIS', ['regulatory']],
  ['Federal Protective Service', 'us/dhs/fps', 'FPS', ['protective']],
  ['Federal Bureau of Investigation', 'us/doj/fbi', 'FBI', ['criminalInvestigation', 'intelligence']],
  ['Drug Enforcement Administration', 'us/doj/dea', 'DEA', ['criminalInvestigation']],
  ['Bureau of Alcohol Tobacco Firearms and Explosives', 'us/doj/atf', 'ATF', ['criminalInvestigation']],
  ['Marshals Service', 'us/doj/usms', 'USMS', ['court', 'criminalInvestigation']],
  ['Federal Bureau of Prisons', 'us/doj/bop', 'BOP', ['corrections']],
  ['Internal Revenue Service Criminal Investigation', 'us/treasury/irs-ci', 'IRSCI', ['taxEnforcement']],
  ['Treasury Inspector General for Tax Administration', 'us/treasury/tigta', 'TIGTA', ['regulatory', 'taxEnforcement']],
  ['National Park Service', 'us/interior/nps', 'NPS', ['wildlife']],
  ['Bureau of Indian Affairs', 'us/interior/bia', 'BIA', ['generalPolice']],
  ['Bureau of Land Management', 'us/interior/blm', 'BLM', ['wildlife']],
  ['Fish and Wildlife Service', 'us/interior/fws', 'FWS', ['wildlife']],
  ['Diplomatic Security Service', 'us/state/dss', 'DSS', ['protective', 'criminalInvestigation']],
  ['Postal Inspection Service', 'us/usps/uspis', 'USPIS', ['postal']],
  ['Forest Service', 'us/agriculture/usfs', 'USFS', ['wildlife']],
];

/** Bodies of a department that have no word of their own, by exactly this name. */
const bodies: ReadonlyMap<string, readonly [Department, readonly Mission[] | null]> = new Map([
  ['ARMY', ['DEFENSE', ['military']]], ['NAVY LAW ENFORCEMENT', ['DEFENSE', ['military']]], ['DEFENSE INTELLIGENCE AGENCY', ['DEFENSE', null]],
  ['NATIONAL SECURITY AGENCY POLICE', ['DEFENSE', ['protective']]], ['PENTAGON FORCE PROTECTION AGENCY', ['DEFENSE', ['protective']]],
  ['NATIONAL INSTITUTE OF HEALTH', ['HHS', ['protective']]], ['NATIONAL INSTITUTES OF HEALTH', ['HHS', ['protective']]],
]);

/** Words of a department's name, with which the name of a federal agency must begin. `DEPARTMENT OF WAR` is what one department is called since 2025. */
const beginnings: readonly (readonly [string, Department])[] = [
  ['HOMELAND SECURITY', 'DHS'], ['JUSTICE', 'DOJ'], ['TREASURY', 'TREASURY'], ['INTERIOR', 'INTERIOR'], ['STATE', 'STATE'], ['DEFENSE', 'DEFENSE'], ['WAR', 'DEFENSE'],
  ['AGRICULTURE', 'AGRICULTURE'], ['COMMERCE', 'COMMERCE'], ['HEALTH AND HUMAN SERVICES', 'HHS'], ['TRANSPORTATION', 'TRANSPORTATION'], ['VETERANS AFFAIRS', 'VETERANS'],
];

/** A name with one of these is not called "another federal body" unless the tables above know it. */
const doubtful = /\b(HOMELAND|IMMIGRATION|CUSTOMS|BORDER|DEPORTATION|REMOVAL)\b/;

/** Where a federal agency belongs, by a table of exact names; what the table does not know is another federal body, or undeclared where its name makes that doubtful. */
export function placeFederal(name: string): FederalPlace {
  const plain = plainName(name);
  const part = parts.find(([known]) => plainName(known) === plain);
  if (part !== undefined) return { parent: part[1], department: departmentOfId(part[1]), component: part[2], missions: part[3] };
  const body = bodies.get(plain);
  const department = body?.[0] ?? beginnings.find(([words]) => new RegExp(`^DEPARTMENT OF (THE )?${words}( |$)`).test(plain))?.[1];
  if (department !== undefined) return { parent: idOfDepartment(department), department, component: null, missions: body?.[1] ?? null };
  if (doubtful.test(plain)) return { parent: 'us', department: 'undeclared', component: null, missions: null };
  return { parent: 'us/other', department: 'otherFederal', component: 'none', missions: null };
}

/** The rows of the federal tree from the root down to `id`, as they are made where a registry lacks them. ICE is among them for 287(g) lists. */
export function federalLine(id: string): readonly Organisation[] {
  const root = blank('us', 'United States', { level: 'federal' });
  const department = departmentRows.find((row) => id === row[0] || id.startsWith(`${row[0]}/`));
  if (department === undefined) return [root];
  const [parent, name, word] = department;
  const middle = blank(parent, name, { parent: 'us', department: word, component: word === 'otherFederal' ? 'none' : null });
  const part = parts.find((row) => row[1] === id);
  return part === undefined ? [root, middle] : [root, middle, blank(id, part[0], { parent, component: part[2], missions: part[3], criminalJustice: 'yes' })];
}

function plainName(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9 ]/g, ' ').replace(/\s+/g, ' ').trim().replace(/^(UNITED STATES|U S|US) /, '');
}

function departmentOfId(id: string): Department {
  return departmentRows.find((row) => id.startsWith(`${row[0]}/`))?.[2] ?? 'undeclared';
}

function idOfDepartment(department: Department): string {
  return departmentRows.find((row) => row[2] === department)?.[0] ?? 'us';
}
