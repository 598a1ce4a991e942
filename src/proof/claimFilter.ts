import { evidenceGoesTogether, hasAny, type DataClass, type RequesterAttributes } from '../vocabulary/index.ts';
import { allContexts, classesOf, type Claim, type Condition, type Context, type Plane } from '../policy/index.ts';
import { meets } from './contexts.ts';
import { HopContexts } from './passes.ts';
import type { View } from './view.ts';

/** A claim, with all that it says of organisations and of requests worked out for one view. */
export interface ClaimCase {
  readonly view: View;
  readonly claim: Claim;
  readonly classes: readonly DataClass[];
  /** Whether a decision to hold counts as obtaining the data. */
  readonly held: boolean;
  /** For each profile 1 where the claim speaks of organisations that have it. */
  readonly lookedAt: Uint8Array;
  /** For each profile looked at its place in `groups`. */
  readonly groupOf: Uint32Array;
  readonly groups: readonly ClaimGroup[];
}

/** The organisations to whom the same exceptions apply, and the requests that break the claim where one of them obtains the data. */
export interface ClaimGroup {
  /** True for a context that breaks the claim: its purpose is one that the claim names, and no exception excuses it. */
  readonly violates: (context: Context) => boolean;
  /** The cells that have such a context. */
  readonly plane: Plane;
  /** What the request at a hop may be: the claim fixes the same there. */
  readonly hop: HopContexts;
}

const known = new WeakMap<View, WeakMap<Claim, ClaimCase>>();

/** The case of a claim in a view, made once for the two. */
export function caseOf(view: View, claim: Claim): ClaimCase {
  let cases = known.get(view);
  if (cases === undefined) known.set(view, (cases = new WeakMap<Claim, ClaimCase>()));
  let found = cases.get(claim);
  if (found === undefined) cases.set(claim, (found = build(view, claim)));
  return found;
}

/**
 * The attributes on which it rests, unknown to the registry, that somebody is one that the claim speaks of; empty where that is sure.
 * They could be anything (invariant 4).
 */
export function unknownOf({ view, claim }: ClaimCase, profile: number): readonly string[] {
  const attributes = view.profiles[profile];
  if (attributes === undefined || (claim.kind === 'never' ? view.surely(claim.to)[profile] === 1 : view.may(claim.to)[profile] === 0)) return [];
  return (Object.entries(claim.to) as [keyof RequesterAttributes, readonly string[]][]).filter(([name, words]) => !hasAny(attributes, name, words)).map(([name]) => name);
}

/** True for a context that breaks a claim to which these exceptions apply. */
export function violatesWith(claim: Pick<Claim, 'for'>, exceptions: readonly Condition[]): (context: Context) => boolean {
  return (context) => evidenceGoesTogether(context.warrant, context.court) && (claim.for === undefined || claim.for.includes(context.purpose)) && !exceptions.some((one) => meets(context, one));
}

function build(view: View, claim: Claim): ClaimCase {
  const lookedAt = claim.kind === 'never' ? view.may(claim.to) : view.surely(claim.to).map((bit) => 1 - bit);
  const { groupOf, groups } = groupsOf(view, claim, lookedAt);
  return { view, claim, classes: classesOf(claim.data), held: claim.review === 'counts', lookedAt, groupOf, groups };
}

/** An exception that names agencies applies only to those that are surely among them. Nearly always all fall into one group. */
function groupsOf(view: View, claim: Claim, lookedAt: Uint8Array): Pick<ClaimCase, 'groupOf' | 'groups'> {
  const masks = claim.without.map(({ to }) => (to === undefined ? null : view.surely(to)));
  const numbers = new Map<string, number>();
  const groups: ClaimGroup[] = [];
  const groupOf = new Uint32Array(lookedAt.length);
  lookedAt.forEach((bit, profile) => {
    if (bit === 0) return;
    const key = masks.map((mask) => mask?.[profile] ?? 1).join('');
    let number = numbers.get(key);
    if (number === undefined) {
      numbers.set(key, (number = groups.length));
      groups.push(groupWith(view, claim, claim.without.filter((_, i) => key[i] === '1')));
    }
    groupOf[profile] = number;
  });
  return { groupOf, groups };
}

function groupWith(view: View, claim: Claim, exceptions: readonly Condition[]): ClaimGroup {
  const violates = violatesWith(claim, exceptions);
  return { violates, plane: view.table.space.select(violates), hop: new HopContexts(allContexts.filter(violates)) };
}
