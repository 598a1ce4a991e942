import type { Purpose } from '../vocabulary/index.ts';
import type { ClassDecision, DecisionEntry } from '../model/index.ts';

/** What waiting may cost: 0 danger to life, 1 persons at risk, 2 all else. By the stated purpose, which is all that an inbox knows before anything is opened. */
export function harmOf(purpose: Purpose): 0 | 1 | 2 {
  if (purpose === 'emergency' || purpose === 'officerSafety' || purpose === 'missingPerson') return 0;
  return purpose === 'domesticViolenceCourt' || purpose === 'violentCrime' ? 1 : 2;
}

/** What of an entry a person looks at: the classes that were held, or those that were given at once in an emergency and are looked at afterwards. */
export function heldClasses({ decisions, ticket }: DecisionEntry): readonly ClassDecision[] {
  return decisions.filter(({ outcome, review }) => (ticket?.exigent === true ? review !== null && outcome !== 'hold' && outcome !== 'deny' : outcome === 'hold'));
}
