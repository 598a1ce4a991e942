import postgres from 'postgres';
import { arrayTypes, openPool } from './driver/index.ts';

/** A pool of connections; a tagged template that runs a statement. */
export type Sql = postgres.Sql;

export interface ConnectOptions {
  /** Connections at most; 10 unless told. */
  readonly max?: number;
  /** Milliseconds that what is asked waits for a free connection; 30 s unless told. */
  readonly freeWithin?: number;
}

/**
 * Opens a pool on a PostgreSQL. Connects at the first statement; gives up an attempt after 5 s. Notices go nowhere. Rejects with `DatabaseError` where a connection is lost or none is to be had, and
 * with the driver's own errors otherwise; `isDatabaseAway` tells both from a fault of ours.
 */
export function connect(url: string, { max = 10, freeWithin = 30_000 }: ConnectOptions = {}): Sql {
  const maker = postgres(url, {
    connect_timeout: 5,
    onnotice: () => undefined,
    connection: { application_name: 'weir' },
    types: arrayTypes,
  });
  return openPool(maker, { max, openWithin: 6_000, freeWithin });
}
