import type { DataClass, RequesterAttributes } from '../../vocabulary/index.ts';
import type { ClassDecision } from '../../model/index.ts';
import { decideAgain, type PolicyTable } from '../../policy/index.ts';
import type { OutcomeWord, OwnerWords } from '../archive/types.ts';

/** What was or would be decided on one request. */
export interface Decided {
  readonly classes: readonly ClassDecision[];
  /** The ids of the rules that have somebody told. */
  readonly duties: readonly string[];
}

/** Decisions by number: equal ones have one. */
export interface Decider {
  readonly decisions: readonly Decided[];
  /** The number of the decision on a request, by the numbers of its words. `behalf` is -1 where the asker asked for itself. */
  of(attributes: number, behalf: number, context: number, outcome: number): number;
}

/**
 * Decides by a compiled table, once for each attributes, context and list of limits that were used up: nothing else of a request can change a decision
 * (invariant 6). `limits` names the limits whose use on the record still tells something.
 */
export function tableDecider(words: OwnerWords, table: PolicyTable, limits: ReadonlySet<string>): Decider {
  const book = new DecisionBook();
  const attributes = words.attributes.map((one): RequesterAttributes => Object.freeze({ ...one }));
  const lists = new Map<string, readonly DataClass[]>();
  const wanted = words.contexts.map((context) => interned(lists, context.wanted));
  const evidence = words.contexts.map(({ warrant, court, caseNumber }) => ({ warrant, court, caseNumber }));
  const classes = attributes.map((one) => table.classOf(one));
  const places = words.contexts.map(({ purpose, kind }, c) => table.space.cellOf(purpose, evidence[c] ?? noEvidence, kind));
  /** Requests that the table cannot tell apart: the cell and what was wanted, as one number. */
  const asked = new Map<string, number>();
  const askedOf = Int32Array.from(words.contexts, (_, c) => numberIn(asked, `${places[c] ?? -1} ${(wanted[c] ?? []).join()}`));
  const usedUp = new UsedUp(words.outcomes, limits);
  const own: Int32Array[] = [];
  const most = classes.reduce((a, b) => Math.max(a, b + 1), 0);
  const joined = new Map<string, number>();

  const decide = (a: number, b: number, c: number, used: number): number => {
    const context = words.contexts[c];
    const requester = attributes[a];
    if (context === undefined || requester === undefined) throw new RangeError('a row names a word that is not in its dictionary');
    const decision = decideAgain({
      requester, onBehalfOf: b < 0 ? null : (attributes[b] ?? null), purpose: context.purpose, evidence: evidence[c] ?? noEvidence, kind: context.kind,
      classes: wanted[c] ?? [], named: true, usedUp: usedUp.lists[used] ?? noLimits,
    }, table);
    return book.number({ classes: decision.classes, duties: decision.duties.map(({ rule }) => rule) });
  };
  return {
    decisions: book.decisions,
    of(a, b, c, o) {
      const used = usedUp.of[o] ?? 0;
      const q = askedOf[c] ?? -1;
      const row = classes[a] ?? -1;
      if (b < 0 && used === 0) {
        const kept = (own[q] ??= new Int32Array(most).fill(-1));
        const known = kept[row];
        return known !== undefined && known >= 0 ? known : (kept[row] = decide(a, b, c, used));
      }
      const key = `${row} ${b < 0 ? -1 : classes[b]} ${q} ${used}`;
      let known = joined.get(key);
      if (known === undefined) joined.set(key, (known = decide(a, b, c, used)));
      return known;
    },
  };
}

/**
 * What was decided then, as the record has it. Where an entry does not say what its classes came to, `instead` decides; `assumed` tells of which outcomes.
 */
export function recordedDecider(words: OwnerWords, instead: Decider | null): Decider & { readonly assumed: ReadonlySet<number> } {
  const book = new DecisionBook();
  const assumed = new Set<number>();
  const own = words.outcomes.map((outcome, o) => {
    if (outcome.decisions.length > 0 || outcome.status === 'refused') return book.number({ classes: outcome.decisions, duties: outcome.duties });
    assumed.add(o);
    return -1;
  });
  return {
    decisions: book.decisions, assumed,
    of(a, b, c, o) {
      const known = own[o] ?? -1;
      if (known >= 0) return known;
      return book.number(instead?.decisions[instead.of(a, b, c, o)] ?? nothing);
    },
  };
}

/** The limits that were used up, as lists by number; 0 is none. */
class UsedUp {
  readonly lists: ReadonlySet<string>[] = [noLimits];
  readonly of: Int32Array;

  constructor(outcomes: readonly OutcomeWord[], limits: ReadonlySet<string>) {
    const known = new Map<string, number>([['', 0]]);
    this.of = Int32Array.from(outcomes, ({ usedUp }) => {
      const list = usedUp.filter((id) => limits.has(id)).sort();
      const number = numberIn(known, list.join(' '));
      this.lists[number] ??= new Set(list);
      return number;
    });
  }
}

class DecisionBook {
  readonly decisions: Decided[] = [];
  readonly #same = new WeakMap<Decided, number>();
  readonly #equal = new Map<string, number>();

  number(decision: Decided): number {
    const known = this.#same.get(decision);
    if (known !== undefined) return known;
    const number = numberIn(this.#equal, JSON.stringify([
      decision.classes.map(({ dataClass, outcome, rules, treatment, review }) => [dataClass, outcome, rules, treatment, review === null ? null : [review.by, review.withinSeconds, review.onTimeout]]),
      decision.duties,
    ]));
    this.decisions[number] ??= decision;
    this.#same.set(decision, number);
    return number;
  }
}

const nothing: Decided = { classes: [], duties: [] };
const noLimits: ReadonlySet<string> = new Set();
const noEvidence = { warrant: 'none', court: 'notStated', caseNumber: 'none' } as const;

function numberIn(book: Map<string, number>, key: string): number {
  let number = book.get(key);
  if (number === undefined) book.set(key, (number = book.size));
  return number;
}

function interned(lists: Map<string, readonly DataClass[]>, list: readonly DataClass[]): readonly DataClass[] {
  const key = list.join();
  let known = lists.get(key);
  if (known === undefined) lists.set(key, (known = Object.freeze([...list])));
  return known;
}
