import fc from 'fast-check';
import { condition, matcher, requester, ruleBody } from '../../test/policyArbitraries.ts';
import {
  affiliationKinds, evidenceGoesTogether, hasAny, inferenceEdges, namesOf, treatmentsOf, type AffiliationKind, type DataClass, type EdgeGrade, type RequesterAttributes,
} from '../vocabulary/index.ts';
import type { Network, NetworkEdge } from '../model/index.ts';
import {
  allContexts, classesOf, decide, prepare, proofWorlds, tableFor,
  type Claim, type Condition, type Context, type DataScope, type Matcher, type OnwardRule, type PolicyDocument, type ProofWorld, type Rule,
} from '../policy/index.ts';
import { mayMatch, surelyMatches } from './mayMatch.ts';
import type { ProofBasis } from './types.ts';

/** Small networks and documents for tests, and an oracle that walks them naively. Everything in them is invented. */

export const at = Date.UTC(2026, 5, 1);

/** An organisation of a network in a test. */
export interface TestNode {
  readonly id: string;
  readonly attributes: RequesterAttributes;
  /** False for one without an office. */
  readonly asks?: boolean;
}

export interface TestEdge {
  readonly kind: AffiliationKind;
  readonly from: string;
  readonly to: string;
  readonly grade?: EdgeGrade;
  readonly confirmed?: boolean;
}

export function networkWith(nodes: readonly TestNode[], edges: readonly TestEdge[]): Network {
  const shared = new Map<string, RequesterAttributes>();
  const place = (id: string): number => nodes.findIndex((node) => node.id === id);
  return {
    registryVersion: 1, registryHash: 'h', day: '2026-06-01',
    nodes: nodes.map(({ id, attributes, asks = true }, n) => {
      const key = JSON.stringify(attributes);
      const frozen = shared.get(key) ?? Object.freeze({ ...attributes });
      shared.set(key, frozen);
      return { id, name: `Body ${id}`, oris: asks ? [`ZZ${String(n).padStart(7, '0')}`] : [], attributes: () => frozen };
    }),
    edges: edges.map(({ kind, from, to, grade = 'contractOnly', confirmed = true }): NetworkEdge => ({
      kind, from: place(from), to: place(to), grade, confirmed, provenance: 'an invented list', since: '2025-01-01', until: null,
    })),
  };
}

export function basisOf(document: PolicyDocument, network: Network | null): ProofBasis {
  return { document, network, table: tableFor(document, { at }) };
}

/** A document of rules given without what most tests do not care for. */
export function documentWith(given: { readonly rules?: readonly Rule[]; readonly onward?: readonly OnwardRule[]; readonly claims?: readonly Claim[] }): PolicyDocument {
  return { policy: 'ZY', version: 1, effective: '2026-01-01', expires: null, title: null, note: null, cites: [], rules: [], onward: [], limits: [], notify: [], claims: [], ...given };
}

const item = { title: null, cites: [], effective: null, expires: null };

export function claimWith(given: Partial<Claim> & Pick<Claim, 'to' | 'data'>): Claim {
  return { ...item, id: 'ZY-C1', kind: 'never', without: [], by: 'anyPath', form: 'any', review: 'counts', world: 'honoured', domain: 'registry', ...given };
}

export function onwardWith(given: Partial<OnwardRule> & Pick<OnwardRule, 'id' | 'data' | 'via'>): OnwardRule {
  return { ...item, allow: 'always', ...given };
}

/** Classes between which there is inference, so that random documents often meet it. */
const fewClasses: readonly DataClass[] = ['photo', 'description', 'address', 'driverHistory'];
const scope: fc.Arbitrary<DataScope> = fc.oneof({ weight: 1, arbitrary: fc.constant('all' as const) }, { weight: 2, arbitrary: fc.subarray([...fewClasses], { minLength: 1, maxLength: 3 }) });
const fewKinds: readonly AffiliationKind[] = ['taskForce', 'program287g', 'sharedOri'];
const noPeriod = { effective: null, expires: null };

