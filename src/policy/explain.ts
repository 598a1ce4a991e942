import { auditStatuses, certifications, gradeAtLeast, hasAny, namesOf, type EvidenceFacts, type RequesterAttributes } from '../vocabulary/index.ts';
import type { ClassDecision, Decision, DecisionInput } from '../model/index.ts';
import { classesOf, type Condition, type Matcher, type PolicyDocument, type Rule } from './document.ts';
import { courtPhrases, dataPhrases, outcomePhrases, purposePhrases, queryPhrases } from './phrases.ts';
import { sayDuration } from './quantity.ts';
import { both, holdSentence, ruleWords, sayData, sayReduced, sayWho } from './words.ts';

/**
 * A decision in words, one line for each set of classes with one fate: what becomes of them, by which rule, and what the request
 * stated of the things that the rule asks for. For a person who asked; names no person.
 */
export function explainDecision(document: PolicyDocument, input: DecisionInput, decision: Decision): readonly string[] {
  const groups = groupBy(decision.classes);
  return groups.map((classes) => explainGroup(document, input, classes, groups.length === 1));
}

function explainGroup(document: PolicyDocument, input: DecisionInput, classes: readonly ClassDecision[], alone: boolean): string {
  const [first] = classes;
  if (first === undefined) return '';
  const nouns = both(classes.map((one) => (one.treatment === null ? dataPhrases[one.dataClass] : sayReduced(one.dataClass, one.treatment))));
  const outcome = outcomePhrases[first.outcome];
  return [
    !alone ? `${capital(nouns)}: ${outcome}.` : first.outcome === 'redact' ? `${capital(outcome)}: ${nouns}.` : `${capital(outcome)}.`,
    ...(first.review === null ? [] : [`"${first.review.by}" decides within ${sayDuration(first.review.withinSeconds)}; if nobody does, it is ${first.review.onTimeout === 'deny' ? 'refused' : 'given'}.`]),
    ...(first.rules.length === 0 ? unruled(document, input, classes) : first.rules.map((id) => `Rule ${id}: ${reason(document, id)}.`)),
    ...(first.outcome === 'release' ? [] : facts(document.rules.filter(({ id }) => first.rules.includes(id)), input)),
  ].join(' ');
}

/** Every word of the attributes that an asker can do something about. */
const anyStanding = { certified: namesOf(certifications), audit: namesOf(auditStatuses) };

/** Where no rule matched: whether the asker is nobody that the rules give to, or lacks only what an asker can get: papers, a purpose, a certification, an audit. */
function unruled(document: PolicyDocument, input: DecisionInput, classes: readonly ClassDecision[]): readonly string[] {
  const nouns = sayData(classes.map((one) => one.dataClass));
  const near = document.rules.filter((rule) => rule.outcome === 'release' && classes.some((one) => classesOf(rule.data).includes(one.dataClass)) && matches({ ...rule.to, ...anyStanding }, input.requester));
  if (near.length === 0) return [`No rule of ${document.policy} gives ${nouns} to this asker.`];
  const standing = near.flatMap(({ to }) => (to === undefined || matches(to, input.requester) ? [] : [sayWho({ ...(to.certified && { certified: to.certified }), ...(to.audit && { audit: to.audit }) })]));
  return [`No rule of ${document.policy} gives ${nouns} for this request.`, ...facts(near, input), ...unlisted(standing)];
}

/** The words of a rule, without what was said of the review already; of a limit, that it is used up. */
function reason(document: PolicyDocument, id: string): string {
  const limit = document.limits.find((one) => one.id === id);
  if (limit !== undefined) return `${limit.title === null ? 'the' : `${limit.title}. The`} limit of ${limit.max.count} ${limit.max.per === 'hour' ? 'an' : 'a'} ${limit.max.per}${limit.per === 'owner' ? ', which all who ask share,' : ''} is used up`;
  const rule = document.rules.find((one) => one.id === id);
  return rule?.outcome === 'hold' && rule.title === null ? holdSentence(rule).slice(0, -1) : ruleWords(document, id);
}

/** What the request stated, and what the registry knows of the asker, of the things that the rules look at. */
function facts(rules: readonly Rule[], input: DecisionInput): readonly string[] {
  const exceptions = rules.flatMap((rule) => rule.unless);
  const conditions: readonly Condition[] = [...exceptions, ...rules.flatMap((rule) => (rule.when === undefined ? [] : [rule.when]))];
  const asks = (key: keyof Condition) => conditions.some((one) => one[key] !== undefined);
  const lacked = exceptions.flatMap(({ to, ...rest }) => (to === undefined || matches(to, input.requester) || !holds(rest, input) ? [] : [sayWho(to)]));
  return [
    ...(asks('warrant') || asks('court') ? [`This request ${warrantFact(input.evidence)}.`] : []),
    ...(asks('caseNumber') ? [`This request ${caseFact(input.evidence)}.`] : []),
    ...(asks('for') || rules.some((rule) => rule.for !== undefined) ? [input.purpose === 'notStated' ? 'This request did not say why it was made.' : `This request was for ${purposePhrases[input.purpose]}.`] : []),
    ...(asks('query') ? [`This request was ${queryPhrases[input.kind]}.`] : []),
    ...unlisted(lacked),
  ];
}

function unlisted(who: readonly string[]): readonly string[] {
  return [...new Set(who)].map((one) => `The registry does not list this asker among ${one}.`);
}

/** Whether what a condition says besides the asker holds. */
function holds({ for: purposes, warrant, court, caseNumber, query }: Omit<Condition, 'to'>, { purpose, evidence, kind }: DecisionInput): boolean {
  return (purposes?.includes(purpose) ?? true) && gradeAtLeast(evidence.warrant, warrant ?? 'none') && (court?.includes(evidence.court) ?? true)
    && gradeAtLeast(evidence.caseNumber, caseNumber ?? 'none') && (query?.includes(kind) ?? true);
}

function matches(to: Matcher, requester: RequesterAttributes): boolean {
  return (Object.entries(to) as [keyof RequesterAttributes, readonly string[]][]).every(([name, words]) => hasAny(requester, name, words));
}

function warrantFact({ warrant, court }: EvidenceFacts): string {
  const signed = court === 'notStated' ? '' : ` signed by ${courtPhrases[court]}`;
  switch (warrant) {
    case 'none': return 'stated no warrant';
    case 'stated': return `stated a warrant${signed} without its number`;
    case 'numbered': return `gave the number of a warrant${signed}, which its court has not confirmed`;
    case 'documentHash': return `gave the fingerprint of a warrant${signed}, which its court has not confirmed`;
    case 'courtConfirmed': return `had a warrant${signed} that its court confirmed`;
  }
}

function caseFact({ caseNumber }: EvidenceFacts): string {
  switch (caseNumber) {
    case 'none': return 'stated no case';
    case 'stated': return 'stated a case without its number';
    case 'numbered': return 'gave a case number';
    case 'documentHash': return 'gave the fingerprint of a case paper';
    case 'courtConfirmed': return 'had a case that its court confirmed';
  }
}

function fate(one: ClassDecision): string {
  return JSON.stringify([one.outcome, one.rules, one.review]);
}

function groupBy(classes: readonly ClassDecision[]): readonly (readonly ClassDecision[])[] {
  const groups = new Map<string, ClassDecision[]>();
  for (const one of classes) groups.set(fate(one), [...(groups.get(fate(one)) ?? []), one]);
  return [...groups.values()];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
