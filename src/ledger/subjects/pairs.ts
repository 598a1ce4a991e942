const rowBytes = 36;
const blindBytes = 32;

/**
 * The pairs of blinded tag and entry of one day, in as little memory as they need: 36 bytes for each while they are gathered, 12 more while they are sorted.
 * A day of 100,000 entries with four tags each takes 20 MB.
 */
export class Pairs {
  #rows: Buffer = Buffer.allocUnsafeSlow(rowBytes * 1024);
  #count = 0;

  /** `blind` is 32 bytes, `offset` the entry's place in its day. Entries come in ascending order, and no pair twice. */
  add(blind: Buffer, offset: number): void {
    if ((this.#count + 1) * rowBytes > this.#rows.length) {
      const larger = Buffer.allocUnsafeSlow(this.#rows.length * 2);
      this.#rows.copy(larger);
      this.#rows = larger;
    }
    blind.copy(this.#rows, this.#count * rowBytes, 0, blindBytes);
    this.#rows.writeUInt32LE(offset, this.#count * rowBytes + blindBytes);
    this.#count += 1;
  }

  get count(): number {
    return this.#count;
  }

  /** Each tag once, in ascending order, with its offsets in ascending order. */
  *sorted(): Generator<{ readonly blind: Buffer; readonly offsets: readonly number[] }> {
    const order = this.#order();
    let blind: Buffer | null = null;
    let offsets: number[] = [];
    for (const row of order) {
      const next = this.#blind(row);
      if (blind !== null && !blind.equals(next)) {
        yield { blind, offsets };
        offsets = [];
      }
      blind = next;
      offsets.push(this.#rows.readUInt32LE(row * rowBytes + blindBytes));
    }
    if (blind !== null) yield { blind, offsets };
  }

  /** The first six bytes nearly always tell; rows of one tag keep the order in which they came. */
  #order(): Uint32Array {
    const keys = Float64Array.from({ length: this.#count }, (_, row) => this.#rows.readUIntBE(row * rowBytes, 6));
    return Uint32Array.from({ length: this.#count }, (_, row) => row)
      .sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || this.#blind(a).compare(this.#blind(b)) || a - b);
  }

  #blind(row: number): Buffer {
    return this.#rows.subarray(row * rowBytes, row * rowBytes + blindBytes);
  }
}
