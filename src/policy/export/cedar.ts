import { allDataClasses, gradeOrder, listAttributes, type DataClass, type EvidenceGrade, type RequesterAttributes } from '../../vocabulary/index.ts';
import { classesOf, type Condition, type DataScope, type Item, type LimitRule, type Matcher, type NotifyRule, type PolicyDocument, type ReleaseRule, type Rule } from '../document.ts';
import { printDuration } from '../quantity.ts';
import { limitSentence, notifySentence, ruleSentence } from '../words.ts';
import { formsOf } from './cedarSchema.ts';
import { inForce, oneLine } from './inForce.ts';

/**
 * The policy of one day as Cedar, for anyone who would rather trust an engine that Weir did not write. Valid (strict) under `cedarSchema()`.
 *
 * One policy a rule, and two where the rule both opens and closes: a hold permits the form `held` and forbids what a machine gives; a
 * reduction permits its treatment and what is coarser, and forbids what is finer. Cedar's own rule, that a forbid beats every permit
 * and nothing is allowed by default, then gives the ladder release < redact < hold < deny. For a class, ask its forms:
 *
 * - `held` refused: deny, by the forbids that Cedar names;
 * - else the coarsest form of a machine refused: hold, by the forbids named;
 * - else `full` refused: redact to the finest form that is allowed, by the forbids named for `full`;
 * - else release, by the permits named.
 *
 * `@rule` is the id of the rule. Duties to notify are permits of `notify`: all that Cedar names arise. A limit forbids while its id is in
 * `context.usedUp`; as limits concern only what is given, ask first with none used up, and only where that gives something ask again. Onward
 * rules and claims are about more than one request, and are not exported: see `smtlib.ts`.
 */
export function cedarPolicies(document: PolicyDocument, at: Date): string {
  const standing = inForce(document, at);
  const { policy, version, rules, limits, notify } = standing;
  const policies = [...rules.flatMap(rulePolicies), ...limits.map(limitPolicy), ...notify.map(notifyPolicy)];
  return [
    `// The policy of ${policy}, version ${version}, as it stands on ${at.toISOString().slice(0, 10)} (UTC).`,
    ...(document.title === null ? [] : [`// ${oneLine(document.title)}`]),
    '// Whatever no policy permits is refused; a forbid beats every permit.',
    '',
    ...policies.map((one) => policyText(policy, one)),
  ].join('\n');
}

interface CedarPolicy {
  /** Unique in the text. */
  readonly id: string;
  readonly item: Item;
  readonly effect: 'permit' | 'forbid';
  readonly outcome: string;
  /** Actions and groups of actions. */
  readonly actions: readonly string[];
  readonly sentence: string;
  readonly notes: Readonly<Record<string, string>>;
  /** All of these hold … */
  readonly when: readonly string[];
  /** … and none of these. */
  readonly unless: readonly string[];
}

function rulePolicies(rule: Rule): readonly CedarPolicy[] {
  const when = [
    ...(rule.to === undefined ? [] : matcher(rule.to)),
    ...(rule.for === undefined ? [] : [oneOf('context.purpose', rule.for)]),
    ...(rule.when === undefined ? [] : conditionParts(rule.when)),
  ];
  const base = { item: rule, outcome: rule.outcome, sentence: ruleSentence(rule), notes: {}, when, unless: rule.unless.map(condition) };
  // That a person looks at it afterwards does not change who is given it.
  if (rule.outcome === 'deny') return [{ ...base, id: rule.id, effect: 'forbid', actions: classGroups(rule.data) }];
  if (rule.outcome === 'hold') {
    const { by, withinSeconds, onTimeout } = rule.review;
    return [
      { ...base, id: `${rule.id}/opens`, effect: 'permit', actions: group(rule.data, 'held'), notes: { review: `by ${by}, within ${printDuration(withinSeconds)}, on timeout ${onTimeout}` } },
      { ...base, id: `${rule.id}/closes`, effect: 'forbid', actions: group(rule.data, 'machine') },
    ];
  }
  const finer = reduced(rule).flatMap(([dataClass, at]) => formsOf(dataClass).slice(0, at).map((form) => `${dataClass}/${form}`));
  if (finer.length === 0) return [{ ...base, id: rule.id, effect: 'permit', actions: classGroups(rule.data) }];
  return [
    { ...base, id: `${rule.id}/opens`, effect: 'permit', outcome: 'redact', actions: releasedForms(rule) },
    { ...base, id: `${rule.id}/closes`, effect: 'forbid', outcome: 'redact', actions: finer },
  ];
}

function limitPolicy(limit: LimitRule): CedarPolicy {
  return {
    id: limit.id, item: limit, effect: 'forbid', outcome: limit.beyond, sentence: limitSentence(limit), notes: {},
    actions: limit.beyond === 'hold' ? group(limit.data, 'machine') : classGroups(limit.data),
    when: [`context.usedUp.contains(${quote(limit.id)})`, ...(limit.to === undefined ? [] : matcher(limit.to))], unless: [],
  };
}

