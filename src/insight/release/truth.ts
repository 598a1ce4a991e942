import { positionOf, type Position, type TableId } from '../../publish/index.ts';

/** The counts of one table over one span, before anything is hidden. They never leave the process that counted them. */
export interface TruthTable {
  readonly id: TableId;
  readonly span: string;
  readonly groups: readonly string[];
  readonly columns: readonly string[];
  /** One list for each group. For `holds`, which has no columns, one number. */
  readonly counts: readonly (readonly number[])[];
}

/** Totals of a group over all columns are numbers of requests only where no request counts in two columns. */
export function hasRowTotals({ id }: Pick<TruthTable, 'id'>): boolean {
  return id !== 'released';
}

/** Every place of a table with its count, totals included. `holds`, and `requests` where outcomes are not known, give totals only. */
export function* countsOf(table: TruthTable): Generator<readonly [Position, number]> {
  const { id, span, groups, columns, counts } = table;
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
  for (const [row, group] of groups.entries()) {
    for (const [place, column] of columns.entries()) yield [positionOf(id, span, group, column), counts[row]?.[place] ?? 0];
    if (hasRowTotals(table)) yield [positionOf(id, span, group, '*'), sum(counts[row] ?? [])];
  }
  for (const [place, column] of columns.entries()) yield [positionOf(id, span, '*', column), sum(counts.map((line) => line[place] ?? 0))];
  if (hasRowTotals(table)) yield [positionOf(id, span, '*', '*'), sum(counts.map(sum))];
}

/** The same tables added up over several months, as tables of `span`. */
export function addedUp(tables: readonly TruthTable[], span: string): readonly TruthTable[] {
  return [...new Set(tables.map(({ id }) => id))].flatMap((id) => {
    const [first, ...others] = tables.filter((table) => table.id === id);
    return first === undefined ? [] : [{ ...first, span, counts: first.counts.map((line, row) => line.map((count, place) => others.reduce((all, other) => all + (other.counts[row]?.[place] ?? 0), count))) }];
  });
}
