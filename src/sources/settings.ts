import { readFile } from 'node:fs/promises';
import { SourcesError } from './errors.ts';

/** Where a source is, and how to prove to it who we are. `ca`, `cert` and `key` are paths to PEM files, for https. */
export interface Connection {
  readonly url: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** How the sources behave. Whatever is absent has the default of `docs/sources.md`. */
export interface SourceSettings {
  /** By the names that mappings use. A name that is absent here is looked for in the environment as `WEIR_CONNECTION_NAME`. */
  readonly connections?: Readonly<Record<string, string | Connection>>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs?: number;
  readonly slots?: number;
  readonly searchSlots?: number;
  readonly batch?: number;
  readonly concurrent?: number;
  readonly queue?: number;
  /** For HTTP: the longest body that is read. */
  readonly maxBytes?: number;
  readonly breaker?: { readonly failures?: number; readonly minMs?: number; readonly maxMs?: number };
  readonly random?: () => number;
  readonly now?: () => number;
}

export const defaults = {
  timeoutMs: 2000, slots: 2, searchSlots: 2, batch: 64, concurrent: 512, queue: 4096, maxBytes: 16 * 1024 * 1024,
  breaker: { failures: 5, minMs: 250, maxMs: 30_000 },
} as const;

/** A connection with its files read. The address may hold a password: it goes to the driver and nowhere else. */
export interface OpenConnection {
  readonly url: string;
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}

/** Finds the connection that a mapping names. Throws a `SourcesError` that repeats no address. */
export async function resolveConnection(name: string, settings: SourceSettings): Promise<OpenConnection> {
  const environment = settings.environment ?? process.env;
  const variable = name.startsWith('env:') ? name.slice(4) : `WEIR_CONNECTION_${name.toUpperCase().replaceAll('-', '_')}`;
  const own = settings.connections !== undefined && Object.hasOwn(settings.connections, name) ? settings.connections[name] : undefined;
  const found = own ?? environment[variable];
  if (found === undefined || found === '') {
    const where = name.startsWith('env:') ? `the environment has no ${variable}` : `the settings name no connection \`${name}\`, and the environment has no ${variable}`;
    throw new SourcesError('CONNECTION_UNKNOWN', where);
  }
  const connection: Connection = typeof found === 'string' ? { url: found } : found;
  if (!URL.canParse(connection.url)) throw new SourcesError('CONNECTION_INVALID', `the address of the connection \`${name}\` is not a URL`);
  return { url: connection.url, ca: await pem(connection.ca, name), cert: await pem(connection.cert, name), key: await pem(connection.key, name) };
}

async function pem(path: string | undefined, name: string): Promise<string | null> {
  if (path === undefined) return null;
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new SourcesError('CONNECTION_INVALID', `a certificate or key file of the connection \`${name}\` cannot be read`);
  }
}
