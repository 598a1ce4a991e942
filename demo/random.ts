/** Numbers that look random and are the same for the same seed on every machine. Not for keys. */
export interface Random {
  /** A whole number from 0 to 2^32 - 1. */
  next(): number;
  /** A number from 0 up to, not including, 1. */
  unit(): number;
  /** A whole number from 0 to `n - 1`. */
  below(n: number): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True once in `1 / p` times. */
  chance(p: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** `n` different members of the list, or all of them where it is shorter. */
  sample<T>(list: readonly T[], n: number): T[];
}

/**
 * A generator for one part of the demonstration: sfc32, seeded from the words of its path, so that
 * a change in one part leaves every other part as it was.
 */
export function randomOf(seed: number, ...path: readonly (string | number)[]): Random {
  let [a, b, c, d] = hash128(`${seed}/${path.join('/')}`);
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  const below = (n: number): number => Math.floor((next() / 4294967296) * n);
  return {
    next,
    below,
    unit: () => next() / 4294967296,
    between: (low, high) => low + below(high - low + 1),
    chance: (p) => next() / 4294967296 < p,
    pick: <T>(list: readonly T[]) => list[below(list.length)] as T,
    sample: <T>(list: readonly T[], n: number) => {
      const copy = [...list];
      const count = Math.min(n, copy.length);
      for (let i = 0; i < count; i++) {
        const j = i + below(copy.length - i);
        const held = copy[i] as T;
        copy[i] = copy[j] as T;
        copy[j] = held;
      }
      return copy.slice(0, count);
    },
  };
}

/** A whole number from 0 to 2^32 - 1 that depends on every bit of `value`: the finaliser of splitmix32. */
export function mix(value: number): number {
  let z = (value + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

/** A whole number from 0 to 2^32 - 1 made from a text. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

function hash128(text: string): [number, number, number, number] {
  const h = hashText(text);
  return [h | 0, mix(h ^ 0x5bd1e995) | 0, mix(h ^ text.length ^ 0x1b873593) | 0, 1];
}
