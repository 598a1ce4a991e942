import type { Matcher } from '../../policy/document.ts';
import { ruleSentence } from '../../policy/index.ts';
import type { ContentSnapshot } from '../../registry/index.ts';
import { highlyRestricted, type RequesterAttributes } from '../../vocabulary/index.ts';

/** What an owner writes into its policy, and how many other agencies it would mean as well. */
export interface PolicySentence {
  readonly sentence: string;
  readonly others: number;
}

/**
 * The rule by which a policy gives an agency less, or nothing. A policy knows agencies by what they are, not by their names, so the sentence names all that is known of this one;
 * `others` counts those of whom the same is known.
 */
export function sentenceFor(registry: ContentSnapshot, owner: string, organisation: string, decision: 'reduce' | 'remove', at: Date): PolicySentence {
  const attributes = registry.attributesOf(organisation, owner, at);
  const to = matcherOf(attributes);
  const sentence = ruleSentence({
    id: `${owner}-recertified`, title: null, cites: [], effective: null, expires: null, outcome: 'deny', data: decision === 'remove' ? 'all' : [...highlyRestricted], to, unless: [],
  });
  const asking = new Set(registry.content.offices.filter(({ active }) => active).map((office) => office.organisation));
  asking.delete(organisation);
  return { sentence, others: [...asking].filter((one) => isMatched(to, registry.attributesOf(one, owner, at))).length };
}

/** The attributes that tell an agency from others, where they are known. */
const telling = ['level', 'department', 'component', 'homeState', 'mission', 'program287g', 'taskForce'] as const;

function matcherOf(attributes: RequesterAttributes): Matcher {
  const parts = telling.flatMap((name) => {
    const words = [attributes[name]].flat().filter((word) => word !== 'none' && word !== 'undeclared');
    return words.length === 0 ? [] : [[name, words] as const];
  });
  return Object.fromEntries(parts);
}

function isMatched(to: Matcher, attributes: RequesterAttributes): boolean {
  return Object.entries(to).every(([name, words]) => [attributes[name as keyof RequesterAttributes]].flat().some((word) => (words as readonly string[]).includes(word)));
}
