import type { ReservedSql, Sql } from 'postgres';
import { DatabaseError } from './errors.ts';
import { openLine, type Line } from './line.ts';
import { openListening } from './listening.ts';
import { tagTo, whenSettled, type Maker, type Statement } from './statement.ts';
import { inTransaction, type Work } from './transaction.ts';

export interface PoolOptions {
  /** Connections at most. */
  readonly max: number;
  /** Milliseconds to open a connection in. */
  readonly openWithin: number;
  /** Milliseconds that what is asked waits for a free connection; then it is refused with `POOL_TIMEOUT`. */
  readonly freeWithin: number;
}

/** A line goes after half an hour to an hour, so that not all go at once. */
const lifetime = (): number => 1_800_000 * (1 + Math.random());

/** What waits for a line. */
interface Job {
  readonly start: (line: Line) => void;
  readonly refuse: (why: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * The lines to one database, with the face of the driver. What is asked takes a line that is free, or a new one while there are fewer than `max`, or waits its turn. A line that is lost takes with
 * it what ran on it and no more; the next that is asked opens another.
 */
export function openPool(maker: Maker, { max, openWithin, freeWithin }: PoolOptions): Sql {
  const lines = new Map<Line, number>();
  const free: Line[] = [];
  const queue: Job[] = [];
  const listening = openListening(maker, openWithin);
  let ending: Promise<void> | null = null;
  let drained: (() => void) | null = null;
  let refusing = false;

  const open = (): Line => {
    const line = openLine(maker, { patience: openWithin, onLost });
    lines.set(line, lifetime());
    return line;
  };
  const onLost = (line: Line): void => {
    lines.delete(line);
    const at = free.indexOf(line);
    if (at >= 0) free.splice(at, 1);
    // Not while the driver tells of the loss.
    queueMicrotask(turn);
  };
  const turn = (): void => {
    while (queue.length > 0 && (free.length > 0 || lines.size < max)) {
      const job = queue.shift();
      if (job === undefined) break;
      clearTimeout(job.timer);
      job.start(free.pop() ?? open());
    }
    if (queue.length === 0 && free.length === lines.size) drained?.();
  };
  const release = (line: Line): void => {
    if (line.lost === null) {
      if (performance.now() - line.made > (lines.get(line) ?? 0)) void line.close(new DatabaseError('CONNECTION_CLOSED'));
      else free.push(line);
    }
    turn();
  };
  const take = (start: Job['start'], refuse: Job['refuse']): void => {
    if (refusing) { refuse(new DatabaseError('CONNECTION_ENDED')); return; }
    const line = queue.length > 0 ? undefined : free.pop() ?? (lines.size < max ? open() : undefined);
    if (line !== undefined) { start(line); return; }
    const job: Job = { start, refuse, timer: setTimeout(() => {
      queue.splice(queue.indexOf(job), 1);
      refuse(new DatabaseError('POOL_TIMEOUT'));
    }, freeWithin) };
    queue.push(job);
  };
  const hold = (): Promise<Line> => new Promise((resolve, reject) => { take(resolve, reject); });

  const send = (statement: Statement): void => {
    if (statement.cursorFn !== undefined || statement.streaming === true) { statement.reject(new TypeError('cursors and COPY need a connection of their own (`sql.reserve`)')); return; }
    take((line) => {
      whenSettled(statement, () => { queueMicrotask(() => release(line)); });
      const { resolve } = statement;
      statement.resolve = (result) => {
        if (!isBegin(result)) { resolve(result); return; }
        // Somebody began a transaction on a line that is everybody's: nobody may have it now.
        const why = new DatabaseError('UNSAFE_TRANSACTION');
        void line.close(why);
        statement.reject(why);
      };
      line.send(statement);
    }, (why) => { statement.reject(why); });
  };

  const begin = async (first: string | Work, second?: Work): Promise<unknown> => {
    const [options, work] = typeof first === 'function' ? ['', first] : [first, second ?? (() => undefined)];
    const line = await hold();
    try {
      return await inTransaction(maker, line, options, work);
    } finally {
      release(line);
    }
  };

  const reserve = async (): Promise<ReservedSql> => {
    const line = await hold();
    let released = false;
    const reserved = tagTo(maker, (statement) => (released ? statement.reject(new DatabaseError('TRANSACTION_OVER')) : line.send(statement)));
    return Object.assign(reserved, { release: () => {
      if (released) return;
      released = true;
      release(line);
    } }) as unknown as ReservedSql;
  };

  const end = ({ timeout = null }: { timeout?: number | null } = {}): Promise<void> => (ending ??= (async () => {
    // Whoever asked in this very turn is still served.
    await new Promise((resolve) => { setImmediate(resolve); });
    refusing = true;
    const late: { timer: NodeJS.Timeout | null } = { timer: null };
    await Promise.all([listening.close(), new Promise<void>((resolve) => {
      drained = resolve;
      if (timeout !== null) late.timer = setTimeout(resolve, timeout * 1_000);
      turn();
    })]);
    if (late.timer !== null) clearTimeout(late.timer);
    const why = new DatabaseError('CONNECTION_DESTROYED');
    for (const { refuse, timer } of queue.splice(0)) {
      clearTimeout(timer);
      refuse(why);
    }
    await Promise.all([...lines.keys()].map(async (line) => line.close(why)));
  })());

  return Object.assign(tagTo(maker, send), {
    begin, reserve, end, close: () => end(), listen: (...given: Parameters<typeof listening.listen>) => listening.listen(...given), options: maker.options, parameters: {}, PostgresError: maker.PostgresError,
    largeObject: refuse, subscribe: refuse, CLOSE: maker.CLOSE, END: maker.END,
  }) as unknown as Sql;
}

function isBegin(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'command' in result && result.command === 'BEGIN';
}

function refuse(): never {
  throw new TypeError('this part of the driver is not used here');
}
