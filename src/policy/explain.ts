import type { EvidenceFacts } from '../vocabulary/index.ts';
import type { ClassDecision, Decision, DecisionInput } from '../model/index.ts';
import type { Condition, PolicyDocument } from './document.ts';
import { courtPhrases, dataPhrases, outcomePhrases, purposePhrases, queryPhrases, treatmentPhrases } from './phrases.ts';
import { sayDuration } from './quantity.ts';
import { both, ruleWords, sayData } from './words.ts';

/**
 * A decision in words, one line for each set of classes with one fate: what becomes of them, by which rule, and what the request
 * stated of the things that the rule asks for. For a person who asked; names no person.
 */
export function explainDecision(document: PolicyDocument, input: DecisionInput, decision: Decision): readonly string[] {
  const groups = groupBy(decision.classes);
  const alone = groups.size === 1;
  return [...groups.values()].map((classes) => explainGroup(document, input, classes, alone));
}

function explainGroup(document: PolicyDocument, input: DecisionInput, classes: readonly ClassDecision[], alone: boolean): string {
  const [first] = classes;
  if (first === undefined) return '';
  const nouns = sayData(classes.map((one) => one.dataClass));
  const words = outcomePhrases[first.outcome];
  return [
    alone ? `${capital(words)}.` : `${capital(nouns)}: ${words}.`,
    ...(first.outcome === 'redact' ? [`${capital(both(classes.map((one) => `${dataPhrases[one.dataClass]} reduced to ${one.treatment === null ? 'less' : treatmentPhrases[one.treatment]}`)))}.`] : []),
    ...(first.review === null ? [] : [`"${first.review.by}" decides within ${sayDuration(first.review.withinSeconds)}; if nobody does, it is ${first.review.onTimeout === 'deny' ? 'refused' : 'given'}.`]),
    ...(first.rules.length === 0 ? [`No rule of ${document.policy} releases ${nouns} to this requester.`] : first.rules.map((id) => `Rule ${id}: ${ruleWords(document, id)}.`)),
    ...(first.outcome === 'release' ? [] : facts(document, input, first.rules)),
  ].join(' ');
}

/** What the request stated of the things that the rules look at. */
function facts(document: PolicyDocument, input: DecisionInput, ids: readonly string[]): readonly string[] {
  const rules = document.rules.filter((rule) => ids.includes(rule.id));
  const conditions: readonly Condition[] = rules.flatMap((rule) => [...rule.unless, ...(rule.when === undefined ? [] : [rule.when])]);
  const asks = (key: keyof Condition) => conditions.some((one) => one[key] !== undefined);
  const purpose = asks('for') || rules.some((rule) => rule.for !== undefined);
  return [
    ...(asks('warrant') || asks('court') ? [`This request ${warrantFact(input.evidence)}.`] : []),
    ...(asks('caseNumber') ? [`This request ${caseFact(input.evidence)}.`] : []),
    ...(purpose ? [input.purpose === 'notStated' ? 'This request did not say why it was made.' : `This request was made for ${purposePhrases[input.purpose]}.`] : []),
    ...(asks('query') ? [`This request was ${queryPhrases[input.kind]}.`] : []),
  ];
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

function groupBy(classes: readonly ClassDecision[]): Map<string, ClassDecision[]> {
  const groups = new Map<string, ClassDecision[]>();
  for (const one of classes) {
    const group = groups.get(fate(one));
    if (group === undefined) groups.set(fate(one), [one]);
    else group.push(one);
  }
  return groups;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
