import type { OwnerInput } from '../input.ts';
import { many, nameOf, say, times } from '../say.ts';
import type { Section, Sentence } from '../types.ts';
import type { Source } from './book.ts';
import { foldedBy, sum } from './counts.ts';
import { dayWords } from './dates.ts';

export function rulesSection({ rules, policy, facts }: Pick<OwnerInput, 'rules' | 'policy' | 'facts'>, source: Source): Section {
  return {
    id: 'rules', question: 'Under which of our rules?', charts: [],
    sentences: [
      policy === null ? say`No policy is in force now, so all is refused.` : say`Version ${{ name: String(policy.version) }} of the policy is in force since ${{ name: dayWords(policy.since) }}.`,
      ...(facts.lacks.includes('decisions') ? [say`The log does not say which rules decided.`] : decided(rules, policy, source)),
    ],
  };
}

function decided(rules: OwnerInput['rules'], policy: OwnerInput['policy'], source: Source): readonly Sentence[] {
  const by = foldedBy(rules, 0);
  const top = [...by].filter(([key, { n }]) => key !== 'none' && key !== 'notRecorded' && n > 0).sort((a, b) => b[1].n - a[1].n);
  const noRule = sum(rules, (keys) => keys[0] === 'none' && keys[1] === 'refused').n;
  const refusing = [...refusals(rules)].filter(([key]) => key !== 'none').sort((a, b) => b[1].n - a[1].n)[0];
  const idle = policy === null ? [] : policy.rules.filter(({ id }) => (by.get(id)?.n ?? 0) === 0);
  return [
    ...top.slice(0, 2).map(([, { n, words }], place) => say`${place === 0 ? 'Most was decided by' : 'Next came'} ${ruleName(words)} (${times(source.count(n))}).`),
    ...(refusing === undefined || top.slice(0, 2).some(([key]) => key === refusing[0]) ? [] : [say`The rule that refused most was ${ruleName(refusing[1].words)} (${times(source.count(refusing[1].n))}).`]),
    ...(noRule === 0 ? [] : [say`${many(source.count(noRule), 'request')} ${noRule === 1 ? 'was' : 'were'} refused because no rule allows ${noRule === 1 ? 'it' : 'them'}.`]),
    ...(idle.length === 0 || policy === null ? [] : [say`${source.count(idle.length)} of ${many(source.count(policy.rules.length), 'rule')} decided nothing.`]),
  ];
}

/** What each rule refused, wholly. */
function refusals(rules: OwnerInput['rules']): ReadonlyMap<string, { readonly n: number; readonly words: string }> {
  return new Map(rules.rows.filter(({ keys, n }) => keys[1] === 'refused' && n > 0).map(({ keys, words, n }) => [keys[0] ?? '', { n, words: words[0] ?? '' }]));
}

function ruleName(words: string): { readonly name: string } {
  return nameOf(words, 80);
}
