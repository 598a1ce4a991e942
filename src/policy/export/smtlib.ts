import { affiliationKinds, inferenceEdges, namesOf, type AffiliationKind, type DataClass } from '../../vocabulary/index.ts';
import { classesOf, type Claim, type OnwardRule, type PolicyDocument, type ProofWorld, type Rule } from '../document.ts';
import { claimSentence, onwardSentence, ruleSentence } from '../words.ts';
import { inForce, oneLine } from './inForce.ts';
import { and, defined, has, matches, mayMatch, not, or, papers, surelyMatches, undeclared, vocabularyLines, type Formula } from './smtlibWords.ts';

/**
 * One claim in one world, over any agency that the schema admits, as a file for any SMT solver: `unsat` means that the claim holds, `sat`
 * that there is a request (and, for a claim about any path, a chain of agencies) against it. Stands alone, without quantifiers.
 *
 * Written from the meaning of documents and claims, not from the compiler or the proofs, so that it can tell on them. How it reads a claim:
 *
 * - Limits are taken as not used up. Items not in force on the day are left out.
 * - Unknown attributes (`undeclared`) could be anything that the constraints allow, where the claim says who; rules read the word as it stands.
 * - A class is obtained too where a class that reveals it is given in full, or held where a review counts.
 * - Data goes on from whoever has it, as the class claimed or as any class in it. In the world `possible` every hop can be made. In
 *   `honoured` a hop needs the onward rules of what is passed, with papers of its own, and the claim's exceptions are about who obtains it in the end.
 * - Only `component` (equal levels) and `program287g` (to a federal agency, from one that is not) depend on who gives, and on the level alone; an unknown level
 *   could be what the edge needs. Where neither may pass anything on, who asks can give to whom anybody can. Else one agency between is enough: one that gets
 *   the data along another kind of edge can have any level that its onward rules allow, and after `program287g` only `component` can follow.
 */
export function smtlibClaim(document: PolicyDocument, claim: Claim, world: ProofWorld, at: Date): string {
  const standing = inForce(document, at);
  const classes = classesOf(claim.data);
  const sources = [...new Set(classes.flatMap((dataClass) => [dataClass, ...revealersOf(dataClass)]))];
  const rules = standing.rules.filter((rule) => sources.some((dataClass) => classesOf(rule.data).includes(dataClass)));
  const way = claim.by === 'direct' ? [] : chain(standing, world, classes, sources);
  return [
    `; Claim ${symbol(claim.id)} of ${document.policy}, version ${document.version}, as it stands on ${at.toISOString().slice(0, 10)} (UTC):`,
    `; ${comment(claimSentence(claim))}`,
    `; World: ${world === 'honoured' ? 'data is passed on only as the onward rules allow' : 'data is passed on along every path'}. Domain: any agency that the schema admits.`,
    '; unsat: the claim holds. sat: it does not; ask for (get-model) to see a request against it.',
    '',
    '(set-logic QF_DT)',
    '',
    '; ---- The vocabulary', '',
    ...vocabularyLines(),
    '',
    '; ---- The rules: when each one matches', '',
    ...rules.flatMap((rule) => [`; ${comment(ruleSentence(rule))}`, ruleLine(rule)]),
    '',
    '; ---- What is given of each class: the strictest rule wins, and by default nothing is given', '',
    ...sources.flatMap((dataClass) => classLines(dataClass, rules)),
    '',
    '; ---- The claim', '',
    '; Requests that count against it, when w is who obtains the data: for its purposes, and without any of its exceptions.',
    defined('counts', '(w Agency) (c Context)', and('(admissible c)', papers('c', claim.for === undefined ? {} : { for: claim.for }), ...claim.without.map((one) => `\n  ${not(and(surelyMatches('w', one.to), papers('c', one)))}`))),
    '',
    '; What a claim counts as obtained: a class itself, and a class that reveals it.',
    ...sources.flatMap((dataClass) => [
      ...(classes.includes(dataClass) ? [defined(`obtained.${dataClass}`, '(a Agency) (c Context)', obtained(dataClass, claim))] : []),
      defined(`laid-open.${dataClass}`, '(a Agency) (c Context)', laidOpen(dataClass, claim)),
    ]),
    ...classes.map((dataClass) => defined(`gets.${dataClass}`, '(a Agency) (c Context)', gets(dataClass, 'a', 'c'))),
    '',
    claim.kind === 'never' ? '; Who: an agency that may be one of those that the claim names. `who-in-truth` is what it may be.' : '; Who: an agency that is not surely one of those that the claim names.',
    '(declare-const who Agency)',
    '(declare-const c Context)',
    '(assert (sound who))',
    ...(claim.kind === 'never'
      ? ['(declare-const who-in-truth Agency)', '(assert (completes who-in-truth who))', `(assert ${mayMatch('who', 'who-in-truth', claim.to)})`]
      : [`(assert ${not(surelyMatches('who', claim.to))})`]),
    '',
    ...way,
    '; Against the claim: who obtains the data.',
    '(assert (counts who c))',
    `(assert ${or(...classes.map((dataClass) => `(gets.${dataClass} who c)`), ...(claim.by === 'direct' ? [] : ['reached']))})`,
    '(check-sat)',
    '',
  ].join('\n');
}

