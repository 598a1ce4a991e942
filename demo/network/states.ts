import { type Jurisdiction, type Level, jurisdictionName } from '../../src/vocabulary/index.ts';
import { type Draft, addAgency, addOffice, addOrganisation } from './draft.ts';
import { factsOf } from '../jurisdictions.ts';
import type { County } from '../places.ts';

/** The number of offices of a state government, before its patrol districts. */
export const stateOffices = 14;

/**
 * The government of a state as a root, and its agencies. Counties, cities and other bodies are roots of their own
 * (local.ts): a city police is no part of the state, so nothing flows from one to the other by being part of a whole.
 */
export function addState(draft: Draft, owner: Jurisdiction, counties: readonly County[], districts: number): void {
  const root = owner.toLowerCase();
  const state = jurisdictionName(owner);
  const level: Level = factsOf(owner).region === 'territory' ? 'territorial' : 'state';
  addOrganisation(draft, { id: root, name: state, parent: null, level, homeState: owner, criminalJustice: 'yes', audit: 'passed' });
  const at = (ori: string, kind: 'statePolice' | 'stateOther' | 'corrections' | 'court' | 'prosecutor' | 'probation' | 'fusionCentre', type: string) =>
    ({ ori: `${owner}${ori}`, kind, state: owner, county: null, unit: null, type });

  const patrol = addAgency(draft, { id: `${root}/patrol`, name: `${state} State Patrol`, parent: root, missions: ['generalPolice'] }, at('XSP0000', 'statePolice', 'SA'));
  addAgency(draft, { id: `${root}/investigation`, name: `${state} Bureau of Investigation`, parent: root, missions: ['criminalInvestigation'] }, at('XBI0000', 'statePolice', 'SA'));
  addAgency(draft, { id: `${root}/identification`, name: `${state} Identification Bureau`, parent: root, missions: ['intelligence'] }, at('SIR0000', 'stateOther', 'SA'));
  const vehicles = addAgency(draft, { id: `${root}/motor-vehicles`, name: `${state} Motor Vehicle Agency`, parent: root, missions: ['motorVehicles'], criminalJustice: 'no' }, at('OLN0000', 'stateOther', 'SA'));
  addOffice(draft, vehicles.id, `${state} vehicle registration`, { ori: `${owner}LIC0000`, state: owner, county: null }, 'SA');
  addAgency(draft, { id: `${root}/corrections`, name: `${state} Department of Corrections`, parent: root, missions: ['corrections'] }, at('XDC015C', 'corrections', 'JC'));
  addAgency(draft, { id: `${root}/corrections/prison-1`, name: `${state} state prison`, parent: `${root}/corrections` }, at('XDC025C', 'corrections', 'JC'));
  addAgency(draft, { id: `${root}/corrections/medical`, name: `${state} prison hospital`, parent: `${root}/corrections` }, at('XDC035M', 'corrections', 'JC'));
  addAgency(draft, { id: `${root}/parole`, name: `${state} Parole Board`, parent: root, missions: ['probation'] }, at('XPB015G', 'probation', 'JG'));
  addAgency(draft, { id: `${root}/courts`, name: `${state} Administrative Office of the Courts`, parent: root, missions: ['court'] }, at('XCT015J', 'court', 'JJ'));
  addAgency(draft, { id: `${root}/attorney-general`, name: `${state} Attorney General`, parent: root, missions: ['prosecution'] }, at('XAG015A', 'prosecutor', 'JA'));
  addAgency(draft, { id: `${root}/pretrial`, name: `${state} Pretrial Services`, parent: root, missions: ['court'] }, at('XPT015B', 'stateOther', 'CJ'));
  addAgency(draft, { id: `${root}/statistics`, name: `${state} Justice Statistics Center`, parent: root, missions: ['regulatory'] }, at('XSC015Y', 'stateOther', 'CJ'));
  addAgency(draft, { id: `${root}/fusion-centre`, name: `${state} Fusion Center`, parent: root, missions: ['intelligence'] }, at('XFC0000', 'fusionCentre', 'SA'));
  for (let n = 1; n <= districts; n++) {
    const county = counties[n % counties.length];
    const id = `${patrol.id}/district-${String(n).padStart(2, '0')}`;
    addAgency(
      draft, { id, name: `${state} State Patrol, district ${n}`, parent: patrol.id },
      { ...at(`XSP${String(n).padStart(2, '0')}00`, 'statePolice', 'SA'), county: county?.name ?? null },
    );
  }
}
