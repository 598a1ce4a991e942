import { coarser, gradeAtLeast, stricter, type DataClass, type Outcome, type RequesterAttributes, type Treatment } from '../vocabulary/index.ts';
import type { ClassDecision, Decision, DecisionInput, NotifyDuty, Review } from '../model/index.ts';
import { hashPolicy } from './canonical.ts';
import { classesOf, type Condition, type LimitRule, type Matcher, type NotifyRule, type PolicyDocument, type ReleaseRule, type Rule } from './document.ts';
import { span, within, type Span } from './period.ts';

/** A document made ready to decide: words as sets, days as instants. Holds nothing of any request. */
export interface PreparedPolicy {
  readonly document: PolicyDocument;
  readonly hash: string;
  readonly period: Span;
  readonly rules: readonly PreparedRule[];
  readonly notify: readonly PreparedNotify[];
  readonly limits: readonly PreparedLimit[];
}

/** A question about one request, answered from the vocabulary alone. */
type Test = (input: DecisionInput) => boolean;

interface PreparedRule {
  readonly rule: Rule;
  readonly period: Span;
  readonly data: ReadonlySet<DataClass>;
  /** The rule matches where all of these hold … */
  readonly all: readonly Test[];
  /** … and none of these. */
  readonly none: readonly Test[];
}

interface PreparedNotify {
  readonly rule: NotifyRule;
  readonly period: Span;
  readonly data: ReadonlySet<DataClass> | null;
  readonly all: readonly Test[];
  readonly none: readonly Test[];
}

interface PreparedLimit {
  readonly rule: LimitRule;
  readonly period: Span;
  readonly all: readonly Test[];
}

/** What one matching rule says about one class. */
interface Verdict {
  readonly outcome: Outcome;
  readonly rule: string;
  readonly treatment: Treatment | null;
  readonly review: Review | null;
}

/**
 * What the owner decides on one request at one instant: the meaning of a document, and the oracle of every faster engine.
 * Nothing matches: deny. Else the strictest matching rule wins, in whatever order the rules stand (invariant 3).
 */
export function interpret(document: PolicyDocument, input: DecisionInput, at: Date): Decision {
  return decide(prepare(document), input, at.getTime());
}

/** Does once what is the same for every request. `hash` is computed where it is not given. */
export function prepare(document: PolicyDocument, hash: string = hashPolicy(document)): PreparedPolicy {
  return {
    document,
    hash,
    period: span(document),
    rules: document.rules.map((rule) => ({
      rule,
      period: span(rule),
      data: new Set(classesOf(rule.data)),
      all: [
        ...(rule.to === undefined ? [] : matcherTests(rule.to)),
        ...(rule.for === undefined ? [] : [purposeTest(rule.for)]),
        ...(rule.when === undefined ? [] : conditionTests(rule.when)),
      ],
      none: rule.unless.map(conditionTest),
    })),
    notify: document.notify.map((rule) => ({
      rule,
      period: span(rule),
      data: rule.data === undefined ? null : new Set(classesOf(rule.data)),
      all: rule.when === undefined ? [] : conditionTests(rule.when),
      none: rule.unless.map(conditionTest),
    })),
    limits: document.limits.map((rule) => ({ rule, period: span(rule), all: rule.to === undefined ? [] : matcherTests(rule.to) })),
  };
}

/** As `interpret`, on a prepared document. `at` is in milliseconds since 1970. */
export function decide(policy: PreparedPolicy, input: DecisionInput, at: number): Decision {
  const inForce = within(policy.period, at);
  const matching = inForce ? policy.rules.filter((one) => within(one.period, at) && matches(one, input)) : [];
  const duties = inForce ? policy.notify.filter((one) => within(one.period, at) && concerns(one, input) && matches(one, input)) : [];
  return {
    owner: policy.document.policy,
    policyVersion: policy.document.version,
    policyHash: policy.hash,
    tableHash: null,
    classes: input.classes.map((dataClass) => decideClass(dataClass, matching)),
    duties: duties.map(({ rule }): NotifyDuty => ({ rule: rule.id, who: rule.who, withinSeconds: rule.withinSeconds })).sort((a, b) => (a.rule < b.rule ? -1 : 1)),
  };
}

/**
 * The limits in force that count what this asker gets, in the order of the document. Whether one is used up is for its counter to say;
 * what follows then, for `applyLimits`.
 */
