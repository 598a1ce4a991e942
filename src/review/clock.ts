import type { Review } from './types.ts';

export interface SteadyOptions {
  /** The clock on the wall, milliseconds since 1970; anybody may set it. */
  readonly now?: () => number;
  /** Milliseconds that only ever go forward, from wherever. */
  readonly monotonic?: () => number;
  /** Told once of a wall clock that jumped. */
  readonly onJump?: (milliseconds: number) => void;
}

/** What the wall clock may gain on the steady one for free: ordinary clocks are slewed by less. */
const slew = 0.0005;
/** What counts as a jump, and how long the wall must stay ahead before it is believed, in milliseconds. */
const jump = 2_000;
const believeAfter = 600_000;

/**
 * A clock that deadlines are told by: the smaller of the wall clock and of when it began plus the time that went by since. A wall clock set forward makes nothing due early; set backward, all is
 * late by it, and what was decided stays so. A wall clock that is off for ten minutes is believed.
 */
export function steadyClock({ now = Date.now, monotonic = () => performance.now(), onJump }: SteadyOptions = {}): () => number {
  let wall = now();
  let since = monotonic();
  let offSince: number | null = null;
  let told = false;
  return () => {
    const seen = now();
    const passed = monotonic();
    const own = wall + (passed - since) * (1 + slew);
    const off = seen - own;
    const anchor = (): number => {
      [wall, since, offSince, told] = [seen, passed, null, false];
      return seen;
    };
    if (off <= 0 && off >= -jump) return anchor();
    offSince ??= passed;
    if (passed - offSince >= believeAfter) return anchor();
    if (Math.abs(off) > jump && !told) {
      told = true;
      onJump?.(off);
    }
    return Math.min(seen, own);
  };
}

export interface ClockOptions {
  readonly review: Pick<Review, 'tick' | 'nextDue'>;
  /** By what deadlines are told: a `steadyClock`, the same that the review has. */
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
}

/** The longest sleep, in milliseconds: what is held anew with an early deadline is seen by then. */
const longest = 500;
const shortest = 5;

/** Decides what is due, and sleeps until the next is, never for longer than half a second. A failure is told and tried again. Returns how to stop it, which waits for what is being done. */
export function runClock({ review, now, onFault }: ClockOptions): { stop(): Promise<void> } {
  let stopped = false;
  let wake: (() => void) | null = null;
  const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  const run = async (): Promise<void> => {
    while (!stopped) {
      let next: number | null = null;
      try {
        await review.tick(now());
        next = await review.nextDue();
      } catch (error) {
        onFault(error);
      }
      // Set by whoever stops it, meanwhile.
      if (isTrue(stopped)) return;
      await sleep(next === null ? longest : Math.min(longest, Math.max(shortest, next - now())));
    }
  };
  const running = run();
  return {
    async stop() {
      stopped = true;
      wake?.();
      await running;
    },
  };
}

/** Hides from the compiler that a variable was looked at just before: it may have been set in between. */
function isTrue(value: boolean): boolean {
  return value;
}
