export type BreakerState = 'closed' | 'open' | 'halfOpen';

export interface BreakerOptions {
  /** So many failures one after the other open it. */
  readonly failures: number;
  /** Milliseconds before the first probe; doubled after each probe that fails, up to `maxMs`. */
  readonly minMs: number;
  readonly maxMs: number;
  /** 0 to 1: spreads the probes of many processes. */
  readonly random: () => number;
  readonly now: () => number;
}

/**
 * Keeps look-ups from a source that is known to be down. When its time is over, one look-up goes through as a probe:
 * if the probe comes back the breaker closes, if not it waits longer. No clock runs, so an idle source costs nothing.
 */
export interface Breaker {
  /** Whether a look-up may go, and whether it is the probe. Each pass is settled by one of the three calls below. */
  pass(): 'go' | 'probe' | 'no';
  succeeded(probe: boolean): void;
  failed(probe: boolean): void;
  /** The look-up said nothing about the health of the source. */
  undecided(probe: boolean): void;
  readonly state: BreakerState;
  /** Failures one after the other. */
  readonly failures: number;
}

export function breaker(options: BreakerOptions): Breaker {
  let failures = 0;
  let opened = 0;
  let until: number | null = null;
  let probing = false;

  function open(): void {
    const wait = Math.min(options.minMs * 2 ** opened, options.maxMs);
    opened += 1;
    until = options.now() + wait * (0.75 + options.random() * 0.5);
  }

  return {
    pass() {
      if (until === null) return 'go';
      if (probing || options.now() < until) return 'no';
      probing = true;
      return 'probe';
    },
    succeeded(probe) {
      if (until !== null && !probe) return; // an answer from before it opened
      failures = 0;
      opened = 0;
      until = null;
      probing = false;
    },
    failed(probe) {
      failures += 1;
      if (probe) probing = false;
      if (probe || (until === null && failures >= options.failures)) open();
    },
    undecided(probe) {
      if (probe) probing = false;
    },
    get state() {
      if (until === null) return 'closed';
      return probing || options.now() >= until ? 'halfOpen' : 'open';
    },
    get failures() {
      return failures;
    },
  };
}
