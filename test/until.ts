import { setTimeout as sleep } from 'node:timers/promises';

/** How long is waited for what must come about, in milliseconds: far longer than it takes (an anchor comes once a minute), since a machine with other work may starve a process for a long while. */
const patience = 240_000;

/** Asks until something is so. Where that does not come about it gives the last answer, so that the test says what is wrong with it. */
export async function until<T>(ask: () => T | Promise<T>, so: (answer: T) => boolean): Promise<T> {
  const end = performance.now() + patience;
  for (;;) {
    const answer = await ask();
    if (so(answer) || performance.now() > end) return answer;
    await sleep(50);
  }
}
