import { migrate, openStore, schemaStatus, StoreError, type Sql, type Store } from '../store/index.ts';
import { exitCodes, VerbError, type CommonOptions } from './verb.ts';

/**
 * Gives `work` the open store, its schema up to date, and closes it after. While a server runs on the data folder its PostgreSQL
 * is used, else the embedded one is started and stopped again, or that of `DATABASE_URL` is used.
 * The schema of an external database is never changed by the way: servers of another version may be using it.
 */
export async function withStore<T>(options: CommonOptions, work: (store: { readonly sql: Sql; readonly folder: string }) => Promise<T>): Promise<T> {
  return await withOpenStore(options, async (store) => {
    if (store.embedded) await migrate(store.sql);
    else if ((await schemaStatus(store.sql)).pending.length > 0) {
      throw new VerbError(exitCodes.environment, 'the database lacks steps of the schema', 'Run `weir store migrate`, or `weir start`, which does it too.');
    }
    return await work({ sql: store.sql, folder: store.folder });
  });
}

/** The same without a look at the schema. */
export async function withOpenStore<T>(options: CommonOptions, work: (store: Store) => Promise<T>): Promise<T> {
  let store: Store | null = null;
  try {
    store = await openStore({
      ...(options.data === undefined ? {} : { data: options.data }),
      say: (line) => { if (options.quiet !== true) process.stderr.write(`${line}\n`); },
    });
    return await work(store);
  } catch (error) {
    throw inWords(error);
  } finally {
    await store?.stop();
  }
}

/** A fault of the store as a verb tells it; anything else passes. */
export function inWords(error: unknown): unknown {
  return error instanceof StoreError ? new VerbError(exitCodes.environment, error.message, error.mend, { cause: error }) : error;
}
