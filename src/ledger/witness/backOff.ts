const firstMs = 500;
const longestMs = 30_000;

/** Leaves alone what failed: half a second after the first failure, then twice as long each time, up to half a minute. */
export class BackOff {
  #failures = 0;
  #until: number | null = null;
  #failedAt = -Infinity;

  get failures(): number {
    return this.#failures;
  }

  /** When it may be tried again, in milliseconds since 1970; null where it did not fail last. */
  get until(): number | null {
    return this.#until;
  }

  /** A clock that stepped back does not make the wait longer than it can be. */
  waits(now: number): boolean {
    return this.#until !== null && now < this.#until && this.#until - now <= longestMs;
  }

  /** What began before the last failure and fails too tells nothing new: many logs are shown to a witness at once. */
  failed(now: number, began: number): void {
    if (this.#until !== null && began < this.#failedAt) return;
    this.#failedAt = now;
    this.#failures += 1;
    this.#until = now + Math.min(longestMs, firstMs * 2 ** Math.min(this.#failures - 1, 10));
  }

  succeeded(): void {
    this.#failures = 0;
    this.#until = null;
  }
}
