import { allDataClasses, type DataClass } from '../vocabulary/index.ts';
import { hasBit, orPlanes, type Atom, type Context, type Plane, type PolicyTable, type ProofWorld } from '../policy/index.ts';
import { plainestFirst } from './contexts.ts';
import { dutyChanges, type DutyChange } from './differenceDuties.ts';
import { itemChanges, type ItemChange } from './differenceItems.ts';
import { namesKept, pairsOf, partyOf, unionOf, type ClassPair, type Moved, type OrganisationCounts, type Standing } from './differencePairs.ts';
import { compareForms, type Form, type FormBook } from './forms.ts';
import { minimalCondition, type ContextCondition } from './minimal.ts';
import { rowComparer, type CellChange, type RowComparer } from './rowComparer.ts';
import type { RefinedSpace } from './refined.ts';
import type { Party, ProofBasis } from './types.ts';
import { describeWho, type WhoCondition } from './whoWords.ts';

/**
 * What became of data: `released`, a machine gives now what a person decided or nobody gave; `opened`, more in another way;
 * `closed`, a machine no longer gives it; `tightened`, less in another way; `altered`, as open as before, but otherwise.
 */
export type ChangeKind = 'released' | 'opened' | 'closed' | 'tightened' | 'altered';

export const changeKinds: readonly ChangeKind[] = ['released', 'opened', 'closed', 'tightened', 'altered'];

/** A request that is decided differently before and after. */
export interface DifferenceExample {
  readonly asker: Party;
  readonly dataClass: DataClass;
  readonly context: Context;
  readonly before: { readonly form: Form; readonly rules: readonly string[] };
  readonly after: { readonly form: Form; readonly rules: readonly string[] };
}

/** The same change of the same classes of data in the same contexts, for some organisations. */
export interface Change {
  readonly kind: ChangeKind;
  readonly classes: readonly DataClass[];
  /** Several where it was not one: the most open first. */
  readonly before: readonly Form[];
  readonly after: Form;
  readonly standing: Standing;
  /** Attributes that changed in the registry; empty but for the standing `changed`. */
  readonly moved: Moved;
  /** Among the organisations of this standing; null where the rules' words cannot tell them apart. */
  readonly who: WhoCondition | null;
  /** Organisations; without a registry, kinds of agency. */
  readonly organisations: number;
  readonly names: readonly Party[];
  readonly when: ContextCondition;
  /** Pairs of an organisation and an admissible context, for one class. */
  readonly agencyContexts: number;
  readonly example: DifferenceExample;
}

export interface Gain {
  readonly organisations: number;
  /** Pairs of an organisation and an admissible context. */
  readonly agencyContexts: number;
}

export interface ClassDifference {
  readonly dataClass: DataClass;
  readonly gains: Readonly<Record<ChangeKind, Gain>>;
  /** Organisations that get more somewhere, and less somewhere. */
  readonly gain: number;
  readonly lose: number;
  /** Organisations that obtain it in some context, in any form and after a review too, by a request of their own. */
  readonly direct: { readonly before: number; readonly after: number };
  /** By any chain, in each world; null where it was not asked for. */
  readonly paths: Readonly<Record<ProofWorld, PathDifference | 'capped'>> | null;
}

export interface PathDifference {
  readonly before: number;
  readonly after: number;
  readonly gain: readonly Party[];
  readonly lose: readonly Party[];
}

/** What two policies, two registries or both decide differently. */
export interface Difference {
  readonly owner: string;
  /** No organisation, class and context is decided differently. Rules, duties and limits may still differ. */
  readonly same: boolean;
  /** Organisations that can ask; null without a registry, when the counts are of kinds of agency. */
  readonly organisations: OrganisationCounts | null;
  /** False where there are more kinds of agency than could be tried. */
  readonly complete: boolean;
  /** True where, without a registry, unusual kinds of agency meet changes too, which are counted and not described. */
  readonly unusual: boolean;
  readonly classes: readonly ClassDifference[];
  /** The most open first, then those with the most agency contexts. */
  readonly changes: readonly Change[];
  /** Changes beyond the cap. */
  readonly rest: number;
  readonly items: readonly ItemChange[];
  readonly duties: DutyChange;
}

/** Who obtains a class by any chain, by the ids of organisations. */
export type Reach = (basis: ProofBasis, dataClass: DataClass, world: ProofWorld) => ReadonlySet<string> | 'capped';

export interface DifferenceOptions {
  readonly classes?: readonly DataClass[];
  /** At most so many changes are described; 20 where it is absent. Counts are of all. */
  readonly changes?: number;
  readonly reach?: Reach;
}

/**
 * What changes for whom from one basis to another, exactly, over all admissible contexts: compared in the coarsest space that both tables
 * can be read in, once for each pair of rows. Organisations are known by their ids; one that is not there gets nothing. Where either basis
 * has no network, the two policies are compared for every kind of agency that the rules of both can tell apart, and changes described for
 * the usual ones.
 */
