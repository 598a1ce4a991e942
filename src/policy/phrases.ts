import {
  departments, jurisdictionName, namesOf,
  type AffiliationKind, type CourtClass, type DataClass, type EvidenceGrade, type Outcome, type Purpose, type QueryKind, type RequesterAttributes, type Treatment,
} from '../vocabulary/index.ts';

/**
 * How each word reads inside a sentence. Within one table no two phrases are equal, so that a sentence names one rule only
 * (a test holds it); `words.ts` puts them together by a fixed grammar, and `sentence/` reads them back.
 */
export const dataPhrases: Readonly<Record<DataClass, string>> = {
  licenceStatus: 'licence status', licenceNumber: 'licence numbers', name: 'names', birthDate: 'birth dates', description: 'descriptions',
  address: 'home addresses', photo: 'photos', signature: 'signatures', ssn: 'Social Security numbers', medical: 'medical notes',
  immigrationDocuments: 'immigration papers', driverHistory: 'driving records', vehicleRegistration: 'vehicle details',
  registeredOwner: 'vehicle owners',
};

/** `home addresses (county only)`. */
export const treatmentPhrases: Readonly<Record<Treatment, string>> = {
  reduced: 'small and grey', county: 'county only', state: 'state only', year: 'year only', lastFour: 'last four characters only', initials: 'initials only',
};

/** `the request is for …`. */
export const purposePhrases: Readonly<Record<Purpose, string>> = {
  trafficEnforcement: 'traffic enforcement', criminalInvestigation: 'a criminal investigation', violentCrime: 'work on violent crime', narcotics: 'work on drug crime',
  fraud: 'work on fraud', theft: 'work on theft', missingPerson: 'finding a missing person', officerSafety: 'officer safety', emergency: 'an emergency',
  warrantService: 'serving a warrant', courtProceeding: 'a court case', borderInspection: 'border inspection',
  civilImmigration: 'civil immigration work', criminalImmigration: 'work on immigration crime', licensing: 'licensing',
  employmentCheck: 'a job check', firearmsCheck: 'a firearms check', domesticViolenceCourt: 'a domestic violence court case',
  nationalSecurity: 'national security', notStated: 'no stated purpose',
};

/** A whole clause; ` signed by …` may follow all but the first. */
export const warrantPhrases: Readonly<Record<EvidenceGrade, string>> = {
  none: 'the asker may or may not state a warrant', stated: 'the asker states a warrant', numbered: 'the asker gives the number of a warrant',
  documentHash: 'the asker gives the fingerprint of a warrant', courtConfirmed: 'a court confirms a warrant',
};

export const casePhrases: Readonly<Record<EvidenceGrade, string>> = {
  none: 'the asker may or may not state a case', stated: 'the asker states a case', numbered: 'the asker gives a case number',
  documentHash: 'the asker gives the fingerprint of a case paper', courtConfirmed: 'a court confirms the case',
};

/** `signed by …`. */
export const courtPhrases: Readonly<Record<CourtClass, string>> = {
  articleThree: 'a federal judge appointed for life', federalMagistrate: 'a federal magistrate', stateCourt: 'a judge of a state court',
  immigrationCourt: 'an immigration judge', administrative: 'an official who is not a judge', notStated: 'somebody who is not named',
};

/** `the request is …`. */
export const queryPhrases: Readonly<Record<QueryKind, string>> = {
  lookup: 'a look-up of one record', nameSearch: 'a search by name', plateSearch: 'a search by part of a plate',
};

/** `pass on photos through …`. */
export const affiliationPhrases: Readonly<Record<AffiliationKind, string>> = {
  component: 'parts of one body', program287g: '287(g) agreements', taskForce: 'task forces', fusionCentre: 'fusion centres',
  sharedOri: 'shared ORIs', delegation: 'asking for others', vendorHosting: 'shared company systems', redissemination: 'rights to pass data on',
};

export const outcomePhrases: Readonly<Record<Outcome, string>> = {
  release: 'given in full', redact: 'given in a reduced form', hold: 'held until a person decides', deny: 'refused',
};

/** One phrase for several words that often stand together. */
export interface SetPhrase {
  readonly phrase: string;
  readonly words: readonly string[];
}

/** Larger sets first: the first that fits is taken. */
export const courtSets: readonly SetPhrase[] = [
  { phrase: 'a judge of a federal or state court', words: ['articleThree', 'federalMagistrate', 'stateCourt'] },
  { phrase: 'a federal judge or magistrate', words: ['articleThree', 'federalMagistrate'] },
];

/**
 * How an attribute reads of agencies, by where its words stand: `before` the noun (`federal agencies`), `after` it (`agencies from Oregon`),
 * or in a clause of its own (`agencies that are part of ICE and whose job is …`).
 */
export interface AttributePhrases {
  readonly place: 'before' | 'after' | 'clause';
  /** What stands before the words; empty before the noun. */
  readonly lead: string;
  readonly words: (word: string) => string;
  readonly sets: readonly SetPhrase[];
}

