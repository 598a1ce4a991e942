import { setTimeout as pause } from 'node:timers/promises';

/** Appends the entry of a number, and resolves when it is durable. */
export type Append = (number: number) => Promise<unknown>;

/** Each appender waits for its entry to be durable before it appends the next. Latencies in milliseconds, unsorted. */
export async function closedLoop(append: Append, appenders: number, seconds: number): Promise<number[]> {
  const latencies: number[] = [];
  const end = performance.now() + seconds * 1000;
  let number = 0;
  const one = async (): Promise<void> => {
    for (let start = performance.now(); start < end; start = performance.now()) {
      number += 1;
      await append(number);
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: appenders }, one));
  return latencies;
}

/** Appends at a fixed rate a second whatever the answers do, and counts from the moment at which an entry was due. */
export async function offered(append: Append, rate: number, seconds: number): Promise<number[]> {
  const latencies: number[] = [];
  const pending: Promise<void>[] = [];
  const start = performance.now();
  const total = rate * seconds;
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * rate));
    for (; sent < due; sent += 1) {
      const dueAt = start + (sent / rate) * 1000;
      pending.push(append(sent).then(() => void latencies.push(performance.now() - dueAt)));
    }
    await pause(1);
  }
  await Promise.all(pending);
  return latencies;
}
