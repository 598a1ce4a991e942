import { emptyPlane, setBit, type Plane, type PolicyTable, type Row } from '../policy/index.ts';
import { FormBook, rowViewer } from './forms.ts';
import { refine, type RefinedSpace } from './refined.ts';

/** From one form to another, and in which cells of the refined space. */
export interface CellChange {
  readonly from: number;
  readonly to: number;
  readonly plane: Plane;
  /** How many contexts. */
  readonly weight: number;
}

export interface RowComparer {
  readonly refined: RefinedSpace;
  readonly book: FormBook;
  /** Null stands for an organisation that is not there. */
  compare(before: Row | null, after: Row | null): readonly CellChange[];
  /** Whether a row gives anything in some context. */
  gives(row: Row | null, side: 'before' | 'after'): boolean;
}

/** Compares rows in the common space; each pair of different views once. */
export function rowComparer(before: PolicyTable, after: PolicyTable): RowComparer {
  const refined = refine(before.space, after.space);
  const book = new FormBook();
  const nothing = book.number({ outcome: 'deny', rules: [], treatment: null, review: null });
  const views = { before: rowViewer(before, book), after: rowViewer(after, book) };
  const kept = { before: [] as (Seen | undefined)[], after: [] as (Seen | undefined)[] };
  const seen = new Map<string, Seen>();
  const empty = seenOf(new Int16Array(refined.space.size).fill(nothing));
  function seenOf(forms: Int16Array): Seen {
    const key = forms.join();
    const known = seen.get(key);
    if (known !== undefined) return known;
    const made: Seen = { number: seen.size, forms, gives: forms.some((form, cell) => (refined.weight[cell] ?? 0) > 0 && book.forms[form]?.outcome !== 'deny') };
    seen.set(key, made);
    return made;
  }
  const read = (row: Row | null, side: 'before' | 'after'): Seen => {
    if (row === null) return empty;
    const { forms } = views[side](row);
    return (kept[side][row.index] ??= seenOf(Int16Array.from(refined[side], (cell) => forms[cell] ?? nothing)));
  };
  const compared = new Map<number, readonly CellChange[]>();
  return {
    refined, book,
    gives: (row, side) => read(row, side).gives,
    compare: (one, other) => {
      const [was, is] = [read(one, 'before'), read(other, 'after')];
      if (was === is) return unchanged;
      const key = was.number * 1_000_003 + is.number;
      let found = compared.get(key);
      if (found === undefined) compared.set(key, (found = cellChanges(refined, was.forms, is.forms)));
      return found;
    },
  };
}

interface Seen {
  readonly number: number;
  readonly forms: Int16Array;
  readonly gives: boolean;
}

const unchanged: readonly CellChange[] = Object.freeze([]);

function cellChanges({ space, weight }: RefinedSpace, was: Int16Array, is: Int16Array): readonly CellChange[] {
  const found = new Map<number, { from: number; to: number; plane: Plane; weight: number }>();
  for (let cell = 0; cell < was.length; cell += 1) {
    const [from = 0, to = 0, contexts = 0] = [was[cell], is[cell], weight[cell]];
    if (from === to || contexts === 0) continue;
    const key = from * 65_536 + to;
    let one = found.get(key);
    if (one === undefined) found.set(key, (one = { from, to, plane: emptyPlane(space.size), weight: 0 }));
    setBit(one.plane, cell);
    one.weight += contexts;
  }
  return [...found.values()];
}
