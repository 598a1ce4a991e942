import type { Logger } from 'pino';
import { forgetClockMark, noteClockMark, readClockMark } from '../../store/clockMark.ts';
import type { Sql } from '../../store/index.ts';
import { steadyClock, type SteadyClock } from '../../store/steadyClock.ts';

/** How far the wall may be behind what was noted before a person is told, in milliseconds. */
const behind = 2_000;

export interface ClockOptions {
  /** The operator says that the clock on the wall is right, also where it is behind what was noted. */
  readonly believe: boolean;
  readonly log: Logger;
  /** One line for a person. */
  readonly say: (line: string) => void;
}

/** The clock of a running exchange. */
export interface ExchangeClock extends SteadyClock {
  /** Notes in the database what has passed for certain, for the next start. */
  note(): Promise<void>;
}

/** Opens the clock that the whole exchange counts by: it begins no earlier than what the last run on this database noted. */
export async function openClock(sql: Sql, { believe, log, say }: ClockOptions): Promise<ExchangeClock> {
  if (believe) await forgetClockMark(sql);
  const from = await readClockMark(sql);
  const late = from === null ? 0 : from - Date.now();
  if (late > behind) {
    say(`The clock of this machine is ${Math.ceil(late / 60_000)} min behind the time that this exchange had noted, so it goes on from there. Set the clock right; if it is right, start again with --believe-clock.`);
  }
  const clock = steadyClock({ from, onJump: (milliseconds) => log.warn({ milliseconds }, 'the clock of this machine jumped; set forward it is believed after ten minutes, set back it is not followed') });
  return { ...clock, note: () => noteClockMark(sql, clock.sure()) };
}
