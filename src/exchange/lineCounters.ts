/** The two five-digit counters of the line: opaque to readers, and taken up where the journal stands after a restart. */
export class LineCounters {
  #received: number;
  #sent: number;

  constructor(start: number) {
    this.#received = start % 100_000;
    this.#sent = start % 100_000;
  }

  nextReceived(): number {
    this.#received = (this.#received + 1) % 100_000;
    return this.#received;
  }

  nextSent(): number {
    this.#sent = (this.#sent + 1) % 100_000;
    return this.#sent;
  }
}