/** In the order in which a sentence says them. */
export const attributePhrases: { readonly [A in keyof RequesterAttributes]: AttributePhrases } = {
  level: {
    place: 'before', lead: '', words: named({ municipal: 'city', special: 'special-district', undeclared: 'unknown-level' }),
    sets: [
      { phrase: 'government', words: ['federal', 'state', 'county', 'municipal', 'tribal', 'territorial', 'campus', 'special'] },
      { phrase: 'local', words: ['county', 'municipal', 'campus', 'special'] },
    ],
  },
  department: {
    place: 'after', lead: 'of', sets: [],
    words: named({
      ...Object.fromEntries(namesOf(departments).map((name) => [name, departments[name].plain.replace(/^Department/, 'the Department').replace(/^United/, 'the United')])),
      none: 'no federal department', otherFederal: 'another federal body', undeclared: 'an unknown department',
    }),
  },
  homeState: { place: 'after', lead: 'from', words: (word) => named({ none: 'no state', undeclared: 'an unknown state' })(jurisdictionName(word)), sets: [] },
  program287g: {
    place: 'after', lead: 'with',
    words: named({
      taskForce: 'a 287(g) task force agreement', jail: 'a 287(g) jail agreement', warrantService: 'a 287(g) warrant agreement',
      none: 'no 287(g) agreement', undeclared: 'an unknown 287(g) status',
    }),
    sets: [{ phrase: 'any 287(g) agreement', words: ['taskForce', 'jail', 'warrantService'] }],
  },
  taskForce: {
    place: 'after', lead: 'in', sets: [],
    words: named({
      immigration: 'an immigration task force', drugs: 'a drug task force', terrorism: 'a terrorism task force', gangs: 'a gang task force',
      fugitives: 'a fugitive task force', trafficking: 'a trafficking task force', financial: 'a financial task force',
      none: 'no task force', undeclared: 'an unknown task force',
    }),
  },
  component: {
    place: 'clause', lead: 'that are part of', sets: [],
    words: named({
      ERO: 'Enforcement and Removal Operations', HSI: 'Homeland Security Investigations', OFO: 'the CBP Office of Field Operations', USBP: 'the Border Patrol',
      AMO: 'CBP Air and Marine Operations', TSA: 'the TSA', USSS: 'the Secret Service', USCG: 'the Coast Guard', FPS: 'the Federal Protective Service',
      FBI: 'the FBI', DEA: 'the DEA', ATF: 'the ATF', USMS: 'the Marshals Service', BOP: 'the Bureau of Prisons', IRSCI: 'IRS Criminal Investigation',
      TIGTA: 'the Inspector General for Tax', NPS: 'the National Park Service', BIA: 'the Bureau of Indian Affairs', BLM: 'the Bureau of Land Management',
      FWS: 'the Fish and Wildlife Service', DSS: 'the Diplomatic Security Service', USPIS: 'the Postal Inspection Service', USFS: 'the Forest Service',
      none: 'no federal component', undeclared: 'an unknown component',
    }),
  },
  mission: {
    place: 'clause', lead: 'whose job is', sets: [],
    words: named({
      generalPolice: 'ordinary police work', criminalInvestigation: 'to investigate crimes', immigrationEnforcement: 'to enforce immigration law',
      borderSecurity: 'to guard the border', transportSecurity: 'to secure airports and transit', protective: 'to guard people and buildings',
      corrections: 'to run a jail or prison', court: 'to judge cases', prosecution: 'to prosecute crimes', probation: 'probation or parole',
      motorVehicles: 'to license drivers or register vehicles', wildlife: 'to guard fish, game and parks', dispatch: 'to take calls and send units',
      intelligence: 'to collect and share information', taxEnforcement: 'to pursue tax crimes', postal: 'to pursue crimes against the mail',
      military: 'to police the armed forces', regulatory: 'to oversee a trade', undeclared: 'unknown',
    }),
  },
  certified: {
    place: 'clause', lead: 'that have certified', sets: [],
    words: named({
      noCivilImmigrationUse: 'no civil immigration use', noRedisclosure: 'no passing on', permissibleUse: 'only uses that federal law allows',
      securityTraining: 'trained users', none: 'nothing', undeclared: 'something unknown',
    }),
  },
  audit: { place: 'clause', lead: 'whose audit is', words: named({ undeclared: 'unknown' }), sets: [] },
  criminalJustice: { place: 'clause', lead: 'that are', words: named({ yes: 'in criminal justice', no: 'not in criminal justice', undeclared: 'perhaps in criminal justice' }), sets: [] },
  sharedOri: { place: 'clause', lead: 'that use', words: named({ yes: 'a shared ORI', no: 'an ORI of their own', undeclared: 'an ORI that may be shared' }), sets: [] },
  vendorHosted: { place: 'clause', lead: 'that run on', words: named({ yes: "a company's system", no: 'a system of their own', undeclared: "a system that may be a company's" }), sets: [] },
};

/** `criminalJustice: yes` and nothing else stands before the noun: `criminal-justice agencies`. */
export const justicePhrase = 'criminal-justice';

/** All words of `criminalJustice`: whoever it is. It stands after the noun, `agencies of any kind`. */
export const anyKindPhrase = 'of any kind';

function named(phrases: Readonly<Record<string, string>>): (word: string) => string {
  return (word) => (Object.hasOwn(phrases, word) ? (phrases[word] ?? word) : word);
}
