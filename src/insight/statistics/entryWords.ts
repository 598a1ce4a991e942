import type { DecisionEntry, VerdictEntry } from '../../model/index.ts';
import { partyOf } from '../parties.ts';
import { dimensionFacts, none } from './dimensions.ts';
import { endedOf } from './ended.ts';
import type { Condition, Dimension, StatQuery } from './types.ts';

/** The words of a decision in one dimension, straight from the entry and the verdict that belongs to it: one, or for lists any number. Says nothing of the archive, so that the two can be held against each other. */
export function entryWords(entry: DecisionEntry, dimension: Dimension, verdict: VerdictEntry | null = null, depth?: number): readonly string[] {
  const { requester: { ori, organisation, attributes }, evidence, at } = entry;
  switch (dimension) {
    case 'owner': return [entry.owner];
    case 'month': return [at.slice(0, 7)];
    case 'day': return [at.slice(0, 10)];
    case 'hour': return [at.slice(11, 13)];
    case 'weekday': return [String(new Date(at).getUTCDay() || 7)];
    case 'agency': return [ori];
    case 'organisation': return [depth === undefined ? organisation : organisation.split('/').slice(0, depth).join('/')];
    case 'party': return [partyOf(attributes, entry.owner)];
    case 'level': case 'department': case 'homeState': case 'audit': return [attributes[dimension]];
    case 'component': case 'mission': case 'program287g': case 'taskForce': case 'certified': return orNone(attributes[dimension]);
    case 'released': return orNone(endedOf(entry, verdict).released);
    case 'verdict': case 'decidedBy': case 'reviewTime': return [endedOf(entry, verdict)[dimension]];
    case 'wanted': return orNone(entry.decisions.map(({ dataClass }) => dataClass));
    case 'rule': return orNone([...new Set(entry.decisions.flatMap(({ rules }) => rules))]);
    case 'purpose': case 'status': case 'kind': case 'key': case 'format': return [entry[dimension]];
    case 'warrant': case 'court': case 'caseNumber': return [evidence[dimension]];
    case 'policyVersion': return [entry.policyVersion === null ? none : String(entry.policyVersion)];
  }
}

/** Whether conditions let a decision through, with the verdict that belongs to it. */
export function entryMeets(entry: DecisionEntry, conditions: readonly Condition[], verdict: VerdictEntry | null = null): boolean {
  return conditions.every(({ dimension, words, not }) => {
    const own = entryWords(entry, dimension, verdict);
    const met = own.some((word) => words.some((wanted) => word === wanted || (dimension === 'organisation' && word.startsWith(`${wanted}/`))));
    return met !== not;
  });
}

/** The lines of a table in which a decision stands, as keys joined by a line feed. `named` says that rules and versions name their owner, because there are several. */
export function entryLines(entry: DecisionEntry, by: StatQuery['by'], named: boolean, verdict: VerdictEntry | null = null): readonly string[] {
  return by.reduce<readonly string[]>((lines, { dimension, depth }, place) => {
    const owned = named && (dimension === 'rule' || dimension === 'policyVersion');
    const words = entryWords(entry, dimension, verdict, depth).map((word) => (owned ? `${entry.owner} ${word}` : word));
    return place === 0 ? words : lines.flatMap((line) => words.map((word) => `${line}\n${word}`));
  }, []);
}

/** Whether a dimension differs between two requests that are alike but for their time. */
export function isTime(dimension: Dimension): boolean {
  return dimension === 'month' || dimensionFacts[dimension].needsRows;
}

function orNone(words: readonly string[]): readonly string[] {
  return words.length === 0 ? [none] : words;
}
