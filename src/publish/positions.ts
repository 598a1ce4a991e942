import type { Aggregate, Cell, ReleaseTable, TableId } from './types.ts';

/** A place in a table: `requests 2026-10 immigration held`; `*` stands for a total. What two tables share has one name, that of `requests`. */
export type Position = string;

export function positionOf(table: TableId, span: string, group: string, column: string): Position {
  return `${table === 'purposes' && column === '*' ? 'requests' : table} ${span} ${group} ${column}`;
}

/** Every place of a table with what stands there. Places that it does not give are absent. */
export function* cellsOf(aggregate: Pick<Aggregate, 'axes'>, table: ReleaseTable): Generator<{ readonly position: Position; readonly group: string; readonly column: string; readonly cell: Cell }> {
  const columns = [...aggregate.axes.columns[table.id].map(({ id }) => id), '*'];
  const groups = [...aggregate.axes.groups.map(({ id }) => id), '*'];
  for (const [row, group] of groups.entries()) {
    for (const [place, column] of columns.entries()) {
      const cell = group === '*'
        ? (column === '*' ? table.total : table.columnTotals[place])
        : (column === '*' ? table.rowTotals?.[row] : table.cells[row]?.[place]);
      if (cell !== null && cell !== undefined) yield { position: positionOf(table.id, table.span, group, column), group, column, cell };
    }
  }
}

/** The months of a span, `2026-01..2026-10` or one. */
export function monthsOf(span: string): readonly string[] {
  const [first = '', last = first] = span.split('..');
  const months: string[] = [];
  for (let at = new Date(`${first}-01T00:00:00Z`); at <= new Date(`${last}-01T00:00:00Z`) && months.length < 1200; at = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1))) months.push(at.toISOString().slice(0, 7));
  return months;
}
