import type { Connection } from 'mysql2/promise';
import type { Slot } from './coalescer.ts';
import { SourceFault } from './fault.ts';
import type { Row } from './layout.ts';
import type { SlotOptions } from './postgres.ts';

const maxPrepared = 256;

/**
 * One MySQL or MariaDB connection, opened at the first statement. The session can only read; statements are prepared by
 * the server, so that no value is ever written into one. Dates stay the text that the database wrote.
 */
export function mysqlSlot(options: SlotOptions): Slot {
  let current: Promise<Connection> | null = null;
  let open: Connection | null = null;
  let used = false;
  let gone = false;

  function drop(): void {
    open?.destroy();
    const pending = current;
    current = null;
    open = null;
    used = false;
    void pending?.then(connection => connection.destroy(), () => undefined);
  }

  async function attempt(statement: string, parameters: readonly (string | null)[]): Promise<readonly Row[]> {
    current ??= connect(options);
    open = await current;
    if (gone) drop();
    const [rows] = await open.execute({ sql: statement, rowsAsArray: true }, [...parameters]);
    used = true;
    return rows as unknown as readonly Row[];
  }

  return {
    async run(statement, parameters) {
      try {
        return await attempt(statement, parameters);
      } catch (error) {
        const fault = mysqlFault(error);
        const stale = fault.lost && used;
        if (fault.lost) drop();
        if (!stale) throw fault;
        try {
          return await attempt(statement, parameters);
        } catch (again) {
          drop();
          throw mysqlFault(again);
        }
      }
    },
    destroy() {
      gone = true;
      drop();
    },
    async close() {
      gone = true;
      const connection = open;
      if (connection === null) { drop(); return; }
      await Promise.race([connection.end().catch(() => undefined), new Promise(resolve => setTimeout(resolve, 1000).unref())]);
      drop();
    },
  };
}

async function connect({ url, timeoutMs }: SlotOptions): Promise<Connection> {
  // Loaded where an owner has such a database: no other start waits for it.
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({
    uri: url, connectTimeout: timeoutMs, dateStrings: true, supportBigNumbers: true, bigNumberStrings: true, multipleStatements: false,
    charset: 'utf8mb4', maxPreparedStatements: maxPrepared, enableKeepAlive: true, jsonStrings: true,
  });
  connection.on('error', () => undefined); // told again by the next statement; without a listener it would end the process
  try {
    await connection.query('set session transaction read only');
    // The two servers name the limit differently; each skips the other's comment.
    await connection.query(`set session wait_timeout = 28800 /*!50708 , max_execution_time = ${Math.trunc(timeoutMs)} */ /*M! , max_statement_time = ${timeoutMs / 1000} */`);
  } catch (error) {
    connection.destroy();
    throw error;
  }
  return connection;
}

const timeouts = new Set([1317, 1969, 3024]);
const refusedValues = new Set([1292, 1366, 1411, 1525]);
const refusedConnections = new Set([1044, 1045, 1049, 1698]);
const unknownNames = new Set([1054, 1064, 1109, 1142, 1143, 1146, 1305, 1347]);

/** The server's own error numbers in our words. Only messages about names are kept: others could repeat a value. */
export function mysqlFault(error: unknown): SourceFault {
  const number = typeof error === 'object' && error !== null && 'errno' in error && typeof error.errno === 'number' ? error.errno : 0;
  if (timeouts.has(number)) return new SourceFault('timeout', 'the database gave the statement up', { counts: true });
  if (refusedValues.has(number)) return new SourceFault('misconfigured', `the database refused a value (${number})`, { data: true });
  if (unknownNames.has(number)) return new SourceFault('misconfigured', `${error instanceof Error ? error.message : 'a name is unknown'} (${number})`);
  if (refusedConnections.has(number)) return new SourceFault('misconfigured', `the database refused the connection (${number})`, { counts: true, lost: true });
  return new SourceFault('down', number >= 1000 ? `the database failed (${number})` : 'the database cannot be reached', { counts: true, lost: true });
}
