import type { TransactionSql } from 'postgres';
import { inParts } from '../../store/actFollower.ts';
import { dayOf, textOfDay } from '../../registry/index.ts';
import type { ContentSnapshot } from '../../registry/index.ts';
import { asJson, type AgencyCounts, type Room } from '../parts.ts';
import type { RecertificationView } from '../types.ts';

/** Items made in one transaction. */
const batch = 500;
/** The most bytes of the agreements that stand beside an item, so that it fits into an act. */
const mostAgreements = 12_000;
const nothing: AgencyCounts = { asked: 0, answered: 0, refused: 0, held: 0, lastAsked: null };

/** An item as the act by which it was listed has it. */
export type ListedAgency = readonly [item: number, organisation: string, name: string, evidence: RecertificationView['items'][number]['evidence']];

/** Goes on with items that are not all made, and notes, once each, which re-certifications were not done in time. Returns how many items were made and how many were noted. */
export async function noteRecertifications(room: Room, now: number): Promise<number> {
  const open = await room.sql<{ id: string }[]>`select id from recertification where filled_at is null order by begun_at, id`;
  let made = 0;
  for (const { id } of open) made += await fillOne(room, id);
  return made + (await overdue(room, now));
}

/**
 * Makes the items of a re-certification: one for each organisation with an office that can ask, with the evidence of the year. In batches by a cursor, so that it goes on where it was broken
 * off; while one makes them, others do not. Returns how many were made.
 */
export async function fillOne(room: Room, id: string): Promise<number> {
  const { sql, acts, registry, evidence, now } = room;
  const [row] = await sql<{ owner: string; year: number }[]>`select owner, year from recertification where id = ${id} and filled_at is null`;
  if (row === undefined) return 0;
  const snapshot = await registry();
  const organisations = [...new Set(snapshot.content.offices.filter(({ active }) => active).map(({ organisation }) => organisation))].sort(byCode);
  const counts = await evidence(row.owner, row.year);
  let total = 0;
  for (;;) {
    const made = await sql.begin(async (tx) => {
      const [mark] = await tx<{ filled_to: string }[]>`select filled_to from recertification where id = ${id} and filled_at is null for update skip locked`;
      if (mark === undefined) return null;
      const next = organisations.slice(firstAfter(organisations, mark.filled_to)).slice(0, batch);
      const rows = next.map((organisation) => ({ organisation, name: nameOf(snapshot, organisation), evidence: evidenceOf(snapshot, row.owner, organisation, counts.get(organisation) ?? nothing, now()) }));
      // An item that is there already was decided by an act which did not say its evidence.
      const ids = rows.length === 0 ? [] : await tx<{ id: string; organisation: string }[]>`
        insert into recertification_item ${tx(rows.map(({ organisation, name, evidence: what }) => ({ recertification: id, organisation, name, evidence: tx.json(asJson(what)) })))}
        on conflict (recertification, organisation) do update set name = excluded.name, evidence = excluded.evidence where recertification_item.evidence = '{}' returning id::text, organisation`;
      const full = next.length < batch;
      const numbers = new Map(ids.map((one) => [one.organisation, Number(one.id)]));
      const listed = inParts(rows.flatMap(({ organisation, name, evidence: what }): ListedAgency[] => (numbers.has(organisation) ? [[numbers.get(organisation) ?? 0, organisation, name, what]] : [])));
      for (const [part, some] of listed.entries()) {
        const last = full && part === listed.length - 1;
        await acts.put(tx, { act: 'recertificationListed', owner: row.owner, who: 'clock', on: id, detail: { year: row.year, agencies: some.length, to: some.at(-1)?.[1] ?? next.at(-1) ?? mark.filled_to, all: last ? 'yes' : 'no' }, words: { items: JSON.stringify(some) } });
      }
      await tx`update recertification set filled_to = ${next.at(-1) ?? mark.filled_to}, filled_at = ${full ? new Date(now()) : null} where id = ${id}`;
      return { count: next.length, full };
    });
    total += made?.count ?? 0;
    if (made === null || made.full) return total;
  }
}

/** Closes a re-certification of which nothing is open any more. Whoever decides the last item, and another at the same instant, must not both think that one is open: the row is locked. */
export async function closeIfDone(tx: TransactionSql, { acts, now }: Pick<Room, 'acts' | 'now'>, id: string): Promise<void> {
  await tx`select 1 from recertification where id = ${id} for update`;
  const [row] = await tx<{ owner: string; year: number }[]>`
    update recertification set closed_at = ${new Date(now())} where id = ${id} and closed_at is null and filled_at is not null
      and not exists (select 1 from recertification_item where recertification = ${id} and decision is null) returning owner, year`;
  if (row === undefined) return;
  const [count] = await tx<{ kept: number; reduced: number; removed: number }[]>`
    select count(*) filter (where decision = 'keep')::int as kept, count(*) filter (where decision = 'reduce')::int as reduced, count(*) filter (where decision = 'remove')::int as removed
    from recertification_item where recertification = ${id}`;
  await acts.put(tx, { act: 'recertificationClosed', owner: row.owner, who: 'clock', on: id, detail: { year: row.year, kept: count?.kept ?? 0, reduced: count?.reduced ?? 0, removed: count?.removed ?? 0 } });
}

async function overdue({ sql, acts }: Room, now: number): Promise<number> {
  const at = new Date(now);
  return await sql.begin(async (tx) => {
    const rows = await tx<{ id: string; owner: string; year: number; due_at: Date }[]>`
      update recertification set overdue_at = ${at} where id in (
        select id from recertification where closed_at is null and overdue_at is null and due_at < ${at} order by due_at, id limit 100 for update skip locked)
      returning id, owner, year, due_at`;
    for (const { id, owner, year, due_at: due } of rows) await acts.put(tx, { act: 'recertificationClosed', owner, who: 'clock', on: id, result: 'failed', detail: { year, why: 'overdue', dueAt: due.toISOString() } });
    return rows.length;
  });
}

function evidenceOf({ index }: ContentSnapshot, owner: string, organisation: string, counts: AgencyCounts, now: number): AgencyCounts & { certifications: readonly string[]; agreements: readonly string[] } {
  const today = textOfDay(dayOf(new Date(now)));
  const isNow = (row: { readonly since: string; readonly until: string | null }): boolean => row.since <= today && (row.until === null || row.until >= today);
  return {
    ...counts,
    certifications: (index.certifications.get(organisation) ?? []).filter((row) => (row.owner === owner || row.owner === '*') && isNow(row)).map((row) => `${row.certification} until ${row.until}`),
    agreements: (index.affiliations.get(organisation) ?? []).filter(isNow).map((row) => `${row.kind}${row.detail === null ? '' : ` ${row.detail}`} ${row.from} -> ${row.to}${row.confirmed ? '' : ' (to be confirmed)'}`).filter(fitting(mostAgreements)).slice(0, 50),
  };
}

/** Those that fit together into so many bytes. */
function fitting(most: number): (text: string) => boolean {
  let left = most;
  return (text) => (left -= Buffer.byteLength(text)) >= 0;
}

function nameOf({ index }: ContentSnapshot, organisation: string): string {
  return index.organisations.get(organisation)?.name ?? organisation;
}

function firstAfter(sorted: readonly string[], mark: string): number {
  const at = sorted.findIndex((one) => one > mark);
  return at === -1 ? sorted.length : at;
}

/** As the database compares in the collation C: by code points, of ids that are ASCII. */
function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
