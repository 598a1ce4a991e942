import postgres from 'postgres';

/** A pool of connections; a tagged template that runs a statement. */
export type Sql = postgres.Sql;

export interface ConnectOptions {
  /** Connections at most; 10 unless told. */
  readonly max?: number;
}

/** Opens a pool on a PostgreSQL. Connects at the first statement; gives up an attempt after 5 s. Notices go nowhere. */
export function connect(url: string, options: ConnectOptions = {}): Sql {
  return postgres(url, {
    max: options.max ?? 10,
    connect_timeout: 5,
    onnotice: () => undefined,
    connection: { application_name: 'weir' },
  });
}
