import postgres from 'postgres';
import { DatabaseError } from './errors.ts';
import { whenSettled, type Maker, type Send, type Statement } from './statement.ts';

/** One connection to the database. It runs one statement after the other, is lost once, and is never used again after that. */
export interface Line {
  /** Why it was lost; null while it is not. */
  readonly lost: Error | null;
  readonly made: number;
  /** Runs a statement after those before it; rejects it at once where the line is lost. */
  readonly send: Send;
  /** Calls `then` when the line is lost; returns how to take that back. */
  whenLost(then: (why: Error) => void): () => void;
  /** Gives the line up: what runs is rejected, and the connection is closed. Resolves when it is, or after a second. */
  close(why: Error): Promise<void>;
}

export interface LineOptions {
  /** Milliseconds to open in. */
  readonly patience: number;
  readonly onLost: (line: Line) => void;
  readonly onNotify?: (channel: string, payload: string) => void;
}

/**
 * Opens at the first statement. The driver has known faults where a connection is lost, all open in its version 3.4.9: a statement that is written to a lost connection throws where nobody can
 * catch it and ends the process (its issues 1208, 1154, 1066, 1133), statements that wait behind others never settle (1186), a transaction goes on upon whatever connection comes next, so
 * that half of it is committed (1216, 1155), and a write that waits when the connection is lost keeps the next one from opening. All come of using a connection's object again. So an object
 * of the driver stands for one connection here: the first statement behind its loss is refused by us, and the driver never sees it.
 */
export function openLine(maker: Maker, { patience, onLost, onNotify }: LineOptions): Line {
  const waiting: Statement[] = [];
  const listeners = new Set<(why: Error) => void>();
  let [running, lost, opened, timer] = [null as Statement | null, null as Error | null, false, null as NodeJS.Timeout | null];
  const lose = (why: Error): void => {
    if (lost !== null) return;
    lost = why;
    if (timer !== null) clearTimeout(timer);
    for (const statement of [running, ...waiting.splice(0)]) statement?.reject(why);
    for (const listener of [...listeners]) listener(why);
    onLost(line);
  };
  const client = postgres({
    ...(maker.options as object), max: 1, fetch_types: false, max_lifetime: null, idle_timeout: null, parameters: {}, no_subscribe: true,
    onclose: () => lose(new DatabaseError('CONNECTION_CLOSED')),
    // The first word of a server that lets us in. Where we gave the line up meanwhile, it is not kept.
    onparameter: () => {
      opened = true;
      if (timer !== null) clearTimeout(timer);
      if (lost !== null) void client.end({ timeout: 0 });
    },
    ...(onNotify === undefined ? {} : { onnotify: onNotify }),
  } as unknown as postgres.Options<Record<string, never>>);
  const run = (client`` as unknown as Statement).handler;
  const next = (): void => {
    if (running !== null || lost !== null) return;
    const statement = waiting.shift();
    if (statement === undefined) return;
    if (isTrue(statement.cancelled)) { next(); return; }
    running = statement;
    whenSettled(statement, () => {
      running = null;
      // Not before the driver is done with this one: it may be telling of a loss just now.
      queueMicrotask(next);
    });
    run(statement);
  };
  const line: Line = {
    get lost() { return lost; },
    made: performance.now(),
    send: (statement) => {
      if (lost !== null) { statement.reject(lost); return; }
      if (!opened && timer === null) timer = setTimeout(() => void line.close(new DatabaseError('CONNECT_TIMEOUT')), patience);
      waiting.push(statement);
      next();
    },
    whenLost: (then) => {
      listeners.add(then);
      return () => listeners.delete(then);
    },
    close: async (why) => {
      lose(why);
      await client.end({ timeout: opened ? 1 : 0 }).catch(() => undefined);
    },
  };
  return line;
}

function isTrue(value: unknown): boolean {
  return Boolean(value);
}