/** The classes that reveal this one, directly or through others. */
function revealersOf(dataClass: DataClass): readonly DataClass[] {
  const found: DataClass[] = [dataClass];
  for (const one of found) for (const { from, gives } of inferenceEdges) if (gives === one && !found.includes(from)) found.push(from);
  return found.slice(1);
}

function ruleLine(rule: Rule): string {
  const exceptions = rule.unless.map((one) => `\n  ${not(and(matches('a', one.to), papers('c', one)))}`);
  return defined(`rule.${symbol(rule.id)}`, '(a Agency) (c Context)', and(matches('a', rule.to), papers('c', rule.for === undefined ? {} : { for: rule.for }), matches('a', rule.when?.to), papers('c', rule.when), ...exceptions));
}

function classLines(dataClass: DataClass, rules: readonly Rule[]): readonly string[] {
  const about = rules.filter((rule) => classesOf(rule.data).includes(dataClass));
  const some = (which: (rule: Rule) => boolean) => or(...about.filter(which).map((rule) => `(rule.${symbol(rule.id)} a c)`));
  const treated = (rule: Rule) => rule.outcome === 'release' && rule.treat[dataClass] !== undefined;
  const [deny, hold, redact, any] = [some((rule) => rule.outcome === 'deny'), some((rule) => rule.outcome === 'hold'), some(treated), some(() => true)];
  const line = (outcome: string, body: Formula) => defined(`${outcome}.${dataClass}`, '(a Agency) (c Context)', body);
  return [
    line('held', and(hold, not(deny))),
    line('reduced', and(redact, not(hold), not(deny))),
    line('full', and(any, not(redact), not(hold), not(deny))),
  ];
}

/** As the claim counts the class itself: in full; reduced where any form counts; after a review where reviews count. */
function obtained(dataClass: DataClass, claim: Claim): Formula {
  return or(`(full.${dataClass} a c)`, ...(claim.form === 'any' ? [`(reduced.${dataClass} a c)`] : []), ...(claim.review === 'counts' ? [`(held.${dataClass} a c)`] : []));
}

/** As a class that reveals another: reduced it reveals nothing. */
function laidOpen(dataClass: DataClass, claim: Claim): Formula {
  return or(`(full.${dataClass} a c)`, ...(claim.review === 'counts' ? [`(held.${dataClass} a c)`] : []));
}

function gets(dataClass: DataClass, agency: string, context: string): Formula {
  return or(`(obtained.${dataClass} ${agency} ${context})`, ...revealersOf(dataClass).map((one) => `(laid-open.${one} ${agency} ${context})`));
}

