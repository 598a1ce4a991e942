import type { Jurisdiction } from './jurisdictions.ts';
import { namesOf, type Words } from './word.ts';

export type Level = 'federal' | 'state' | 'county' | 'municipal' | 'tribal' | 'territorial' | 'campus' | 'special' | 'private' | 'undeclared';

/** Level of government. From the registry, never from the letters of an ORI. */
export const levels: Words<Level> = {
  federal: { plain: 'an agency of the United States', source: 'Weir' },
  state: { plain: 'an agency of a state', source: 'NIEM OrganizationCategory SA' },
  county: { plain: 'a county or parish agency, such as a sheriff', source: 'NIEM OrganizationCategory SO' },
  municipal: { plain: 'a city or town agency', source: 'NIEM OrganizationCategory PD' },
  tribal: { plain: 'an agency of a tribal nation', source: 'FBI agency type Tribal' },
  territorial: { plain: 'an agency of a territory', source: 'Weir' },
  campus: { plain: 'a police of a school, college or university', source: 'FBI agency type University or College' },
  special: { plain: 'a transit, port, park, airport or other district police', source: 'FBI agency type Other' },
  private: { plain: 'a company or other private body', source: 'Weir' },
  undeclared: { plain: 'not known to the registry', source: 'Weir' },
};

export type Department =
  | 'DHS' | 'DOJ' | 'TREASURY' | 'INTERIOR' | 'STATE' | 'USPS' | 'DEFENSE' | 'AGRICULTURE' | 'COMMERCE' | 'HHS' | 'TRANSPORTATION'
  | 'VETERANS' | 'JUDICIARY' | 'otherFederal' | 'none' | 'undeclared';

/** The federal department that an organisation belongs to. */
export const departments: Words<Department> = {
  DHS: { plain: 'Department of Homeland Security', source: '6 USC 111' },
  DOJ: { plain: 'Department of Justice', source: '28 USC 501' },
  TREASURY: { plain: 'Department of the Treasury', source: '31 USC 301' },
  INTERIOR: { plain: 'Department of the Interior', source: '43 USC 1451' },
  STATE: { plain: 'Department of State', source: '22 USC 2651' },
  USPS: { plain: 'United States Postal Service', source: '39 USC 201' },
  DEFENSE: { plain: 'Department of Defense', source: '10 USC 111' },
  AGRICULTURE: { plain: 'Department of Agriculture', source: '7 USC 2201' },
  COMMERCE: { plain: 'Department of Commerce', source: '15 USC 1501' },
  HHS: { plain: 'Department of Health and Human Services', source: '42 USC 3501' },
  TRANSPORTATION: { plain: 'Department of Transportation', source: '49 USC 102' },
  VETERANS: { plain: 'Department of Veterans Affairs', source: '38 USC 301' },
  JUDICIARY: { plain: 'the federal courts', source: '28 USC' },
  otherFederal: { plain: 'another federal body', source: 'Weir' },
  none: { plain: 'not a federal department', source: 'Weir' },
  undeclared: { plain: 'not known to the registry', source: 'Weir' },
};

export type Component =
  | 'ICE' | 'ERO' | 'HSI' | 'CBP' | 'OFO' | 'USBP' | 'AMO' | 'TSA' | 'USSS' | 'USCG' | 'USCIS' | 'FPS'
  | 'FBI' | 'DEA' | 'ATF' | 'USMS' | 'BOP' | 'IRSCI' | 'TIGTA' | 'NPS' | 'BIA' | 'BLM' | 'FWS' | 'DSS' | 'USPIS' | 'USFS'
  | 'none' | 'undeclared';