export function difference(before: ProofBasis, after: ProofBasis, { classes = allDataClasses, changes: most = 20, reach }: DifferenceOptions = {}): Difference {
  const atoms = unionOf(before.table.atoms, after.table.atoms);
  const { pairs, organisations, complete } = pairsOf(before, after, atoms);
  const rows = rowComparer(before.table, after.table);
  const [buckets, unusual] = [new Map<string, Bucket>(), new Map<string, Bucket>()];
  const counted = classes.map((dataClass) => compareClass(dataClass, pairs, before.table, after.table, rows, (pair) => (pair.usual ? buckets : unusual)));
  const merged = mergeClasses([...(buckets.size > 0 ? buckets : unusual).values()]).sort((a, b) => changeKinds.indexOf(a.kind) - changeKinds.indexOf(b.kind) || b.agencyContexts - a.agencyContexts || (a.key < b.key ? -1 : 1));
  const paths = reach === undefined || before.network === null || after.network === null ? null : reach;
  return {
    owner: after.table.owner,
    same: merged.length === 0,
    organisations, complete,
    unusual: buckets.size > 0 && unusual.size > 0,
    classes: counted.map((one) => ({ ...one, paths: paths === null ? null : pathsOf(before, after, one.dataClass, paths) })),
    changes: merged.slice(0, most).map((bucket) => changeOf(bucket, pairs, before.table, after.table, rows, atoms)),
    rest: Math.max(0, merged.length - most),
    items: itemChanges(before, after),
    duties: dutyChanges(before, after, rows.refined, pairs),
  };
}

/** One change of one class, with the pairs that meet it. */
interface Bucket {
  readonly key: string;
  readonly kind: ChangeKind;
  readonly classes: DataClass[];
  readonly from: Set<number>;
  readonly to: number;
  readonly plane: Plane;
  readonly standing: Standing;
  readonly pairs: number[];
  organisations: number;
  agencyContexts: number;
}

/** Changes of a row to one form, of one kind. */
interface RowChange {
  readonly key: string;
  readonly kind: ChangeKind;
  readonly from: readonly number[];
  readonly to: number;
  readonly plane: Plane;
  readonly weight: number;
}

function compareClass(dataClass: DataClass, pairs: readonly ClassPair[], before: PolicyTable, after: PolicyTable, rows: RowComparer, bucketsFor: (pair: ClassPair) => Map<string, Bucket>): Omit<ClassDifference, 'paths'> {
  const gains = Object.fromEntries(changeKinds.map((kind) => [kind, { organisations: 0, agencyContexts: 0 }])) as Record<ChangeKind, { organisations: number; agencyContexts: number }>;
  const known = new Map<readonly CellChange[], readonly RowChange[]>();
  let [gain, lose, wereGiven, areGiven] = [0, 0, 0, 0];
  for (const [place, pair] of pairs.entries()) {
    const was = pair.before === null ? null : before.rowOf(pair.before, dataClass);
    const is = pair.after === null ? null : after.rowOf(pair.after, dataClass);
    if (rows.gives(was, 'before')) wereGiven += pair.count;
    if (rows.gives(is, 'after')) areGiven += pair.count;
    const cells = rows.compare(was, is);
    if (cells.length === 0) continue;
    let changes = known.get(cells);
    if (changes === undefined) known.set(cells, (changes = byForm(dataClass, rows.book, cells)));
    for (const change of changes) {
      gains[change.kind].agencyContexts += change.weight * pair.count;
      put(bucketsFor(pair), dataClass, change, pair, place);
    }
    const kinds = new Set(changes.map(({ kind }) => kind));
    for (const kind of kinds) gains[kind].organisations += pair.count;
    if (kinds.has('released') || kinds.has('opened')) gain += pair.count;
    if (kinds.has('closed') || kinds.has('tightened')) lose += pair.count;
  }
  return { dataClass, gains, gain, lose, direct: { before: wereGiven, after: areGiven } };
}

function byForm(dataClass: DataClass, book: FormBook, cells: readonly CellChange[]): readonly RowChange[] {
  const found = new Map<string, RowChange>();
  for (const change of cells) {
    const kind = kindOf(dataClass, book, change);
    const key = `${kind} ${change.to}`;
    const known = found.get(key);
    found.set(key, known === undefined ? { key, kind, from: [change.from], to: change.to, plane: change.plane, weight: change.weight }
      : { ...known, from: [...known.from, change.from], plane: orPlanes(known.plane, change.plane), weight: known.weight + change.weight });
  }
  return [...found.values()].map((one) => ({ ...one, key: `${one.key} ${one.plane.join()}` }));
}

function kindOf(dataClass: DataClass, book: FormBook, { from, to }: CellChange): ChangeKind {
  const [was, is] = [book.forms[from] as Form, book.forms[to] as Form];
  const order = compareForms(dataClass, is, was);
  const given = ({ outcome }: Form) => outcome === 'release' || outcome === 'redact';
  if (order === 0) return 'altered';
  if (order < 0) return given(is) && !given(was) ? 'released' : 'opened';
  return given(was) && !given(is) ? 'closed' : 'tightened';
}

