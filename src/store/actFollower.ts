import type { Sql, TransactionSql } from 'postgres';
import type { ActEntry } from '../model/index.ts';
import type { JournalReader } from './journalReader.ts';

/** What makes rows out of acts. */
export interface ActFollower {
  /** The name of its watermark in the table `projection`. */
  readonly name: string;
  /** The words of the acts that it reads; of others not even the text is parsed. */
  readonly acts: readonly string[];
  /** Whether an act that was refused or failed is read too. */
  readonly failed?: boolean;
  /** Takes over what one act says where the rows do not have it. The same act may come twice, and one whose row was written when it was done comes once at least. */
  apply(tx: TransactionSql, act: ActEntry): Promise<void>;
}

/** How many acts are taken over in one transaction. */
const pileSize = 200;

/**
 * Reads the ledger from the watermark on, and makes the rows again that a lost database, or one from an older copy, does not have. The watermark moves in the same transaction as what was
 * taken over, so that a reading which is ended at any instant goes on where it was; one process at a time writes, and another finds nothing left to do. Returns how many acts were read.
 */
export async function followActs(sql: Sql, journal: JournalReader, follower: ActFollower): Promise<number> {
  const { name, acts, failed = false } = follower;
  const [mark] = await sql<{ watermark: string }[]>`select watermark from projection where name = ${name}`;
  const from = Number(mark?.watermark ?? 0);
  const end = journal.size;
  if (end <= from) return 0;
  const words = acts.map((act) => `"act":"${act}"`);
  let read = 0;
  let since = from;
  let pile: ActEntry[] = [];
  const write = async (to: number): Promise<void> => {
    await takeOver(sql, follower, pile, since, to);
    [since, pile] = [to, []];
  };
  for await (const { index, entry } of journal.read(from, { end, types: ['act'], where: (text) => text.includes('"type":"act"') && words.some((word) => text.includes(word)) })) {
    if (!isAct(entry) || !acts.includes(entry.act) || (entry.result !== 'done' && !failed)) continue;
    read += pile.push(entry) > 0 ? 1 : 0;
    if (pile.length >= pileSize) await write(index + 1);
  }
  await write(end);
  return read;
}

/** Text of the open part of an act; empty where there is none. */
export function detailText({ detail }: ActEntry, name: string): string {
  return String(detail?.[name] ?? '');
}

/** A whole number of the open part of an act; null where there is none. */
export function detailNumber({ detail }: ActEntry, name: string): number | null {
  const value = detail?.[name];
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

/**
 * Rows in groups that each fit into the words of one act: an entry of the ledger has at most 65,535 bytes, of which sealing takes a third. A row that is larger stands alone. Never
 * no group at all.
 */
export function inParts<T>(rows: readonly T[], most = 24_000): readonly (readonly T[])[] {
  const parts: T[][] = [[]];
  let bytes = 0;
  for (const row of rows) {
    const size = Buffer.byteLength(JSON.stringify(row)) + 1;
    if (bytes + size > most && bytes > 0) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(row);
    bytes += size;
  }
  return parts;
}

async function takeOver(sql: Sql, follower: ActFollower, acts: readonly ActEntry[], since: number, to: number): Promise<void> {
  const { name } = follower;
  // Most turns find no act: then only the watermark moves, and only from where this reading began.
  if (acts.length === 0 && since > 0) {
    await sql`update projection set watermark = ${to} where name = ${name} and watermark = ${since}`;
    return;
  }
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended(${`projection ${name}`}, 0))`;
    const [mark] = await tx<{ watermark: string }[]>`select watermark from projection where name = ${name}`;
    const at = Number(mark?.watermark ?? 0);
    // Another process read on meanwhile; or the rows were lost once more, and the next reading begins anew.
    if (at !== since) return;
    for (const act of acts) await follower.apply(tx, act);
    await tx`insert into projection (name, watermark) values (${name}, ${to}) on conflict (name) do update set watermark = excluded.watermark`;
  });
}

function isAct(entry: unknown): entry is ActEntry {
  const one = entry as Partial<ActEntry> | null;
  return one?.type === 'act' && typeof one.act === 'string' && typeof one.at === 'string' && typeof one.owner === 'string';
}
