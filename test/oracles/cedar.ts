import { setFlagsFromString } from 'node:v8';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { gradeOrder, treatmentsOf, type DataClass, type RequesterAttributes, type Treatment } from '../../src/vocabulary/index.ts';
import type { ClassDecision, Decision, DecisionInput, Review } from '../../src/model/index.ts';
import { defaultReview, type PolicyDocument } from '../../src/policy/index.ts';
import { cedarPolicies } from '../../src/policy/export/cedar.ts';
import { cedarSchema } from '../../src/policy/export/cedarSchema.ts';

/**
 * Node 20 dies ("unreachable code" in the deoptimiser) where it gives up optimised code in the middle of an inlined call of WebAssembly that
 * returns an object, as every call of Cedar does. So such calls are not inlined.
 */
setFlagsFromString('--no-turbo-inline-js-wasm-calls');

/** What Cedar decides on one class, in the words of Weir. */
export type CedarDecision = Pick<ClassDecision, 'dataClass' | 'outcome' | 'rules' | 'treatment' | 'review'>;

/** A policy, exported as Cedar and parsed by the engine of the Cedar project. */
export interface CedarOracle {
  /**
   * Decides each class by asking for its forms, and the duties by asking who must be told. `usedUp` are ids of limits, which concern only
   * what would be given without them. Throws where Cedar reports an error.
   */
  decide(input: DecisionInput, usedUp?: readonly string[]): { readonly classes: readonly CedarDecision[]; readonly duties: readonly string[] };
  /** One question: the finest unit of work that Cedar has. */
  ask(input: DecisionInput, action: string, usedUp?: readonly string[]): Answer;
}

/** Whether Cedar allows it, and the ids of the rules behind the policies that it names. */
export interface Answer {
  readonly allowed: boolean;
  readonly rules: readonly string[];
}

interface Options {
  /** Whether Cedar holds every request against the schema, which halves its pace. */
  readonly validate?: boolean;
}

/** Errors and warnings of Cedar's strict validation, empty where the export is sound. */
export function validateCedar(text: string): readonly string[] {
  const answer = cedar.validate({ schema: cedarSchema(), policies: { staticPolicies: text }, validationSettings: { mode: 'strict' } });
  return answer.type === 'failure' ? answer.errors.map(({ message }) => message) : answer.validationErrors.map(({ policyId, error }) => `${policyId}: ${error.message}`);
}

export function cedarOracle(document: PolicyDocument, at: Date, { validate = false }: Options = {}): CedarOracle {
  const set = `weir ${(count += 1)}`;
  const { policies, ruleOf } = namedPolicies(cedarPolicies(document, at));
  parsed(cedar.preparsePolicySet(set, { staticPolicies: policies }));
  if (count === 1) parsed(cedar.preparseSchema('weir', cedarSchema()));
  const ask = (input: DecisionInput, action: string, usedUp: readonly string[] = []): Answer => {
    const { requester, purpose, evidence: { warrant, court, caseNumber }, kind } = input;
    const answer = cedar.statefulIsAuthorized({
      principal: { type: 'Agency', id: 'asker' }, action: { type: 'Action', id: action }, resource: { type: 'Records', id: document.policy },
      context: { purpose, warrant: gradeOrder.indexOf(warrant), court, caseNumber: gradeOrder.indexOf(caseNumber), query: kind, usedUp: [...usedUp] },
      entities: [{ uid: { type: 'Agency', id: 'asker' }, attrs: attributesOf(requester), parents: [] }],
      preparsedPolicySetId: set, preparsedSchemaName: 'weir', validateRequest: validate,
    });
    if (answer.type === 'failure') throw new Error(`cedar: ${answer.errors.map(({ message }) => message).join('; ')}`);
    const { decision, diagnostics } = answer.response;
    if (diagnostics.errors.length > 0) throw new Error(`cedar: ${diagnostics.errors.map(({ policyId, error }) => `${policyId}: ${error.message}`).join('; ')}`);
    return { allowed: decision === 'allow', rules: rulesBehind(diagnostics.reason, ruleOf) };
  };
  return {
    ask,
    decide: (input, usedUp = []) => ({
      classes: input.classes.map((dataClass) => {
        const one = decideClass(document, dataClass, (form) => ask(input, `${dataClass}/${form}`));
        return usedUp.length === 0 || one.outcome === 'hold' || one.outcome === 'deny' ? one : decideClass(document, dataClass, (form) => ask(input, `${dataClass}/${form}`, usedUp));
      }),
      duties: document.notify.length === 0 ? [] : [...new Set(input.classes.flatMap((dataClass) => ask(input, `${dataClass}/notify`).rules))].sort(),
    }),
  };
}