function put(buckets: Map<string, Bucket>, dataClass: DataClass, change: RowChange, { standing, moved, count }: ClassPair, place: number): void {
  const key = `${dataClass} ${change.key} ${standing} ${moved.map(({ attribute }) => attribute).join()}`;
  let bucket = buckets.get(key);
  if (bucket === undefined) buckets.set(key, (bucket = { key, kind: change.kind, classes: [dataClass], from: new Set(), to: change.to, plane: change.plane, standing, pairs: [], organisations: 0, agencyContexts: 0 }));
  for (const from of change.from) bucket.from.add(from);
  bucket.pairs.push(place);
  bucket.organisations += count;
  bucket.agencyContexts += count * change.weight;
}

/** Classes of data that change in the same way for the same organisations stand together. */
function mergeClasses(buckets: readonly Bucket[]): Bucket[] {
  const merged = new Map<string, Bucket>();
  for (const bucket of buckets) {
    const key = `${bucket.key.slice(bucket.key.indexOf(' '))} ${bucket.pairs.join()}`;
    const known = merged.get(key);
    if (known === undefined) merged.set(key, bucket);
    else {
      known.classes.push(...bucket.classes);
      for (const from of bucket.from) known.from.add(from);
    }
  }
  return [...merged.values()];
}

function changeOf(bucket: Bucket, pairs: readonly ClassPair[], before: PolicyTable, after: PolicyTable, { refined, book }: RowComparer, atoms: readonly Atom[]): Change {
  const own = bucket.pairs.flatMap((place) => pairs[place] ?? []);
  const inside = new Set(own);
  const moved = movedBy(own);
  const alike = ({ standing, moved: other }: ClassPair) => standing === bucket.standing && other.length === moved.length && other.every(({ attribute }, i) => attribute === moved[i]?.attribute);
  const names = own.flatMap((pair) => pair.names).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)).slice(0, namesKept);
  const [dataClass = 'name'] = bucket.classes;
  return {
    kind: bucket.kind, classes: bucket.classes, after: book.forms[bucket.to] as Form,
    before: [...bucket.from].map((from) => book.forms[from] as Form).sort((a, b) => compareForms(dataClass, a, b)),
    standing: bucket.standing, moved,
    who: describeWho(atoms, own.map(({ attributes }) => attributes), pairs.filter((pair) => pair.usual === own[0]?.usual && alike(pair) && !inside.has(pair)).map(({ attributes }) => attributes)),
    organisations: bucket.organisations, names,
    when: minimalCondition(refined.space, bucket.plane),
    agencyContexts: bucket.agencyContexts,
    example: exampleOf(dataClass, bucket.plane, own[0] as ClassPair, before, after, refined),
  };
}

function movedBy(own: readonly ClassPair[]): Moved {
  const all = (attribute: Moved[number]['attribute'], side: 'before' | 'after') => [...new Set(own.flatMap(({ moved }) => moved.filter((one) => one.attribute === attribute).flatMap((one) => one[side])))].sort();
  return (own[0]?.moved ?? []).map(({ attribute }) => ({ attribute, before: all(attribute, 'before'), after: all(attribute, 'after') }));
}

function exampleOf(dataClass: DataClass, plane: Plane, pair: ClassPair, before: PolicyTable, after: PolicyTable, { space }: RefinedSpace): DifferenceExample {
  const context = plainestFirst().find((one) => hasBit(plane, space.cellOf(one.purpose, one, one.kind))) as Context;
  const decided = (table: PolicyTable, agencyClass: number | null): DifferenceExample['before'] => {
    if (agencyClass === null) return { form: { outcome: 'deny', treatment: null, review: null }, rules: [] };
    const { outcome, treatment, review, rules } = table.cell(table.rowOf(agencyClass, dataClass), table.space.cellOf(context.purpose, context, context.kind));
    return { form: { outcome, treatment, review }, rules };
  };
  return { asker: pair.names[0] ?? { organisation: '', name: '', ori: null }, dataClass, context, before: decided(before, pair.before), after: decided(after, pair.after) };
}

function pathsOf(before: ProofBasis, after: ProofBasis, dataClass: DataClass, reach: Reach): ClassDifference['paths'] {
  const one = (world: ProofWorld): PathDifference | 'capped' => {
    const [was, is] = [reach(before, dataClass, world), reach(after, dataClass, world)];
    if (was === 'capped' || is === 'capped') return 'capped';
    const parties = (basis: ProofBasis, has: ReadonlySet<string>, not: ReadonlySet<string>) => (basis.network?.nodes ?? []).filter(({ id }) => has.has(id) && !not.has(id)).map(partyOf);
    return { before: was.size, after: is.size, gain: parties(after, is, was), lose: parties(before, was, is) };
  };
  return { honoured: one('honoured'), possible: one('possible') };
}
