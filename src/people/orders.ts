import type { Confirmations } from '../exchange/ports.ts';
import type { Sql } from '../store/index.ts';
import { courtClasses, isJurisdiction, type CourtClass } from '../vocabulary/index.ts';

import { PeopleError } from './errors.ts';
import { follow, lookEvery } from '../store/follow.ts';

/** A warrant or order that an owner confirmed with the court. It counts for that owner alone. */
export interface CourtOrder {
  readonly owner: string;
  readonly number: string;
  /** SHA-256 of the document, where the owner has it. */
  readonly documentHash: string | null;
  readonly court: Exclude<CourtClass, 'notStated'>;
  /** Who at the owner confirmed it. */
  readonly confirmedBy: string;
  readonly confirmedAt: Date;
  readonly expiresAt: Date | null;
}

export type NewOrder = Omit<CourtOrder, 'confirmedAt' | 'court'> & { readonly court: string };

/** Confirmations in memory, which follow the table. */
export interface LiveConfirmations extends Confirmations {
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Records that the owner confirmed a paper. One number of an owner can be confirmed anew, and then what is said last counts. */
export async function confirmOrder(sql: Sql, order: NewOrder): Promise<void> {
  const { owner, number, documentHash, court, confirmedBy, expiresAt } = checked(order);
  await sql`
    insert into court_order (owner, number, document_hash, court, confirmed_by, expires_at)
    values (${owner}, ${number}, ${documentHash}, ${court}, ${confirmedBy}, ${expiresAt})
    on conflict (owner, number) do update set document_hash = excluded.document_hash, court = excluded.court,
      confirmed_by = excluded.confirmed_by, confirmed_at = now(), expires_at = excluded.expires_at`;
}

/** Ends a confirmation now. Returns false where there is none in force. */
export async function withdrawOrder(sql: Sql, owner: string, number: string): Promise<boolean> {
  const done = await sql`
    update court_order set expires_at = now()
    where owner = ${owner.toUpperCase()} and number = ${plainNumber(number)} and (expires_at is null or expires_at > now())`;
  return done.count === 1;
}

/** The orders of an owner, or of all, newest first, ended ones included. */
export async function listOrders(sql: Sql, owner?: string): Promise<CourtOrder[]> {
  return await sql<CourtOrder[]>`
    select owner, number, document_hash as "documentHash", court, confirmed_by as "confirmedBy", confirmed_at as "confirmedAt", expires_at as "expiresAt"
    from court_order ${owner === undefined ? sql`` : sql`where owner = ${owner.toUpperCase()}`} order by confirmed_at desc, owner, number`;
}

/** What the exchange asks: from memory, within a second of a change. */
export async function openConfirmations(sql: Sql, now: () => number = Date.now): Promise<LiveConfirmations> {
  let byNumber = new Map<string, CourtOrder>();
  let byHash = new Map<string, CourtOrder>();
  const live = await follow(sql, 'weir_court_order', async () => {
    const orders = await listOrders(sql);
    byNumber = new Map(orders.map((order) => [`${order.owner} ${order.number}`, order]));
    byHash = new Map([...orders].reverse().filter(isInForce(now())).flatMap((order) => order.documentHash === null ? [] : [[`${order.owner} ${order.documentHash}`, order]]));
  }, { every: lookEvery });
  return {
    /** The number decides where it is given, and a hash that contradicts it undoes it; a hash alone is enough as well. */
    court(owner, number, documentHash) {
      const order = number !== null ? byNumber.get(`${owner} ${plainNumber(number)}`) : documentHash !== null ? byHash.get(`${owner} ${documentHash.toLowerCase()}`) : undefined;
      if (order === undefined || !isInForce(now())(order)) return null;
      const contradicted = documentHash !== null && order.documentHash !== null && order.documentHash !== documentHash.toLowerCase();
      return contradicted ? null : order.court;
    },
    refresh: () => live.refresh(),
    close: () => live.close(),
  };
}

function isInForce(at: number): (order: CourtOrder) => boolean {
  return ({ expiresAt }) => expiresAt === null || expiresAt.getTime() > at;
}

/** Numbers are written in many ways: without spaces and in upper case they are compared. */
function plainNumber(number: string): string {
  return number.replace(/\s+/g, '').toUpperCase();
}

function checked(order: NewOrder): Omit<CourtOrder, 'confirmedAt'> {
  const wrong = (message: string, mend: string): PeopleError => new PeopleError('PEOPLE_ORDER', message, mend);
  const owner = order.owner.toUpperCase();
  const number = plainNumber(order.number);
  const { court } = order;
  const documentHash = order.documentHash?.toLowerCase() ?? null;
  if (!isJurisdiction(owner)) throw wrong('the owner is not one of the 56 jurisdictions', 'Give two letters, such as WA.');
  if (!/^[!-~]{1,64}$/.test(number)) throw wrong('the number of the order is empty, too long or has strange characters', 'Give the number on the paper, up to 64 letters, digits and signs.');
  if (!isCourt(court)) throw wrong('the kind of court is not known', `Give one of ${Object.keys(courtClasses).filter((one) => one !== 'notStated').join(', ')}.`);
  if (documentHash !== null && !/^[0-9a-f]{64}$/.test(documentHash)) throw wrong('the hash is not a SHA-256', 'Give 64 hexadecimal digits, as sha256sum prints them.');
  const confirmedBy = order.confirmedBy.trim().slice(0, 100);
  if (confirmedBy === '') throw wrong('nobody is named who confirmed it', 'Name the person or desk at the owner with --by.');
  return { owner, number, documentHash, court, confirmedBy, expiresAt: order.expiresAt };
}

function isCourt(text: string): text is Exclude<CourtClass, 'notStated'> {
  return Object.hasOwn(courtClasses, text) && text !== 'notStated';
}
