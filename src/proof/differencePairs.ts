import { hasAny, type RequesterAttributes } from '../vocabulary/index.ts';
import type { NetworkNode } from '../model/index.ts';
import type { Atom, PolicyTable } from '../policy/index.ts';
import { kindsOf, signatureOf } from './kinds.ts';
import type { Party, ProofBasis } from './types.ts';
import { usualKinds } from './usualKinds.ts';
import { profilesOf } from './view.ts';

/** How organisations stand in the two registries: the same, with other attributes that rules read, only in the second, only in the first. */
export type Standing = 'same' | 'changed' | 'joined' | 'left';

/** Attributes that changed in the registry so that some rule reads it: every word that one of the organisations had before, and has after. */
export type Moved = readonly { readonly attribute: keyof RequesterAttributes; readonly before: readonly string[]; readonly after: readonly string[] }[];

/** Organisations that can ask. */
export interface OrganisationCounts {
  readonly before: number;
  readonly after: number;
  readonly joined: number;
  readonly left: number;
  /** With other attributes, so that some rule reads it. */
  readonly changed: number;
}

/** Organisations of one class before and one class after; null where they are not there. */
export interface ClassPair {
  readonly before: number | null;
  readonly after: number | null;
  readonly standing: Standing;
  readonly moved: Moved;
  /** Of one of them: after, or before where it left. */
  readonly attributes: RequesterAttributes;
  /** False for an unusual kind of agency, where there is no registry. */
  readonly usual: boolean;
  count: number;
  readonly names: Party[];
}

export interface Pairs {
  readonly pairs: readonly ClassPair[];
  readonly organisations: OrganisationCounts | null;
  readonly complete: boolean;
}

/** The organisations of both bases by their classes; where either has no network, every kind of agency that the atoms can tell apart. */
export function pairsOf(before: ProofBasis, after: ProofBasis, atoms: readonly Atom[]): Pairs {
  if (before.network === null || after.network === null) {
    const { kinds, complete } = kindsOf(atoms);
    const usual = usualKinds(atoms);
    const known = new Set(usual.map((one) => signatureOf(atoms, one)));
    const pairs = [...usual, ...kinds.filter((one) => !known.has(signatureOf(atoms, one)))].map((attributes, place): ClassPair => ({
      before: before.table.classOf(attributes), after: after.table.classOf(attributes), standing: 'same', moved: [], attributes, usual: place < usual.length, count: 1, names: [],
    }));
    return { pairs, organisations: null, complete };
  }
  const [old, now] = [before.network, after.network];
  const [was, is] = [profilesOf(old, before.table.owner), profilesOf(now, after.table.owner)];
  const placeBefore = old === now ? null : new Map(old.nodes.map(({ id }, place) => [id, place]));
  const book = new PairBook(before.table, after.table, atoms);
  const seen = new Uint8Array(old.nodes.length);
  const at = (profiles: typeof was, place: number | undefined): number => (place === undefined || profiles.asks[place] !== 1 ? -1 : (profiles.profileOf[place] ?? -1));
  now.nodes.forEach((node, place) => {
    const earlier = placeBefore === null ? place : placeBefore.get(node.id);
    if (earlier !== undefined) seen[earlier] = 1;
    book.add(was.profiles, at(was, earlier), is.profiles, at(is, place), node);
  });
  old.nodes.forEach((node, place) => { if (seen[place] === 0) book.add(was.profiles, at(was, place), is.profiles, -1, node); });
  return { pairs: book.pairs(), organisations: { before: count(was.asks), after: count(is.asks), ...book.counts }, complete: true };
}

interface Growing extends Omit<ClassPair, 'moved'> {
  readonly moved: Map<keyof RequesterAttributes, { readonly before: Set<string>; readonly after: Set<string> }>;
}

/** Pairs of classes, found by the pair of attributes of an organisation: equal attributes are one number. */
class PairBook {
  readonly counts = { joined: 0, left: 0, changed: 0 };
  readonly #before: PolicyTable;
  readonly #after: PolicyTable;
  readonly #atoms: readonly Atom[];
  readonly #byProfiles = new Map<number, Growing>();
  readonly #byClasses = new Map<string, Growing>();

  constructor(before: PolicyTable, after: PolicyTable, atoms: readonly Atom[]) {
    this.#before = before;
    this.#after = after;
    this.#atoms = atoms;
  }

  pairs(): readonly ClassPair[] {
    return [...this.#byClasses.values()].map(({ moved, ...pair }) => ({
      ...pair, moved: [...moved].map(([attribute, words]) => ({ attribute, before: [...words.before].sort(), after: [...words.after].sort() })),
    }));
  }

  /** A profile of -1 stands for an organisation that is not there, or cannot ask. */
  add(befores: readonly RequesterAttributes[], was: number, afters: readonly RequesterAttributes[], is: number, node: NetworkNode): void {
    if (was < 0 && is < 0) return;
    const key = (was + 1) * (afters.length + 1) + is + 1;
    let pair = this.#byProfiles.get(key);
    if (pair === undefined) this.#byProfiles.set(key, (pair = this.#pairOf(befores[was] ?? null, afters[is] ?? null)));
    if (pair.standing !== 'same') this.counts[pair.standing] += 1;
    pair.count += 1;
    if (pair.names.length < namesKept) pair.names.push(partyOf(node));
  }

  #pairOf(was: RequesterAttributes | null, is: RequesterAttributes | null): Growing {
    const moved = was === null || is === null || was === is ? [] : movedFrom(this.#atoms, was, is);
    const standing = was === null ? 'joined' : is === null ? 'left' : moved.length > 0 ? 'changed' : 'same';
    const classes = { before: was === null ? null : this.#before.classOf(was), after: is === null ? null : this.#after.classOf(is) };
    const key = `${classes.before ?? '-'} ${classes.after ?? '-'} ${standing} ${moved.join()}`;
    let pair = this.#byClasses.get(key);
    if (pair === undefined) {
      pair = { ...classes, standing, moved: new Map(), attributes: (is ?? was) as RequesterAttributes, usual: true, count: 0, names: [] };
      this.#byClasses.set(key, pair);
    }
    for (const attribute of moved) {
      let words = pair.moved.get(attribute);
      if (words === undefined) pair.moved.set(attribute, (words = { before: new Set(), after: new Set() }));
      for (const word of [was?.[attribute] ?? []].flat()) words.before.add(word);
      for (const word of [is?.[attribute] ?? []].flat()) words.after.add(word);
    }
    return pair;
  }
}

/** How many names a pair keeps. */
export const namesKept = 5;

export function partyOf({ id, name, oris }: NetworkNode): Party {
  return { organisation: id, name, ori: oris[0] ?? null };
}

/** The attributes of which some atom now says something else. */
function movedFrom(atoms: readonly Atom[], was: RequesterAttributes, is: RequesterAttributes): readonly (keyof RequesterAttributes)[] {
  return [...new Set(atoms.filter(({ attribute, words }) => hasAny(was, attribute, words) !== hasAny(is, attribute, words)).map(({ attribute }) => attribute))].sort();
}

function count(asks: Uint8Array): number {
  return asks.reduce((sum, one) => sum + one, 0);
}

/** The atoms of both, each once. */
export function unionOf(a: readonly Atom[], b: readonly Atom[]): readonly Atom[] {
  return [...new Map([...a, ...b].map((atom) => [`${atom.attribute} ${atom.words.join(' ')}`, atom])).values()];
}
