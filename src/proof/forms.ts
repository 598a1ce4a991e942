import type { DataClass, Outcome, Treatment } from '../vocabulary/index.ts';
import { outcomeOrder, treatmentsOf } from '../vocabulary/index.ts';
import type { Review } from '../model/index.ts';
import { bitsOf, type Cell, type PolicyTable, type Row } from '../policy/index.ts';
import { treatmentPhrases } from '../policy/phrases.ts';
import { sayDuration } from '../policy/quantity.ts';

/** What becomes of one class of data, without the rules that say so. Equal forms of one book are one object. */
export interface Form {
  readonly outcome: Outcome;
  readonly treatment: Treatment | null;
  readonly review: Review | null;
}

/** Each form once, with a number: shared by tables that are compared. */
export class FormBook {
  readonly forms: Form[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #cells = new WeakMap<Cell, number>();

  number(cell: Cell): number {
    const known = this.#cells.get(cell);
    if (known !== undefined) return known;
    const { outcome, treatment, review } = cell;
    const key = `${outcome} ${treatment ?? ''} ${review === null ? '' : `${review.withinSeconds} ${review.onTimeout} ${review.by}`}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.forms.push(Object.freeze<Form>({ outcome, treatment, review })) - 1;
      this.#numbers.set(key, number);
    }
    this.#cells.set(cell, number);
    return number;
  }
}

/** A row as forms: for each cell the number of its form, -1 where no request can come to it. */
export interface RowView {
  readonly forms: Int16Array;
  /** Equal for rows that give equal forms in every cell, of whatever class. */
  readonly key: string;
  /** The rules that decide somewhere, sorted; and those that decide everywhere. */
  readonly rules: readonly string[];
  readonly everywhere: readonly string[];
}

/** Reads the rows of one table as forms, each row once. */
export function rowViewer(table: PolicyTable, book: FormBook): (row: Row) => RowView {
  const kept: (RowView | undefined)[] = [];
  const cells = bitsOf(table.space.all);
  return (row) => {
    const known = kept[row.index];
    if (known !== undefined) return known;
    const forms = new Int16Array(table.space.size).fill(-1);
    const met = new Set<Cell>();
    for (const at of cells) {
      const cell = table.cell(row, at);
      forms[at] = book.number(cell);
      met.add(cell);
    }
    const rules = [...new Set([...met].flatMap((cell) => cell.rules))].sort();
    const everywhere = rules.filter((rule) => [...met].every((cell) => cell.rules.includes(rule)));
    return (kept[row.index] = { forms, key: forms.join(), rules, everywhere });
  };
}

/**
 * Below 0 where `a` gives more than `b`, above 0 where it gives less, 0 where neither can be said: the outcome, then how much a
 * treatment leaves, then whether a review ends in release where nobody decides.
 */
export function compareForms(dataClass: DataClass, a: Form, b: Form): number {
  const outcome = outcomeOrder.indexOf(a.outcome) - outcomeOrder.indexOf(b.outcome);
  if (outcome !== 0) return outcome;
  const order = treatmentsOf[dataClass] ?? [];
  const left = (one: Form) => (one.treatment === null ? -1 : order.indexOf(one.treatment));
  if (left(a) !== left(b)) return left(a) - left(b);
  // Given at once, with nobody to look at it afterwards, is more than with somebody.
  if (a.outcome !== 'hold' && (a.review === null) !== (b.review === null)) return a.review === null ? -1 : 1;
  const ends = (one: Form) => (one.review?.onTimeout === 'release' ? 0 : 1);
  return a.review === null || b.review === null ? 0 : ends(a) - ends(b);
}

/** "in full", "reduced (county only)", "after a person decides within 4 hours", "refused". */
export function formWords({ outcome, treatment, review }: Form): string {
  switch (outcome) {
    case 'release': return `in full${after(review)}`;
    case 'redact': return `${treatment === null ? 'in a reduced form' : `reduced (${treatmentPhrases[treatment]})`}${after(review)}`;
    case 'hold': return review === null ? 'after a person decides' : `after a person decides within ${sayDuration(review.withinSeconds)} (${review.onTimeout === 'deny' ? 'refused' : 'given'} if nobody does)`;
    case 'deny': return 'refused';
  }
}

function after(review: Form['review']): string {
  return review === null ? '' : `, and a person looks at it within ${sayDuration(review.withinSeconds)}`;
}

/** A shape for each outcome, so that none is told by colour alone: full, half, a question, empty. */
export const shapes: Readonly<Record<Outcome, string>> = { release: '●', redact: '◐', hold: '◇', deny: '○' };
