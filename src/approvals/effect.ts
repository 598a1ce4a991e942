import type { Network } from '../model/index.ts';
import { tableFor, type PolicyDocument } from '../policy/index.ts';
import { itemsOf } from '../policy/table/stretch.ts';
import type { ProofBasis } from '../proof/types.ts';
import { judgeGuards } from './effect/guards.ts';
import { sameText, together, type Leaning } from './effect/leaning.ts';
import { momentsOf, mostMoments, standingAt } from './effect/moments.ts';
import { judgeOnward } from './effect/onward.ts';
import { judgeTables } from './effect/tables.ts';
import type { Effect } from './types.ts';

/** What a change does, and in words why it is said to. */
export interface JudgedEffect {
  readonly effect: Effect;
  /** What gives more, where it is widening; what gives less, where it is narrowing. At most 50. */
  readonly reasons: readonly string[];
}

/**
 * What a policy does to what an owner gives. `before` are the policies that stand: the one in force, and those that were activated and whose first day
 * is to come. Looked at are every day to come on which something begins or ends; every kind of agency that the vocabulary admits and the agencies of
 * `network`; every kind of request; the reviews, notices, limits, rules on passing on and claims. `narrowing` is only said where nothing is given more
 * in any of these ways and something less; whatever cannot be compared is `widening`. So a change and the change back are never both `narrowing`.
 * `now` is in milliseconds since 1970.
 */
export function effectOf(before: readonly PolicyDocument[], after: PolicyDocument, { now, network = null }: { readonly now: number; readonly network?: Network | null }): JudgedEffect {
  const { moments, all } = momentsOf(before, after, now);
  const pairs = moments.map((at) => ({ at, was: standingAt(before, at) ?? nothing(after), is: after }));
  const guards = pairs.flatMap(({ at, was, is }) => [judgeOnward(was, is, at), judgeGuards(was, is, at)]);
  const days: readonly Leaning[] = all ? [] : [{ widens: [`rules begin and end on more than ${mostMoments} days to come`], narrows: [] }];
  const found = [...guards, ...days];
  // The costly part last, and no further than to the first day on which more is given.
  for (const pair of unlike(pairs)) {
    if (found.some(({ widens }) => widens.length > 0) && pair !== pairs[0]) break;
    found.push(judgeAt(pair, network));
  }
  const { widens, narrows } = together(found);
  if (widens.length > 0) return { effect: 'widening', reasons: widens.slice(0, mostReasons) };
  return narrows.length > 0 ? { effect: 'narrowing', reasons: narrows.slice(0, mostReasons) } : { effect: 'neutral', reasons: [] };
}

const mostReasons = 50;

interface Pair {
  readonly at: number;
  readonly was: PolicyDocument;
  readonly is: PolicyDocument;
}

/** One of each pair whose rules and notices in force are the same: what else begins or ends does not change what a request gets. */
function unlike(pairs: readonly Pair[]): readonly Pair[] {
  const key = ({ at, was, is }: Pair) => sameText([was, is].map((document) => [itemsOf(document, document.rules, at), itemsOf(document, document.notify, at)].map((items) => items.map(({ id }) => id))).concat([[[String(was.version)]]]));
  return [...new Map([...pairs].reverse().map((pair) => [key(pair), pair])).values()].reverse();
}

function judgeAt({ at, was, is }: Pair, network: Network | null): Leaning {
  const basis = (document: PolicyDocument, of: Network | null): ProofBasis => ({ document, network: of, table: tableFor(document, { at }) });
  const worlds = network === null ? [null] : [network, null];
  return together(worlds.map((of) => judgeTables(basis(was, of), basis(is, of))));
}

/** What stands where there is no policy: everything is refused. */
function nothing({ policy }: PolicyDocument): PolicyDocument {
  return { policy, version: 1, effective: '0001-01-01', expires: null, title: null, note: null, cites: [], rules: [], onward: [], limits: [], notify: [], claims: [] };
}
