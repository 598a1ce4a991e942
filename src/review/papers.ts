import type { TransactionSql } from 'postgres';
import { createHash } from 'node:crypto';
import { mayOpen } from './opening.ts';
import { ticketNumber } from './numbers.ts';
import { paperFiles } from './paperFiles.ts';
import { recorded, unknownTicket, wrongState, type Parts } from './parts.ts';
import { isOpen, lockTicket } from './rows.ts';
import { HeldError, type Asker, type Paper, type Reviewer } from './types.ts';

/** The most bytes of one paper, and the most papers of one request. */
export const mostPaperBytes = 10 * 1024 * 1024;
export const mostPapers = 10;

/**
 * Keeps a paper of the asker's: encrypted on the disk before its row and its act are committed, never parsed beyond its first and last bytes, never rendered. What is not taken is an act too.
 * Throws `HELD_UNKNOWN`, `HELD_STATE` and `HELD_PAPER`; the bytes are the asker's.
 */
export async function addPaper(parts: Parts, owner: string, ticket: string, bytes: Uint8Array, asker: Asker): Promise<Paper> {
  try {
    const wrong = wrongPaper(bytes);
    if (wrong !== null) throw refused(wrong);
    return await keep(parts, owner, ticket, bytes, asker);
  } catch (error) {
    if (error instanceof HeldError && error.code !== 'HELD_UNKNOWN') {
      const { code } = error;
      await parts.sql.begin((tx) => parts.acts.put(tx, { act: 'paperRefused', owner, who: asker.who, role: asker.role, on: ticket, result: 'refused', detail: { code, bytes: bytes.length } }));
    }
    throw error;
  }
}

/** Why these bytes are not taken; null where they look like a PDF. Its name and what was said of its type count for nothing. */
export function wrongPaper(bytes: Uint8Array): string | null {
  if (bytes.length > mostPaperBytes) return `it is larger than ${mostPaperBytes / 1024 / 1024} MiB`;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!/^%PDF-(?:1\.[0-7]|2\.0)/.test(view.subarray(0, 8).toString('latin1'))) return 'it does not begin as a PDF does';
  return view.subarray(-1_024).includes('%%EOF') ? null : 'it does not end as a PDF does';
}

async function keep(parts: Parts, owner: string, ticket: string, bytes: Uint8Array, asker: Asker): Promise<Paper> {
  const id = ticketNumber('P');
  const hash = createHash('sha256').update(bytes).digest('hex');
  const at = parts.now();
  // Looked at before anything is written, and again while the row is held.
  await parts.sql.begin(async (tx) => assertRoom(tx, owner, ticket, at));
  const files = paperFiles(parts.papersFolder);
  const key = await files.write({ owner, ticket, id }, bytes);
  try {
    await parts.sql.begin(async (tx) => {
      await assertRoom(tx, owner, ticket, at);
      await tx`insert into held_paper (id, ticket, owner, at, hash, bytes, key) values (${id}, ${ticket}, ${owner}, ${new Date(at)}, ${hash}, ${bytes.length}, ${parts.sealer.seal(owner, JSON.stringify({ key }))})`;
      await parts.acts.put(tx, { act: 'paperReceived', owner, who: asker.who, role: asker.role, on: ticket, hash, detail: { paper: id, bytes: bytes.length }, words: { key } });
    });
  } catch (error) {
    await files.remove(owner, id);
    throw error;
  }
  return { id, hash, bytes: bytes.length, mediaType: 'application/pdf', at: new Date(at).toISOString() };
}

async function assertRoom(tx: TransactionSql, owner: string, ticket: string, at: number): Promise<void> {
  if (!isOpen(await lockTicket(tx, owner, ticket), at)) throw wrongState();
  const [count] = await tx<{ n: number }[]>`select count(*)::int as n from held_paper where ticket = ${ticket}`;
  if ((count?.n ?? 0) >= mostPapers) throw refused(`there are ${mostPapers} already`);
}

function refused(why: string): HeldError {
  return new HeldError('HELD_PAPER', `the paper is not taken: ${why}`, `Hand in PDF files of at most 10 MiB, at most ${mostPapers} for one request.`);
}

interface Row {
  readonly id: string;
  readonly at: Date;
  readonly hash: string;
  readonly bytes: number;
  readonly key: string;
}

/** The papers of a request, in the order in which they came; not those that were deleted after their time. */
export async function papersOf(sql: Parts['sql'], ticket: string): Promise<readonly Paper[]> {
  const rows = await sql<Row[]>`select id, at, hash, bytes, key from held_paper where ticket = ${ticket} and gone_at is null order by at, id`;
  return rows.map(({ id, at, hash, bytes }) => ({ id, hash, bytes, mediaType: 'application/pdf', at: at.toISOString() }));
}

/** One paper, for who may open the request. In the ledger before it is given, and held against its hash. */
export async function readPaper(parts: Parts, owner: string, ticket: string, paper: string, reviewer: Reviewer): Promise<Uint8Array> {
  await mayOpen(parts, owner, ticket, reviewer);
  const [row] = await parts.sql<Row[]>`select id, at, hash, bytes, key from held_paper where id = ${paper} and ticket = ${ticket} and owner = ${owner} and gone_at is null`;
  if (row === undefined) throw unknownTicket();
  await recorded(parts.acts.record({ act: 'paperOpened', owner, who: reviewer.account, role: reviewer.role, on: ticket, hash: row.hash, detail: { paper } }));
  const { key } = JSON.parse(parts.sealer.unseal(owner, row.key)) as { readonly key: string };
  const bytes = await paperFiles(parts.papersFolder).read({ owner, ticket, id: paper }, key);
  if (bytes === null || createHash('sha256').update(bytes).digest('hex') !== row.hash) {
    throw new HeldError('HELD_PAPER', 'the paper as it is kept is gone or was altered', 'Ask for it again, and tell the operator.');
  }
  return bytes;
}
