/** How often something may be done, on average and at once. */
export interface Rate {
  readonly perSecond: number;
  readonly atOnce: number;
}

/** Counts what one log has used of its allowance. `now` is in milliseconds and may step back. */
export class Allowance {
  readonly #rate: Rate;
  #left: number;
  #at: number | null = null;

  constructor(rate: Rate) {
    this.#rate = rate;
    this.#left = rate.atOnce;
  }

  /** 0 where it may be done now, and is counted; else the milliseconds until it may. */
  take(now: number): number {
    const passed = Math.max(0, now - (this.#at ?? now));
    this.#at = now;
    this.#left = Math.min(this.#rate.atOnce, this.#left + (passed / 1000) * this.#rate.perSecond);
    if (this.#left < 1) return Math.ceil(((1 - this.#left) / this.#rate.perSecond) * 1000);
    this.#left -= 1;
    return 0;
  }
}
