import type { Logger } from 'pino';
import type { Journal } from '../../exchange/index.ts';
import type { SteadyClock } from '../../store/steadyClock.ts';
import { startUpkeep, type UpkeepRun } from '../upkeep/run.ts';
import type { UpkeepOptions } from '../upkeep/work.ts';

/** How long after the start the ledger is looked after first, and how often then, in milliseconds. A day is closed at the first run after it is over. */
const first = 60_000;
const again = 3_600_000;

/** Looks after the ledger now and then. Returns how to stop it; a run under way is broken off. */
export function watchUpkeep(options: Omit<UpkeepOptions, 'now' | 'sure'>, journal: Pick<Journal, 'append'>, log: Logger, clock: SteadyClock): () => Promise<void> {
  let running: UpkeepRun | null = null;
  let stopped = false;
  let timer = setTimeout(turn, first);
  timer.unref();
  function turn(): void {
    if (stopped) return;
    const run = running = startUpkeep({ ...options, now: Date.now(), sure: clock.sure() }, journal);
    run.report.then(
      ({ faults, ...done }) => {
        for (const fault of faults) log.error({ fault }, 'a part of the upkeep of the ledger failed and will be tried again');
        log.info(done, 'the ledger was looked after');
      },
      (error: unknown) => { if (!stopped) log.error({ error }, 'the upkeep of the ledger failed and will be tried again'); },
    ).finally(() => {
      running = null;
      timer = setTimeout(turn, again);
      timer.unref();
    });
  }
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running?.stop();
  };
}
