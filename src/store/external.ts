import { connect, type Sql } from './connect.ts';
import { StoreError } from './errors.ts';

/** The oldest PostgreSQL that Weir is meant for, as `server_version_num` counts. */
const oldestServer = 140_000;
const patience = 5_000;

/** Connects to a PostgreSQL of the operator, and sees within 5 s that it answers. No message holds the password. */
export async function openExternal(url: string, max?: number): Promise<Sql> {
  const where = placeOf(url);
  const sql = connect(url, max === undefined ? {} : { max });
  try {
    const version = await Promise.race([serverVersion(sql), late()]);
    if (version < oldestServer) {
      throw new StoreError('STORE_UNREACHABLE', `the PostgreSQL at ${where} is too old (${Math.floor(version / 10_000)})`, 'Weir needs PostgreSQL 14 or newer.');
    }
    return sql;
  } catch (error) {
    void sql.end({ timeout: 0 }).catch(() => undefined);
    throw error instanceof StoreError ? error : unreachable(error, where);
  }
}

async function serverVersion(sql: Sql): Promise<number> {
  const [row] = await sql<{ version: string }[]>`select current_setting('server_version_num') as version`;
  return Number(row?.version ?? 0);
}

function late(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => { reject(Object.assign(new Error('no answer'), { code: 'CONNECT_TIMEOUT' })); }, patience).unref();
  });
}

/** Host, port and database without user and password. */
function placeOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw new StoreError('STORE_URL', 'DATABASE_URL is not the address of a PostgreSQL', 'It looks like postgres://user:password@host:5432/weir.');
  }
  return `${url.host === '' ? 'localhost' : url.host}${url.pathname}`;
}

const reasons: Readonly<Record<string, readonly [string, string]>> = {
  ECONNREFUSED: ['nothing listens there', 'Start it, or correct DATABASE_URL.'],
  ENOTFOUND: ['there is no host of that name', 'Correct the host in DATABASE_URL.'],
  EAI_AGAIN: ['the name of the host cannot be looked up', 'See that name service works, or correct the host in DATABASE_URL.'],
  CONNECT_TIMEOUT: ['no answer within 5 s', 'See that it runs and that no firewall is in between, or correct DATABASE_URL.'],
  '28P01': ['it refuses the user or the password', 'Correct them in DATABASE_URL.'],
  '28000': ['it does not let this user in from here', 'Correct DATABASE_URL, or the server\'s pg_hba.conf.'],
  '3D000': ['there is no such database', 'Make it with `createdb`, or correct the name in DATABASE_URL.'],
  '53300': ['it has no free connection', 'Raise max_connections, or end other sessions.'],
};

function unreachable(error: unknown, where: string): StoreError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [why, mend] = reasons[code] ?? [error instanceof Error && error.message !== '' ? error.message : 'the connection failed', 'See that it runs, or correct DATABASE_URL.'];
  return new StoreError('STORE_UNREACHABLE', `the database at ${where} cannot be used: ${why}`, mend, { cause: error });
}
