import { attributeWords, type CourtClass, type DataClass, type Purpose, type RequesterAttributes } from '../vocabulary/index.ts';
import type { Review } from '../model/index.ts';
import type { Afterwards, Claim, Condition, DataScope, HoldRule, Item, LimitRule, Matcher, NotifyRule, OnwardRule, PolicyDocument, ReleaseRule, Rule } from './document.ts';
import {
  affiliationPhrases, anyKindPhrase, attributePhrases, casePhrases, courtPhrases, courtSets, dataPhrases, justicePhrase, purposePhrases, queryPhrases, treatmentPhrases, warrantPhrases,
  type AttributePhrases, type SetPhrase,
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
 * One rule as English. The grammar is regular, so that the text names one rule, and `readSentence` reads it back:
 * VERB DATA to|for WHO [, if PURPOSE and CONDITION] [, from DAY] [, up to DAY] [, unless CONDITION]. [REVIEW.]
 * What would make the sentence long is said in one of its own: "This applies only if …", "This does not apply if …".
 */
export function ruleSentence(rule: Rule): string {
  const verb = { release: 'Give', hold: 'Hold', deny: 'Refuse' }[rule.outcome];
  const data = rule.outcome === 'release' ? sayTreated(rule) : sayData(rule.data);
  return sentence({
    item: rule, main: [`${verb} ${data} ${rule.outcome === 'hold' ? 'for' : 'to'} ${sayWho(rule.to)}`], who: asker,
    when: { ...rule.when, ...(rule.for === undefined ? {} : { for: rule.for }) }, unless: rule.unless, review: rule.outcome === 'hold' ? rule.review : null, afterwards: rule.outcome === 'release' ? (rule.afterwards ?? null) : null,
  });
}

/** A rule that holds, without its review: for a place that tells of the review itself. */
export function holdSentence(rule: HoldRule): string {
  return ruleSentence(rule).slice(0, -` ${sayReview(rule.review)}.`.length);
}

export function onwardSentence(rule: OnwardRule): string {
  const via = any(rule.via.map((kind) => affiliationPhrases[kind]));
  const verb = rule.allow === 'never' ? 'Never let' : 'Let';
  const when = typeof rule.allow === 'string' ? {} : rule.allow;
  return sentence({ item: rule, main: [`${verb} agencies pass on ${sayData(rule.data, rule.allow === 'never' ? 'or' : 'and')} through ${via}`], who: 'they pass it to', when, if: 'but only if' });
}

export function limitSentence(rule: LimitRule): string {
  const who = rule.per === 'owner' ? sayWho(rule.to) : rule.to === undefined ? 'each agency' : `each of the ${sayWho(rule.to)}`;
  const main = [`At most ${sayMax(rule.max.count, rule.max.per)}${rule.per === 'owner' ? ' in all' : ''}`, `give ${sayData(rule.data, 'or')} to ${who}`, rule.beyond === 'deny' ? 'then refuse' : 'then hold'];
  return sentence({ item: rule, main, who: asker, review: rule.review });
}

export function notifySentence(rule: NotifyRule): string {
  const what = rule.data === undefined ? 'any request' : `a request for ${sayData(rule.data, 'or')}`;
  const main = [`Tell ${rule.who === 'subject' ? 'the person' : 'the owner'} within ${sayDuration(rule.withinSeconds)} of ${what}`];
  return sentence({ item: rule, main, who: asker, ...(rule.when === undefined ? {} : { when: rule.when }), unless: rule.unless });
}

export function claimSentence(claim: Claim): string {
  const how = `${claim.form === 'full' ? ' in full' : ''} ${claim.by === 'direct' ? 'directly' : 'directly or through others'}`;
  return sentence({
    item: claim, main: [`${claim.kind === 'never' ? 'No' : 'Only'} ${sayWho(claim.to)} can get ${sayData(claim.data, 'or')}${how}`],
    holds: [...(claim.world === 'possible' ? ['even if others break the rules'] : []), ...(claim.domain === 'schema' ? ['whoever joins later'] : [])],
    who: 'they are', when: claim.for === undefined ? {} : { for: claim.for }, unless: claim.without,
    ...(claim.review === 'suffices' ? { besides: ['a person allows it'] } : {}),
  });
}

/** With `and` what is given or refused together, with `or` what counts each for itself: `all data`, but `any data`. */
export function sayData(data: DataScope, last: 'and' | 'or' = 'and'): string {
  if (data === 'all') return last === 'and' ? 'all data' : 'any data';
  return joined(data.map((one) => dataPhrases[one]), last);
}

/** `home addresses (county only)`. */
export function sayReduced(dataClass: DataClass, treatment: keyof typeof treatmentPhrases): string {
  return `${dataPhrases[dataClass]} (${treatmentPhrases[treatment]})`;
}

/** `50 times a day`. */
export function sayMax(count: number, per: LimitRule['max']['per']): string {
  return `${count} time${count === 1 ? '' : 's'} ${per === 'hour' ? 'an' : 'a'} ${per}`;
}

/** Agencies that match, in the plural: `federal agencies from Oregon that are part of ICE and whose audit is failed`. */
export function sayWho(to: Matcher | undefined): string {
  if (to === undefined) return 'anyone who asks';
  const justice = to.criminalJustice?.length === 1 && to.criminalJustice[0] === 'yes';
  const anyKind = to.criminalJustice?.length === attributeWords.criminalJustice.length;
  const said = (Object.entries(attributePhrases) as [keyof RequesterAttributes, AttributePhrases][]).flatMap(([name, phrases]) => {
    const words = to[name];
    return words === undefined || ((justice || anyKind) && name === 'criminalJustice') ? [] : [{ place: phrases.place, text: `${phrases.lead} ${sayAny(words, phrases.words, phrases.sets)}`.trimStart() }];
  });
  const at = (place: AttributePhrases['place']) => said.filter((one) => one.place === place).map(({ text }) => text);
  return [...at('before'), ...(justice ? [justicePhrase] : []), 'agencies', ...(anyKind ? [anyKindPhrase] : []), ...at('after'), at('clause').join(' and ')].join(' ').trimEnd();
}

export function sayPurposes(purposes: readonly Purpose[]): string {
  return any(purposes.map((purpose) => purposePhrases[purpose]));
}

export function sayCourts(courts: readonly CourtClass[]): string {
  return sayAny(courts, (court) => courtPhrases[court], courtSets);
}

/** `a`, `a and b`, `a, b and c`. */
export function both(parts: readonly string[]): string {
  return joined(parts, 'and');
}

/** How a condition says who it speaks of: in a rule the asker, in an onward rule who receives, in a claim who obtains. */
const asker = 'the request comes from';

function sayTreated({ data, treat }: ReleaseRule): string {
  const say = (one: DataClass) => (treat[one] === undefined ? dataPhrases[one] : sayReduced(one, treat[one]));
  if (data !== 'all') return both(data.map(say));
  const treated = (Object.keys(dataPhrases) as DataClass[]).filter((one) => treat[one] !== undefined);
  return treated.length === 0 ? 'all data' : `all data, with ${both(treated.map(say))},`;
}

function sayCondition({ to, for: purposes, warrant, court, caseNumber, query }: Condition, who: string): string {
  return [
    ...(to === undefined ? [] : [`${who} ${sayWho(to)}`]),
    ...(purposes === undefined ? [] : [`the request is for ${sayPurposes(purposes)}`]),
    // One clause where there is a warrant to sign; a grade of `none` asks for nothing, and so says nothing of a signature.
    ...(warrant === undefined ? [] : [warrant === 'none' || court === undefined ? warrantPhrases[warrant] : `${warrantPhrases[warrant]} signed by ${sayCourts(court)}`]),
    ...(court === undefined || (warrant !== undefined && warrant !== 'none') ? [] : [`a warrant is signed by ${sayCourts(court)}`]),
    ...(caseNumber === undefined ? [] : [casePhrases[caseNumber]]),
    ...(query === undefined ? [] : [`the request is ${any(query.map((one) => queryPhrases[one]))}`]),
  ].join(' and ');
}

function sayReview(review: Review): string {
  return `"${review.by.replaceAll('"', '""')}" decides within ${sayDuration(review.withinSeconds)}, else ${review.onTimeout === 'deny' ? 'refuse' : 'give'}`;
}

function sayAfterwards({ by, withinSeconds }: Afterwards): string {
  return `"${by.replaceAll('"', '""')}" looks at it afterwards, within ${sayDuration(withinSeconds)}, and the officer must be named`;
}

/** What one sentence is made of. */
interface Parts {
  readonly item: Item;
  /** Joined by commas; never empty. */
  readonly main: readonly string[];
  /** In spite of what a claim holds. */
  readonly holds?: readonly string[];
  /** What a condition says before the agencies that it names. */
  readonly who: string;
  readonly when?: Condition;
  readonly if?: string;
  readonly unless?: readonly Condition[];
  /** Exceptions that are no condition. */
  readonly besides?: readonly string[];
  readonly review?: Review | null;
  readonly afterwards?: Afterwards | null;
}

/** In words. A longer sentence is broken: short ones are read, long ones are skipped. */
const longSentence = 16;

function sentence({ item, main, holds = [], who, when = {}, if: lead = 'if', unless = [], besides = [], review = null, afterwards = null }: Parts): string {
  const period = [...(item.effective === null ? [] : [`from ${item.effective}`]), ...(item.expires === null ? [] : [`up to ${item.expires}`])];
  const conditions = Object.keys(when).length === 0 ? [] : [sayCondition(when, who)];
  const exceptions = [...unless.map((one) => sayCondition(one, who)), ...besides];
  const said = (within: { holds: boolean; when: boolean; unless: boolean }) => [
    [
      ...main, ...(within.holds ? holds : []), ...(within.when ? conditions.map((one) => `${lead} ${one}`) : []), ...period,
      ...(within.unless ? exceptions.map((one) => `unless ${one}`) : []),
    ].join(', '),
    ...(within.holds || holds.length === 0 ? [] : [`This holds ${holds.join(', ')}`]),
    ...(within.when ? [] : conditions.map((one) => `This applies only if ${one}`)),
    ...(within.unless ? [] : exceptions.map((one, index) => `${index === 0 ? 'This does not apply' : 'Nor does it apply'} if ${one}`)),
    ...(review === null ? [] : [sayReview(review)]),
    ...(afterwards === null ? [] : [sayAfterwards(afterwards)]),
  ];
  const fits = ([first = '']: readonly string[]) => first.split(' ').length <= longSentence;
  const ways = [{ holds: true, when: true, unless: exceptions.length === 1 }, { holds: true, when: true, unless: false }, { holds: true, when: false, unless: false }].map(said);
  return (ways.find(fits) ?? said({ holds: false, when: false, unless: false })).join('. ').concat('.');
}

/** Words joined by "or", with the phrases of whole sets where they fit. */
function sayAny<W extends string>(words: readonly W[], phraseOf: (word: W) => string, sets: readonly SetPhrase[]): string {
  const set = sets.find((one) => one.words.every((word) => (words as readonly string[]).includes(word)));
  if (set === undefined) return any(words.map(phraseOf));
  const [first] = set.words;
  return any(words.flatMap((word) => (word === first ? [set.phrase] : set.words.includes(word) ? [] : [phraseOf(word)])));
}

function any(parts: readonly string[]): string {
  return joined(parts, 'or');
}

function joined(parts: readonly string[], last: 'and' | 'or'): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1) ?? ''}`;
}
