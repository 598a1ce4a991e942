import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { ReservedSql } from 'postgres';

/**
 * Sends rows, each a line in COPY's text format without its end, and waits where the database is slower.
 * Rejects where the database refuses them or goes away.
 */
export async function copyIn(tx: ReservedSql, table: string, rows: readonly string[]): Promise<void> {
  if (rows.length === 0) return;
  const stream: Writable = await tx.unsafe(`copy ${table} from stdin`).writable();
  const broken = new Promise<never>((_resolve, reject) => {
    stream.once('error', reject);
  });
  broken.catch(() => undefined); // heard in the races below
  for (let i = 0; i < rows.length; i += 200) {
    if (!stream.write(`${rows.slice(i, i + 200).join('\n')}\n`)) await Promise.race([once(stream, 'drain'), broken]);
  }
  const finished = once(stream, 'finish');
  stream.end();
  // The driver does not tell of an error that comes after the end was sent: its stream would wait for ever. A statement sent
  // behind the copy tells: in a failed transaction it is refused. Everything is written by now, so one turn of the loop
  // puts the end of the copy before it.
  await setImmediate();
  await Promise.race([tx`select 1`, broken]);
  await finished;
}
