import type { RequesterAttributes } from '../vocabulary/index.ts';
import type { Review } from '../model/index.ts';
import type { Claim, Condition, DataScope, Item, LimitRule, Matcher, NotifyRule, OnwardRule, PolicyDocument, ReleaseRule, Rule } from './document.ts';
import {
  affiliationPhrases, attributePhrases, casePhrases, courtPhrases, dataPhrases, purposePhrases, queryPhrases, treatmentPhrases, warrantPhrases,
} from './phrases.ts';
import { sayDuration } from './quantity.ts';

/** The rule in words, for a refusal: its title, or a sentence made from it, without the final period. */
export function ruleWords(document: PolicyDocument, ruleId: string): string {
  const rule = document.rules.find(({ id }) => id === ruleId);
  if (rule !== undefined) return rule.title ?? ruleSentence(rule).slice(0, -1);
  const other = sentencesOf(document).find(({ item }) => item.id === ruleId);
  return other === undefined ? `a rule of ${document.policy}` : (other.item.title ?? other.sentence.slice(0, -1));
}

/** Every item of a document with its sentence, in the order of the document. */
export function sentencesOf(document: PolicyDocument): readonly { readonly item: Item; readonly sentence: string }[] {
  const say = <I extends Item>(items: readonly I[], sentence: (item: I) => string) => items.map((item) => ({ item, sentence: sentence(item) }));
  return [
    ...say(document.rules, ruleSentence), ...say(document.onward, onwardSentence), ...say(document.limits, limitSentence),
    ...say(document.notify, notifySentence), ...say(document.claims, claimSentence),
  ];
}

/**
 * One rule as one English sentence. The grammar is regular, so that a sentence names one rule:
 * VERB DATA to|for WHO [, for PURPOSES] [, if CONDITION] [, unless CONDITION [, or unless CONDITION]…] [, REVIEW] [, PERIOD].
 */
export function ruleSentence(rule: Rule): string {
  const verb = { release: 'Give', hold: 'Hold', deny: 'Refuse' }[rule.outcome];
  const data = rule.outcome === 'release' ? sayTreated(rule) : sayData(rule.data);
  return [
    `${verb} ${data} ${rule.outcome === 'hold' ? 'for' : 'to'} ${sayWho(rule.to)}`,
    ...(rule.for === undefined ? [] : [`for ${sayPurposes(rule.for)}`]),
    ...(rule.when === undefined ? [] : [`if ${sayCondition(rule.when)}`]),
    ...sayUnless(rule.unless),
    ...(rule.outcome === 'hold' ? [sayReview(rule.review)] : []),
    ...sayPeriod(rule),
  ].join(', ').concat('.');
}

export function onwardSentence(rule: OnwardRule): string {
  const via = any(rule.via.map((kind) => affiliationPhrases[kind]));
  const allow = rule.allow === 'never' ? 'is never allowed' : rule.allow === 'always' ? 'is always allowed' : `is allowed only if ${sayCondition(rule.allow)}`;
  return [`Passing ${sayData(rule.data)} on through ${via} ${allow}`, ...sayPeriod(rule)].join(', ').concat('.');
}

export function limitSentence(rule: LimitRule): string {
  const all = rule.to === undefined ? 'agencies' : sayWho(rule.to);
  const who = rule.per === 'agency' ? `each of the ${all}` : `all of the ${all} together`;
  const beyond = rule.beyond === 'deny' ? 'beyond that the request is refused' : 'beyond that the request is held';
  return [
    `Give ${sayData(rule.data)} at most ${rule.max.count} time${rule.max.count === 1 ? '' : 's'} ${rule.max.per === 'hour' ? 'an' : 'a'} ${rule.max.per} to ${who}`, beyond,
    ...(rule.review === null ? [] : [sayReview(rule.review)]), ...sayPeriod(rule),
  ].join(', ').concat('.');
}

