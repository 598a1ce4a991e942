import type { AffiliationKind, DataClass } from '../vocabulary/index.ts';
import { classesOf, type Context, type OnwardRule, type PolicyTable, type ProofWorld } from '../policy/index.ts';
import { meets } from './contexts.ts';
import { kindOrder, sorts, standings } from './graph.ts';
import type { View } from './view.ts';

/** Along which edges one class of data goes. */
export interface Passing {
  /** By sort of edge: 0 never, 1 always, 2 as `byReceiver` says. */
  readonly bySort: Uint8Array;
  /** By sort, 1 for each profile of a receiver to whom it goes; null where the receiver makes no difference. */
  readonly byReceiver: readonly (Uint8Array | null)[];
  /** True where no edge at all lets it pass. */
  readonly closed: boolean;
}

/** What is thought away: rules by their place in the table, onward rules by id, and kinds of edge. */
export interface Removed {
  readonly rules: ReadonlySet<number>;
  readonly onward: ReadonlySet<string>;
  readonly kinds: ReadonlySet<AffiliationKind>;
}

export const nothingRemoved: Removed = { rules: new Set(), onward: new Set(), kinds: new Set() };

/** No edge at all: what a claim about direct access asks. */
export const noEdge: Passing = { bySort: new Uint8Array(sorts), byReceiver: [], closed: true };

/** Which contexts a hop may have. Asked for the same rules at many edges, so answers are kept. */
export class HopContexts {
  readonly #contexts: readonly Context[];
  readonly #known = new Map<string, boolean>();

  constructor(contexts: readonly Context[]) {
    this.#contexts = contexts;
  }

  /** Whether one hop can meet what all of these rules ask of its papers and its purpose. Each hop has its own. */
  canMeet(rules: readonly OnwardRule[]): boolean {
    const key = JSON.stringify(rules.map(({ allow }) => allow));
    let can = this.#known.get(key);
    if (can === undefined) this.#known.set(key, (can = this.#contexts.some((context) => rules.every(({ allow }) => typeof allow === 'string' || meets(context, allow)))));
    return can;
  }
}

/** The onward rules that speak of one class and one kind of edge, without those thought away. */
export function onwardFor(table: Pick<PolicyTable, 'onward'>, dataClass: DataClass, kind: AffiliationKind, removed: ReadonlySet<string> = nothingRemoved.onward): readonly OnwardRule[] {
  return table.onward.filter((rule) => rule.via.includes(kind) && classesOf(rule.data).includes(dataClass) && !removed.has(rule.id));
}

/**
 * Along which edges a class goes in a world. `possible`: along every edge. `honoured`: along confirmed edges as the onward rules
 * allow to that receiver (nothing matches: no; one says never: no; else all conditions must be such as one hop can meet, and the receiver
 * must surely be one they name), and along inseparable ones, where nobody can keep a rule.
 */
export function passingOf(view: View, dataClass: DataClass, world: ProofWorld, hop: HopContexts, removed: Removed = nothingRemoved): Passing {
  const bySort = new Uint8Array(sorts);
  const byReceiver = new Array<Uint8Array | null>(sorts).fill(null);
  kindOrder.forEach((kind, k) => {
    if (removed.kinds.has(kind)) return;
    if (world === 'possible') {
      bySort.fill(1, k * 3, k * 3 + 3);
      return;
    }
    const receivers = allowedTo(view, onwardFor(view.table, dataClass, kind, removed.onward), hop);
    bySort[k * 3 + standings.inseparable] = 1;
    bySort[k * 3 + standings.confirmed] = receivers === 'all' ? 1 : receivers === 'none' ? 0 : 2;
    byReceiver[k * 3 + standings.confirmed] = typeof receivers === 'string' ? null : receivers;
  });
  return { bySort, byReceiver, closed: bySort.every((how) => how === 0) };
}

/** Whether an edge of this sort lets data pass to a receiver of this profile. */
export function passes({ bySort, byReceiver }: Passing, sort: number, receiver: number): boolean {
  const how = bySort[sort];
  return how === 1 || (how === 2 && byReceiver[sort]?.[receiver] === 1);
}

/** Whether these rules let data pass to a receiver of this profile, as `passingOf` says. */
export function allowsTo(view: View, rules: readonly OnwardRule[], receiver: number, hop: HopContexts): boolean {
  const receivers = allowedTo(view, rules, hop);
  return receivers === 'all' || (receivers !== 'none' && receivers[receiver] === 1);
}

function allowedTo(view: View, rules: readonly OnwardRule[], hop: HopContexts): 'all' | 'none' | Uint8Array {
  if (rules.length === 0 || rules.some(({ allow }) => allow === 'never') || !hop.canMeet(rules)) return 'none';
  const matchers = rules.flatMap(({ allow }) => (typeof allow === 'string' || allow.to === undefined ? [] : [allow.to]));
  if (matchers.length === 0) return 'all';
  return matchers.map((to) => view.surely(to)).reduce((a, b) => a.map((bit, i) => bit & (b[i] ?? 0)));
}
