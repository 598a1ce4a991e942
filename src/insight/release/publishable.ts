import { positionOf, type Cell, type Position, type ReleaseTable, type TableId } from '../../publish/index.ts';
import { suppress, UnsafeError, type SuppressOptions } from './suppress.ts';
import { systemOf, type Snapshot, type System } from './system.ts';
import { hasRowTotals, type TruthTable } from './truth.ts';

/** The tables of a release as they may be published. */
export interface Publishable {
  readonly tables: readonly ReleaseTable[];
  /** Tables of which no number may be published, because one could be worked out whatever is hidden. */
  readonly leftOut: readonly { readonly table: TableId; readonly span: string; readonly why: string }[];
  readonly small: number;
  readonly protects: number;
}

/**
 * Hides what must be hidden of new tables, given everything that earlier releases said. A table that cannot be made safe is left out, and that is said.
 * Throws `RELEASE_UNSAFE` where the earlier releases alone tell a hidden number, and `RELEASE_HISTORY` where they do not agree with the archive.
 */
export async function publishable(tables: readonly TruthTable[], earlier: readonly Snapshot[], threshold: number, options: SuppressOptions = {}): Promise<Publishable> {
  const out: { readonly table: TableId; readonly span: string }[] = [];
  const isOut = (position: Position): boolean => out.some(({ table, span }) => position.startsWith(`${table} ${span} `));
  for (;;) {
    const system = systemOf([...earlier, { name: 'the new release', tables, published: null }], threshold, isOut);
    try {
      const { small, protects } = await suppress(system, options);
      const kept = tables.filter(({ id, span }) => !isOut(positionOf(id, span, '', '')) && !(id === 'purposes' && out.some((one) => one.table === 'purposes' && one.span === span)));
      const published = kept.map((table) => publishedTable(system, table, !isOut(positionOf(table.id, table.span, '', '*'))));
      return { tables: published, leftOut: out.map((one) => ({ ...one, why: 'a hidden number could have been worked out from it, whatever else was hidden' })), small, protects };
    } catch (error) {
      if (!(error instanceof UnsafeError)) throw error;
      const next = toLeaveOut(error.position, tables, out);
      if (next === null) throw error;
      out.push(next);
    }
  }
}

/** The table in which it failed, if it is a new one; else the others, from those that say most about single places on. */
function toLeaveOut(position: string, tables: readonly TruthTable[], out: readonly { readonly table: TableId; readonly span: string }[]): { readonly table: TableId; readonly span: string } | null {
  const [table, span] = position.replace('change of ', '').split(' ');
  const left = tables.filter(({ id, span: of }) => !out.some((one) => one.table === id && one.span === of));
  const order: readonly TableId[] = ['holds', 'released', 'purposes', 'requests'];
  const next = left.find((one) => one.id === table && one.span === span) ?? order.flatMap((id) => left.filter((one) => one.id === id))[0];
  return next === undefined ? null : { table: next.id, span: next.span };
}

/** A table as it is published: what the system hides is a label. */
function publishedTable(system: System, table: TruthTable, totals: boolean): ReleaseTable {
  const { id, span, groups, columns } = table;
  const at = (group: string, column: string): Cell => {
    const variable = system.variables[system.places.get(positionOf(id, span, group, column)) ?? -1];
    if (variable === undefined || variable.state === 'open') throw new RangeError(`nothing is published at ${id} ${span} ${group} ${column}`);
    return variable.state === 'shown' ? variable.value : { hidden: variable.state };
  };
  const own = totals && hasRowTotals(table);
  return {
    id, span, cells: groups.map((group) => columns.map((column) => at(group, column))), columnTotals: columns.map((column) => at('*', column)),
    rowTotals: own ? groups.map((group) => at(group, '*')) : null, total: own ? at('*', '*') : null,
  };
}
