/** A cube over axes of several values: for each axis the set of its values, as bits. */
export type Masks = readonly number[];
export type Cover = readonly Masks[];

/** Past this many cells of the merged table, primes are looked for from one cell at a time rather than from all. */
const allSeeds = 400;

/**
 * Cubes that together cover every cell with value 1 and none with value 0; those with value 2 either way. `sizes` are the numbers of
 * values of the axes (at most 31), and the last axis runs fastest in `values`. Values of an axis that the table need not tell apart are
 * merged first; then primes are taken greedily, and those that the rest makes needless are dropped. Deterministic.
 */
export function coverOf(sizes: readonly number[], values: Uint8Array): Cover {
  const merged = merge({ sizes, values, masks: sizes.map((size) => Array.from({ length: size }, (_, value) => 1 << value)) });
  const ones = [...merged.values.keys()].filter((cell) => merged.values[cell] === 1);
  const chosen = ones.length <= allSeeds ? fromAll(merged, ones) : fromSeeds(merged, ones);
  const needed = withoutNeedless(merged, ones, chosen);
  return needed.map((cube) => cube.map((mask, axis) => bitsOf(mask).reduce((all, value) => all | (merged.masks[axis]?.[value] ?? 0), 0)));
}

interface Table {
  readonly sizes: readonly number[];
  readonly values: Uint8Array;
  /** For each value of each axis, which values of the first table it stands for. */
  readonly masks: readonly (readonly number[])[];
}

/** Merges values of an axis whose slices do not disagree, axis by axis. */
function merge(table: Table): Table {
  return table.sizes.reduce((now, _, axis) => mergeAxis(now, axis), table);
}

function mergeAxis(table: Table, axis: number): Table {
  const size = table.sizes[axis] ?? 1;
  const inner = table.sizes.slice(axis + 1).reduce((product, one) => product * one, 1);
  const outer = table.values.length / (size * inner);
  const slices: { readonly values: Uint8Array; mask: number }[] = [];
  for (let value = 0; value < size; value += 1) {
    const slice = new Uint8Array(outer * inner);
    for (let o = 0; o < outer; o += 1) slice.set(table.values.subarray((o * size + value) * inner, (o * size + value + 1) * inner), o * inner);
    const like = slices.find((one) => one.values.every((seen, i) => seen === 2 || slice[i] === 2 || seen === slice[i]));
    const mask = table.masks[axis]?.[value] ?? 0;
    if (like === undefined) slices.push({ values: slice, mask });
    else {
      like.mask |= mask;
      slice.forEach((own, i) => { if (own !== 2) like.values[i] = own; });
    }
  }
  const values = new Uint8Array(outer * slices.length * inner);
  slices.forEach((slice, value) => {
    for (let o = 0; o < outer; o += 1) values.set(slice.values.subarray(o * inner, (o + 1) * inner), (o * slices.length + value) * inner);
  });
  return {
    sizes: table.sizes.map((one, at) => (at === axis ? slices.length : one)), values,
    masks: table.masks.map((one, at) => (at === axis ? slices.map(({ mask }) => mask) : one)),
  };
}

function fromAll(table: Table, ones: readonly number[]): Masks[] {
  const primes = new Map<string, Masks>();
  for (const cell of ones) for (const prime of primesAt(table, cell)) primes.set(prime.join(), prime);
  const found = [...primes.values()].map((cube) => ({ cube, cells: ones.filter((cell) => covers(table, cube, cell)) }));
  const open = new Set(ones);
  const chosen: Masks[] = [];
  while (open.size > 0) {
    const best = bestOf(found, ({ cube, cells }) => cells.filter((cell) => open.has(cell)).length / (1 + literals(table, cube)), ({ cube }) => cube.join());
    if (best === null) break;
    chosen.push(best.cube);
    for (const cell of best.cells) open.delete(cell);
  }
  return chosen;
}

function fromSeeds(table: Table, ones: readonly number[]): Masks[] {
  const open = new Set(ones);
  const chosen: Masks[] = [];
  for (const seed of ones) {
    if (!open.has(seed)) continue;
    const best = bestOf(primesAt(table, seed), (cube) => volume(cube) / (1 + literals(table, cube)), (cube) => cube.join());
    if (best === null) break;
    chosen.push(best);
    for (const cell of open) if (covers(table, best, cell)) open.delete(cell);
  }
  return chosen;
}

