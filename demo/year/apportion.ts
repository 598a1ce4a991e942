/**
 * Shares a whole number out by weight, by largest remainder: the parts add up to `total`, and each is its exact share rounded up or down.
 * Equal remainders go to the earlier place, so that the same weights always give the same parts. Where all weights are 0, all parts are 0.
 */
export function apportion(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (sum <= 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const parts = exact.map(Math.floor);
  const left = total - parts.reduce((all, part) => all + part, 0);
  const byRemainder = exact.map((share, place) => ({ place, rest: share - Math.floor(share) })).sort((a, b) => b.rest - a.rest || a.place - b.place);
  for (const { place } of byRemainder.slice(0, left)) parts[place] = (parts[place] ?? 0) + 1;
  return parts;
}

/**
 * Shares a whole number out by weight as the steps of a staircase: the parts add up to `total`, and each is its exact share rounded up or down.
 * Unlike the largest remainder it does not starve the many that are due less than one: where the stair begins (`offset`, 0 to 1) decides who gets one.
 */
export function staircase(total: number, weights: Float64Array, offset: number): Int32Array {
  const parts = new Int32Array(weights.length);
  let sum = 0;
  for (const weight of weights) sum += weight;
  if (sum <= 0) return parts;
  let upTo = 0;
  let given = 0;
  for (let place = 0; place < weights.length; place++) {
    upTo += weights[place] ?? 0;
    const next = upTo >= sum * (1 - 1e-12) ? total : Math.min(total, Math.floor((total * upTo) / sum + offset));
    parts[place] = next - given;
    given = next;
  }
  return parts;
}

/** A whole number divided by another, rounded to the nearest; a half goes up. */
export function nearest(total: number, by: number): number {
  return Math.floor(total / by + 0.5);
}
