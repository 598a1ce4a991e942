import { labelOf, type AnswerStatus } from '../vocabulary/index.ts';
import type { Decision } from '../model/index.ts';
import type { OwnerPolicy, SourceResult } from './ports.ts';

/** In words, one line for each rule that kept something back; a refusal always names its rule, or says that none allows it. */
export function reasonsOf(policy: OwnerPolicy, decision: Decision, status: AnswerStatus, found: SourceResult | null): readonly string[] {
  if (status === 'unavailable') return [unavailable(policy.owner, found)];
  if (status === 'noRecord' || status === 'answered') return [];
  const lines = new Map<string, string[]>();
  for (const { dataClass, outcome, rules } of decision.classes) {
    if (outcome === 'release') continue;
    const line = rules.length === 0 ? `no rule of ${policy.owner} releases this` : rules.map((id) => `${id}: ${policy.words(id)}`).join('; ');
    const key = `${verbs[outcome]} (${line})`;
    const classes = lines.get(key);
    if (classes === undefined) lines.set(key, [labelOf(dataClass)]);
    else classes.push(labelOf(dataClass));
  }
  return [...lines].map(([line, classes]) => `${classes.join(', ')} ${line}`);
}

const verbs = { redact: 'reduced', hold: 'held for review', deny: 'refused' } as const;

function unavailable(owner: string, found: SourceResult | null): string {
  const why = found?.status === 'unavailable' ? found.why : 'down';
  return `the records of ${owner} cannot be reached now (${why}); this does not mean that there is no record`;
}
