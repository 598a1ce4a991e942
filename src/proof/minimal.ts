import { courtClasses, evidenceGrades, namesOf, purposes, queryKinds } from '../vocabulary/index.ts';
import { hasBit, type Context, type ContextSpace, type Plane } from '../policy/index.ts';
import { coverOf, type Cover } from './cover.ts';

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
 * Said with exceptions where that is shorter: "always, unless for civil immigration enforcement".
 */
export function minimalCondition(space: ContextSpace, plane: Plane): ContextCondition {
  const sizes = contextAxes.map((axis) => space.groups[axis].length);
  const values = Uint8Array.from({ length: space.size }, (_, cell) => (hasBit(space.all, cell) ? (hasBit(plane, cell) ? 1 : 0) : 2));
  if (!values.includes(1)) return { any: [], except: [] };
  if (!values.includes(0)) return { any: [{}], except: [] };
  const cubes = (cover: Cover) => cover.map((masks) => cubeOf(space, masks));
  const plain: ContextCondition = { any: cubes(coverOf(sizes, values)), except: [] };
  const { base, inside } = excepted(sizes, values);
  const turned: ContextCondition = { any: cubes([base]), except: cubes(coverOf(sizes, inside)) };
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
