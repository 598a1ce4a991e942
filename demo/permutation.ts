import { mix } from './random.ts';

/**
 * Puts the whole numbers from 0 to `size - 1` into an order that looks random, without holding it in memory:
 * different indices give different values. So ten million licence numbers are unique without a list of them.
 * A Feistel network over the next power of four, walked until the value falls inside. `size` is at most 2^40.
 */
export function permutationOf(key: number, size: number): (index: number) => number {
  const half = Math.max(1, Math.ceil(Math.log2(Math.max(2, size)) / 2));
  const mask = 2 ** half - 1;
  const keys = [0, 1, 2, 3].map((round) => mix(key ^ mix(round + 1)));
  const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = keys;
  const once = (value: number): number => {
    let left = Math.floor(value / (mask + 1));
    let right = value % (mask + 1);
    left ^= mix(right ^ k0) & mask;
    right ^= mix(left ^ k1) & mask;
    left ^= mix(right ^ k2) & mask;
    right ^= mix(left ^ k3) & mask;
    return left * (mask + 1) + right;
  };
  return (index) => {
    let value = once(index);
    while (value >= size) value = once(value);
    return value;
  };
}
