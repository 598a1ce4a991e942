import type { Sql } from '../store/index.ts';

/** A copy in memory that follows a table. */
export interface Live {
  /** Loads anew; resolves once a load that began after the call is done. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Notes can be lost while a connection is down, so there is a look in between as well; in milliseconds. */
const lookEvery = 5_000;

/**
 * Calls `load` now, at each note on `channel`, whenever the listening connection comes back, and every five seconds.
 * Loads do not overlap. The first one must succeed; a later one that fails leaves what `load` made before.
 */
export async function openLive(sql: Sql, channel: string, load: () => Promise<void>): Promise<Live> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  let closed = false;

  const run = (): Promise<void> => {
    running = load().finally(() => { running = null; });
    return running;
  };
  const refresh = (): Promise<void> => {
    if (running === null) return run();
    next ??= running.catch(() => undefined).then(() => {
      next = null;
      return run();
    });
    return next;
  };
  const quietly = (): void => {
    if (!closed) refresh().catch(() => undefined);
  };

  await refresh();
  const listener = await sql.listen(channel, quietly, quietly);
  const timer = setInterval(quietly, lookEvery);
  timer.unref();
  return {
    refresh,
    async close() {
      closed = true;
      clearInterval(timer);
      await listener.unlisten().catch(() => undefined);
      await (next ?? running ?? Promise.resolve()).catch(() => undefined);
    },
  };
}
