import { namesOf, type Words } from './word.ts';

/** Why a request is made. A closed list; an owner may add its own in a later version of its policy. */
export type Purpose =
  | 'trafficEnforcement'
  | 'criminalInvestigation'
  | 'violentCrime'
  | 'narcotics'
  | 'fraud'
  | 'theft'
  | 'missingPerson'
  | 'officerSafety'
  | 'emergency'
  | 'warrantService'
  | 'courtProceeding'
  | 'borderInspection'
  | 'civilImmigration'
  | 'criminalImmigration'
  | 'licensing'
  | 'employmentCheck'
  | 'firearmsCheck'
  | 'domesticViolenceCourt'
  | 'nationalSecurity'
  | 'notStated';

export const purposes: Words<Purpose> = {
  trafficEnforcement: { plain: 'a traffic stop, crash or citation', source: 'Nlets reason T' },
  criminalInvestigation: { plain: 'an investigation of a crime', source: 'Weir' },
  violentCrime: { plain: 'an investigation of a violent crime', source: 'Nlets reason V' },
  narcotics: { plain: 'an investigation of a drug crime', source: 'Nlets reason N' },
  fraud: { plain: 'an investigation of fraud or forged documents', source: 'Nlets reason F' },
  theft: { plain: 'an investigation of a theft', source: 'Nlets reason S' },
  missingPerson: { plain: 'finding a missing person, or telling a family', source: 'Nlets reason H (humanitarian)' },
  officerSafety: { plain: 'the safety of an officer during an encounter', source: 'Weir' },
  emergency: { plain: 'an immediate danger to life or limb', source: 'Weir' },
  warrantService: { plain: 'serving a warrant signed by a judge', source: 'Weir' },
  courtProceeding: { plain: 'a case before a court', source: '18 USC 2721(b)(4)' },
  borderInspection: { plain: 'inspection at a border, port of entry or trusted-traveller programme', source: 'NY VTL 201(12) exceptions' },
  civilImmigration: { plain: 'enforcing civil immigration law', source: 'NY VTL 201(12); CRS 24-74-105; RCW 43.17.425' },
  criminalImmigration: { plain: 'a federal immigration crime', source: 'Weir' },
  licensing: { plain: 'issuing or checking a licence or identity card', source: '18 USC 2721(b)(1)' },
  employmentCheck: { plain: 'a check for employment', source: 'Nlets purpose E, J' },
  firearmsCheck: { plain: 'a firearms check', source: 'Nlets purpose F' },
  domesticViolenceCourt: { plain: 'a domestic-violence matter before a court', source: 'Nlets purpose D' },
  nationalSecurity: { plain: 'a matter of national security', source: 'Nlets purpose S' },
  notStated: { plain: 'the request does not say why it is made', source: 'Weir; Nlets requires no purpose on DQ and RQ' },
};

export const allPurposes: readonly Purpose[] = namesOf(purposes);
