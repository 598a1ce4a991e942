import { labelOf, type AnswerStatus } from '../vocabulary/index.ts';
import type { Decision } from '../model/index.ts';
import { isUsedUp, type LimitFound } from './limits.ts';
import type { OwnerPolicy, SourceResult } from './ports.ts';

/** In words, one line for each rule that kept something back; a refusal always names its rule, or says that none allows it. Of a limit it says how far it is used. */
export function reasonsOf(
  policy: OwnerPolicy,
  decision: Decision,
  status: AnswerStatus,
  found: SourceResult | null,
  limits: readonly LimitFound[],
): readonly string[] {
  if (status === 'unavailable') return [unavailable(policy.owner, found)];
  if (status === 'noRecord' || (status === 'answered' && decision.classes.every(({ review }) => review === null))) return [];
  const lines = new Map<string, string[]>();
  for (const { dataClass, outcome, rules, review } of decision.classes) {
    if (outcome === 'release' && review !== null) {
      const key = `given at once, and looked at afterwards by ${review.by} (${rules.map((id) => `${id}: ${policy.words(id)}`).join('; ')})`;
      lines.set(key, [...(lines.get(key) ?? []), labelOf(dataClass)]);
    }
    if (outcome === 'release') continue;
    const line = rules.length === 0 ? `no rule of ${policy.owner} releases this` : rules.map((id) => `${id}: ${policy.words(id)}${howFar(limits, id)}`).join('; ');
    const key = `${verbs[outcome]} (${line})`;
    const classes = lines.get(key);
    if (classes === undefined) lines.set(key, [labelOf(dataClass)]);
    else classes.push(labelOf(dataClass));
  }
  return [...lines].map(([line, classes]) => `${classes.join(', ')} ${line}`);
}

const verbs = { redact: 'reduced', hold: 'held for review', deny: 'refused' } as const;

/** Empty for a rule. The first used-up counter of a limit: where a request is made for another organisation there may be two. */
function howFar(limits: readonly LimitFound[], id: string): string {
  const limit = limits.find((one) => one.claim.rule === id && isUsedUp(one));
  if (limit === undefined) return '';
  const { max, window } = limit.claim;
  return limit.used === null ? ', and its counter cannot be read now' : `, and ${limit.used} of ${max} are used in ${window} (UTC)`;
}

function unavailable(owner: string, found: SourceResult | null): string {
  const why = found?.status === 'unavailable' ? found.why : 'down';
  return `the records of ${owner} cannot be reached now (${why}); this does not mean that there is no record`;
}
