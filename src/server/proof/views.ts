import { allDataClasses, type DataClass } from '../../vocabulary/index.ts';
import type { Ori } from '../../model/index.ts';
import { isEmptyPlane, planeText, type Plane, type ProofWorld } from '../../policy/index.ts';
import { effectiveAccess } from '../../proof/access.ts';
import { conditionWords } from '../../proof/conditionWords.ts';
import { accessMatrix } from '../../proof/matrix.ts';
import { mayMatch } from '../../proof/mayMatch.ts';
import { minimalCondition } from '../../proof/minimal.ts';
import { pathsTo } from '../../proof/paths.ts';
import type { ClaimReport, Party, Trace } from '../../proof/types.ts';
import type { NamedBasis } from './library.ts';
import type { Who } from './who.ts';

/** Of what something was proved: every version and hash that a reader needs to prove it again. */
export interface BasisView {
  readonly owner: string;
  readonly policy: { readonly version: number; readonly hash: string };
  /** SHA-256 of the table that was read, which is the one that decides. */
  readonly table: string;
  readonly registry: { readonly version: number; readonly hash: string; readonly day: string };
}

export function basisView({ document, policyHash, table, network }: NamedBasis): BasisView {
  return {
    owner: document.policy, policy: { version: document.version, hash: policyHash }, table: table.hash,
    registry: { version: network.registryVersion, hash: network.registryHash, day: network.day },
  };
}

export interface ProofView extends BasisView {
  /** All deciding verdicts hold. */
  readonly holds: boolean;
  readonly claims: readonly ClaimReport[];
}

export function proofView(basis: NamedBasis, claims: readonly ClaimReport[]): ProofView {
  return { ...basisView(basis), holds: claims.every(({ holds }) => holds), claims };
}

/** How many organisations can obtain a class, by a request of their own or only through others. */
export interface AccessCountsView extends BasisView {
  readonly world: ProofWorld;
  /** Null where the registry is larger than a proof takes on. */
  readonly classes: readonly { readonly dataClass: DataClass; readonly direct: number; readonly indirect: number }[] | null;
}

export function countsView(basis: NamedBasis, world: ProofWorld): AccessCountsView {
  const rows = accessMatrix([basis], { world });
  const counts = rows === 'capped' ? undefined : rows[0]?.counts;
  return { ...basisView(basis), world, classes: counts === undefined ? null : allDataClasses.map((dataClass) => ({ dataClass, ...counts[dataClass] })) };
}

/** Agencies that obtain a class in the same cases. */
export interface AccessGroup {
  /** When a request of their own gives it, in words; "never" where it only comes through others. */
  readonly direct: string;
  /** When somebody, they or another, can ask so that it gets to them. */
  readonly byAnyChain: string;
  readonly count: number;
  /** The first few, by name; all where one was asked for. */
  readonly agencies: readonly Party[];
}

export interface AccessView extends BasisView {
  readonly world: ProofWorld;
  /** How many organisations were looked at: all, or those that `who` may mean. */
  readonly among: number;
  readonly classes: readonly { readonly dataClass: DataClass; readonly groups: readonly AccessGroup[] }[] | null;
}

/** How many agencies of a group are named. */
export const mostNamed = 10;

/** Who obtains a class, or each of them, in which cases. Null where `who` is an ORI that no organisation has. */
export function accessView(basis: NamedBasis, { dataClass, world, who }: { readonly dataClass: DataClass | null; readonly world: ProofWorld; readonly who: Who | null }): AccessView | null {
  const places = placesOf(basis, who);
  if (places === null) return null;
  const found = effectiveAccess(basis, { ...(dataClass === null ? {} : { dataClass }), world });
  const head = { ...basisView(basis), world, among: places.length };
  if (found === 'capped') return { ...head, classes: null };
  const words = wordsOf(basis);
  return { ...head, classes: found.map((one) => ({ dataClass: one.dataClass, groups: groupsOf(basis, places, one, words) })) };
}

export interface PathsView extends BasisView {
  readonly world: ProofWorld;
  readonly dataClass: DataClass;
  /** Null where ways to all that some words mean were asked for. */
  readonly to: Party | null;
  /** The shortest first; null where the registry is larger than a proof takes on. */
  readonly ways: readonly Trace[] | null;
}

/** The ways by which an organisation, or any that some words may mean, obtains a class. Null where there is no such organisation. */
export function pathsView(basis: NamedBasis, { to, dataClass, world, limit }: { readonly to: string | Who; readonly dataClass: DataClass; readonly world: ProofWorld; readonly limit: number }): PathsView | null {
  const place = typeof to === 'string' ? placeOf(basis, to) : 'ori' in to ? placeOf(basis, to.ori) : null;
  const node = place === null ? null : basis.network.nodes[place];
  if (node === undefined || (node === null && (typeof to === 'string' || 'ori' in to))) return null;
  const target = node !== null ? node.id : typeof to === 'object' && 'to' in to ? to.to : {};
  const ways = pathsTo(basis, { to: target, dataClass, world, limit });
  return { ...basisView(basis), world, dataClass, to: node === null ? null : partyOf(node), ways: ways === 'capped' ? null : ways };
}

/** The place of the organisation with this ORI or id, or null. */
export function placeOf({ network }: NamedBasis, text: string): number | null {
  const ori: Ori = text.toUpperCase();
  const place = network.nodes.findIndex(({ id, oris }) => id === text || oris.includes(ori));
  return place < 0 ? null : place;
}

function placesOf(basis: NamedBasis, who: Who | null): readonly number[] | null {
  const { nodes } = basis.network;
  if (who === null) return [...nodes.keys()];
  if ('ori' in who) {
    const place = placeOf(basis, who.ori);
    return place === null ? null : [place];
  }
  const { owner } = basis.table;
  return [...nodes.keys()].filter((place) => { const node = nodes[place]; return node !== undefined && mayMatch(node.attributes(owner), who.to); });
}

interface Open {
  direct(node: number): Plane;
  byAnyChain(node: number): Plane;
}

/** The more agencies, the earlier. Those that obtain nothing are in no group. */
function groupsOf({ network }: NamedBasis, places: readonly number[], open: Open, words: (plane: Plane) => string): readonly AccessGroup[] {
  const groups = new Map<string, { readonly direct: Plane; readonly all: Plane; count: number; readonly agencies: Party[] }>();
  for (const place of places) {
    const [direct, all] = [open.direct(place), open.byAnyChain(place)];
    if (isEmptyPlane(all)) continue;
    const key = `${planeText(direct)} ${planeText(all)}`;
    const group = groups.get(key) ?? { direct, all, count: 0, agencies: [] };
    groups.set(key, group);
    group.count += 1;
    const node = network.nodes[place];
    if (node !== undefined && group.agencies.length < mostNamed) group.agencies.push(partyOf(node));
  }
  return [...groups.values()].sort((a, b) => b.count - a.count)
    .map(({ direct, all, count, agencies }) => ({ direct: words(direct), byAnyChain: words(all), count, agencies }));
}

/** Conditions in words, each made once. */
function wordsOf({ table }: NamedBasis): (plane: Plane) => string {
  const known = new Map<string, string>();
  return (plane) => {
    const key = planeText(plane);
    let text = known.get(key);
    if (text === undefined) known.set(key, (text = isEmptyPlane(plane) ? 'never' : conditionWords(minimalCondition(table.space, plane))));
    return text;
  };
}

function partyOf({ id, name, oris }: { readonly id: string; readonly name: string; readonly oris: readonly Ori[] }): Party {
  return { organisation: id, name, ori: oris[0] ?? null };
}
