/** The place of a function in its diagrams: equal functions have equal places. `no` is never true, `yes` always. */
export type Node = number;

export const no: Node = 0;
export const yes: Node = 1;

export interface BddCaps {
  /** How many nodes there may be at once. */
  readonly nodes: number;
  /** How many steps one piece of work may take: a bound on time that does not depend on the machine. */
  readonly steps: number;
}

export const defaultBddCaps: BddCaps = { nodes: 1_000_000, steps: 30_000_000 };

/** The work grew past its cap. Nothing may be concluded: whoever asks says `capped`. */
export class BddCapped extends Error {
  readonly code = 'capped';
}

/** What `work` gives, or `capped` where it grew past a cap. */
export function orCapped<T>(work: () => T): T | 'capped' {
  try {
    return work();
  } catch (error) {
    if (error instanceof BddCapped) return 'capped';
    throw error;
  }
}

/**
 * Reduced ordered binary decision diagrams over variables 0, 1, 2 … in this order (Bryant 1986). Each function is kept once, so two are equal
 * where their places are. The tables grow, up to a cap past which every operation throws `BddCapped`; a cache of results may forget, never err.
 */
export class Bdd {
  readonly #caps: BddCaps;
  #count = 2;
  #steps = 0;
  #level = new Uint16Array(1 << 10);
  #low = new Int32Array(1 << 10);
  #high = new Int32Array(1 << 10);
  /** Open addressing: a node's place at the hash of its parts, 0 where empty. */
  #table = new Int32Array(1 << 11);
  /** Results of `ite`: f, g, h and what came out, at the hash of the three. */
  #cache = new Int32Array(4 << 10);

  constructor(caps: Partial<BddCaps> = {}) {
    this.#caps = { ...defaultBddCaps, ...caps };
    this.#level.fill(lastLevel, 0, 2);
  }

  /** How many nodes there are, for measurements. */
  get size(): number {
    return this.#count;
  }

  /** How many steps were taken since the last `restart`. */
  get steps(): number {
    return this.#steps;
  }

  /** Counts the steps of the next piece of work from nought. */
  restart(): void {
    this.#steps = 0;
  }

  /** The function that is true where this variable is. */
  variable(level: number): Node {
    return this.#node(level, no, yes);
  }