/** Few purposes and courts, so that `fewContexts` has one context of each sort that these documents tell apart. */
function fewer<T extends Omit<Condition, 'to'>>(one: T): T {
  return {
    ...one, ...(one.for === undefined ? {} : { for: one.for.length % 2 === 0 ? ['fraud'] : ['fraud', 'theft'] }),
    ...(one.court === undefined ? {} : { court: one.court.length % 2 === 0 ? ['stateCourt'] : ['articleThree', 'stateCourt'] }),
  };
}

/** One context of each sort that `smallDocument` and `smallClaim` can tell apart. */
export const fewContexts: readonly Context[] = allContexts.filter(({ purpose, court }) => ['fraud', 'theft', 'notStated'].includes(purpose) && ['articleThree', 'stateCourt', 'notStated'].includes(court));

/** One level of three: rules and claims about different ones make chains that direct access does not hide. */
const oneLevel: fc.Arbitrary<Matcher> = fc.constantFrom('federal' as const, 'state' as const, 'municipal' as const).map((level) => ({ level: [level] }));

const rule: fc.Arbitrary<Rule> = fc.tuple(ruleBody, scope, fc.boolean(), fc.option(oneLevel, { nil: null, freq: 3 })).map(([body, data, treats, simple]) => {
  const { to: _, for: __, when: ___, ...rest } = body;
  const base = { ...(simple === null ? fewer(body) : { ...rest, to: simple }), ...noPeriod, id: '', data, unless: simple === null ? body.unless.map(fewer) : [], ...(simple === null && body.when !== undefined ? { when: fewer(body.when) } : {}) };
  if (base.outcome !== 'release') return base;
  const treated = classesOf(data).filter((one) => treats && treatmentsOf[one] !== undefined).slice(0, 1);
  return { ...base, treat: Object.fromEntries(treated.map((one) => [one, treatmentsOf[one]?.[0]])) };
});

const onward: fc.Arbitrary<OnwardRule> = fc.tuple(scope, fc.subarray([...fewKinds], { minLength: 1 }), fc.oneof(fc.constantFrom('never' as const, 'always' as const, 'always' as const), condition.map(fewer)))
  .map(([data, via, allow]) => onwardWith({ id: '', data, via, allow }));

/** Half of them begin as real ones do: all that is asked about is given to one level, denied to another, and may be passed on. */
const documentFor = (level: fc.Arbitrary<Matcher>): fc.Arbitrary<PolicyDocument> => fc.tuple(fc.boolean(), scope, level, fc.array(rule, { maxLength: 3 }), fc.array(onward, { maxLength: 3 }), fc.boolean()).map(([real, data, to, rules, onwards, never]) => {
  const body = { ...item, id: '', data, unless: [] };
  const first: readonly Rule[] = real ? [{ ...body, outcome: 'release', treat: {} }, { ...body, outcome: 'deny', to }] : [{ ...body, outcome: 'release', to, treat: {} }];
  return documentWith({
    rules: [...first, ...rules].map((one, n) => ({ ...one, id: `ZY-${n + 1}` })),
    onward: [...(real ? [onwardWith({ id: '', data, via: ['taskForce', 'redissemination'] })] : []), ...(real && never ? [onwardWith({ id: '', data, via: ['taskForce'], allow: 'never' })] : onwards)].map((one, n) => ({ ...one, id: `ZY-O${n + 1}` })),
  });
});

const claimFor = (level: fc.Arbitrary<Matcher>): fc.Arbitrary<Claim> => fc.tuple(
  fc.constantFrom('never' as const, 'never' as const, 'only' as const), fc.oneof({ weight: 1, arbitrary: matcher }, { weight: 3, arbitrary: level }), fc.oneof({ weight: 1, arbitrary: fc.constant('all' as const) }, { weight: 6, arbitrary: fc.subarray([...fewClasses], { minLength: 1, maxLength: 2 }) }),
  fc.option(fc.constantFrom(['fraud' as const], ['fraud' as const, 'theft' as const]), { nil: null, freq: 3 }), fc.array(condition.map(fewer), { maxLength: 2 }),
  fc.constantFrom('direct' as const, 'anyPath' as const, 'anyPath' as const), fc.constantFrom('any' as const, 'full' as const), fc.constantFrom('counts' as const, 'suffices' as const),
).map(([kind, to, data, purposes, without, by, form, review]) => claimWith({ kind, to, data, ...(purposes === null ? {} : { for: purposes }), without, by, form, review }));

