import { DuckDBTypeId, StatementType, type DuckDBType } from '@duckdb/node-api';
import { sqlText } from './engine.ts';
import { openConnected, type SessionOptions } from './session.ts';
import { ArchiveError, type ArchiveSession } from './types.ts';
import { plainRows } from './values.ts';

export interface Answered {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** There are more rows than were wanted. */
  readonly more: boolean;
}

/** A reading that takes statements of its user: one that only reads, over the views, and of no file but those of the data set. */
export interface Asking {
  readonly session: ArchiveSession;
  /** Runs a statement, and gives at most `limit` rows, times as RFC 3339. Throws `ARCHIVE_QUESTION` where it is none, or would do more than read. */
  ask(sql: string, limit: number): Promise<Answered>;
  close(): Promise<void>;
}

/** Opens a reading for statements of users. The engine refuses other files, settings and extensions from then on, whatever is asked. */
export async function openAsking(options: Omit<SessionOptions, 'engine'>): Promise<Asking> {
  const { session, connection } = await openConnected(options);
  try {
    // What is counted at the edges of the period is counted now.
    await session.query('SELECT n FROM totals LIMIT 0');
    const folder = options.folder.endsWith('/') ? options.folder : `${options.folder}/`;
    // A pattern that stands for the folder is held against the list as it is written.
    const places = [...new Set([folder, folder.replaceAll(/[[*?]/g, (sign) => `[${sign}]`)])];
    await connection.run(`SET allowed_directories = [${places.map(sqlText).join(', ')}]`);
    for (const setting of ['SET enable_external_access = false', 'SET lock_configuration = true']) await connection.run(setting);
  } catch (error) {
    await session.close();
    throw error;
  }
  return {
    session,
    ask: async (sql, limit) => {
      try {
        const statements = await connection.extractStatements(sql);
        if (statements.count !== 1) throw new ArchiveError('ARCHIVE_QUESTION', `one statement is wanted, and ${statements.count} were given`);
        const prepared = await statements.prepare(0);
        if (prepared.statementType !== StatementType.SELECT) throw new ArchiveError('ARCHIVE_QUESTION', 'only statements that read are taken: SELECT, or WITH … SELECT');
        const result = await prepared.stream();
        const types: readonly DuckDBType[] = result.columnTypes();
        const columns = result.deduplicatedColumnNames();
        const times = columns.filter((_, at) => types[at]?.typeId === DuckDBTypeId.TIMESTAMP);
        const rows: Record<string, unknown>[] = [];
        while (rows.length <= limit) {
          const chunk = await result.fetchChunk();
          if (chunk === null || chunk.rowCount === 0) break;
          rows.push(...plainRows(chunk.getRows(), columns, types).map((row) => readable(row as Record<string, unknown>, times)));
        }
        return { columns, rows: rows.slice(0, limit), more: rows.length > limit };
      } catch (error) {
        if (error instanceof ArchiveError) throw error;
        throw new ArchiveError('ARCHIVE_QUESTION', (error instanceof Error ? error.message : String(error)).replace(/^Failed to extract statements: /, '').trim(), { cause: error });
      }
    },
    close: () => session.close(),
  };
}

/** Times as RFC 3339, for people. */
function readable(row: Record<string, unknown>, times: readonly string[]): Record<string, unknown> {
  for (const name of times) if (typeof row[name] === 'number') row[name] = new Date(row[name]).toISOString();
  return row;
}