  /** `g` where `f` is true, `h` where it is not. */
  ite(f: Node, g: Node, h: Node): Node {
    if (f === yes || g === h) return g;
    if (f === no) return h;
    if (g === yes && h === no) return f;
    if (g === f) g = yes;
    if (h === f) h = no;
    const at = (mix(f, g, h) & (this.#cache.length / 4 - 1)) * 4;
    const cache = this.#cache;
    if (cache[at] === f && cache[at + 1] === g && cache[at + 2] === h) return cache[at + 3] ?? no;
    this.#step();
    const level = Math.min(this.#levelOf(f), this.#levelOf(g), this.#levelOf(h));
    const low = this.ite(this.#lowAt(f, level), this.#lowAt(g, level), this.#lowAt(h, level));
    const high = this.ite(this.#highAt(f, level), this.#highAt(g, level), this.#highAt(h, level));
    const result = this.#node(level, low, high);
    // The cache may have grown meanwhile.
    const place = (mix(f, g, h) & (this.#cache.length / 4 - 1)) * 4;
    this.#cache[place] = f;
    this.#cache[place + 1] = g;
    this.#cache[place + 2] = h;
    this.#cache[place + 3] = result;
    return result;
  }

  not(f: Node): Node {
    return this.ite(f, no, yes);
  }

  and(f: Node, g: Node): Node {
    // One order of the two, so that the cache knows them again.
    return f < g ? this.ite(f, g, no) : this.ite(g, f, no);
  }

  or(f: Node, g: Node): Node {
    return f < g ? this.ite(f, yes, g) : this.ite(g, yes, f);
  }

  /** Where `f` is true and `g` is not. */
  without(f: Node, g: Node): Node {
    return this.ite(g, no, f);
  }

  all(functions: Iterable<Node>): Node {
    return this.#fold([...functions], yes, (f, g) => this.and(f, g));
  }

  any(functions: Iterable<Node>): Node {
    return this.#fold([...functions], no, (f, g) => this.or(f, g));
  }

  /** `f` with one variable fixed. */
  restrict(f: Node, level: number, value: boolean): Node {
    return this.#rebuild(f, level, level + 1, (low, high) => (value ? high : low));
  }

  /** Where some choice of the variables from `from` up to and without `before` makes `f` true. */
  exists(f: Node, from: number, before: number): Node {
    return this.#rebuild(f, from, before, (low, high) => this.or(low, high));
  }

  evaluate(f: Node, value: (level: number) => boolean): boolean {
    let at = f;
    while (at > 1) at = value(this.#levelOf(at)) ? (this.#high[at] ?? 0) : (this.#low[at] ?? 0);
    return at === yes;
  }

  /** One choice of variables that makes `f` true, false wherever that will do; a variable that is absent may be either. Null where there is none. */
  one(f: Node): ReadonlyMap<number, boolean> | null {
    if (f === no) return null;
    const found = new Map<number, boolean>();
    for (let at = f; at > 1;) {
      const low = this.#low[at] ?? 0;
      found.set(this.#levelOf(at), low === no);
      at = low === no ? (this.#high[at] ?? 0) : low;
    }
    return found;
  }

  /** How many choices of the first `variables` variables make `f` true. */
  count(f: Node, variables: number): bigint {
    const known = new Map<Node, bigint>();
    const below = (at: Node): number => Math.min(this.#levelOf(at), variables);
    const of = (at: Node): bigint => {
      if (at <= 1) return BigInt(at);
      let count = known.get(at);
      if (count === undefined) {
        this.#step();
        const [low, high, level] = [this.#low[at] ?? 0, this.#high[at] ?? 0, this.#levelOf(at)];
        count = (of(low) << BigInt(below(low) - level - 1)) + (of(high) << BigInt(below(high) - level - 1));
        known.set(at, count);
      }
      return count;
    };
    return of(f) << BigInt(below(f));
  }

  /** The variables that `f` depends on, ascending. */
  support(f: Node): readonly number[] {
    const levels = new Set<number>();
    const seen = new Set<Node>();
    const walk = (at: Node): void => {
      if (at <= 1 || seen.has(at)) return;
      seen.add(at);
      levels.add(this.#levelOf(at));
      walk(this.#low[at] ?? 0);
      walk(this.#high[at] ?? 0);
    };
    walk(f);
    return [...levels].sort((a, b) => a - b);
  }

  /** In pairs, so that what is put together stays small as long as it can. */
  #fold(functions: readonly Node[], empty: Node, join: (f: Node, g: Node) => Node): Node {
    let list = functions;
    while (list.length > 1) list = list.flatMap((f, i) => (i % 2 === 1 ? [] : [i + 1 < list.length ? join(f, list[i + 1] ?? empty) : f]));
    return list[0] ?? empty;
  }

  /** `f` with the variables from `from` up to and without `before` taken out by `join`. */
  #rebuild(f: Node, from: number, before: number, join: (low: Node, high: Node) => Node): Node {
    const known = new Map<Node, Node>();
    const of = (at: Node): Node => {
      const level = this.#levelOf(at);
      if (level >= before) return at;
      let result = known.get(at);
      if (result === undefined) {
        this.#step();
        const [low, high] = [of(this.#low[at] ?? 0), of(this.#high[at] ?? 0)];
        result = level < from ? this.#node(level, low, high) : join(low, high);
        known.set(at, result);
      }
      return result;
    };
    return of(f);
  }

  #node(level: number, low: Node, high: Node): Node {
    if (low === high) return low;
    const mask = this.#table.length - 1;
    let at = mix(level, low, high) & mask;
    for (let node = this.#table[at] ?? 0; node !== 0; node = this.#table[at] ?? 0) {
      if (this.#level[node] === level && this.#low[node] === low && this.#high[node] === high) return node;
      at = (at + 1) & mask;
    }
    if (this.#count >= this.#caps.nodes) throw new BddCapped(`more than ${this.#caps.nodes} nodes`);
    const node = this.#count;
    this.#count += 1;
    if (node >= this.#level.length) this.#grow();
    this.#level[node] = level;
    this.#low[node] = low;
    this.#high[node] = high;
    if (this.#count * 2 > this.#table.length) this.#rehash();
    else this.#table[at] = node;
    return node;
  }

  #grow(): void {
    const size = this.#level.length * 2;
    const level = new Uint16Array(size);
    level.set(this.#level);
    const low = new Int32Array(size);
    low.set(this.#low);
    const high = new Int32Array(size);
    high.set(this.#high);
    [this.#level, this.#low, this.#high] = [level, low, high];
  }

  /** A table of twice the size with every node in it, and a cache of twice the size with nothing in it. */
  #rehash(): void {
    const table = new Int32Array(this.#table.length * 2);
    const mask = table.length - 1;
    for (let node = 2; node < this.#count; node += 1) {
      let at = mix(this.#level[node] ?? 0, this.#low[node] ?? 0, this.#high[node] ?? 0) & mask;
      while (table[at] !== 0) at = (at + 1) & mask;
      table[at] = node;
    }
    this.#table = table;
    if (this.#cache.length < maxCache) this.#cache = new Int32Array(this.#cache.length * 2);
  }

  #step(): void {
    this.#steps += 1;
    if (this.#steps > this.#caps.steps) throw new BddCapped(`more than ${this.#caps.steps} steps`);
  }

  #levelOf(f: Node): number {
    return this.#level[f] ?? lastLevel;
  }

  #lowAt(f: Node, level: number): Node {
    return this.#level[f] === level ? (this.#low[f] ?? 0) : f;
  }

  #highAt(f: Node, level: number): Node {
    return this.#level[f] === level ? (this.#high[f] ?? 0) : f;
  }
}

/** Below every variable. */
const lastLevel = 0xffff;

/** Four numbers an entry. */
const maxCache = 4 << 18;

/** Scatters three numbers over 32 bits; the constants are odd and otherwise without meaning. */
function mix(a: number, b: number, c: number): number {
  let hash = Math.imul(a, 0x9e37_79b1) ^ Math.imul(b, 0x85eb_ca77) ^ Math.imul(c, 0xc2b2_ae3d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d);
  return hash ^ (hash >>> 13);
}
