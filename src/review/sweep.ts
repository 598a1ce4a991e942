import { paperFiles } from './paperFiles.ts';
import type { Parts } from './parts.ts';

/** How long after its verdict all that is known of a request is kept besides, in milliseconds: the ledger has it. */
const keptFor = 30 * 86_400_000;
/** A file without a row is of a paper that was never taken, once it is this old. */
const orphanAfter = 86_400_000;

/** Drops what has had its time: late answers that expired, the entries of requests decided long ago, their papers unless somebody keeps them. */
export async function sweep({ sql, papersFolder }: Parts, now: number): Promise<void> {
  const before = new Date(now - keptFor);
  await sql`delete from late_answer where expires_at <= ${new Date(now)}`;
  await sql`update ticket set document = null, verdict_document = null where state = 'decided' and decided_at <= ${before} and document is not null`;
  await sql`delete from held_question q using ticket t where t.id = q.ticket and t.state = 'decided' and t.decided_at <= ${before}`;
  const files = paperFiles(papersFolder);
  const gone = await sql<{ id: string; owner: string }[]>`
    select p.id, p.owner from held_paper p join ticket t on t.id = p.ticket where p.gone_at is null and not p.kept and t.state = 'decided' and t.decided_at <= ${before} limit 1000`;
  for (const { id, owner } of gone) {
    // The file first: a row without one says so, a file without a row is found below.
    await files.remove(owner, id);
    await sql`update held_paper set gone_at = ${new Date(now)}, key = '' where id = ${id}`;
  }
  for (const { owner, id, at } of await files.list()) {
    if (at > now - orphanAfter) continue;
    const [row] = await sql`select 1 from held_paper where id = ${id} and gone_at is null`;
    if (row === undefined) await files.remove(owner, id);
  }
}