/** The parts of federal departments that a rule may name. An office has its own and every one above it: HSI is also ICE. */
export const components: Words<Component> = {
  ICE: { plain: 'Immigration and Customs Enforcement, with all its parts', source: '6 USC 252' },
  ERO: { plain: 'Enforcement and Removal Operations, a part of ICE', source: 'ICE organisation' },
  HSI: { plain: 'Homeland Security Investigations, a part of ICE', source: 'ICE organisation' },
  CBP: { plain: 'Customs and Border Protection, with all its parts', source: '6 USC 211' },
  OFO: { plain: 'Office of Field Operations, a part of CBP: officers at ports of entry', source: '6 USC 211(g)' },
  USBP: { plain: 'Border Patrol, a part of CBP', source: '6 USC 211(e)' },
  AMO: { plain: 'Air and Marine Operations, a part of CBP', source: '6 USC 211(f)' },
  TSA: { plain: 'Transportation Security Administration', source: '49 USC 114' },
  USSS: { plain: 'Secret Service', source: '18 USC 3056' },
  USCG: { plain: 'Coast Guard', source: '14 USC 101' },
  USCIS: { plain: 'Citizenship and Immigration Services', source: '6 USC 271' },
  FPS: { plain: 'Federal Protective Service', source: '40 USC 1315' },
  FBI: { plain: 'Federal Bureau of Investigation', source: '28 USC 531' },
  DEA: { plain: 'Drug Enforcement Administration', source: '28 CFR 0.100' },
  ATF: { plain: 'Bureau of Alcohol, Tobacco, Firearms and Explosives', source: '28 USC 599A' },
  USMS: { plain: 'Marshals Service', source: '28 USC 561' },
  BOP: { plain: 'Bureau of Prisons', source: '18 USC 4041' },
  IRSCI: { plain: 'criminal investigation of the Internal Revenue Service', source: '26 USC 7608' },
  TIGTA: { plain: 'Treasury Inspector General for Tax Administration', source: '5 USC 412' },
  NPS: { plain: 'National Park Service', source: '54 USC 100301' },
  BIA: { plain: 'Bureau of Indian Affairs', source: '25 USC 2802' },
  BLM: { plain: 'Bureau of Land Management', source: '43 USC 1731' },
  FWS: { plain: 'Fish and Wildlife Service', source: '16 USC 742b' },
  DSS: { plain: 'Diplomatic Security Service', source: '22 USC 4802' },
  USPIS: { plain: 'Postal Inspection Service', source: '18 USC 3061' },
  USFS: { plain: 'Forest Service', source: '16 USC 559' },
  none: { plain: 'not a part of a federal department', source: 'Weir' },
  undeclared: { plain: 'not known to the registry', source: 'Weir' },
};

export type Mission =
  | 'generalPolice' | 'criminalInvestigation' | 'immigrationEnforcement' | 'borderSecurity' | 'transportSecurity' | 'protective'
  | 'corrections' | 'court' | 'prosecution' | 'probation' | 'motorVehicles' | 'wildlife' | 'dispatch' | 'intelligence' | 'taxEnforcement'
  | 'postal' | 'military' | 'regulatory' | 'undeclared';

/** What an organisation is for. It may have several; "primarily enforces immigration law" is the mission `immigrationEnforcement`. */
export const missions: Words<Mission> = {
  generalPolice: { plain: 'ordinary police work', source: 'Weir' },
  criminalInvestigation: { plain: 'investigating crimes', source: 'Weir' },
  immigrationEnforcement: { plain: 'enforcing immigration law as a main task', source: 'NY VTL 201(12)' },
  borderSecurity: { plain: 'guarding the border and ports of entry', source: '6 USC 211' },
  transportSecurity: { plain: 'security of airports and transit', source: '49 USC 114' },
  protective: { plain: 'guarding persons and buildings', source: '18 USC 3056' },
  corrections: { plain: 'running a jail or prison', source: 'NIEM OrganizationCategory JC' },
  court: { plain: 'a court', source: 'NIEM OrganizationCategory JJ' },
  prosecution: { plain: 'a prosecutor', source: 'NIEM OrganizationCategory JA' },
  probation: { plain: 'probation or parole', source: 'NIEM OrganizationCategory JG' },
  motorVehicles: { plain: 'issuing licences or registering vehicles', source: 'Nlets generic ORI OLN, LIC' },
  wildlife: { plain: 'fish, game, forest and park rangers', source: 'Weir' },
  dispatch: { plain: 'taking calls and sending units for others', source: 'Weir' },
  intelligence: { plain: 'collecting and sharing information, such as a fusion centre', source: '6 USC 124h' },
  taxEnforcement: { plain: 'tax crimes', source: '26 USC 7608' },
  postal: { plain: 'crimes against the mail', source: '18 USC 3061' },
  military: { plain: 'police of the armed forces', source: '10 USC' },
  regulatory: { plain: 'supervising a trade, or an inspector general', source: '5 USC ch. 4' },
  undeclared: { plain: 'not known to the registry', source: 'Weir' },
};

export type Program287g = 'taskForce' | 'jail' | 'warrantService' | 'none' | 'undeclared';

/** The 287(g) agreements with ICE that an organisation has in force. */
export const programs287g: Words<Program287g> = {
  taskForce: { plain: 'officers enforce immigration law during ordinary duties', source: '8 USC 1357(g), Task Force Model' },
  jail: { plain: 'officers question and process people in a jail', source: '8 USC 1357(g), Jail Enforcement Model' },
  warrantService: { plain: 'officers serve immigration warrants in a jail', source: '8 USC 1357(g), Warrant Service Officer' },
  none: { plain: 'no agreement is on record', source: 'Weir' },
  undeclared: { plain: 'not known to the registry', source: 'Weir' },
};

export type TaskForceKind = 'immigration' | 'drugs' | 'terrorism' | 'gangs' | 'fugitives' | 'trafficking' | 'financial' | 'none' | 'undeclared';

