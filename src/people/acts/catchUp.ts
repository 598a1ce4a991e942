import type { Sql } from 'postgres';
import type { ActEntry } from '../../model/index.ts';
import type { JournalReader } from '../../store/journalReader.ts';
import { insertAct } from './record.ts';

/**
 * Fills the table of acts from the ledger, whatever a crash or a lost database left out: reads from the watermark on, and moves it. The ledger is the truth
 * (invariant 10). Returns how many acts were read; those that were there are not doubled.
 */
export async function catchUpActs(sql: Sql, journal: JournalReader): Promise<number> {
  const [mark] = await sql<{ watermark: string }[]>`select watermark from projection where name = 'act'`;
  const from = Number(mark?.watermark ?? 0);
  const end = journal.size;
  let read = 0;
  for await (const { entry } of journal.read(from, { end, types: ['act'], where: (text) => text.includes('"type":"act"') })) {
    if (!isAct(entry)) continue;
    await insertAct(sql, entry);
    read += 1;
  }
  if (end > from) {
    await sql`
      insert into projection (name, watermark) values ('act', ${end})
      on conflict (name) do update set watermark = greatest(projection.watermark, excluded.watermark)`;
  }
  return read;
}

function isAct(entry: unknown): entry is ActEntry {
  return (entry as Partial<ActEntry> | null)?.type === 'act';
}