const names = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
/** Mostly of a known level: one undeclared among them may be anything, and what it obtains directly hides the chains. */
const attributes: fc.Arbitrary<RequesterAttributes> = fc.tuple(requester, fc.integer({ min: 0, max: 19 }), fc.subarray(['department', 'mission', 'certified'] as const)).map(([words, level, unknown]) => ({
  ...words, level: level === 0 ? 'undeclared' as const : (['federal', 'state', 'municipal'] as const)[level % 3] ?? 'state',
  ...Object.fromEntries(unknown.map((name) => [name, name === 'department' ? 'undeclared' : ['undeclared']])),
}));

export const smallNetwork: fc.Arbitrary<Network> = fc.tuple(
  fc.array(fc.tuple(attributes, fc.boolean(), fc.boolean()), { minLength: 3, maxLength: names.length }),
  fc.array(fc.record({ kind: fc.constantFrom(...fewKinds, ...fewKinds, ...namesOf(affiliationKinds)), from: fc.nat(5), to: fc.nat(5), grade: fc.constantFrom('contractOnly' as const, 'contractOnly' as const, 'enforced' as const, 'inseparable' as const), confirmed: fc.oneof({ weight: 1, arbitrary: fc.constant(false) }, { weight: 4, arbitrary: fc.constant(true) }) }), { minLength: 3, maxLength: 12 }),
).map(([rows, edges]) => networkWith(
  rows.map(([words, a, b], n) => ({ id: names[n] ?? 'a', attributes: words, asks: a || b })),
  edges.map(({ from, to, ...edge }) => ({ ...edge, from: names[from % rows.length] ?? 'a', to: names[to % rows.length] ?? 'a' })).filter(({ from, to }) => from !== to),
));

/** A policy, a network and a claim that have something to do with each other: both speak of one level. */
export const smallCase: fc.Arbitrary<{ readonly document: PolicyDocument; readonly network: Network; readonly claim: Claim; readonly world: ProofWorld }> = oneLevel.chain((to) =>
  fc.record({ document: documentFor(fc.constant(to)), network: smallNetwork, claim: claimFor(fc.constant(to)), world: fc.constantFrom(...proofWorlds) }));

export const smallDocument = documentFor(oneLevel);

/** Naive from here on: no planes, no layers, no tables; the interpreter, asked for each context, and the edges, walked until nothing changes. */

export function conditionHolds(one: Condition, context: Context, who: RequesterAttributes, surely: boolean): boolean {
  const order = ['none', 'stated', 'numbered', 'documentHash', 'courtConfirmed'];
  return (one.to === undefined || (surely ? surelyMatches(who, one.to) : matchesAsItStands(who, one.to)))
    && (one.for === undefined || one.for.includes(context.purpose))
    && (one.warrant === undefined || order.indexOf(context.warrant) >= order.indexOf(one.warrant))
    && (one.court === undefined || one.court.includes(context.court))
    && (one.caseNumber === undefined || order.indexOf(context.caseNumber) >= order.indexOf(one.caseNumber))
    && (one.query === undefined || one.query.includes(context.kind));
}

function matchesAsItStands(who: RequesterAttributes, to: Matcher): boolean {
  return (Object.entries(to) as [keyof RequesterAttributes, readonly string[]][]).every(([name, words]) => hasAny(who, name, words));
}

export function violates(claim: Claim, context: Context, obtainer: RequesterAttributes): boolean {
  return evidenceGoesTogether(context.warrant, context.court) && (claim.for === undefined || claim.for.includes(context.purpose)) && !claim.without.some((one) => conditionHolds(one, context, obtainer, true));
}

export function isLookedAt(claim: Claim, who: RequesterAttributes): boolean {
  return claim.kind === 'never' ? mayMatch(who, claim.to) : !surelyMatches(who, claim.to);
}

