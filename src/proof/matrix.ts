import { allDataClasses, type DataClass } from '../vocabulary/index.ts';
import { isEmptyPlane, type ProofWorld } from '../policy/index.ts';
import { anyHop, viewWithNetwork, type AccessCounts, type AccessHow } from './access.ts';
import { defaultCaps, tooLarge, type ProofCaps } from './caps.ts';
import { planLayers } from './layers.ts';
import { passes, passingOf, type Passing } from './passes.ts';
import type { ProofBasis } from './types.ts';
import { byClass, type View } from './view.ts';

/** How many organisations obtain each class of one owner. */
export interface MatrixRow {
  readonly owner: string;
  readonly counts: Readonly<Record<DataClass, AccessCounts>>;
}

/** Effective access of every owner and class, as numbers of organisations: what `effectiveAccess` counts, without the contexts. */
export function accessMatrix(bases: readonly ProofBasis[], { world, form = 'any', held = true }: { readonly world: ProofWorld } & AccessHow, caps: ProofCaps = defaultCaps): readonly MatrixRow[] | 'capped' {
  const rows: MatrixRow[] = [];
  for (const basis of bases) {
    const view = viewWithNetwork(basis);
    if (tooLarge(view.network, caps)) return 'capped';
    const walker = new Walker(view, world, held);
    const counts = allDataClasses.map((dataClass): [DataClass, AccessCounts] => [dataClass, walker.count(dataClass, form)]);
    rows.push({ owner: view.table.owner, counts: Object.fromEntries(counts) as Record<DataClass, AccessCounts> });
  }
  return rows;
}

/** Who has a class: 1 for each node, by its own requests and by any chain. */
interface Having {
  readonly own: Uint8Array;
  readonly all: Uint8Array;
}

class Walker {
  readonly #view: View;
  readonly #world: ProofWorld;
  readonly #held: boolean;
  readonly #known = new Map<string, Having>();

  constructor(view: View, world: ProofWorld, held: boolean) {
    this.#view = view;
    this.#world = world;
    this.#held = held;
  }

  count(dataClass: DataClass, form: 'any' | 'full'): AccessCounts {
    const { own, all } = this.#having(planLayers(this.#view.table, [dataClass], form), 0);
    let [direct, indirect] = [0, 0];
    all.forEach((bit, node) => {
      if (own[node] === 1) direct += 1;
      else if (bit === 1) indirect += 1;
    });
    return { direct, indirect };
  }

  /** A layer of a plan, after those that reveal it. A class reveals never itself, so this ends. */
  #having(plan: ReturnType<typeof planLayers>, layer: number): Having {
    const { dataClass, form } = plan[layer] as (typeof plan)[number];
    const key = `${dataClass} ${form}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const own = asksFor(this.#view, dataClass, form, this.#held);
    const all = own.slice();
    for (const [giver, { reveals }] of plan.entries()) {
      if (!reveals.includes(layer)) continue;
      const given = this.#having(plan, giver);
      for (let node = 0; node < all.length; node += 1) {
        own[node] = (own[node] ?? 0) | (given.own[node] ?? 0);
        all[node] = (all[node] ?? 0) | (given.all[node] ?? 0);
      }
    }
    pass(this.#view, passingOf(this.#view, dataClass, this.#world, anyHop), all);
    const found = { own, all };
    this.#known.set(key, found);
    return found;
  }
}

function asksFor(view: View, dataClass: DataClass, form: 'any' | 'full', held: boolean): Uint8Array {
  const { table, classOf, profileOf, asks } = view;
  const byProfile = byClass(view, new Uint8Array(classOf.length), (agencyClass) => (isEmptyPlane(table.open(table.rowOf(agencyClass, dataClass), { form, held })) ? 0 : 1));
  const own = new Uint8Array(profileOf.length);
  for (let node = 0; node < own.length; node += 1) own[node] = (asks[node] ?? 0) & (byProfile[profileOf[node] ?? 0] ?? 0);
  return own;
}

/** Adds to those who have it all to whom it passes. */
function pass({ graph, profileOf }: View, passing: Passing, has: Uint8Array): void {
  if (passing.closed) return;
  const { start, node: heads, sort } = graph.out;
  const queue = new Uint32Array(graph.size);
  let last = 0;
  has.forEach((bit, node) => { if (bit === 1) queue[last++] = node; });
  for (let first = 0; first < last; first += 1) {
    const node = queue[first] ?? 0;
    for (let at = start[node] ?? 0, end = start[node + 1] ?? 0; at < end; at += 1) {
      const head = heads[at] ?? 0;
      if (has[head] === 0 && passes(passing, sort[at] ?? 0, profileOf[head] ?? 0)) {
        has[head] = 1;
        queue[last++] = head;
      }
    }
  }
}
