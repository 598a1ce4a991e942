import type { TransactionSql } from 'postgres';
import { inquiryId } from '../exchange/ids.ts';
import type { ActEntry, Entry } from '../model/index.ts';
import { ledgerChannel } from '../store/outbox.ts';
import { json } from './parts.ts';

/** Puts entries into the outbox of the ledger with one statement, in the caller's transaction: `putEntry` for many. Gives the row of each by the id of its entry. */
export async function putEntries(tx: TransactionSql, entries: readonly Entry[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx<{ id: string; entry: string }[]>`
    insert into ledger_outbox (entry) select one from json_array_elements(${json(tx, entries)}::json) with ordinality as e(one, place) order by place returning id, entry->>'id' as entry`;
  await tx`select pg_notify(${ledgerChannel}, '')`;
  return new Map(rows.map(({ id, entry }) => [entry, id]));
}

/** What the clock did to a request. */
export interface Lapse {
  readonly owner: string;
  readonly ticket: string;
  readonly detail: Readonly<Record<string, string | number>>;
  readonly at: number;
}

/** The acts of the clock, as `Acts.put` writes them, with two statements for all: its words are none of a person, so nothing is sealed. */
export async function putLapses(tx: TransactionSql, lapses: readonly Lapse[]): Promise<void> {
  if (lapses.length === 0) return;
  const entries = lapses.map(({ owner, ticket, detail, at }): ActEntry => ({
    type: 'act', v: 1, id: `act-${inquiryId(at)}`, at: new Date(at).toISOString(), act: 'heldLapsed', who: 'clock', role: null, on: ticket, result: 'done', hash: null, detail, sealed: null, owner,
  }));
  await putEntries(tx, entries);
  await tx`
    insert into act (id, at, owner, act, who, about, result, detail)
    select a.id, a.at, a.owner, a.act, a.who, a."on", a.result, a.detail
    from json_to_recordset(${json(tx, entries)}::json) as a(id text, at timestamptz, owner text, act text, who text, "on" text, result text, detail json) on conflict (id) do nothing`;
}