export function notifySentence(rule: NotifyRule): string {
  return [
    `Tell ${rule.who === 'subject' ? 'the person' : 'the owner'} within ${sayDuration(rule.withinSeconds)} of a request for ${rule.data === undefined ? 'anything' : sayData(rule.data)}`,
    ...(rule.when === undefined ? [] : [`if ${sayCondition(rule.when)}`]), ...sayUnless(rule.unless), ...sayPeriod(rule),
  ].join(', ').concat('.');
}

export function claimSentence(claim: Claim): string {
  return [
    `${claim.kind === 'never' ? 'No' : 'Only'} ${sayWho(claim.to)} can obtain ${sayData(claim.data)}${claim.form === 'full' ? ' in full' : ''} ${claim.by === 'direct' ? 'directly' : 'directly or by any path'}`,
    ...(claim.for === undefined ? [] : [`for ${sayPurposes(claim.for)}`]), ...sayUnless(claim.without),
    ...(claim.review === 'suffices' ? [`${claim.without.length === 0 ? '' : 'or '}unless a person decides`] : []),
    ...(claim.world === 'possible' ? ['even if rules on passing data on are broken'] : []),
    ...(claim.domain === 'schema' ? ['whichever agencies join'] : []), ...sayPeriod(claim),
  ].join(', ').concat('.');
}

export function sayData(data: DataScope): string {
  return data === 'all' ? 'all data' : both(data.map((one) => dataPhrases[one]));
}

function sayTreated(rule: ReleaseRule): string {
  const { data, treat } = rule;
  const treated = (one: keyof typeof dataPhrases) => (treat[one] === undefined ? dataPhrases[one] : `${dataPhrases[one]} reduced to ${treatmentPhrases[treat[one]]}`);
  if (data !== 'all') return both(data.map(treated));
  const classes = Object.keys(treat) as (keyof typeof dataPhrases)[];
  return classes.length === 0 ? 'all data' : `all data, with ${both(classes.map(treated))},`;
}

function sayWho(to: Matcher | undefined): string {
  if (to === undefined) return 'anyone who asks';
  const clauses = (Object.entries(to) as [keyof RequesterAttributes, readonly string[]][]).map(([name, words]) => {
    const phrase = attributePhrases[name];
    return `that ${phrase.verb} ${any(words.map(phrase.words))}`;
  });
  return `agencies ${clauses.join(' and ')}`;
}

export function sayPurposes(purposes: readonly (keyof typeof purposePhrases)[]): string {
  return any(purposes.map((purpose) => purposePhrases[purpose]));
}

function sayCondition(condition: Condition): string {
  return [
    ...(condition.to === undefined ? [] : [`the request comes from ${sayWho(condition.to)}`]),
    ...(condition.for === undefined ? [] : [`the request is for ${sayPurposes(condition.for)}`]),
    ...(condition.warrant === undefined ? [] : [warrantPhrases[condition.warrant]]),
    ...(condition.court === undefined ? [] : [`the warrant is signed by ${any(condition.court.map((court) => courtPhrases[court]))}`]),
    ...(condition.caseNumber === undefined ? [] : [casePhrases[condition.caseNumber]]),
    ...(condition.query === undefined ? [] : [`the request is ${any(condition.query.map((query) => queryPhrases[query]))}`]),
  ].join(' and ');
}

function sayUnless(conditions: readonly Condition[]): readonly string[] {
  return conditions.map((condition, index) => `${index === 0 ? '' : 'or '}unless ${sayCondition(condition)}`);
}

function sayReview(review: Review): string {
  return `until "${review.by}" decides within ${sayDuration(review.withinSeconds)}, else ${review.onTimeout === 'deny' ? 'refuse' : 'give'} it`;
}

function sayPeriod(item: Item): readonly string[] {
  return [...(item.effective === null ? [] : [`from ${item.effective}`]), ...(item.expires === null ? [] : [`up to ${item.expires}`])];
}

/** `a`, `a and b`, `a, b and c`. */
export function both(parts: readonly string[]): string {
  return joined(parts, 'and');
}

function any(parts: readonly string[]): string {
  return joined(parts, 'or');
}

function joined(parts: readonly string[], last: 'and' | 'or'): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1) ?? ''}`;
}