function notifyPolicy(rule: NotifyRule): CedarPolicy {
  return {
    id: rule.id, item: rule, effect: 'permit', outcome: 'notify', sentence: notifySentence(rule), notes: { tell: `${rule.who}, within ${printDuration(rule.withinSeconds)}` },
    actions: group(rule.data ?? 'all', 'notify'),
    when: rule.when === undefined ? [] : conditionParts(rule.when), unless: rule.unless.map(condition),
  };
}

/** The classes that a rule reduces, each with the place of its treatment among the forms. */
function reduced(rule: ReleaseRule): readonly (readonly [DataClass, number])[] {
  return classesOf(rule.data).flatMap((dataClass) => {
    const treatment = rule.treat[dataClass];
    return treatment === undefined ? [] : [[dataClass, formsOf(dataClass).indexOf(treatment)] as const];
  });
}

/** What a release with treatments opens: whole classes, and of a reduced class its treatment and what is coarser. */
function releasedForms(rule: ReleaseRule): readonly string[] {
  const places = new Map(reduced(rule));
  return classesOf(rule.data).flatMap((dataClass) => {
    const place = places.get(dataClass);
    return place === undefined ? [dataClass] : formsOf(dataClass).slice(place).map((form) => `${dataClass}/${form}`);
  });
}

function classGroups(data: DataScope): readonly string[] {
  return data === 'all' || data.length === allDataClasses.length ? ['all'] : data;
}

function group(data: DataScope, of: 'held' | 'machine' | 'notify'): readonly string[] {
  return data === 'all' ? [of] : data.map((dataClass) => `${dataClass}/${of}`);
}

function condition(from: Condition): string {
  return conditionParts(from).join(' && ');
}

function conditionParts(from: Condition): readonly string[] {
  return [
    ...(from.to === undefined ? [] : matcher(from.to)),
    ...(from.for === undefined ? [] : [oneOf('context.purpose', from.for)]),
    ...(from.warrant === undefined ? [] : [atLeast('context.warrant', from.warrant)]),
    ...(from.court === undefined ? [] : [oneOf('context.court', from.court)]),
    ...(from.caseNumber === undefined ? [] : [atLeast('context.caseNumber', from.caseNumber)]),
    ...(from.query === undefined ? [] : [oneOf('context.query', from.query)]),
  ];
}

function matcher(to: Matcher): readonly string[] {
  return (Object.entries(to) as [keyof RequesterAttributes, readonly string[]][]).map(([name, words]) => {
    const attribute = `principal.${name}`;
    if (!(listAttributes as readonly string[]).includes(name)) return oneOf(attribute, words);
    const [only] = words;
    return words.length === 1 && only !== undefined ? `${attribute}.contains(${quote(only)})` : `${attribute}.containsAny([${words.map(quote).join(', ')}])`;
  });
}

function oneOf(attribute: string, words: readonly string[]): string {
  const [only] = words;
  return words.length === 1 && only !== undefined ? `${attribute} == ${quote(only)}` : `[${words.map(quote).join(', ')}].contains(${attribute})`;
}

function atLeast(attribute: string, grade: EvidenceGrade): string {
  return `${attribute} >= ${gradeOrder.indexOf(grade)}`;
}

function policyText(owner: string, one: CedarPolicy): string {
  const actions = one.actions.map((action) => `Action::${quote(action)}`);
  const clause = (word: string, parts: readonly string[]) => `\n${word} {\n${parts.map((part) => `  ${part}`).join(' &&\n')}\n}`;
  const notes = { id: one.id, rule: one.item.id, outcome: one.outcome, ...(one.item.title === null ? {} : { title: one.item.title }), ...one.notes };
  return [
    `// ${oneLine(one.item.id)}  ${oneLine(one.sentence)}\n`,
    ...Object.entries(notes).map(([name, text]) => `@${name}(${quote(text)})\n`),
    `${one.effect} (\n  principal,\n  action in ${actions.length === 1 ? actions.join('') : `[${actions.join(', ')}]`},\n  resource == Records::${quote(owner)}\n)`,
    ...(one.when.length === 0 ? [] : [clause('when', one.when)]),
    ...one.unless.map((exception) => clause('unless', [exception])),
    ';\n',
  ].join('');
}

/** A string of Cedar. What a terminal would obey, and what would end the string, is written by its number; half a character, which Cedar refuses, as U+FFFD. */
function quote(text: string): string {
  return `"${text.replaceAll(/\p{Cs}/gu, '\ufffd').replaceAll(/[\\"]/g, '\\$&').replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`)}"`;
}
