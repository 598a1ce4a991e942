import type { JSONValue, Sql, TransactionSql } from 'postgres';
import { JournalError } from '../exchange/errors.ts';
import type { Entry, SystemEntry } from '../model/index.ts';
import type { Recorded } from '../exchange/ports.ts';

/** Told when the outbox has something new, and when something of it was recorded. */
export const ledgerChannel = 'weir_ledger';

/** What makes entries durable: the ledger of whoever runs the exchange. */
type Append = (entries: readonly Entry[]) => Promise<readonly Recorded[]>;

interface Row {
  readonly id: string;
  readonly at: Date;
  readonly event: SystemEntry['event'] | null;
  readonly subject: string;
  readonly hash: string | null;
  readonly detail: SystemEntry['detail'];
  readonly entry: Entry | null;
}

/** How many rows are recorded in one transaction. */
const most = 500;

/**
 * Records what waits in the outbox, in order, and notes of each where it stands. What was recorded and not noted, because the process ended in
 * between, is recorded again: a fact may stand twice and is never lost. An entry that the ledger cannot take at all is marked as refused. Returns how many were recorded.
 */
export async function drainOutbox(sql: Sql, append: Append): Promise<number> {
  let total = 0;
  for (;;) {
    const done = await sql.begin(async (tx) => {
      const rows = await tx<Row[]>`
        select id, at, event, subject, hash, detail, entry from ledger_outbox where recorded_at is null and refused is null order by id limit ${most} for update skip locked`;
      if (rows.length === 0) return 0;
      const places = await record(rows, append);
      await tx`
        update ledger_outbox o set recorded_at = case when r.refused is null then now() end, recorded = r.recorded, refused = r.refused
        from json_to_recordset(${tx.json(places as unknown as JSONValue)}::json) as r(id bigint, recorded json, refused text) where o.id = r.id`;
      await tx`select pg_notify(${ledgerChannel}, '')`;
      return rows.length;
    });
    total += done;
    if (done < most) return total;
  }
}

interface Place {
  readonly id: string;
  readonly recorded: Recorded | null;
  readonly refused: string | null;
}

/**
 * All at once; where the ledger does not take them so, one by one, so that an entry that it can never take holds up no other. What says that the ledger itself cannot
 * write is no fault of an entry: it is thrown, and everything waits.
 */
async function record(rows: readonly Row[], append: Append): Promise<readonly Place[]> {
  try {
    const recorded = await append(rows.map(entryOf));
    return rows.map(({ id }, i) => ({ id, recorded: recorded[i] ?? null, refused: null }));
  } catch (error) {
    const why = faultOf(error);
    if (why === null) throw error;
    const [only] = rows;
    if (rows.length === 1 && only !== undefined) return [{ id: only.id, recorded: null, refused: why }];
    const places: Place[] = [];
    for (const row of rows) places.push(...await record([row], append));
    return places;
  }
}

/** Why an entry can never be recorded; null where the ledger cannot record anything now. */
function faultOf(error: unknown): string | null {
  if (error instanceof TypeError || error instanceof RangeError) return error.name;
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return null;
  return error instanceof JournalError && error.code !== 'JOURNAL_TOO_LARGE' ? null : error.code;
}

/** Puts an event into the outbox, once for its key. The caller's transaction may hold it back. */
export async function putEvent(sql: Sql | TransactionSql, key: string | null, { event, subject, hash, detail }: Pick<SystemEntry, 'event' | 'subject' | 'hash' | 'detail'>): Promise<void> {
  await sql`
    insert into ledger_outbox (key, event, subject, hash, detail) values (${key}, ${event}, ${subject}, ${hash}, ${detail === null ? null : sql.json(detail)})
    on conflict (key) do nothing`;
  await sql`select pg_notify(${ledgerChannel}, '')`;
}

/** Puts a whole entry into the outbox, in the caller's transaction: whoever runs the exchange records it as soon as that is committed. */
export async function putEntry(sql: Sql | TransactionSql, entry: Entry): Promise<string> {
  const [row] = await sql<{ id: string }[]>`insert into ledger_outbox (entry) values (${sql.json(entry as unknown as JSONValue)}) returning id`;
  await sql`select pg_notify(${ledgerChannel}, '')`;
  return row?.id ?? '';
}

/**
 * Has whole entries recorded by the exchange that runs, and waits for it, `patience` milliseconds. Null where it did not in that time: the entries are then
 * taken back, so that nothing is recorded which the caller gave up.
 */
export async function recordThroughOutbox(sql: Sql, entries: readonly Entry[], patience = 10_000): Promise<readonly Recorded[] | null> {
  const ids = await sql.begin(async (tx) => {
    const made: string[] = [];
    for (const entry of entries) {
      const [row] = await tx<{ id: string }[]>`insert into ledger_outbox (entry) values (${tx.json(entry as unknown as JSONValue)}) returning id`;
      made.push(row?.id ?? '');
    }
    await tx`select pg_notify(${ledgerChannel}, '')`;
    return made;
  });
  const until = Date.now() + patience;
  for (;;) {
    const rows = await sql<{ id: string; recorded: Recorded | null }[]>`select id, recorded from ledger_outbox where id = any(${ids}::bigint[]) order by id`;
    const recorded = rows.flatMap((row) => (row.recorded === null ? [] : [row.recorded]));
    if (recorded.length === ids.length) return recorded;
    if (Date.now() > until) {
      const taken = await sql`delete from ledger_outbox where id = any(${ids}::bigint[]) and recorded_at is null`;
      if (taken.count > 0) return null;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function entryOf({ id, at, event, subject, hash, detail, entry }: Row): Entry {
  if (event === null) {
    if (entry === null) throw new Error(`row ${id} of the outbox is empty`);
    return entry;
  }
  return { type: 'system', v: 1, id: `outbox-${id}`, at: at.toISOString(), event, subject, hash, detail };
}
