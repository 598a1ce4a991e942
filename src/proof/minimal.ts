import { courtClasses, evidenceGrades, namesOf, purposes, queryKinds } from '../vocabulary/index.ts';
import { hasBit, type Context, type ContextSpace, type Plane } from '../policy/index.ts';
import { coverOf, type Cover, type Masks } from './cover.ts';

/** Contexts in which each axis named here has one of its words; absent means any word. The words are in vocabulary order. */
export type ContextCube = { readonly [A in keyof Context]?: readonly Context[A][] };

/** Holds where one of `any` does and none of `except` does. `any: []` is never, `any: [{}]` with no exception is always. */
export interface ContextCondition {
  readonly any: readonly ContextCube[];
  readonly except: readonly ContextCube[];
}

export const contextAxes = ['purpose', 'warrant', 'court', 'caseNumber', 'kind'] as const;

/** The words of each axis in vocabulary order. */
export const axisWords: { readonly [A in keyof Context]: readonly Context[A][] } = {
  purpose: namesOf(purposes), warrant: namesOf(evidenceGrades), court: namesOf(courtClasses), caseNumber: namesOf(evidenceGrades), kind: namesOf(queryKinds),
};

/**
 * A small condition that holds in exactly the contexts of `plane`, of those that a request can have: a court without a warrant may fall
 * on either side. Greedy over prime cubes, so small and not always the smallest; equal planes of one space give equal conditions.
 * Said with exceptions where that is shorter. With `care`, a plane within the admissible one, only its contexts matter.
 */
export function minimalCondition(space: ContextSpace, plane: Plane, care: Plane = space.all): ContextCondition {
  const sizes = contextAxes.map((axis) => space.groups[axis].length);
  const values = Uint8Array.from({ length: space.size }, (_, cell) => (hasBit(care, cell) ? (hasBit(plane, cell) ? 1 : 0) : 2));
  if (!values.includes(1)) return { any: [], except: [] };
  if (!values.includes(0)) return { any: [{}], except: [] };
  const cubes = (cover: Cover) => cover.map((masks) => cubeOf(space, masks));
  const cost = (masks: Masks) => cubeCost(cubeOf(space, masks));
  const plain: ContextCondition = { any: cubes(trimmed(sizes, values, coverOf(sizes, values), cost)), except: [] };
  const { base, inside } = excepted(sizes, values);
  const except = trimmed(sizes, inside, coverOf(sizes, inside), cost);
  const turned: ContextCondition = { any: cubes([widened(sizes, values, base, except, cost)]), except: cubes(except) };
  return conditionCost(turned) < conditionCost(plain) ? turned : plain;
}

/** How long a condition is to read; without a unit. */
export function conditionCost({ any, except }: ContextCondition): number {
  const sum = (cubes: readonly ContextCube[]) => cubes.reduce((total, cube) => total + 1 + cubeCost(cube), 0);
  return sum(any) + sum(except);
}

/** Whether a condition holds in a context. */
export function conditionHolds({ any, except }: ContextCondition, context: Context): boolean {
  const inside = (cube: ContextCube) => contextAxes.every((axis) => (cube[axis] as readonly string[] | undefined)?.includes(context[axis]) !== false);
  return any.some(inside) && !except.some(inside);
}

/** The smallest cube around the cells that hold, and a table of what to take away from it: 1 taken away, 2 either. */
function excepted(sizes: readonly number[], values: Uint8Array): { base: number[]; inside: Uint8Array } {
  const base = sizes.map(() => 0);
  const places = placesOf(sizes);
  values.forEach((value, cell) => { if (value === 1) sizes.forEach((_, axis) => { base[axis] = (base[axis] ?? 0) | (1 << (places[axis]?.(cell) ?? 0)); }); });
  const inside = values.map((value, cell) => {
    const within = sizes.every((_, axis) => (((base[axis] ?? 0) >>> (places[axis]?.(cell) ?? 0)) & 1) === 1);
    return within && value !== 2 ? 1 - value : 2;
  });
  return { base, inside };
}

