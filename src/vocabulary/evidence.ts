import { namesOf, type Words } from './word.ts';

/** How well a statement is backed, from nothing to a court that confirmed it. Each grade includes those before it. */
export type EvidenceGrade = 'none' | 'stated' | 'numbered' | 'documentHash' | 'courtConfirmed';

export const evidenceGrades: Words<EvidenceGrade> = {
  none: { plain: 'nothing was stated', source: 'Weir' },
  stated: { plain: 'the asker says that it exists', source: 'Weir' },
  numbered: { plain: 'the asker gives its number', source: 'Weir' },
  documentHash: { plain: 'the asker gives the fingerprint of the paper itself', source: 'Weir' },
  courtConfirmed: { plain: 'the owner confirmed it with the court that issued it', source: 'Weir' },
};

/** The grades from weakest to strongest. */
export const gradeOrder: readonly EvidenceGrade[] = namesOf(evidenceGrades);

/** True where `has` is at least as strong as `needed`. */
export function gradeAtLeast(has: EvidenceGrade, needed: EvidenceGrade): boolean {
  return gradeOrder.indexOf(has) >= gradeOrder.indexOf(needed);
}

/** Which kind of court, or who else, signed a warrant or order. */
export type CourtClass = 'articleThree' | 'federalMagistrate' | 'stateCourt' | 'immigrationCourt' | 'administrative' | 'notStated';

export const courtClasses: Words<CourtClass> = {
  articleThree: { plain: 'a federal judge appointed for life', source: 'US Constitution, Article III; NY VTL 201(12)' },
  federalMagistrate: { plain: 'a federal magistrate judge', source: '28 USC 631; SB25-276 (Colorado)' },
  stateCourt: { plain: 'a judge of a state court', source: 'Minnesota practice under Stat. 171.12' },
  immigrationCourt: { plain: 'an immigration judge, who belongs to the Department of Justice', source: '8 CFR 1003.10' },
  administrative: { plain: 'an official of an agency, not a judge', source: '8 CFR 287.5' },
  notStated: { plain: 'the request does not say who signed', source: 'Weir' },
};

/** Courts whose members are judges of the judicial branch. */
export const judicialCourts: ReadonlySet<CourtClass> = new Set<CourtClass>(['articleThree', 'federalMagistrate', 'stateCourt']);

/** What a policy reads of the papers behind one request. */
export interface EvidenceFacts {
  readonly warrant: EvidenceGrade;
  readonly court: CourtClass;
  readonly caseNumber: EvidenceGrade;
}

export const noEvidence: EvidenceFacts = Object.freeze<EvidenceFacts>({ warrant: 'none', court: 'notStated', caseNumber: 'none' });

/** True where a request can carry these together: who signed is known only of a warrant that was stated. */
export function evidenceGoesTogether(warrant: EvidenceGrade, court: CourtClass): boolean {
  return warrant !== 'none' || court === 'notStated';
}
