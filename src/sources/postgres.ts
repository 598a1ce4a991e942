import postgres, { type Sql } from 'postgres';
import { SourceFault } from './fault.ts';
import type { Slot } from './coalescer.ts';

/** What a slot of either dialect is opened with. */
export interface SlotOptions {
  readonly url: string;
  /** The database gives a statement up after so many milliseconds. */
  readonly timeoutMs: number;
  /** True for searches, whose best plan depends on the words that are searched for. */
  readonly search: boolean;
}

const maxPrepared = 256;
const connectionLifeSeconds = 1800;

/**
 * One PostgreSQL connection, opened at the first statement. The session can only read. Exact look-ups are planned once
 * (`force_generic_plan`: measured 2 × at one look-up a statement). Dates stay the text that the database wrote.
 * Only `url` may hold a secret, and no fault repeats it.
 */
export function postgresSlot(options: SlotOptions): Slot {
  let sql = connect(options);
  let prepared = new Set<string>();
  let used = false;

  function renew(): void {
    void sql.end({ timeout: 0 });
    sql = connect(options);
    prepared = new Set();
    used = false;
  }

  return {
    async run(statement, parameters) {
      if (!prepared.has(statement) && prepared.size >= maxPrepared) renew(); // statements are never forgotten by a connection
      prepared.add(statement);
      try {
        return await attempt();
      } catch (error) {
        const fault = postgresFault(error);
        if (!fault.lost || !used) throw fault;
        renew(); // an idle connection that the server has closed since: look-ups change nothing, so ask once more
        try {
          return await attempt();
        } catch (again) {
          throw postgresFault(again);
        }
      }

      async function attempt(): Promise<readonly unknown[][]> {
        const rows = await sql.unsafe(statement, parameters as (string | null)[], { prepare: true }).values();
        used = true;
        return rows;
      }
    },
    destroy() {
      void sql.end({ timeout: 0 });
    },
    async close() {
      await sql.end({ timeout: 1 });
    },
  };
}

const asWritten = { serialize: String, parse: (text: string): string => text };

function connect({ url, timeoutMs, search }: SlotOptions): Sql {
  return postgres(url, {
    max: 1,
    fetch_types: false,
    connect_timeout: Math.max(1, Math.ceil(timeoutMs / 1000)),
    max_lifetime: connectionLifeSeconds,
    backoff: () => 0.2,
    onnotice: () => undefined,
    types: { date: { to: 1082, from: [1082, 1114, 1184], ...asWritten }, json: { to: 114, from: [114, 3802], serialize: asWritten.serialize, parse: (text: string): unknown => JSON.parse(text) } },
    connection: {
      application_name: 'weir',
      statement_timeout: timeoutMs,
      default_transaction_read_only: true,
      plan_cache_mode: search ? 'force_custom_plan' : 'force_generic_plan',
      max_parallel_workers_per_gather: 0,
      jit: false,
    },
  });
}

/** PostgreSQL's own code (appendix A of its manual) in our words. A message of class 22 could repeat a value, so none is kept. */
export function postgresFault(error: unknown): SourceFault {
  const code = typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (!/^[0-9A-Z]{5}$/.test(code) || !(error instanceof postgres.PostgresError)) return new SourceFault('down', 'the database cannot be reached', { counts: true, lost: true });
  if (code === '57014') return new SourceFault('timeout', 'the database gave the statement up', { counts: true });
  switch (code.slice(0, 2)) {
    case '22': return new SourceFault('misconfigured', `the database refused a value (${code})`, { data: true });
    case '42':
    case '3F':
    case '0A': return new SourceFault('misconfigured', `${error.message} (${code})`);
    case '28':
    case '3D': return new SourceFault('misconfigured', `the database refused the connection (${code})`, { counts: true, lost: true });
    default: return new SourceFault('down', `the database failed (${code})`, { counts: true, lost: true });
  }
}
