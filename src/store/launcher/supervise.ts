import { setTimeout as sleep } from 'node:timers/promises';

import type { Postmaster } from './postmaster.ts';

/** A postmaster that is started again where it ends without being told to. */
export interface Supervised {
  readonly port: number;
  readonly pid: () => number;
  stop(): Promise<void>;
}

const firstPause = 100;
const longestPause = 10_000;

/**
 * Keeps a postmaster at work: one that is killed or crashes is started again on its port, with a growing pause between attempts.
 * Connections come back by themselves, because pools dial again.
 */
export async function supervise(start: (port: number | null) => Promise<Postmaster>, port: number | null, restarts = true): Promise<Supervised> {
  let current = await start(port);
  const { port: ours } = current;
  const stopped = new AbortController();
  const watching = restarts ? watch() : Promise.resolve();

  async function watch(): Promise<void> {
    let pause = firstPause;
    while (!stopped.signal.aborted) {
      await current.ended;
      if (isOver()) return;
      const next = await start(ours).catch(() => null);
      if (next !== null) {
        current = next;
        pause = firstPause;
      } else {
        await sleep(pause, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
        pause = Math.min(2 * pause, longestPause);
      }
    }
  }

  function isOver(): boolean {
    return stopped.signal.aborted;
  }

  return {
    port: ours,
    pid: () => current.pid,
    async stop() {
      stopped.abort();
      await current.stop();
      await watching;
      await current.stop();
    },
  };
}
