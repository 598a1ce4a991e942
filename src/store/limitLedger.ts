import type { Sql, TransactionSql } from 'postgres';
import type { DecisionEntry } from '../model/index.ts';
import { windowEnd } from '../policy/index.ts';
import type { JournalReader } from './journalReader.ts';

/**
 * Before the first request. Adds to the counters what the journal says since the watermark; then what was taken and never recorded is given
 * back, because the process that took it is gone. Where other exchanges count here too, what they have in hand cannot be told from that, so
 * nothing is set back: such a counter is at worst too high until its window ends, and never too low.
 */
export async function startLimits(sql: Sql, journal: JournalReader): Promise<void> {
  await settle(sql, journal, true);
}

/** Adds to `settled` what the journal says since the watermark. Returns how many entries there were. */
export async function settleLimits(sql: Sql, journal: JournalReader): Promise<number> {
  const entries = await settle(sql, journal, false);
  await sql`delete from limit_counter where ends_at < now() - interval '7 days'`;
  await sql`delete from limit_journal where seen_at < now() - interval '62 days'`;
  return entries;
}

interface Mark {
  readonly watermark: number;
  /** The id of the entry before the watermark. */
  readonly last: string;
}

interface Told {
  readonly counts: ReadonlyMap<string, Count>;
  readonly entries: number;
  readonly mark: Mark;
}

interface Count {
  readonly owner: string;
  readonly rule: string;
  readonly key: string;
  readonly span: string;
  readonly ends_at: Date;
  settled: number;
}

async function settle(sql: Sql, journal: JournalReader, starting: boolean): Promise<number> {
  const id = await firstId(journal);
  if (id === null) return 0;
  const [row] = await sql<{ watermark: string; last: string }[]>`update limit_journal set seen_at = now() where id = ${id} returning watermark, last`;
  const known = row === undefined ? null : { watermark: Number(row.watermark), last: row.last };
  const since = known === null ? null : await tell(journal, known);
  // Null: what stood before the watermark is not in the journal any more. It was replaced by an older copy, and is the truth all the same.
  const told = since ?? await tell(journal, { watermark: 0, last: '' });
  if (told === null || (told.entries === 0 && !starting)) return 0;
  await sql.begin(async (tx) => {
    // One at a time, exchanges that start included: who finds itself alone stays so until it is done.
    await tx`lock table limit_journal in share row exclusive mode`;
    if (!(await move(tx, id, known, told.mark))) return;
    const [others] = await tx<{ found: boolean }[]>`select exists (select 1 from limit_journal where id <> ${id}) as found`;
    const alone = others?.found !== true;
    if (since === null && known !== null && alone) await tx`update limit_counter set settled = 0 where settled <> 0`;
    await add(tx, [...told.counts.values()]);
    if (starting && alone) await tx`update limit_counter set taken = settled where taken <> settled`;
  });
  return told.entries;
}

/** A journal is known by its first entry. Null where it has none. */
async function firstId(journal: JournalReader): Promise<string | null> {
  for await (const { entry } of journal.read(0, { end: 1, where: () => true })) return idOf(entry);
  return null;
}

/** What the journal says from a mark on; null where the mark is not in it. */
async function tell(journal: JournalReader, { watermark, last }: Mark): Promise<Told | null> {
  const { size } = journal;
  if (watermark > size) return null;
  const counts = new Map<string, Count>();
  const oldest = Date.now() - 7 * 86_400_000;
  // Of the many entries only those that counted are parsed, and the two that make the mark.
  const where = (text: Buffer, index: number): boolean => index === watermark - 1 || index === size - 1 || text.includes(countedText);
  let found = watermark === 0;
  let mark: Mark = { watermark, last };
  for await (const { index, entry } of journal.read(Math.max(0, watermark - 1), { end: size, where })) {
    if (index === watermark - 1) {
      if (idOf(entry) !== last) return null;
      found = true;
      continue;
    }
    if (!found) return null;
    if (index === size - 1) mark = { watermark: size, last: idOf(entry) };
    if (isDecision(entry)) tally(counts, entry, oldest);
  }
  return found ? { counts, entries: mark.watermark - watermark, mark } : null;
}

/** In the text of every entry that was counted. */
const countedText = '"counted":true';

function tally(counts: Map<string, Count>, { owner, limits }: DecisionEntry, oldest: number): void {
  for (const { rule, key, window: span, counted } of limits) {
    const end = counted ? windowEnd(span) : null;
    if (end === null || end < oldest) continue;
    const place = `${owner}\n${rule}\n${key}\n${span}`;
    const count = counts.get(place);
    if (count === undefined) counts.set(place, { owner, rule, key, span, ends_at: new Date(end), settled: 1 });
    else count.settled += 1;
  }
}

/** False where another settled the same entries meanwhile. */
async function move(tx: TransactionSql, journal: string, known: Mark | null, to: Mark): Promise<boolean> {
  const moved = known === null
    ? await tx`insert into limit_journal ${tx({ id: journal, ...to })} on conflict do nothing`
    : await tx`update limit_journal set watermark = ${to.watermark}, last = ${to.last}, seen_at = now() where id = ${journal} and watermark = ${known.watermark} and last = ${known.last}`;
  return moved.count === 1;
}

/** Whatever is on the record was taken, even where the database lost it. In the order of `limit_take`, which may run beside this. */
async function add(tx: TransactionSql, counts: readonly Count[]): Promise<void> {
  const sorted = [...counts].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  for (let at = 0; at < sorted.length; at += 1_000) {
    const rows = sorted.slice(at, at + 1_000).map((one) => ({ ...one, taken: one.settled }));
    await tx`insert into limit_counter ${tx(rows, 'owner', 'rule', 'key', 'span', 'ends_at', 'settled', 'taken')}
      on conflict (owner, rule, key, span) do update
      set settled = limit_counter.settled + excluded.settled, taken = greatest(limit_counter.taken, limit_counter.settled + excluded.settled)`;
  }
}

function placeOf({ owner, rule, key, span }: Count): string {
  return `${owner}\n${rule}\n${key}\n${span}`;
}

function idOf(entry: unknown): string {
  const { id } = entry as { id?: unknown };
  return typeof id === 'string' ? id : '';
}

/** Entries of before there were limits have no such list. */
function isDecision(entry: unknown): entry is DecisionEntry {
  const one = entry as { type?: unknown; limits?: unknown };
  return one.type === 'decision' && Array.isArray(one.limits);
}
