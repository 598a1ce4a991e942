/** Time as an exchange counts it, in whole milliseconds since 1970. */
export interface SteadyClock {
  /** By this everything is counted, falls due and ends. */
  readonly now: () => number;
  /** What has passed for certain: not later than `now`, but for a small step. By this is erased what nobody can bring back. */
  readonly sure: () => number;
}

export interface SteadyOptions {
  /** The clock on the wall, milliseconds since 1970; anybody may set it. */
  readonly wall?: () => number;
  /** Milliseconds that only ever go forward, from wherever. */
  readonly monotonic?: () => number;
  /** What had passed for certain when it was noted last (`clockMark.ts`): the time is never before it. */
  readonly from?: number | null;
  /** Told once of a wall clock that jumped, and by how much. */
  readonly onJump?: (milliseconds: number) => void;
}

/** What the wall clock may gain on the steady one for free: ordinary clocks are slewed by less. */
const slew = 0.0005;
/** What counts as a jump, and how long the wall must stay ahead before `now` follows it, and before `sure` does, in milliseconds. */
const jump = 2_000;
const believeAfter = 600_000;
const sureAfter = 86_400_000;

/**
 * A clock for deadlines, whatever is done to the clock on the wall. Set forward, that is believed after ten minutes, so that nothing is due early. Set back, it is not followed: the time goes on by what
 * passes, so that nothing is late and nothing lives longer. Set back after it had been believed, it is followed at once, but never behind what has passed for certain.
 */
export function steadyClock({ wall = Date.now, monotonic = () => performance.now(), from = null, onJump }: SteadyOptions = {}): SteadyClock {
  const start = { at: wall(), passed: monotonic() };
  /** Two lines along the monotonic clock: the time as it is told, and what has passed for certain. */
  let told = from !== null && from - start.at > jump ? { ...start, at: from } : start;
  let certain = { ...start, at: from ?? start.at };
  let aheadSince: number | null = null;
  let leadSince: number | null = null;
  let warned = false;

  const warn = (milliseconds: number): void => {
    if (warned || Math.abs(milliseconds) <= jump) return;
    warned = true;
    onJump?.(milliseconds);
  };
  const surely = (passed: number): number => certain.at + (passed - certain.passed);
  const look = (passed: number): number => {
    const seen = wall();
    const line = told.at + (passed - told.passed) * (1 + slew);
    const off = seen - line;
    const follow = (at: number): number => {
      told = { at, passed };
      aheadSince = null;
      return at;
    };
    if (off < -jump) {
      warn(off);
      return follow(Math.max(seen, surely(passed)));
    }
    if (off > 0) aheadSince ??= passed;
    if (off <= 0 || passed - (aheadSince ?? passed) >= believeAfter) {
      warned = false;
      return follow(seen);
    }
    warn(off);
    return line;
  };
  /** What is certain goes with the time while they are together, and catches up with one that was ahead for a day. */
  const settle = (at: number, passed: number): void => {
    const lead = at - surely(passed);
    leadSince = lead > jump ? (leadSince ?? passed) : null;
    if (leadSince === null || passed - leadSince >= sureAfter) certain = { at, passed };
  };
  const read = (): { readonly now: number; readonly sure: number } => {
    const passed = monotonic();
    const at = look(passed);
    settle(at, passed);
    return { now: Math.floor(at), sure: Math.floor(surely(passed)) };
  };
  return { now: () => read().now, sure: () => read().sure };
}