/** Whether one edge passes one class, where a hop may have any of `contexts`. */
export function edgePasses(document: PolicyDocument, edge: NetworkEdge, receiver: RequesterAttributes, dataClass: DataClass, world: ProofWorld, contexts: readonly Context[]): boolean {
  if (world === 'possible') return true;
  if (!edge.confirmed) return false;
  if (edge.grade === 'inseparable') return true;
  const rules = document.onward.filter((one) => one.via.includes(edge.kind) && classesOf(one.data).includes(dataClass));
  if (rules.length === 0 || rules.some(({ allow }) => allow === 'never')) return false;
  return contexts.some((context) => rules.every(({ allow }) => typeof allow === 'string' || conditionHolds(allow, context, receiver, true)));
}

/** What is had: a class whole, or in a form that counts but reveals nothing else. */
type Form = 'whole' | 'part';

/** Hops at which each organisation first has each class and form: `a photo whole`. Starts from what `starts` says at no hops. */
export function closure(document: PolicyDocument, network: Network, world: ProofWorld | null, contexts: readonly Context[], starts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const had = new Map(starts);
  const nearer = (key: string, hops: number): boolean => {
    if ((had.get(key) ?? Infinity) <= hops) return false;
    had.set(key, hops);
    return true;
  };
  for (let changed = true; changed;) {
    changed = false;
    for (const [key, hops] of [...had]) {
      const [id, dataClass, form] = key.split(' ') as [string, DataClass, Form];
      if (form === 'whole') for (const { from, gives } of inferenceEdges) if (from === dataClass && nearer(`${id} ${gives} whole`, hops)) changed = true;
      if (world === null) continue;
      for (const edge of network.edges) {
        const [from, to] = [network.nodes[edge.from], network.nodes[edge.to]];
        if (from?.id !== id || to === undefined || !edgePasses(document, edge, to.attributes('ZY'), dataClass, world, contexts)) continue;
        if (nearer(`${to.id} ${dataClass} ${form}`, hops + 1)) changed = true;
      }
    }
  }
  return had;
}

const everyClass = classesOf('all');

/** What a request of one organisation gives in one context. */
export function answers(document: PolicyDocument, who: RequesterAttributes, context: Context, held: boolean): readonly (readonly [DataClass, Form])[] {
  const { purpose, warrant, court, caseNumber, kind } = context;
  return decide(preparedOf(document), { requester: who, purpose, evidence: { warrant, court, caseNumber }, kind, classes: everyClass }, at).classes
    .flatMap(({ dataClass, outcome }): (readonly [DataClass, Form])[] => (outcome === 'release' || (outcome === 'hold' && held) ? [[dataClass, 'whole']] : outcome === 'redact' ? [[dataClass, 'part']] : []));
}

const prepared = new WeakMap<PolicyDocument, ReturnType<typeof prepare>>();

function preparedOf(document: PolicyDocument): ReturnType<typeof prepare> {
  let one = prepared.get(document);
  if (one === undefined) prepared.set(document, (one = prepare(document, 'h')));
  return one;
}

/** What the organisations obtain against a claim: by id the fewest hops. */
export function naiveBreaches(document: PolicyDocument, network: Network, claim: Claim, world: ProofWorld): ReadonlyMap<string, number> {
  const breaches = new Map<string, number>();
  const known = new Map<string, ReadonlyMap<string, number>>();
  for (const obtainer of network.nodes) {
    const who = obtainer.attributes('ZY');
    if (!isLookedAt(claim, who)) continue;
    const key = claim.without.map(({ to }) => to === undefined || surelyMatches(who, to)).join();
    let had = known.get(key);
    if (had === undefined) {
      const contexts = fewContexts.filter((context) => violates(claim, context, who));
      const starts = new Map<string, number>();
      for (const node of network.nodes) {
        if (node.oris.length === 0) continue;
        for (const context of contexts) for (const [dataClass, form] of answers(document, node.attributes('ZY'), context, claim.review === 'counts')) starts.set(`${node.id} ${dataClass} ${form}`, 0);
      }
      known.set(key, (had = closure(document, network, claim.by === 'direct' ? null : world, contexts, starts)));
    }
    const hops = classesOf(claim.data).flatMap((dataClass) => [had.get(`${obtainer.id} ${dataClass} whole`), claim.form === 'any' ? had.get(`${obtainer.id} ${dataClass} part`) : undefined])
      .filter((one) => one !== undefined);
    if (hops.length > 0) breaches.set(obtainer.id, Math.min(...hops));
  }
  return breaches;
}
