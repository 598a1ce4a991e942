import { outcomeOrder, type DataClass } from '../../vocabulary/index.ts';
import type { ClassDecision } from '../../model/index.ts';
import { dataPhrases, treatmentPhrases } from '../../policy/phrases.ts';
import { both } from '../../policy/words.ts';

/** "names and photos given; home addresses given in part (county only); medical notes refused". */
export function decisionWords(decisions: readonly ClassDecision[]): string {
  const parts = new Map<string, DataClass[]>();
  for (const one of [...decisions].sort((a, b) => outcomeOrder.indexOf(a.outcome) - outcomeOrder.indexOf(b.outcome))) {
    const words = fateWords(one);
    parts.set(words, [...(parts.get(words) ?? []), one.dataClass]);
  }
  return [...parts].map(([words, classes]) => `${classWords(classes)} ${words}`).join('; ');
}

/** "given", "given in part (county only)", "held", "refused". */
export function fateWords({ outcome, treatment }: Pick<ClassDecision, 'outcome' | 'treatment'>): string {
  switch (outcome) {
    case 'release': return 'given';
    case 'redact': return treatment === null ? 'given in part' : `given in part (${treatmentPhrases[treatment]})`;
    case 'hold': return 'held';
    case 'deny': return 'refused';
  }
}

export function classWords(classes: readonly DataClass[]): string {
  return both(classes.map((one) => dataPhrases[one]));
}
