/** Which sequences below the start of the write-ahead file were seen in private files: one bit each. */
export class Sequences {
  #bits = new Uint8Array(1024);
  #seen = 0;
  #end = 0;

  /** False where it was seen before. */
  add(sequence: number): boolean {
    const byte = Math.floor(sequence / 8);
    const bit = 1 << sequence % 8;
    if (byte >= this.#bits.length) {
      const larger = new Uint8Array(Math.max(byte + 1, this.#bits.length * 2));
      larger.set(this.#bits);
      this.#bits = larger;
    }
    const before = this.#bits[byte] ?? 0;
    if ((before & bit) !== 0) return false;
    this.#bits[byte] = before | bit;
    this.#seen += 1;
    this.#end = Math.max(this.#end, sequence + 1);
    return true;
  }

  /** How many there are. */
  get seen(): number {
    return this.#seen;
  }

  /** The one after the largest. */
  get end(): number {
    return this.#end;
  }
}