/** The agencies and hops between the one that asks and who obtains the data in the end. Defines `reached`. */
function chain(document: PolicyDocument, world: ProofWorld, classes: readonly DataClass[], sources: readonly DataClass[]): readonly string[] {
  const asker = ['; The agency that asks, of whatever kind, with a request of its own.', '(declare-const asker Agency)', '(declare-const c.asker Context)', '(assert (sound asker))', '(assert (counts who c.asker))', ''];
  if (world === 'possible') {
    return [...asker, '; It can pass the data on to anyone.', defined('reached', '', or(...classes.map((dataClass) => `(gets.${dataClass} asker c.asker)`))), ''];
  }
  const kinds = namesOf(affiliationKinds);
  const open = (kind: AffiliationKind) => sources.some((dataClass) => passes(document.onward, dataClass, kind) !== 'false');
  const givers = open('component') || open('program287g') ? ['asker', 'second'] : ['asker'];
  const onward = document.onward.filter((rule) => sources.some((dataClass) => classesOf(rule.data).includes(dataClass)));
  return [
    ...asker,
    ...givers.slice(1).flatMap((name, n) => [`; An agency that may receive from the ${givers[n] ?? ''} agency.`.replace('asker agency', 'one that asks'), `(declare-const ${name} Agency)`, `(declare-const c.${name} Context)`, `(assert (sound ${name}))`, `(assert (counts who c.${name}))`, '']),
    '; ---- Passing on: what the onward rules allow from g to r, with the papers of the hop. No rule: no. Of several the strictest wins.', '',
    ...onward.map((rule) => `; ${comment(onwardSentence(rule))}`),
    ...sources.map((dataClass) => defined(`passes.${dataClass}`, '(g Agency) (r Agency) (c Context)', or(...kinds.map((kind) => and(passes(document.onward, dataClass, kind), joinable(kind)))))),
    '',
    '; What each agency on the way has: `whole` in full (or held), so that it has what that reveals too; `has` as the claim counts it.',
    ...givers.flatMap((name, n) => [
      ...sources.map((dataClass) => defined(`whole.${dataClass}.${name}`, '', n === 0
        ? or(...[dataClass, ...revealersOf(dataClass)].map((one) => `(laid-open.${one} asker c.asker)`))
        : receivedWhole(dataClass, givers[n - 1] ?? '', name, `c.${name}`))),
      ...classes.map((dataClass) => defined(`has.${dataClass}.${name}`, '', n === 0 ? gets(dataClass, 'asker', 'c.asker') : received(dataClass, givers[n - 1] ?? '', name, `c.${name}`))),
    ]),
    '',
    defined('reached', '', or(...givers.flatMap((giver) => classes.map((dataClass) => received(dataClass, giver, 'who', 'c'))))),
    '',
  ];
}

/** The giver has the class as the claim counts it and may pass it on, or has in full one that reveals it and may pass that on. */
function received(dataClass: DataClass, giver: string, to: string, context: string): Formula {
  return or(`\n  (and has.${dataClass}.${giver} (passes.${dataClass} ${giver} ${to} ${context}))`, ...revealersOf(dataClass).map((one) => receivedAs(one, giver, to, context)));
}

function receivedWhole(dataClass: DataClass, giver: string, to: string, context: string): Formula {
  return or(...[dataClass, ...revealersOf(dataClass)].map((one) => receivedAs(one, giver, to, context)));
}

function receivedAs(dataClass: DataClass, giver: string, to: string, context: string): Formula {
  return `\n  (and whole.${dataClass}.${giver} (passes.${dataClass} ${giver} ${to} ${context}))`;
}

/** When the onward rules let the class go to `r` along a kind of edge. */
function passes(onward: readonly OnwardRule[], dataClass: DataClass, kind: AffiliationKind): Formula {
  const about = onward.filter((rule) => rule.via.includes(kind) && classesOf(rule.data).includes(dataClass));
  if (about.length === 0) return 'false';
  return and(...about.map(({ allow }) => (allow === 'never' ? 'false' : allow === 'always' ? 'true' : and(surelyMatches('r', allow.to), papers('c', allow)))));
}

/** Which agencies an edge of this kind can join. What is undeclared could be what the edge needs. */
function joinable(kind: AffiliationKind): Formula {
  if (kind === 'component') return or('(= (level g) (level r))', undeclared('g', 'level'), undeclared('r', 'level'));
  if (kind === 'program287g') return and(has('r', 'level', ['federal', 'undeclared']), not(has('g', 'level', ['federal'])));
  return 'true';
}

/** Words of people as a comment, in ASCII: solvers are not at one about other letters. */
function comment(text: string): string {
  return oneLine(text).replaceAll('\u2019', "'").replaceAll(/[^ -~]/gu, (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`);
}

/** An id as part of a symbol: ids have letters, digits, `-` and `.` only. */
function symbol(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9.-]/g, '_');
}
