import type { Decision, DecisionInput } from '../model/index.ts';
import type { PolicyDocument } from './document.ts';
import { prepare } from './interpret.ts';
import { rememberingDecider } from './memory.ts';
import { ruleWords } from './words.ts';

/** The port that the exchange names `OwnerPolicy` (`src/exchange/ports.ts`), matched by shape. */
export interface LiveOwnerPolicy {
  readonly owner: string;
  readonly version: number;
  readonly hash: string;
  readonly document: PolicyDocument;
  decide(input: DecisionInput): Decision;
  words(ruleId: string): string;
}

/** The policy of one owner, ready to decide. `now` is in milliseconds since 1970. */
export function ownerPolicy(document: PolicyDocument, hash: string, now: () => number = Date.now): LiveOwnerPolicy {
  const decide = rememberingDecider(prepare(document, hash));
  return {
    owner: document.policy,
    version: document.version,
    hash,
    document,
    decide: (input) => decide(input, now()),
    words: (ruleId) => ruleWords(document, ruleId),
  };
}
