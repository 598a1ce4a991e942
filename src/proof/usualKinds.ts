import { brokenConstraints, componentTree, hasAny, type Component, type Mission, type RequesterAttributes } from '../vocabulary/index.ts';
import type { Atom } from '../policy/index.ts';
import { signatureOf } from './kinds.ts';

/**
 * The agencies that a reader thinks of: the ordinary sorts of local, state and federal agency, each as it usually is and with one thing
 * otherwise that the rules read (an agreement, a task force, a certificate, an audit, a shared ORI, a home state). One for each kind that
 * the atoms can tell apart. For a page or a difference without a registry, where all that the vocabulary admits would be too much to read.
 */
export function usualKinds(atoms: readonly Atom[]): readonly RequesterAttributes[] {
  const found = new Map<string, RequesterAttributes>();
  for (const one of sorts.flatMap((sort) => [sort, ...otherwise(sort, atoms)])) {
    const key = signatureOf(atoms, one);
    if (!found.has(key) && brokenConstraints(one).length === 0) found.set(key, Object.freeze(one));
  }
  return [...found.values()];
}

const plain: RequesterAttributes = {
  level: 'municipal', department: 'none', component: ['none'], homeState: 'none', mission: ['generalPolice'], program287g: ['none'], taskForce: ['none'],
  certified: ['none'], audit: 'passed', criminalJustice: 'yes', sharedOri: 'no', vendorHosted: 'no',
};

/** Some state: `otherwise` adds those that rules name. */
const elsewhere = 'AS';

const local = (level: RequesterAttributes['level'], mission: Mission, criminalJustice: 'yes' | 'no' = 'yes'): RequesterAttributes => ({ ...plain, level, homeState: elsewhere, mission: [mission], criminalJustice });

const federal = (component: Exclude<Component, 'none' | 'undeclared'>, ...mission: readonly Mission[]): RequesterAttributes => {
  const { under, department } = componentTree[component];
  return { ...plain, level: 'federal', department, component: under === undefined ? [component] : [under, component], mission };
};

const body = (department: RequesterAttributes['department'], mission: Mission, criminalJustice: 'yes' | 'no' = 'yes'): RequesterAttributes => ({ ...plain, level: 'federal', department, mission: [mission], criminalJustice });

const sorts: readonly RequesterAttributes[] = [
  local('municipal', 'generalPolice'), local('county', 'generalPolice'), local('state', 'generalPolice'), local('tribal', 'generalPolice'), local('territorial', 'generalPolice'),
  local('campus', 'generalPolice'), local('special', 'transportSecurity'), local('state', 'criminalInvestigation'), local('county', 'corrections'), local('state', 'corrections'),
  local('county', 'court'), local('county', 'prosecution'), local('state', 'probation'), local('state', 'motorVehicles', 'no'), local('state', 'wildlife'),
  local('county', 'dispatch'), local('state', 'intelligence'), local('state', 'regulatory', 'no'), local('private', 'regulatory', 'no'),
  federal('ICE', 'immigrationEnforcement'), federal('ERO', 'immigrationEnforcement'), federal('HSI', 'criminalInvestigation', 'immigrationEnforcement'),
  federal('CBP', 'borderSecurity'), federal('OFO', 'borderSecurity'), federal('USBP', 'borderSecurity', 'immigrationEnforcement'), federal('AMO', 'borderSecurity'),
  federal('TSA', 'transportSecurity'), federal('USSS', 'protective'), federal('USCG', 'borderSecurity'), federal('USCIS', 'regulatory'), federal('FPS', 'protective'),
  federal('FBI', 'criminalInvestigation'), federal('DEA', 'criminalInvestigation'), federal('ATF', 'criminalInvestigation'), federal('USMS', 'court'), federal('BOP', 'corrections'),
  federal('IRSCI', 'taxEnforcement'), federal('TIGTA', 'regulatory'), federal('NPS', 'wildlife'), federal('BIA', 'generalPolice'), federal('BLM', 'wildlife'), federal('FWS', 'wildlife'),
  federal('DSS', 'protective'), federal('USPIS', 'postal'), federal('USFS', 'wildlife'),
  body('DHS', 'protective'), body('DOJ', 'criminalInvestigation'), body('DEFENSE', 'military'), body('JUDICIARY', 'court'), body('VETERANS', 'generalPolice'), body('otherFederal', 'regulatory'),
  { ...plain, level: 'undeclared', department: 'undeclared', component: ['undeclared'], homeState: 'undeclared', mission: ['undeclared'], program287g: ['undeclared'], taskForce: ['undeclared'], certified: ['undeclared'], audit: 'undeclared', criminalJustice: 'undeclared', sharedOri: 'undeclared', vendorHosted: 'undeclared' },
];

const varying = ['program287g', 'taskForce', 'certified', 'audit', 'sharedOri', 'vendorHosted', 'criminalJustice'] as const;

function otherwise(sort: RequesterAttributes, atoms: readonly Atom[]): readonly RequesterAttributes[] {
  const read = (name: keyof RequesterAttributes) => [...new Set(atoms.filter(({ attribute }) => attribute === name).flatMap(({ words }) => words))].filter((word) => !hasAny(sort, name, [word]));
  const states = sort.level === 'federal' ? [] : read('homeState').map((state) => ({ ...sort, homeState: state }));
  const others = varying.flatMap((name) => read(name).map((word) => ({ ...sort, [name]: Array.isArray(sort[name]) ? [word] : word })));
  return [...states, ...others] as RequesterAttributes[];
}
