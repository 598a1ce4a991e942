import { attributeWords, type RequesterAttributes } from '../vocabulary/index.ts';
import type { NetworkNode } from '../model/index.ts';
import type { Atom, PolicyTable } from '../policy/index.ts';
import { kindsOf } from './kinds.ts';
import type { Party, ProofBasis } from './types.ts';

/** How organisations stand in the two registries: the same, with other attributes that rules read, only in the second, only in the first. */
export type Standing = 'same' | 'changed' | 'joined' | 'left';

/** Attributes that changed in the registry, as words of the vocabulary. */
export type Moved = readonly { readonly attribute: keyof RequesterAttributes; readonly before: readonly string[]; readonly after: readonly string[] }[];

/** Organisations that can ask. */
export interface OrganisationCounts {
  readonly before: number;
  readonly after: number;
  readonly joined: number;
  readonly left: number;
  /** With other attributes, of those that the rules read. */
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
    const pairs = kinds.map((attributes): ClassPair => ({
      before: before.table.classOf(attributes), after: after.table.classOf(attributes), standing: 'same', moved: [], attributes, count: 1, names: [],
    }));
    return { pairs, organisations: null, complete };
  }
  const read = new Set(atoms.map(({ attribute }) => attribute));
  const asking = (nodes: readonly NetworkNode[]) => new Map(nodes.filter(({ oris }) => oris.length > 0).map((node) => [node.id, node]));
  const [old, now] = [asking(before.network.nodes), asking(after.network.nodes)];
  const counts: Record<Standing, number> = { same: 0, changed: 0, joined: 0, left: 0 };
  const book = new PairBook(before.table, after.table, read);
  for (const node of now.values()) counts[book.add(old.get(node.id) ?? null, node)] += 1;
  for (const node of old.values()) if (!now.has(node.id)) counts[book.add(node, null)] += 1;
  return { pairs: book.pairs, organisations: { before: old.size, after: now.size, joined: counts.joined, left: counts.left, changed: counts.changed }, complete: true };
}

class PairBook {
  readonly pairs: ClassPair[] = [];
  readonly #before: PolicyTable;
  readonly #after: PolicyTable;
  readonly #read: ReadonlySet<keyof RequesterAttributes>;
  readonly #known = new Map<string, ClassPair>();

  constructor(before: PolicyTable, after: PolicyTable, read: ReadonlySet<keyof RequesterAttributes>) {
    this.#before = before;
    this.#after = after;
    this.#read = read;
  }

  add(old: NetworkNode | null, now: NetworkNode | null): Standing {
    const was = old?.attributes(this.#before.owner) ?? null;
    const is = now?.attributes(this.#after.owner) ?? null;
    const attributes = is ?? was;
    if (attributes === null) return 'same';
    const moved = was === null || is === null || was === is ? [] : movedFrom(was, is, this.#read);
    const standing = was === null ? 'joined' : is === null ? 'left' : moved.length > 0 ? 'changed' : 'same';
    const pair = { before: was === null ? null : this.#before.classOf(was), after: is === null ? null : this.#after.classOf(is) };
    const key = `${pair.before ?? '-'} ${pair.after ?? '-'} ${standing}${moved.length === 0 ? '' : JSON.stringify(moved)}`;
    let found = this.#known.get(key);
    if (found === undefined) {
      found = { ...pair, standing, moved, attributes, count: 0, names: [] };
      this.#known.set(key, found);
      this.pairs.push(found);
    }
    found.count += 1;
    if (found.names.length < namesKept) found.names.push(partyOf(now ?? old));
    return standing;
  }
}

/** Names of a pair. */
export const namesKept = 5;

export function partyOf(node: NetworkNode | null): Party {
  return { organisation: node?.id ?? '', name: node?.name ?? '', ori: (node?.oris[0]) ?? null };
}

function movedFrom(was: RequesterAttributes, is: RequesterAttributes, read: ReadonlySet<keyof RequesterAttributes>): Moved {
  return (Object.keys(attributeWords) as (keyof RequesterAttributes)[]).filter((name) => read.has(name)).flatMap((attribute) => {
    const [before, after] = [[was[attribute]].flat(), [is[attribute]].flat()];
    return before.join() === after.join() ? [] : [{ attribute, before, after }];
  });
}

/** The atoms of both, each once. */
export function unionOf(a: readonly Atom[], b: readonly Atom[]): readonly Atom[] {
  return [...new Map([...a, ...b].map((atom) => [`${atom.attribute} ${atom.words.join(' ')}`, atom])).values()];
}
