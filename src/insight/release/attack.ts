import loadHighs, { type ModelData } from 'highs';
import type { Aggregate, Cell, ReleaseTable } from '../../publish/index.ts';

/** What a reader can work out of one hidden number: it lies from `low` to `high`. */
export interface Attacked {
  readonly version: number;
  /** `requests 2026-10 immigration held`. */
  readonly place: string;
  readonly label: 'small' | 'protects';
  readonly low: number;
  readonly high: number;
}

export interface AttackOptions {
  /** What an insider told: the place is the same number in both versions. By default all are whose span shows no difference. */
  readonly unchanged?: (place: string, versions: readonly [number, number]) => boolean;
  /** Also demands whole numbers of everything: slower. */
  readonly whole?: boolean;
  readonly progress?: (done: number, total: number) => void;
}

/**
 * Attacks releases as a reader would: takes everything that they say, alone and together, as a linear program, and works out the least and the greatest
 * that each hidden number can be. Shares no code with what hides the numbers, and reads nothing but what is published.
 */
export async function attack(releases: readonly Aggregate[], { unchanged = seemsUnchanged(releases), whole = false, progress = () => undefined }: AttackOptions = {}): Promise<readonly Attacked[]> {
  const highs = await (loadHighs as unknown as typeof loadHighs.default)();
  // Where not each answer gave something, whoever believes it is refuted by the numbers, and goes on without it.
  const believed = programOf(releases, unchanged, true);
  const program = highs.withModel(believed.model, (model) => { model.options.set({ output_flag: false }); model.run(); return model.getModelStatus() === 8; }) ? programOf(releases, unchanged, false) : believed;
  const model = highs.createModel(whole ? { ...program.model, integrality: new Int32Array(program.model.numCols).fill(1) } : program.model);
  const bound = (column: number, sense: 1 | -1): number => {
    model.changeColCost(column, sense);
    model.run();
    const status = model.getModelStatus();
    const value = status === 7 ? (model.getSolution().colValue[column] ?? NaN) : status === 10 || status === 9 ? sense * -Infinity : NaN;
    model.changeColCost(column, 0);
    return value;
  };
  try {
    model.options.set({ output_flag: false });
    return program.hidden.map(({ version, place, label, column }, at) => {
      progress(at, program.hidden.length);
      const [low, high] = [bound(column, 1), bound(column, -1)];
      return { version, place, label, low: Math.ceil(low - 1e-6), high: Math.floor(high + 1e-6) };
    });
  } finally {
    model.dispose();
  }
}

/** The numbers that were worked out, or narrowed: a small one that cannot be all of 1 to the threshold, another of which fewer values are left than that. */
export function recovered(attacked: readonly Attacked[], threshold: number): readonly Attacked[] {
  return attacked.filter(({ label, low, high }) => Number.isNaN(low) || Number.isNaN(high) || (label === 'small' ? low > 1 || high < threshold : high - low + 1 < threshold));
}

interface Hidden {
  readonly version: number;
  readonly place: string;
  readonly label: 'small' | 'protects';
  readonly column: number;
}

/** A row of the program: a sum that is zero, or not negative. */
type Row = readonly [kind: '=' | '>', terms: readonly (readonly [column: number, factor: number])[]];

function programOf(releases: readonly Aggregate[], unchanged: (place: string, versions: readonly [number, number]) => boolean, eachGives: boolean): { readonly model: ModelData; readonly hidden: readonly Hidden[] } {
  const [low, high]: [number[], number[]] = [[], []];
  const hidden: Hidden[] = [];
  const rows: Row[] = [];
  let before = new Map<string, { readonly column: number; readonly version: number }>();
  for (const release of releases) {
    const here = new Map(before);
    const column = (place: string): number => {
      const known = here.get(place);
      if (known !== undefined && (known.version === release.version || unchanged(place, [known.version, release.version]))) return known.column;
      low.push(0);
      high.push(Infinity);
      here.set(place, { column: low.length - 1, version: release.version });
      return low.length - 1;
    };
    const say = (place: string, cell: Cell | null | undefined): number => {
      const at = column(place);
      if (typeof cell === 'number') [low[at], high[at]] = [Math.max(low[at] ?? 0, cell), Math.min(high[at] ?? Infinity, cell)];
      if (cell === null || cell === undefined || typeof cell === 'number') return at;
      if (cell.hidden === 'small') [low[at], high[at]] = [Math.max(low[at] ?? 0, 1), Math.min(high[at] ?? Infinity, release.threshold)];
      hidden.push({ version: release.version, place, label: cell.hidden, column: at });
      return at;
    };
    for (const table of release.tables) rows.push(...rowsOf(release, table, say));
    for (const span of new Set(release.tables.map((table) => table.span))) rows.push(...meaning(release, span, eachGives, column));
    rows.push(...overMonths(release, column));
    rows.push(...onlyGrew(before, here, release, [low, high]));
    before = here;
  }
  return { model: modelOf(rows, low, high), hidden };
}

function rowsOf({ axes }: Aggregate, table: ReleaseTable, say: (place: string, cell: Cell | null | undefined) => number): Row[] {
  const { id, span } = table;
  const totals = id === 'purposes' ? 'requests' : id;
  const columns = axes.columns[id];
  const cells = axes.groups.map((group, row) => columns.map((column, place) => say(`${id} ${span} ${group.id} ${column.id}`, table.cells[row]?.[place])));
  const below = columns.map((column, place) => say(`${id} ${span} * ${column.id}`, table.columnTotals[place]));
  const sums: Row[] = below.map((total, place) => ['=', [[total, -1], ...cells.map((line) => [line[place] ?? 0, 1] as const)]]);
  if (id === 'released') return sums;
  const beside = axes.groups.map((group, row) => say(`${totals} ${span} ${group.id} *`, table.rowTotals?.[row]));
  const corner = say(`${totals} ${span} * *`, table.total);
  sums.push(['=', [[corner, -1], ...beside.map((one) => [one, 1] as const)]]);
  if (columns.length > 0) for (const [row, total] of beside.entries()) sums.push(['=', [[total, -1], ...(cells[row] ?? []).map((one) => [one, 1] as const)]]);
  return sums;
}

