import type { Sql } from './connect.ts';

/** A copy in memory that follows tables of the database. */
export interface Follower<T> {
  /** Loads anew; resolves with what a load gave that began after the call. Rejects where it failed; what was loaded before stays. */
  refresh(): Promise<T>;
  /** Stops following, and waits for a load that runs. */
  close(): Promise<void>;
}

export interface FollowOptions {
  /** Called where a load after the first one failed. */
  readonly onFault?: (error: unknown) => void;
  /** Milliseconds between looks besides what is told: a note can be lost while a connection is down. Absent: only on notes. */
  readonly every?: number;
}

/** How often what a person must not wait for is looked at besides, in milliseconds. */
export const lookEvery = 5_000;

/**
 * Calls `load` now, at each note on `channel`, and whenever the listening connection comes back, so that nothing told in between is
 * missed. Loads do not overlap: who asks while one runs may have news that it missed, so another follows. Rejects where the first fails.
 */
export async function follow<T>(sql: Sql, channel: string, load: () => Promise<T>, { onFault, every }: FollowOptions = {}): Promise<Follower<T>> {
  let running: Promise<T> | null = null;
  let next: Promise<T> | null = null;
  let closed = false;
  const run = (): Promise<T> => (running = load().finally(() => { running = null; }));
  const refresh = (): Promise<T> => {
    if (running === null) return run();
    return (next ??= running.catch(() => undefined).then(() => {
      next = null;
      return run();
    }));
  };
  const look = (): void => {
    if (!closed) refresh().catch((error: unknown) => onFault?.(error));
  };
  const timer = every === undefined ? null : setInterval(look, every).unref();
  const listening = await sql.listen(channel, look, look);
  const close = async (): Promise<void> => {
    closed = true;
    if (timer !== null) clearInterval(timer);
    await listening.unlisten().catch(() => undefined);
    await (next ?? running)?.catch(() => undefined);
  };
  try {
    await refresh();
  } catch (error) {
    await close();
    throw error;
  }
  return { refresh, close };
}
