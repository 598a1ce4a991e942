import type { Review } from './types.ts';

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