/** What the words mean: nothing is given but to requests that were answered, and a held request was answered in part or not at all. */
function meaning({ axes, tables }: Aggregate, span: string, eachGives: boolean, column: (place: string) => number): Row[] {
  const has = (id: string): boolean => tables.some((table) => table.id === id && table.span === span);
  if (!axes.columns.requests.some(({ id }) => id === 'answered') || !has('requests')) return [];
  return axes.groups.flatMap(({ id: group }): Row[] => {
    const [answered, part, held] = ['answered', 'answeredInPart', 'held'].map((status) => column(`requests ${span} ${group} ${status}`)) as [number, number, number];
    const classes = has('released') ? axes.columns.released.map(({ id }) => column(`released ${span} ${group} ${id}`)) : [];
    const holds = has('holds') ? column(`holds ${span} ${group} *`) : null;
    return [
      ...classes.map((one): Row => ['>', [[answered, 1], [part, 1], [one, -1]]]),
      ...(eachGives && classes.length > 0 ? [['>', [...classes.map((one) => [one, 1] as const), [answered, -1], [part, -1]]] as Row] : []),
      ...(holds === null ? [] : [['>', [[holds, 1], [held, -1]]], ['>', [[held, 1], [part, 1], [holds, -1]]]] as Row[]),
    ];
  });
}

function overMonths({ axes, tables }: Aggregate, column: (place: string) => number): Row[] {
  const spans = [...new Set(tables.map(({ span }) => span))];
  const whole = spans.filter((span) => span.includes('..'));
  return whole.flatMap((span) => {
    const [first = '', last = ''] = span.split('..');
    const months = spans.filter((one) => !one.includes('..') && one >= first && one <= last);
    const count = (Number(last.slice(0, 4)) - Number(first.slice(0, 4))) * 12 + Number(last.slice(5)) - Number(first.slice(5)) + 1;
    if (months.length !== count) return [];
    return tables.filter((table) => table.span === span).flatMap(({ id }): Row[] => {
      const columns = [...axes.columns[id].map((one) => one.id), ...(id === 'released' ? [] : ['*'])];
      const table = (name: string): string => (name === '*' && id === 'purposes' ? 'requests' : id);
      return columns.flatMap((name) => [...axes.groups.map((one) => one.id), '*'].map((group): Row => [
        '=', [[column(`${table(name)} ${span} ${group} ${name}`), -1], ...months.map((month) => [column(`${table(name)} ${month} ${group} ${name}`), 1] as const)],
      ]));
    });
  });
}

/** Where a later version differs, a reader supposes that entries came late: no number fell. Unless one is seen to have fallen. */
function onlyGrew(before: ReadonlyMap<string, { readonly column: number; readonly version: number }>, now: ReadonlyMap<string, { readonly column: number }>, _release: Aggregate, [low, high]: readonly [readonly number[], readonly number[]]): Row[] {
  const changed = [...now].flatMap(([place, { column }]) => { const old = before.get(place)?.column; return old === undefined || old === column ? [] : [[old, column] as const]; });
  const fell = changed.some(([old, column]) => (high[column] ?? Infinity) < (low[old] ?? 0));
  return fell ? [] : changed.map(([old, column]): Row => ['>', [[column, 1], [old, -1]]]);
}

/** The same number, unless the two versions show different numbers anywhere in its span, or in a span with months in common. */
function seemsUnchanged(releases: readonly Aggregate[]): (place: string, versions: readonly [number, number]) => boolean {
  const shown = new Map(releases.map((release) => [release.version, new Map(release.tables.flatMap((table) => shownIn(release, table)))]));
  return (place, [a, b]) => {
    const span = place.split(' ')[1] ?? '';
    const [one, other] = [shown.get(a), shown.get(b)];
    return one !== undefined && other !== undefined && ![...one].some(([where, value]) => where.split(' ')[1] === span && other.has(where) && other.get(where) !== value);
  };
}

function shownIn({ axes }: Aggregate, { id, span, cells, total }: ReleaseTable): (readonly [string, number])[] {
  const inside: (readonly [string, Cell | null | undefined])[] = axes.groups.flatMap((group, row) => axes.columns[id].map((column, place) => [`${id} ${span} ${group.id} ${column.id}`, cells[row]?.[place]] as const));
  inside.push([`${id} ${span} * *`, total]);
  return inside.filter((one): one is readonly [string, number] => typeof one[1] === 'number');
}

function modelOf(rows: readonly Row[], low: readonly number[], high: readonly number[]): ModelData {
  const [starts, indices, values]: [number[], number[], number[]] = [[0], [], []];
  for (const [, terms] of rows) {
    const merged = new Map<number, number>();
    for (const [column, factor] of terms) merged.set(column, (merged.get(column) ?? 0) + factor);
    for (const [column, factor] of merged) { indices.push(column); values.push(factor); }
    starts.push(indices.length);
  }
  return {
    numCols: low.length, numRows: rows.length, colCost: low.map(() => 0), colLower: low, colUpper: high,
    rowLower: rows.map(() => 0), rowUpper: rows.map(([kind]) => (kind === '=' ? 0 : Infinity)),
    matrix: { format: 'csr', numCols: low.length, numRows: rows.length, starts, indices, values },
  };
}