/** Takes a value out of a cube where that reads shorter and the other cubes hold all that it held alone. */
function trimmed(sizes: readonly number[], values: Uint8Array, cover: Cover, cost: (masks: Masks) => number): Cover {
  const now = [...cover];
  for (let i = 0; i < now.length && now.length > 1; i += 1) {
    for (const [axis, size] of sizes.entries()) {
      for (let value = 0; value < size; value += 1) {
        const cube = now[i] ?? [];
        const mask = cube[axis] ?? 0;
        if (((mask >>> value) & 1) === 0 || mask === 1 << value) continue;
        const less = cube.with(axis, mask & ~(1 << value));
        if (cost(less) < cost(cube) && everyCell(sizes, cube.with(axis, 1 << value), (cell, at) => values[cell] !== 1 || now.some((other, j) => j !== i && inCube(other, at)))) now[i] = less;
      }
    }
  }
  return now;
}

/** Gives the cube around a condition with exceptions values that the exceptions take away again, where that reads shorter. */
function widened(sizes: readonly number[], values: Uint8Array, base: Masks, except: Cover, cost: (masks: Masks) => number): Masks {
  return sizes.reduce<Masks>((cube, size, axis) => {
    let mask = cube[axis] ?? 0;
    for (let value = 0; value < size; value += 1) {
      if (everyCell(sizes, cube.with(axis, 1 << value), (cell, at) => values[cell] !== 0 || except.some((other) => inCube(other, at)))) mask |= 1 << value;
    }
    const more = cube.with(axis, mask);
    return cost(more) < cost(cube) ? more : cube;
  }, base);
}

/** Whether something holds of every cell of a cube. */
function everyCell(sizes: readonly number[], cube: Masks, test: (cell: number, at: readonly number[]) => boolean): boolean {
  const at = sizes.map(() => 0);
  const walk = (axis: number, offset: number): boolean => {
    const size = sizes[axis];
    if (size === undefined) return test(offset, at);
    for (let value = 0; value < size; value += 1) {
      at[axis] = value;
      if ((((cube[axis] ?? 0) >>> value) & 1) === 1 && !walk(axis + 1, offset * size + value)) return false;
    }
    return true;
  };
  return walk(0, 0);
}

function inCube(cube: Masks, at: readonly number[]): boolean {
  return cube.every((mask, axis) => ((mask >>> (at[axis] ?? 0)) & 1) === 1);
}

/** For each axis, the group of a cell: the last axis runs fastest. */
export function placesOf(sizes: readonly number[]): readonly ((cell: number) => number)[] {
  return sizes.map((size, axis) => {
    const stride = sizes.slice(axis + 1).reduce((product, one) => product * one, 1);
    return (cell) => Math.floor(cell / stride) % size;
  });
}

function cubeOf(space: ContextSpace, masks: readonly number[]): ContextCube {
  return Object.fromEntries(contextAxes.flatMap((axis, place): [string, readonly string[]][] => {
    const mask = masks[place] ?? 0;
    const groups: readonly (readonly string[])[] = space.groups[axis];
    if (groups.every((_, group) => ((mask >>> group) & 1) === 1)) return [];
    const taken = new Set(groups.filter((_, group) => ((mask >>> group) & 1) === 1).flat());
    return [[axis, axisWords[axis].filter((word) => taken.has(word))]];
  }));
}

/** A list reads as long as the shorter of itself and its opposite; a grade with all above it, or all below, as one word. What is said by its opposite is harder. */
function cubeCost(cube: ContextCube): number {
  return contextAxes.reduce((sum, axis) => {
    const words: readonly string[] | undefined = cube[axis];
    if (words === undefined) return sum;
    const all: readonly string[] = axisWords[axis];
    const graded = axis === 'warrant' || axis === 'caseNumber';
    if (graded && all.slice(-words.length).join() === words.join()) return sum + 1;
    if (graded && all.slice(0, words.length).join() === words.join()) return sum + 1.5;
    if (axis === 'kind') return sum + 1;
    const others = all.length - words.length;
    return sum + (others < words.length ? 1.25 : 0.75) + 0.25 * Math.min(words.length, others);
  }, 0);
}