export function limitsFor(policy: PreparedPolicy, input: DecisionInput, at: number): readonly LimitRule[] {
  if (!within(policy.period, at)) return [];
  return policy.limits.filter((one) => within(one.period, at) && one.all.every((test) => test(input))).map(({ rule }) => rule);
}

function decideClass(dataClass: DataClass, matching: readonly PreparedRule[]): ClassDecision {
  const verdicts = matching.filter((one) => one.data.has(dataClass)).map((one) => verdict(one.rule, dataClass));
  if (verdicts.length === 0) return { dataClass, outcome: 'deny', rules: [], treatment: null, review: null };
  const outcome = verdicts.map((one) => one.outcome).reduce(stricter);
  const winning = verdicts.filter((one) => one.outcome === outcome);
  return {
    dataClass,
    outcome,
    rules: winning.map((one) => one.rule).sort(),
    treatment: winning.map((one) => one.treatment).reduce((a, b) => coarserTreatment(dataClass, a, b)),
    review: winning.map((one) => one.review).reduce(stricterReview),
  };
}

function verdict(rule: Rule, dataClass: DataClass): Verdict {
  if (rule.outcome === 'hold') return { outcome: 'hold', rule: rule.id, treatment: null, review: rule.review };
  const treatment = rule.outcome === 'release' ? (rule.treat[dataClass] ?? null) : null;
  return { outcome: treatment === null ? rule.outcome : 'redact', rule: rule.id, treatment, review: rule.outcome === 'release' ? reviewAfter(rule) : null };
}

/** The review that follows what was given at once, as one of a request that is held for want of a name; null where none follows. */
export function reviewAfter({ afterwards }: ReleaseRule): Review | null {
  return afterwards === undefined ? null : { ...afterwards, onTimeout: 'deny' };
}

export function coarserTreatment(dataClass: DataClass, a: Treatment | null, b: Treatment | null): Treatment | null {
  return a === null || b === null ? (a ?? b) : coarser(dataClass, a, b);
}

/**
 * The stricter of two reviews, whole: one that ends in refusal beats one that ends in release; of two that end in refusal
 * the shorter; of two that end in release the longer, because data leaves later. The name of the desk breaks a tie.
 */
export function stricterReview(a: Review | null, b: Review | null): Review | null {
  if (a === null || b === null) return a ?? b;
  if (a.onTimeout !== b.onTimeout) return a.onTimeout === 'deny' ? a : b;
  if (a.withinSeconds !== b.withinSeconds) return (a.withinSeconds < b.withinSeconds) === (a.onTimeout === 'deny') ? a : b;
  return a.by <= b.by ? a : b;
}

function matches(one: { readonly all: readonly Test[]; readonly none: readonly Test[] }, input: DecisionInput): boolean {
  return one.all.every((test) => test(input)) && !one.none.some((test) => test(input));
}

function concerns(one: PreparedNotify, input: DecisionInput): boolean {
  const { data } = one;
  return data === null || input.classes.some((dataClass) => data.has(dataClass));
}

function conditionTest(condition: Condition): Test {
  const tests = conditionTests(condition);
  return (input) => tests.every((test) => test(input));
}

function conditionTests(condition: Condition): readonly Test[] {
  const tests: Test[] = [];
  const { to, for: purposes, warrant, court, caseNumber, query } = condition;
  if (to !== undefined) tests.push(...matcherTests(to));
  if (purposes !== undefined) tests.push(purposeTest(purposes));
  if (warrant !== undefined) tests.push((input) => gradeAtLeast(input.evidence.warrant, warrant));
  if (court !== undefined) tests.push((input) => court.includes(input.evidence.court));
  if (caseNumber !== undefined) tests.push((input) => gradeAtLeast(input.evidence.caseNumber, caseNumber));
  if (query !== undefined) tests.push((input) => query.includes(input.kind));
  return tests;
}

function purposeTest(purposes: readonly string[]): Test {
  const wanted = new Set(purposes);
  return (input) => wanted.has(input.purpose);
}

function matcherTests(to: Matcher): readonly Test[] {
  return (Object.entries(to) as [keyof RequesterAttributes, readonly string[]][]).map(([name, words]): Test => {
    const wanted = new Set(words);
    return ({ requester }) => {
      const has = requester[name];
      return typeof has === 'string' ? wanted.has(has) : has.some((word: string) => wanted.has(word));
    };
  });
}
