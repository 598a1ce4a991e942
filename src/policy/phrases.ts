import {
  departments, jurisdictionName, namesOf,
  type AffiliationKind, type CourtClass, type DataClass, type EvidenceGrade, type Outcome, type Purpose, type QueryKind, type RequesterAttributes, type Treatment,
} from '../vocabulary/index.ts';

/**
 * How each word reads inside a sentence. Within one table no two phrases are equal, so that a sentence names one rule only
 * (a test holds it); `words.ts` puts them together by a fixed grammar.
 */
export const dataPhrases: Readonly<Record<DataClass, string>> = {
  licenceStatus: 'licence status', licenceNumber: 'licence numbers', name: 'names', birthDate: 'birth dates', description: 'descriptions',
  address: 'home addresses', photo: 'photos', signature: 'signatures', ssn: 'Social Security numbers', medical: 'medical remarks',
  immigrationDocuments: 'immigration documents', driverHistory: 'driving histories', vehicleRegistration: 'vehicle registrations',
  registeredOwner: 'owners of vehicles',
};

export const treatmentPhrases: Readonly<Record<Treatment, string>> = {
  reduced: 'a small grey picture', county: 'the county', state: 'the state', year: 'the year', lastFour: 'the last four characters', initials: 'initials',
};

export const purposePhrases: Readonly<Record<Purpose, string>> = {
  trafficEnforcement: 'traffic enforcement', criminalInvestigation: 'a criminal investigation', violentCrime: 'a violent crime', narcotics: 'a drug crime',
  fraud: 'a fraud', theft: 'a theft', missingPerson: 'a missing person', officerSafety: 'officer safety', emergency: 'an emergency',
  warrantService: 'serving a warrant', courtProceeding: 'a court case', borderInspection: 'border inspection',
  civilImmigration: 'civil immigration enforcement', criminalImmigration: 'a federal immigration crime', licensing: 'licensing',
  employmentCheck: 'an employment check', firearmsCheck: 'a firearms check', domesticViolenceCourt: 'a domestic-violence court case',
  nationalSecurity: 'national security', notStated: 'no stated purpose',
};

export const warrantPhrases: Readonly<Record<EvidenceGrade, string>> = {
  none: 'a warrant is stated or not', stated: 'a warrant is stated', numbered: 'the number of a warrant is given',
  documentHash: 'the fingerprint of a warrant is given', courtConfirmed: 'a warrant is confirmed by its court',
};

export const casePhrases: Readonly<Record<EvidenceGrade, string>> = {
  none: 'a case is stated or not', stated: 'a case is stated', numbered: 'a case number is given',
  documentHash: 'the fingerprint of a case paper is given', courtConfirmed: 'a case is confirmed by its court',
};

export const courtPhrases: Readonly<Record<CourtClass, string>> = {
  articleThree: 'a federal judge appointed for life', federalMagistrate: 'a federal magistrate judge', stateCourt: 'a judge of a state court',
  immigrationCourt: 'an immigration judge', administrative: 'an official who is not a judge', notStated: 'somebody who is not named',
};

export const queryPhrases: Readonly<Record<QueryKind, string>> = {
  lookup: 'a look-up of one record', nameSearch: 'a search by name', plateSearch: 'a search by part of a plate',
};

export const affiliationPhrases: Readonly<Record<AffiliationKind, string>> = {
  component: 'parts of one organisation', program287g: '287(g) agreements', taskForce: 'task forces', fusionCentre: 'fusion centres',
  sharedOri: 'shared ORIs', delegation: 'asking on behalf of others', vendorHosting: 'shared company systems', redissemination: 'rights to pass data on',
};

export const outcomePhrases: Readonly<Record<Outcome, string>> = {
  release: 'given in full', redact: 'given in a reduced form', hold: 'held until a person decides', deny: 'refused',
};

/** `agencies that <verb> <word or word>`. */
export const attributePhrases: { readonly [A in keyof RequesterAttributes]: { readonly verb: string; readonly words: (word: string) => string } } = {
  level: { verb: 'are', words: named({ special: 'special-district', undeclared: 'of an undeclared level' }) },
  department: {
    verb: 'belong to',
    words: named({
      ...Object.fromEntries(namesOf(departments).map((name) => [name, departments[name].plain.replace(/^Department/, 'the Department').replace(/^United/, 'the United')])),
      none: 'no federal department', otherFederal: 'another federal body', undeclared: 'an undeclared department',
    }),
  },
  component: { verb: 'are part of', words: named({ none: 'no federal component', undeclared: 'an undeclared component' }) },
  homeState: { verb: 'come from', words: (word) => named({ none: 'no state', undeclared: 'an undeclared state' })(jurisdictionName(word)) },
  mission: {
    verb: 'have the task of',
    words: named({
      generalPolice: 'ordinary police work', criminalInvestigation: 'investigating crimes', immigrationEnforcement: 'enforcing immigration law',
      borderSecurity: 'guarding the border', transportSecurity: 'securing airports and transit', protective: 'guarding persons and buildings',
      corrections: 'running a jail or prison', court: 'judging', prosecution: 'prosecuting', probation: 'probation or parole',
      motorVehicles: 'issuing licences or registering vehicles', wildlife: 'guarding fish, game and parks', dispatch: 'dispatching',
      intelligence: 'collecting and sharing information', taxEnforcement: 'pursuing tax crimes', postal: 'pursuing crimes against the mail',
      military: 'policing the armed forces', regulatory: 'supervising a trade', undeclared: 'something undeclared',
    }),
  },
  program287g: {
    verb: 'have',
    words: named({
      taskForce: 'a 287(g) task force agreement', jail: 'a 287(g) jail agreement', warrantService: 'a 287(g) warrant service agreement',
      none: 'no 287(g) agreement', undeclared: 'an undeclared 287(g) status',
    }),
  },
  taskForce: {
    verb: 'take part in',
    words: named({
      immigration: 'an immigration task force', drugs: 'a drug task force', terrorism: 'a terrorism task force', gangs: 'a gang task force',
      fugitives: 'a fugitive task force', trafficking: 'a trafficking task force', financial: 'a financial task force',
      none: 'no task force', undeclared: 'an undeclared task force',
    }),
  },
  certified: {
    verb: 'have certified',
    words: named({
      noCivilImmigrationUse: 'no use for civil immigration enforcement', noRedisclosure: 'no passing on', permissibleUse: 'only uses that federal law permits',
      securityTraining: 'trained users', none: 'nothing', undeclared: 'something undeclared',
    }),
  },
  audit: { verb: 'have', words: named({ passed: 'a passed audit', overdue: 'an overdue audit', failed: 'a failed audit', undeclared: 'an undeclared audit' }) },
  criminalJustice: { verb: 'are', words: named({ yes: 'criminal-justice agencies', no: 'not criminal-justice agencies', undeclared: 'perhaps criminal-justice agencies' }) },
  sharedOri: { verb: 'use', words: named({ yes: 'a shared ORI', no: 'an ORI of their own', undeclared: 'an ORI that may be shared' }) },
  vendorHosted: { verb: 'run on', words: named({ yes: "a company's system", no: 'a system of their own', undeclared: "a system that may be a company's" }) },
};

function named(phrases: Readonly<Record<string, string>>): (word: string) => string {
  return (word) => (Object.hasOwn(phrases, word) ? (phrases[word] ?? word) : word);
}
