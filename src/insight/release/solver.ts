import loadHighs, { type Highs, type ModelData } from 'highs';
import { tableIds } from '../../publish/index.ts';
import type { Line } from './proof.ts';
import type { System } from './system.ts';

// The package declares its types as those of a CommonJS module, and is given to us as an ES module, whose default is the loader itself.
const load = loadHighs as unknown as typeof loadHighs.default;
let engine: Promise<Highs> | null = null;

/** Loads the solver once. */
export function solverEngine(): Promise<Highs> {
  engine ??= load();
  return engine;
}

/** What one step of a number that is hidden already counts, in the loss of hiding one more number. */
const step = 1e-3;
/** What one step counts of a number that is labelled small, beyond what its label says: then it has to be labelled otherwise. */
const beyond = 50;
const optimal = 7;

/** One direction in which a number may move: up or down, at most so far, at this loss for each step. */
interface Move {
  readonly which: number;
  readonly sign: 1 | -1;
  readonly most: number;
  readonly loss: number;
}

/**
 * Looks for tables that agree with everything published and in which one number is another. What is not hidden yet may move too, at its loss: then it has
 * to be hidden. It looks near first: in the same table, then in all tables of the same span and another one, then everywhere.
 */
export class Solver {
  readonly #highs: Highs;
  readonly #system: System;
  readonly #losses: readonly (number | null)[];
  readonly #constraintsOf = new Map<number, number[]>();
  readonly #random: () => number;
  readonly #map: Places;

  /** `losses`: of what may be hidden yet; null for what may not. */
  constructor(highs: Highs, system: System, losses: readonly (number | null)[], random: () => number) {
    this.#highs = highs;
    this.#system = system;
    this.#losses = losses;
    this.#random = random;
    this.#map = mapOf(system);
    for (const [place, { variables }] of system.constraints.entries()) {
      for (const which of variables) {
        const known = this.#constraintsOf.get(which);
        if (known === undefined) this.#constraintsOf.set(which, [place]);
        else known.push(place);
      }
    }
  }

