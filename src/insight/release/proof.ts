import type { System, Variable } from './system.ts';

/**
 * Tables that agree with everything published: the true counts, and the same with each of `variables` moved by `steps`, once, twice, up to `times`.
 * Of these the reader cannot tell which is the true one.
 */
export interface Line {
  readonly variables: Int32Array;
  readonly steps: Int32Array;
  readonly times: number;
}

/** Which values of an unknown stay possible. Null: nothing is asked of it. */
export function wanted({ must, state }: Variable): { readonly from: number; readonly to: number } | 'several' | null {
  return must ?? (state === 'protects' ? 'several' : null);
}

/** The values of each unknown that lines show to be possible, and by how many lines. */
export class Covered {
  readonly #system: System;
  readonly #values = new Map<number, Map<number, number>>();

  constructor(system: System, lines: readonly Line[] = []) {
    this.#system = system;
    for (const line of lines) this.add(line);
  }

  add(line: Line): void {
    this.#count(line, 1);
  }

  remove(line: Line): void {
    this.#count(line, -1);
  }

  /** Values that are wanted and not shown to be possible yet, the most useful first. Where several are wanted, whichever, any of these would add to them. */
  missing(which: number): readonly number[] {
    const { variables, threshold } = this.#system;
    const variable = variables[which];
    const want = variable === undefined ? null : wanted(variable);
    if (want === null || variable === undefined) return [];
    const seen = this.#values.get(which) ?? new Map<number, number>();
    const has = (value: number): boolean => value === variable.value || seen.has(value);
    const far = (a: number, b: number): number => Math.abs(b - variable.value) - Math.abs(a - variable.value);
    if (want !== 'several') return Array.from({ length: want.to - want.from + 1 }, (_, k) => want.from + k).filter((value) => !has(value)).sort(far);
    const [least, most] = [...seen.keys()].reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [variable.value, variable.value]);
    return most - least + 1 >= threshold ? [] : [least + threshold - 1, most - threshold + 1, most + 1, least - 1].filter((value) => value >= 0);
  }

  #count({ variables, steps, times }: Line, by: 1 | -1): void {
    for (const [place, which] of variables.entries()) {
      const truth = this.#system.variables[which]?.value ?? 0;
      const seen = this.#values.get(which) ?? new Map<number, number>();
      this.#values.set(which, seen);
      for (let k = 1; k <= times; k += 1) {
        const value = truth + k * (steps[place] ?? 0);
        const count = (seen.get(value) ?? 0) + by;
        if (count === 0) seen.delete(value);
        else seen.set(value, count);
      }
    }
  }
}

/**
 * True where both ends of the line agree with everything published, in whole numbers: then so does all between, because sums and bounds are linear.
 * `hidden` says of which unknowns no number was published.
 */
export function agrees(system: System, line: Line, movable: (variable: Variable) => boolean): boolean {
  const moves = new Map<number, number>();
  for (const [place, which] of line.variables.entries()) {
    const variable = system.variables[which];
    const by = (line.steps[place] ?? 0) * line.times;
    if (variable === undefined || !Number.isSafeInteger(by) || !movable(variable)) return false;
    const moved = variable.value + by;
    const [low, high] = variable.state === 'shown' ? [0, Infinity] : [variable.low, variable.high];
    if (moved < low || moved > high) return false;
    moves.set(which, by);
  }
  return system.constraints.every(({ variables, factors, kind }) => {
    let [truth, change] = [0, 0];
    for (const [place, which] of variables.entries()) {
      truth += (factors[place] ?? 0) * (system.variables[which]?.value ?? 0);
      change += (factors[place] ?? 0) * (moves.get(which) ?? 0);
    }
    return kind === 'zero' ? truth === 0 && change === 0 : truth + change >= 0;
  });
}

/**
 * The proof that nothing can be worked out: every line agrees with everything published, and together they show that each hidden number may be
 * any of the values that it must be able to be. Checked in whole numbers and apart from the solver that found the lines. Gives the places that fail.
 */
export function exposed(system: System, lines: readonly Line[]): readonly string[] {
  const covered = new Covered(system);
  const hidden = ({ state }: Variable): boolean => state !== 'shown';
  for (const line of lines) if (agrees(system, line, hidden)) covered.add(line);
  return system.variables.flatMap(({ position }, which) => (covered.missing(which).length > 0 ? [position] : []));
}
