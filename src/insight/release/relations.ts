import { monthsOf, positionOf, type Position, type TableId } from '../../publish/index.ts';
import { hasRowTotals, type TruthTable } from './truth.ts';

/** A sum over places that is zero, or is not negative. Whoever knows what the tables mean knows it. */
export interface Relation {
  readonly terms: readonly (readonly [Position, number])[];
  readonly kind: 'zero' | 'notNegative';
  /** The last term is the total of the others. */
  readonly total: boolean;
}

/**
 * Everything that a reader knows of how the counts of one release belong together: totals, months and their span, and what the words mean.
 * A class is given only to requests that were answered, whole or in part; each of these was given at least one; a request is held either whole or in part.
 * What happens to be equal for every group (a class that every answer gives, no request held in part) is taken as known: a reader who knows the policy knows it.
 */
export function* relationsOf(tables: readonly TruthTable[]): Generator<Relation> {
  for (const span of new Set(tables.map((table) => table.span))) {
    const here = tables.filter((table) => table.span === span);
    for (const table of here) yield* totals(table);
    yield* meanings(here);
  }
  for (const table of tables) if (table.span.includes('..')) yield* months(table, tables);
}

function* totals(table: TruthTable): Generator<Relation> {
  const { id, span, groups, columns } = table;
  const at = (group: string, column: string): Position => positionOf(id, span, group, column);
  for (const column of columns) yield sums(at('*', column), groups.map((group) => at(group, column)));
  if (!hasRowTotals(table)) return;
  if (columns.length > 0) for (const group of groups) yield sums(at(group, '*'), columns.map((column) => at(group, column)));
  yield sums(at('*', '*'), groups.map((group) => at(group, '*')));
}

function* meanings(here: readonly TruthTable[]): Generator<Relation> {
  const find = (id: TableId): TruthTable | undefined => here.find((table) => table.id === id);
  const [requests, released, holds] = [find('requests'), find('released'), find('holds')];
  if (requests === undefined) return;
  const { span, groups, columns } = requests;
  const known = columns.length > 0;
  const count = (table: TruthTable, row: number, column: string): number => table.counts[row]?.[table.columns.indexOf(column)] ?? 0;
  const given = groups.map((_, row) => (known ? count(requests, row, 'answered') + count(requests, row, 'answeredInPart') : (requests.counts[row]?.[0] ?? 0)));
  const always = new Set((released?.columns ?? []).filter((column) => released !== undefined && given.every((n, row) => count(released, row, column) === n)));
  const wholly = known && holds !== undefined && groups.every((_, row) => holds.counts[row]?.[0] === count(requests, row, 'held'));
  for (const group of groups) {
    const of = (column: string): Position => positionOf('requests', span, group, column);
    const answered: Relation['terms'] = known ? [[of('answered'), 1], [of('answeredInPart'), 1]] : [[of('*'), 1]];
    const classes = (released?.columns ?? []).map((column) => [column, positionOf('released', span, group, column)] as const);
    for (const [column, place] of classes) yield { kind: always.has(column) ? 'zero' : 'notNegative', total: false, terms: [...answered, [place, -1]] };
    if (known && classes.length > 0) yield { kind: 'notNegative', total: false, terms: [...classes.map(([, place]) => [place, 1] as const), ...answered.map(([place]) => [place, -1] as const)] };
    if (holds === undefined || !known) continue;
    const held = positionOf('holds', span, group, '*');
    yield { kind: wholly ? 'zero' : 'notNegative', total: false, terms: [[held, 1], [of('held'), -1]] };
    yield { kind: 'notNegative', total: false, terms: [[of('held'), 1], [of('answeredInPart'), 1], [held, -1]] };
  }
}

/** A number over a span is the sum of those of its months, where all of them have a table. */
function* months(table: TruthTable, tables: readonly TruthTable[]): Generator<Relation> {
  const { id, span, groups, columns } = table;
  const within = monthsOf(span);
  if (!within.every((month) => tables.some((other) => other.id === id && other.span === month))) return;
  const places = [...columns.flatMap((column) => [...groups, '*'].map((group) => [group, column] as const)), ...(hasRowTotals(table) ? [...groups, '*'].map((group) => [group, '*'] as const) : [])];
  for (const [group, column] of places) yield sums(positionOf(id, span, group, column), within.map((month) => positionOf(id, month, group, column)));
}

function sums(total: Position, parts: readonly Position[]): Relation {
  return { kind: 'zero', total: true, terms: [...parts.map((part) => [part, 1] as const), [total, -1]] };
}
