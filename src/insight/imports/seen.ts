/** Which entries were met before, by 64 bits of their keyed hashes. */

/** A set of pairs of 32 bits that grows. Both zero is not kept. */
class Hashes {
  #slots = new Uint32Array(2 * 4_096);
  count = 0;

  has(high: number, low: number): boolean {
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    for (let at = low & mask; ; at = (at + 1) & mask) {
      const [h, l] = [slots[2 * at], slots[2 * at + 1]];
      if (h === 0 && l === 0) return false;
      if (h === high && l === low) return true;
    }
  }

  add(high: number, low: number): void {
    if (4 * this.count >= this.#slots.length) this.#grow();
    this.#put(high, low);
    this.count += 1;
  }

  #put(high: number, low: number): void {
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    let at = low & mask;
    while (slots[2 * at] !== 0 || slots[2 * at + 1] !== 0) at = (at + 1) & mask;
    slots[2 * at] = high;
    slots[2 * at + 1] = low;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(2 * old.length);
    for (let at = 0; at < old.length; at += 2) if (old[at] !== 0 || old[at + 1] !== 0) this.#put(old[at] as number, old[at + 1] as number);
  }
}

/** What was added since it was last asked for, by generation: pairs of 32 bits. */
export interface Added {
  readonly generation: number;
  readonly hashes: Uint32Array;
}

/**
 * Remembers at least the last `within` entries, and at most twice as many, in bounded memory: two generations, of which the older is forgotten when
 * the newer is full.
 */
export class Seen {
  readonly #within: number;
  #before = new Hashes();
  #now = new Hashes();
  #generation = 0;
  #fresh: { generation: number; pairs: number[] }[] = [];

  constructor(within: number) {
    this.#within = within;
  }

  get generation(): number {
    return this.#generation;
  }

  /** How many are in the older and in the newer generation. */
  get counts(): readonly [number, number] {
    return [this.#before.count, this.#now.count];
  }

  /** True where it is new; it is then remembered. `tag` is hexadecimal. */
  add(tag: string): boolean {
    const high = Number.parseInt(tag.slice(0, 8), 16);
    const low = Number.parseInt(tag.slice(8, 16), 16);
    if (this.#now.has(high, low) || this.#before.has(high, low)) return false;
    this.#put(high, low);
    const newest = this.#fresh.at(-1);
    if (newest?.generation === this.#generation) newest.pairs.push(high, low);
    else this.#fresh.push({ generation: this.#generation, pairs: [high, low] });
    return true;
  }

  /** Takes back what an earlier run remembered: both generations, in this order. */
  restore(generation: number, before: Uint32Array, now: Uint32Array): void {
    this.#generation = generation;
    this.#before = new Hashes();
    this.#now = new Hashes();
    for (let at = 0; at < before.length; at += 2) this.#before.add(before[at] as number, before[at + 1] as number);
    for (let at = 0; at < now.length; at += 2) this.#now.add(now[at] as number, now[at + 1] as number);
  }

  added(): readonly Added[] {
    const all = this.#fresh.map(({ generation, pairs }) => ({ generation, hashes: Uint32Array.from(pairs) }));
    this.#fresh = [];
    return all;
  }

  #put(high: number, low: number): void {
    if (this.#now.count >= this.#within) {
      this.#before = this.#now;
      this.#now = new Hashes();
      this.#generation += 1;
    }
    this.#now.add(high, low);
  }
}