/** The kinds of task force in which an organisation takes part. */
export const taskForceKinds: Words<TaskForceKind> = {
  immigration: { plain: 'a task force that enforces immigration law', source: 'Weir' },
  drugs: { plain: 'a drug task force', source: '21 USC 1706 (HIDTA)' },
  terrorism: { plain: 'a joint terrorism task force', source: 'Weir' },
  gangs: { plain: 'a gang task force', source: 'Weir' },
  fugitives: { plain: 'a fugitive task force', source: '34 USC 41503' },
  trafficking: { plain: 'a task force on trafficking in persons or child exploitation', source: '34 USC 21112' },
  financial: { plain: 'a task force on money and cyber crime', source: 'Weir' },
  none: { plain: 'no task force is on record', source: 'Weir' },
  undeclared: { plain: 'not known to the registry', source: 'Weir' },
};

export type Certification = 'noCivilImmigrationUse' | 'noRedisclosure' | 'permissibleUse' | 'securityTraining' | 'none' | 'undeclared';

/** What an organisation has certified to the owner that decides, or to all owners, and is in force on the day. */
export const certifications: Words<Certification> = {
  noCivilImmigrationUse: { plain: 'certified: no use for civil immigration enforcement', source: 'CRS 24-74-105; NY VTL 201(12)(b)' },
  noRedisclosure: { plain: 'certified: no passing on without the owner', source: 'NY VTL 201(12)(b); 18 USC 2721(c)' },
  permissibleUse: { plain: 'certified: only uses that federal law permits', source: '18 USC 2721(b)' },
  securityTraining: { plain: 'certified: users trained and checked', source: 'FBI CJIS policy' },
  none: { plain: 'no certification is in force', source: 'Weir' },
  undeclared: { plain: 'not known to the registry', source: 'Weir' },
};

export type AuditStatus = 'passed' | 'overdue' | 'failed' | 'undeclared';

export const auditStatuses: Words<AuditStatus> = {
  passed: { plain: 'the last audit was passed and is not too old', source: 'FBI CJIS policy 5.11: every three years' },
  overdue: { plain: 'no audit within three years', source: 'FBI CJIS policy 5.11' },
  failed: { plain: 'the last audit was failed', source: 'FBI CJIS policy 5.11' },
  undeclared: { plain: 'not known to the registry', source: 'Weir' },
};

export type YesNo = 'yes' | 'no' | 'undeclared';

const yesNo = (plain: string, source: string): Words<YesNo> => ({
  yes: { plain, source },
  no: { plain: `not so: ${plain}`, source },
  undeclared: { plain: 'not known to the registry', source: 'Weir' },
});

export const criminalJustice = yesNo('a criminal-justice agency', '28 CFR 20.3(g)');
export const sharedOri = yesNo('its ORI is used by another organisation too', 'FBI CJIS policy IA-0');
export const vendorHosted = yesNo('its system is run by a company', 'FBI CJIS policy 5.1.1');

/**
 * What a policy can read of a requester. All of it comes from the registry.
 * Where a list is given, the organisation has every word in it; it is never empty: `none` or `undeclared` stands there.
 */
export interface RequesterAttributes {
  readonly level: Level;
  readonly department: Department;
  readonly component: readonly Component[];
  readonly homeState: Jurisdiction | 'none' | 'undeclared';
  readonly mission: readonly Mission[];
  readonly program287g: readonly Program287g[];
  readonly taskForce: readonly TaskForceKind[];
  /** In force today, towards the owner that decides. */
  readonly certified: readonly Certification[];
  readonly audit: AuditStatus;
  readonly criminalJustice: YesNo;
  readonly sharedOri: YesNo;
  readonly vendorHosted: YesNo;
}

/** The names of the attributes, with the words each may take; `homeState` takes a jurisdiction besides. */
export const attributeWords: { readonly [A in keyof RequesterAttributes]: readonly string[] } = {
  level: namesOf(levels),
  department: namesOf(departments),
  component: namesOf(components),
  homeState: ['none', 'undeclared'],
  mission: namesOf(missions),
  program287g: namesOf(programs287g),
  taskForce: namesOf(taskForceKinds),
  certified: namesOf(certifications),
  audit: namesOf(auditStatuses),
  criminalJustice: namesOf(criminalJustice),
  sharedOri: namesOf(sharedOri),
  vendorHosted: namesOf(vendorHosted),
};

/** A requester of whom the registry knows nothing: every attribute `undeclared`. */
export const undeclaredAttributes: RequesterAttributes = {
  level: 'undeclared',
  department: 'undeclared',
  component: ['undeclared'],
  homeState: 'undeclared',
  mission: ['undeclared'],
  program287g: ['undeclared'],
  taskForce: ['undeclared'],
  certified: ['undeclared'],
  audit: 'undeclared',
  criminalJustice: 'undeclared',
  sharedOri: 'undeclared',
  vendorHosted: 'undeclared',
};