/** Where two decisions on one request differ, in words; empty where they agree on everything. */
export function differences(ours: Decision, theirs: ReturnType<CedarOracle['decide']>): readonly string[] {
  const say = ({ outcome, rules, treatment, review }: CedarDecision) => JSON.stringify([outcome, rules, treatment, review && [review.by, review.withinSeconds, review.onTimeout]]);
  const classes = ours.classes.flatMap((one, n) => {
    const other = theirs.classes[n];
    return other?.dataClass === one.dataClass && say(one) === say(other) ? [] : [`${one.dataClass}: ${say(one)}, Cedar ${other === undefined ? 'nothing' : say(other)}`];
  });
  const duties = ours.duties.map(({ rule }) => rule).join(' ');
  return duties === theirs.duties.join(' ') ? classes : [...classes, `duties: ${duties}, Cedar ${theirs.duties.join(' ')}`];
}

let count = 0;

/** The rules behind policies, each once. */
function rulesBehind(policies: readonly string[], ruleOf: ReadonlyMap<string, string>): readonly string[] {
  const rules = new Set<string>();
  for (const id of policies) rules.add(ruleOf.get(id) ?? id);
  return [...rules].sort();
}

/** The lists of a requester are sets in Cedar, which are written as lists. */
function attributesOf(requester: RequesterAttributes): Record<string, string | string[]> {
  const attributes: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(requester) as [string, string | readonly string[]][]) attributes[name] = typeof value === 'string' ? value : [...value];
  return attributes;
}

/** The ladder: down from the form that is refused last. `cedar.ts` of the export says why this is exact. */
function decideClass(document: PolicyDocument, dataClass: DataClass, ask: (form: string) => Answer): CedarDecision {
  const treatments = treatmentsOf[dataClass] ?? [];
  const decided = (outcome: ClassDecision['outcome'], { rules }: Answer, treatment: Treatment | null = null, review: Review | null = null): CedarDecision => ({ dataClass, outcome, rules, treatment, review });
  const held = ask('held');
  if (!held.allowed) return decided('deny', held);
  const full = ask('full');
  if (full.allowed) return decided('release', full, null, strictestReview(document, full.rules));
  const reduced = treatments.map((form) => ({ form, answer: ask(form) }));
  const finest = reduced.find(({ answer }) => answer.allowed);
  if (finest !== undefined) return decided('redact', full, finest.form, strictestReview(document, full.rules));
  const coarsest = reduced.at(-1)?.answer ?? full;
  return decided('hold', coarsest, null, strictestReview(document, coarsest.rules));
}

/**
 * Cedar carries a review only as an annotation, so the strictest is picked here, by docs/policy.md: refusal at the end before release; of two
 * that refuse the shorter, of two that release the longer; then the name of the desk.
 */
function strictestReview(document: PolicyDocument, rules: readonly string[]): Review | null {
  const reviews = [
    ...document.rules.flatMap((rule) => (rule.outcome === 'hold' && rules.includes(rule.id) ? [rule.review] : [])),
    // What is given at once in an emergency is looked at afterwards.
    ...document.rules.flatMap((rule) => (rule.outcome === 'release' && rule.afterwards !== undefined && rules.includes(rule.id) ? [{ ...rule.afterwards, onTimeout: 'deny' as const }] : [])),
    ...document.limits.flatMap((limit) => (rules.includes(limit.id) ? [limit.review ?? defaultReview] : [])),
  ];
  const rank = ({ onTimeout, withinSeconds }: Review): readonly [number, number] => (onTimeout === 'deny' ? [0, withinSeconds] : [1, -withinSeconds]);
  const [first] = [...reviews].sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1] || (a.by < b.by ? -1 : 1));
  return first ?? null;
}

/** The policies by their `@id`, and the rule behind each: Cedar itself numbers the policies of a text. */
function namedPolicies(text: string): { readonly policies: Record<string, string>; readonly ruleOf: ReadonlyMap<string, string> } {
  const parts = cedar.policySetTextToParts(text);
  if (parts.type === 'failure') throw new Error(`cedar: ${parts.errors.map(({ message }) => message).join('; ')}`);
  const policies: Record<string, string> = {};
  const ruleOf = new Map<string, string>();
  for (const policy of parts.policies) {
    const read = cedar.policyToJson(policy);
    const { id, rule } = read.type === 'success' ? (read.json.annotations ?? {}) : {};
    if (id === undefined || rule === undefined || Object.hasOwn(policies, id)) throw new Error('cedar: a policy has no id of its own');
    policies[id] = policy;
    ruleOf.set(id, rule);
  }
  return { policies, ruleOf };
}

function parsed(answer: cedar.CheckParseAnswer): void {
  if (answer.type === 'failure') throw new Error(`cedar: ${answer.errors.map(({ message }) => message).join('; ')}`);
}

