import { labelOf } from '../../vocabulary/index.ts';
import { affiliationPhrases } from '../../policy/phrases.ts';
import { sayContext } from '../../proof/traceWords.ts';
import type { ClaimReport, Hop, Mend, Party, Trace, Verdict } from '../../proof/types.ts';
import { count } from '../registry/columnsOfText.ts';

/** Worlds and domains as a reader meets them. */
export const worldWords = { honoured: 'rules on passing data on are kept', possible: 'data goes wherever it can' } as const;
export const domainWords = { registry: 'agencies of the registry', schema: 'whichever agencies join' } as const;

/** One claim with all its verdicts: what fails hop by hop with its mend, what holds with its witness and the rules that carry it. */
export function claimLines(report: ClaimReport): string[] {
  const { claim, sentence, holds, verdicts } = report;
  const deciding = decidingVerdict(report);
  const capped = deciding?.holds === 'capped';
  return [
    `${claim.id}  ${holds ? 'holds' : capped ? 'COULD NOT BE DECIDED' : 'FAILS'}${claim.title === null ? '' : `: ${claim.title}`}`,
    `  ${sentence}`,
    ...verdicts.map((verdict) => `  ${verdict === deciding ? '*' : ' '} ${verdictWords(verdict)}`),
    ...(holds || deciding === null ? [] : failureLines(deciding)),
    ...(holds ? supportLines(report) : []),
  ];
}

/** What a failing verdict comes to: the request, the way, and what would mend it. */
export function failureLines(verdict: Verdict): string[] {
  const { holds, counterexample, mend } = verdict;
  if (holds === 'capped') return ['    The work grew past its cap, and nothing is said. A cap never counts as holding.'];
  return [
    ...(counterexample === null ? [] : ['    How:', ...traceLines(counterexample).map((line) => `      ${line}`)]),
    ...(mend === null ? ['    No small change of rules or of connections was found that would mend it.'] : mendLines(mend, verdict).map((line) => `    ${line}`)),
  ];
}

/** A request, and each hop on its own line with where it is known from. */
export function traceLines({ asker, through, dataClass, context, outcome, rules, path, unknown }: Trace): string[] {
  const given = { release: 'given', redact: 'given in a reduced form', hold: 'held for a person, who may release it' }[outcome];
  const by = rules.length === 0 ? '' : ` by ${rules.length === 1 ? 'rule' : 'rules'} ${rules.join(', ')}`;
  return [
    `1. ${partyWords(asker)} asks for the ${labelOf(through)}, ${sayContext(context)}: ${given}${by}.`,
    ...(through === dataClass ? [] : [`   That reveals the ${labelOf(dataClass)}.`]),
    ...path.map((hop, place) => `${place + 2}. ${hopWords(hop)}`),
    ...(unknown.length === 0 ? [] : [`   Not in the registry: ${unknown.join(', ')}; so it may be one that is meant.`]),
  ];
}

/** `Juniper County Sheriff (ZX0010000)`. */
export function partyWords({ name, ori }: Party): string {
  return ori === null ? name : `${name} (${ori})`;
}

export function verdictWords({ world, domain, holds, count: many, who }: Verdict): string {
  const how = holds === 'capped' ? 'undecided' : holds ? 'holds' : 'fails';
  const names = who.slice(0, 3).map(partyWords).join(', ');
  const some = many === null || holds !== false ? '' : `: ${count(many)} ${many === 1 ? 'agency' : 'agencies'}${names === '' ? '' : `, ${many > 3 ? 'such as ' : ''}${names}`}`;
  return `${how.padEnd(9)} ${domainWords[domain]}, ${worldWords[world]}${some}`;
}

/** The verdict that the claim names; null where it was not computed. */
export function decidingVerdict({ claim, verdicts }: ClaimReport): Verdict | null {
  return verdicts.find(({ world, domain }) => world === claim.world && domain === claim.domain) ?? null;
}

function mendLines({ edgeKinds, rules, suggestion }: Mend, { world, counterexample }: Verdict): string[] {
  // Where two cannot be told apart, and where rules on passing data on are broken anyway, no such rule closes a connection.
  const byRule = world === 'honoured' && (counterexample?.path ?? []).every(({ grade }) => grade !== 'inseparable');
  return [
    ...(edgeKinds === null || edgeKinds.length === 0 ? []
      : [`Mend: close ${listed(edgeKinds.map((kind) => affiliationPhrases[kind]))}: without connections of ${edgeKinds.length === 1 ? 'this kind' : 'these kinds'} it would hold${byRule ? ' (onward rules with `allow: never`)' : '; no rule on passing data on does that'}.`]),
    ...(rules === null || rules.length === 0 ? [] : [`Mend: change or drop ${rules.length === 1 ? 'rule' : 'rules'} ${rules.join(', ')}.`]),
    ...(suggestion === null ? [] : [`Mend: add a rule: ${suggestion}`]),
  ];
}

function supportLines({ witness, carriedBy, redundant }: ClaimReport): string[] {
  return [
    ...(witness === null ? ['    Nobody obtains it even where the claim allows it, so the claim says little.'] : ['    Where the claim allows it:', ...traceLines(witness).map((line) => `      ${line}`)]),
    ...(carriedBy.length === 0 ? [] : [`    Carried by ${carriedBy.join(', ')}: without any one of them it would fail.`]),
    ...(redundant.length === 0 ? [] : [`    It would hold without ${redundant.join(', ')}.`]),
  ];
}

function hopWords({ kind, to, grade, confirmed, provenance, rules }: Hop): string {
  const firm = { enforced: 'enforced by the exchange', contractOnly: 'contract only', inseparable: 'cannot be told apart' }[grade];
  return `to ${partyWords(to)} through ${affiliationPhrases[kind]}: ${[provenance, firm, ...(confirmed ? [] : ['not confirmed']), ...(rules.length === 0 ? [] : [`allowed by ${rules.join(', ')}`])].join('; ')}.`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
