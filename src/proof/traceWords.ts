import { labelOf, type AffiliationKind, type DataClass, type EdgeGrade, type EvidenceGrade } from '../vocabulary/index.ts';
import type { Context } from '../policy/index.ts';
import { courtPhrases, purposePhrases, queryPhrases } from '../policy/phrases.ts';
import type { Hop, Party, Trace } from './types.ts';

/**
 * A trace as one English sentence: who asks for what, why and with which papers, what the rules do with it, and each hop with where
 * it is known from and how firmly it stands.
 */
export function traceSentence(trace: Omit<Trace, 'sentence'>): string {
  const parts = [
    `${sayParty(trace.asker)} asks for the ${nounOf(trace.through)} ${sayContext(trace.context)}`,
    sayOutcome(trace),
    ...trace.path.map(sayHop),
  ];
  const unknown = trace.unknown.length === 0 ? '' : ` The registry does not know ${listOf(trace.unknown.map((name) => `its ${attributeNouns[name] ?? name}`))}, so it may be one that the claim speaks of.`;
  return `${parts.join('; ')}.${unknown}`;
}

/** A request's purpose and papers: "for a criminal investigation, with no warrant". */
export function sayContext({ purpose, warrant, court, caseNumber, kind }: Context): string {
  const why = purpose === 'notStated' ? 'without saying why' : `for ${purposePhrases[purpose]}`;
  const signed = court === 'notStated' ? '' : ` signed by ${courtPhrases[court]}`;
  return [
    ...(kind === 'lookup' ? [] : [`by ${queryPhrases[kind]}`]), why,
    `${warrantWords[warrant]}${signed}${caseNumber === 'none' ? '' : ` and ${caseWords[caseNumber]}`}`,
  ].join(', ');
}

function sayOutcome({ outcome, rules, through, dataClass }: Omit<Trace, 'sentence'>): string {
  const one = rules.length === 1;
  const subject = `rule${one ? '' : 's'} ${listOf(rules)}`;
  const verb = { release: one ? 'releases it' : 'release it', redact: one ? 'gives it in a reduced form' : 'give it in a reduced form', hold: `${one ? 'holds' : 'hold'} it for a person, who may release it` }[outcome];
  return `${subject} ${verb}${through === dataClass ? '' : `, and it reveals the ${nounOf(dataClass)}`}`;
}

function sayHop({ kind, to, grade, confirmed, provenance, rules }: Hop): string {
  const allowed = rules.length === 0 ? '' : `, as rule${rules.length === 1 ? '' : 's'} ${listOf(rules)} allow${rules.length === 1 ? 's' : ''}`;
  return `it goes on ${kindWords[kind]} (${[provenance, ...(confirmed ? [] : ['not confirmed']), gradeWords[grade]].join(', ')}${allowed}) to ${articled(to.name)}`;
}

function sayParty({ name, ori }: Party): string {
  const text = articled(name);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${ori === null ? '' : ` (${ori})`}`;
}

/** "the Cedar Hollow Police Department", but "Immigration and Customs Enforcement". */
function articled(name: string): string {
  return /\b(Department|Office|Police|Agency|Bureau|Administration|Center|Centre|Patrol|Service|Division|Authority|Commission|Court|Marshal|Sheriff)$/.test(name) ? `the ${name}` : name;
}

function nounOf(dataClass: DataClass): string {
  return dataClass === 'medical' ? 'medical remarks' : labelOf(dataClass);
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

const warrantWords: Readonly<Record<EvidenceGrade, string>> = {
  none: 'with no warrant', stated: 'stating a warrant', numbered: 'with the number of a warrant', documentHash: 'with the fingerprint of a warrant',
  courtConfirmed: 'with a warrant that its court confirmed',
};

const caseWords: Readonly<Record<EvidenceGrade, string>> = {
  none: 'no case', stated: 'a case without its number', numbered: 'a case number', documentHash: 'the fingerprint of a case paper', courtConfirmed: 'a case that its court confirmed',
};

const kindWords: Readonly<Record<AffiliationKind, string>> = {
  component: 'inside one organisation', program287g: 'by a 287(g) agreement', taskForce: 'through a task force', fusionCentre: 'through a fusion centre', sharedOri: 'by a shared ORI',
  delegation: 'by asking on behalf of another', vendorHosting: "through a shared company system", redissemination: 'by a right to pass data on',
};

const gradeWords: Readonly<Record<EdgeGrade, string>> = { enforced: 'enforced by the exchange', contractOnly: 'contract only', inseparable: 'cannot be separated' };

const attributeNouns: Readonly<Record<string, string>> = {
  homeState: 'home state', program287g: '287(g) agreements', taskForce: 'task forces', certified: 'certifications', criminalJustice: 'standing as a criminal-justice agency',
  sharedOri: 'sharing of an ORI', vendorHosted: 'hosting by a company',
};
