import postgres, { type TransactionSql } from 'postgres';
import { DatabaseError } from './errors.ts';
import type { Line } from './line.ts';
import { tagTo, type Maker, type Send, type Statement } from './statement.ts';

/** What a caller does in a transaction: what it returns is the result; an array's elements are waited for. */
export type Work = (tx: TransactionSql) => unknown;

/**
 * One transaction on a line that nobody else uses meanwhile. It is undone where `work` throws, where one of its statements fails (even one whose error was caught), and where the line is lost: then
 * it rejects at once, and whatever `work` still asks is refused. `options` is what stands behind `begin`. Where the line is lost during the commit, it rejects and may have been done.
 */
export async function inTransaction(maker: Maker, line: Line, options: string, work: Work): Promise<unknown> {
  let over = false;
  let savepoints = 0;
  const send: Send = (statement) => (over ? statement.reject(line.lost ?? new DatabaseError('TRANSACTION_OVER')) : line.send(statement));
  const control = tagTo(maker, line.send);
  const say = (text: string): Promise<{ readonly command?: string }> => control.unsafe(text);

  const scope = async (inner: Work, name: string | null): Promise<unknown> => {
    let failed: { readonly error: unknown } | null = null;
    const note = (error: unknown): void => { failed ??= { error }; };
    const tag = tagTo(maker, (statement: Statement) => {
      statement.catch(note);
      send(statement);
    });
    const savepoint = (first: string | Work, second?: Work): Promise<unknown> => {
      savepoints += 1;
      return scope(typeof first === 'function' ? first : second ?? (() => undefined), `s${savepoints}`);
    };
    const tx = Object.assign(tag, { savepoint, prepare: refusePrepare }) as unknown as TransactionSql;
    if (name !== null) await say(`savepoint ${name}`);
    try {
      const made = await inner(tx);
      const result = Array.isArray(made) ? await Promise.all(made) : made;
      if (failedOf(failed) !== null) throw failedOf(failed)?.error;
      return result;
    } catch (error) {
      // A line that cannot take it back is not used again; its server takes it back when the line is gone.
      await say(name === null ? 'rollback' : `rollback to ${name}`).catch(async () => line.close(new DatabaseError('CONNECTION_CLOSED')));
      throw error instanceof postgres.PostgresError && error.code === '25P02' ? failedOf(failed)?.error ?? error : error;
    }
  };

  const whole = async (): Promise<unknown> => {
    await say(`begin ${options.replace(/[^a-z ]/gi, '')}`);
    const result = await scope(work, null);
    over = true;
    const { command } = await say('commit');
    // PostgreSQL answers so where it undid the transaction instead.
    if (command === 'ROLLBACK') throw new Error('the database undid the transaction');
    return result;
  };

  let forget = (): void => undefined;
  const loss = new Promise<never>((_, reject) => { forget = line.whenLost(reject); });
  try {
    return await Promise.race([whole(), loss]);
  } finally {
    over = true;
    forget();
  }
}

/** What a callback may have set meanwhile, which the compiler does not see. */
function failedOf(failed: { readonly error: unknown } | null): { readonly error: unknown } | null {
  return failed;
}

function refusePrepare(): never {
  throw new TypeError('two-phase commit is not used here');
}