/** Cubes around a cell that cannot grow: each order of the axes gives one. */
function primesAt(table: Table, cell: number): readonly Masks[] {
  const start = table.sizes.map((_, axis) => 1 << placeOf(table, axis, cell));
  const wide = table.sizes.flatMap((size, axis) => (size > 1 ? [axis] : []));
  const found = new Map<string, Masks>();
  const seen = new Set<string>();
  const grow = (cube: Masks, rest: readonly number[]): void => {
    const key = `${cube.join()} ${rest.join()}`;
    if (seen.has(key)) return;
    seen.add(key);
    if (rest.length === 0) found.set(cube.join(), cube);
    for (const axis of rest) grow(widened(table, cube, axis), rest.filter((one) => one !== axis));
  };
  grow(start, wide);
  return [...found.values()];
}

/** The cube with every value of one axis that it may have. */
function widened(table: Table, cube: Masks, axis: number): Masks {
  let mask = cube[axis] ?? 0;
  for (let value = 0; value < (table.sizes[axis] ?? 0); value += 1) {
    if (((mask >>> value) & 1) === 0 && isFree(table, cube.map((own, at) => (at === axis ? 1 << value : own)))) mask |= 1 << value;
  }
  return cube.map((own, at) => (at === axis ? mask : own));
}

/** No cell of the cube has value 0. */
function isFree(table: Table, cube: Masks): boolean {
  const walk = (axis: number, offset: number): boolean => {
    if (axis === table.sizes.length) return table.values[offset] !== 0;
    const mask = cube[axis] ?? 0;
    const size = table.sizes[axis] ?? 1;
    for (let value = 0; value < size; value += 1) if (((mask >>> value) & 1) === 1 && !walk(axis + 1, offset * size + value)) return false;
    return true;
  };
  return walk(0, 0);
}

/** Drops cubes, the smallest first, whose cells the others cover. */
function withoutNeedless(table: Table, ones: readonly number[], cubes: readonly Masks[]): readonly Masks[] {
  const count = new Map(ones.map((cell) => [cell, cubes.filter((cube) => covers(table, cube, cell)).length]));
  const kept = new Set(cubes);
  for (const cube of [...cubes].sort((a, b) => volume(a) - volume(b))) {
    const own = ones.filter((cell) => covers(table, cube, cell));
    if (!own.every((cell) => (count.get(cell) ?? 0) > 1)) continue;
    kept.delete(cube);
    for (const cell of own) count.set(cell, (count.get(cell) ?? 0) - 1);
  }
  return [...kept].sort((a, b) => literals(table, a) - literals(table, b) || volume(b) - volume(a) || (a.join() < b.join() ? -1 : 1));
}

function covers(table: Table, cube: Masks, cell: number): boolean {
  return cube.every((mask, axis) => ((mask >>> placeOf(table, axis, cell)) & 1) === 1);
}

function placeOf(table: Table, axis: number, cell: number): number {
  let rest = cell;
  for (let at = table.sizes.length - 1; at > axis; at -= 1) rest = Math.floor(rest / (table.sizes[at] ?? 1));
  return rest % (table.sizes[axis] ?? 1);
}

function literals(table: Table, cube: Masks): number {
  return cube.filter((mask, axis) => mask !== 2 ** (table.sizes[axis] ?? 1) - 1).length;
}

function volume(cube: Masks): number {
  return cube.reduce((product, mask) => product * bitsOf(mask).length, 1);
}

function bitsOf(mask: number): number[] {
  return Array.from({ length: 31 }, (_, value) => value).filter((value) => ((mask >>> value) & 1) === 1);
}

/** The one with the highest worth above 0; of equals the first by name. */
function bestOf<T>(list: readonly T[], worth: (one: T) => number, name: (one: T) => string): T | null {
  let best: { readonly one: T; readonly worth: number; readonly name: string } | null = null;
  for (const one of list) {
    const now = worth(one);
    if (now > 0 && (best === null || now > best.worth || (now === best.worth && name(one) < best.name))) best = { one, worth: now, name: name(one) };
  }
  return best?.one ?? null;
}