  /** From the truth to a table in which `which` is `value`, with the least loss; null where there is none. `eager` are numbers that it is good to move as well. */
  reach(which: number, value: number, eager: (which: number) => boolean): Line | null {
    for (const near of neighbourhoods(this.#map, this.#system, which, this.#random)) {
      const line = this.#within(near, which, value, eager);
      if (line !== null) return line;
    }
    return null;
  }

  #within(near: readonly number[], which: number, value: number, eager: (which: number) => boolean): Line | null {
    const moves = near.flatMap((one) => (one === which ? [] : this.#moves(one, eager(one))));
    const by = value - (this.#system.variables[which]?.value ?? 0);
    const data = this.#data(moves, which, by);
    const columns = this.#solve(data);
    return columns === null ? null : lineOf([{ which, sign: by > 0 ? 1 : -1, most: 0, loss: 0 }, ...moves], [Math.abs(by), ...columns]);
  }

  #moves(which: number, eager: boolean): readonly Move[] {
    const variable = this.#system.variables[which];
    if (variable === undefined) return [];
    const { value, state, low, high, settled } = variable;
    if (state === 'shown') {
      const loss = this.#losses[which] ?? null;
      return loss === null ? [] : [{ which, sign: 1, most: Infinity, loss }, { which, sign: -1, most: value, loss }];
    }
    const free: Move[] = [{ which, sign: 1, most: high - value, loss: step }, { which, sign: -1, most: value - low, loss: step }];
    if (eager) return [{ which, sign: 1, most: this.#system.threshold - 1, loss: -2 * step }, ...free];
    return state === 'small' && !settled ? [...free, { which, sign: 1, most: Infinity, loss: beyond }, { which, sign: -1, most: low, loss: beyond }] : free;
  }

  /** First as a linear program, whose corner is nearly always in whole numbers; where it is not, as one over whole numbers. Null where there is none. */
  #solve(data: ModelData, whole = false): readonly number[] | null {
    const model = this.#highs.createModel(whole ? { ...data, integrality: new Int32Array(data.numCols).fill(1) } : data);
    try {
      model.options.set({ output_flag: false, random_seed: 1, ...(whole ? { time_limit: 10, mip_rel_gap: 0.2 } : {}) });
      model.run();
      if (model.getModelStatus() !== optimal) return null;
      const values = Array.from(model.getSolution().colValue);
      if (values.every((one) => Math.abs(one - Math.round(one)) < 1e-4)) return values.map(Math.round);
    } finally {
      model.dispose();
    }
    return whole ? null : this.#solve(data, true);
  }

  #data(moves: readonly Move[], target: number, by: number): ModelData {
    const { variables, constraints } = this.#system;
    const columns = new Map<number, number[]>();
    for (const [column, { which }] of moves.entries()) columns.set(which, [...(columns.get(which) ?? []), column]);
    const [starts, indices, values, lower, upper]: [number[], number[], number[], number[], number[]] = [[0], [], [], [], []];
    for (const place of new Set([target, ...columns.keys()].flatMap((which) => this.#constraintsOf.get(which) ?? []))) {
      const constraint = constraints[place];
      if (constraint === undefined) continue;
      let [truth, fixed] = [0, 0];
      for (const [at, which] of constraint.variables.entries()) {
        const factor = constraint.factors[at] ?? 0;
        truth += factor * (variables[which]?.value ?? 0);
        if (which === target) fixed += factor * by;
        for (const column of columns.get(which) ?? []) {
          indices.push(column);
          values.push(factor * (moves[column]?.sign ?? 0));
        }
      }
      starts.push(indices.length);
      lower.push(-fixed - (constraint.kind === 'zero' ? 0 : truth));
      upper.push(constraint.kind === 'zero' ? -fixed : Infinity);
    }
    return {
      numCols: moves.length, numRows: lower.length, rowLower: lower, rowUpper: upper,
      colLower: new Array<number>(moves.length).fill(0), colUpper: moves.map(({ most }) => most), colCost: moves.map(({ loss }) => loss),
      matrix: { format: 'csr', numCols: moves.length, numRows: lower.length, starts, indices, values },
    };
  }
}

/** Which numbers lie in which table and span. */
interface Places {
  readonly words: readonly (readonly string[])[];
  readonly spans: readonly string[];
  readonly of: ReadonlyMap<string, readonly number[]>;
  readonly totals: ReadonlyMap<string, number>;
}

function mapOf({ variables }: System): Places {
  const words = variables.map(({ position }) => position.replace('change of ', '').split(' '));
  const of = new Map<string, number[]>();
  for (const [which, [table = '', span = '']] of words.entries()) {
    const key = `${table} ${span}`;
    of.set(key, [...(of.get(key) ?? []), which]);
  }
  return { words, spans: [...new Set(words.map(([, span = '']) => span))], of, totals: new Map(variables.map(({ position }, which) => [position, which])) };
}

/** What is moved together: what is hidden already in a span, its totals and another span; then one table of these with what is shown, then all tables; then everything. */
function* neighbourhoods({ words, spans, of, totals }: Places, { variables }: System, which: number, random: () => number): Generator<readonly number[]> {
  const [table = '', span = '', group = ''] = words[which] ?? [];
  const others = spans.filter((one) => one !== span && !one.includes('..'));
  const near = [...new Set([span, others[Math.floor(random() * others.length)] ?? span, ...spans.filter((one) => one.includes('..'))])];
  const all = near.flatMap((one) => tableIds.flatMap((id) => of.get(`${id} ${one}`) ?? []));
  yield all.filter((one) => variables[one]?.state !== 'shown');
  // Where the total of the group is hidden, it moves with all tables.
  const total = totals.get(`requests ${span} ${group} *`);
  if (total === undefined || variables[total]?.state === 'shown') yield near.flatMap((one) => of.get(`${table} ${one}`) ?? []);
  yield all;
  yield words.map((_, one) => one);
}

function lineOf(moves: readonly Move[], columns: readonly number[]): Line | null {
  const by = new Map<number, number>();
  for (const [place, { which, sign }] of moves.entries()) by.set(which, (by.get(which) ?? 0) + sign * (columns[place] ?? 0));
  const moved = [...by].filter(([, one]) => one !== 0);
  const times = moved.reduce((a, [, one]) => greatestCommonDivisor(a, Math.abs(one)), 0);
  return times === 0 ? null : { variables: Int32Array.from(moved, ([which]) => which), steps: Int32Array.from(moved, ([, one]) => one / times), times };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
