import type { Logger } from 'pino';

/** Does `work` now and then again and again, never twice at once; a failure is logged and tried again at the next turn. Returns how to stop it. */
export function every(milliseconds: number, work: () => Promise<unknown>, log: Logger): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let busy = false;
  const turn = (): void => {
    if (busy) return;
    busy = true;
    running = work().then(
      () => undefined,
      (error: unknown) => log.warn({ error }, 'a task in the background failed and will be tried again'),
    ).finally(() => (busy = false));
  };
  turn();
  const timer = setInterval(turn, milliseconds);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

/** Waits for a projection that is brought up to the ledger at a stop. Where it cannot be, that is logged: the next start reads the ledger. */
export async function settled(work: Promise<unknown>, what: string, log: Logger): Promise<void> {
  try {
    await work;
  } catch (error) {
    log.warn({ error }, `${what} could not be brought up to the ledger; the next start does it`);
  }
}
