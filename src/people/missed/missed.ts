import type { Sql, TransactionSql } from 'postgres';
import type { ActEntry, SystemEntry } from '../../model/index.ts';
import type { JournalReader } from '../../store/journalReader.ts';
import type { MissedPolicy } from '../../store/policies.ts';

/** What the ledger knows and the database does not, because it is from before. */
export type MissedEntry = ActEntry | SystemEntry;

/** Takes over what an entry says that the database has missed. Only what ends or narrows something: nothing is given to anybody by it. */
export interface MissedApplier {
  /** The acts and events that it takes over. */
  readonly words: readonly string[];
  /** Does it again in the transaction that is given. Twice comes to the same. Returns how many rows were changed. */
  apply(tx: TransactionSql, entry: MissedEntry): Promise<number>;
}

/** What was found. Counts are by act or event. */
export interface Missed {
  /** The database has never followed this ledger, and the ledger has entries: it is new, or another one. */
  readonly isNew: boolean;
  /** Entries in the ledger at the start. */
  readonly entries: number;
  /** When the first change that the database has missed was made; null where it missed none. RFC 3339. */
  readonly since: string | null;
  /** How often each act and event was missed, of those that were asked for. */
  readonly found: ReadonlyMap<string, number>;
  /** How many rows the appliers changed. */
  readonly done: ReadonlyMap<string, number>;
  /** The newest version of each owner's policy that the ledger knows of and the database has missed. */
  readonly policies: ReadonlyMap<string, MissedPolicy>;
}

/** How many entries are looked at in one transaction. */
const pileSize = 200;

/**
 * Finds what people and the operator did that this database has missed, and does again what ended or narrowed something. To be called at a start, before anybody is let in: a database that was brought back from an
 * older copy knows nothing of who left since. Reads from where the table of acts ended, and does not move that mark: whoever fills the table does, so that a start which is ended on the way finds all of it once more.
 * Every change puts its row into the outbox, or into the table of acts, in its own transaction: where that row is not there, the change was never made in this database. `others` are only counted.
 */
export async function takeOverMissed(sql: Sql, journal: JournalReader, appliers: readonly MissedApplier[], others: readonly string[]): Promise<Missed> {
  const [state] = await sql<{ watermark: string | null; told: boolean }[]>`
    select (select watermark from projection where name = 'act') as watermark, exists (select from ledger_outbox where recorded_at is not null) as told`;
  const end = journal.size;
  const from = Number(state?.watermark ?? 0);
  const words = new Set([...appliers.flatMap((applier) => applier.words), ...others]);
  const marks = [...words].map((word) => `:"${word}"`);
  // Of a decision, which most entries are, only its type is looked for.
  const isWanted = (text: Buffer): boolean => (text.includes('"type":"act"') || text.includes('"type":"system"')) && marks.some((mark) => text.includes(mark));
  const [found, done, policies] = [new Map<string, number>(), new Map<string, number>(), new Map<string, MissedPolicy>()];
  let since: string | null = null;
  let pile: MissedEntry[] = [];
  const settle = async (): Promise<void> => {
    const missed = await notThere(sql, pile);
    pile = [];
    if (missed.length === 0) return;
    await sql.begin(async (tx) => {
      for (const entry of missed) {
        const word = wordOf(entry);
        since ??= entry.at;
        add(found, word, 1);
        notePolicy(policies, entry);
        for (const applier of appliers) {
          const rows = applier.words.includes(word) ? await applier.apply(tx, entry) : 0;
          if (rows > 0) add(done, word, rows);
        }
      }
    });
  };
  if (end > from) {
    for await (const { entry } of journal.read(from, { end, types: ['act', 'system'], where: isWanted })) {
      if (!isMissable(entry, words)) continue;
      if (pile.push(entry) >= pileSize) await settle();
    }
    await settle();
  }
  return { isNew: state !== undefined && state.watermark === null && !state.told && end > 0, entries: end, since, found, done, policies };
}

/** Those whose row this database does not have. Of the numbers of the outbox one may be given twice, before and after a loss: time and event tell them apart. */
async function notThere(sql: Sql, entries: readonly MissedEntry[]): Promise<readonly MissedEntry[]> {
  if (entries.length === 0) return [];
  const acts = await sql<{ id: string }[]>`select id from act where id = any(${entries.filter(({ type }) => type === 'act').map(({ id }) => id)})`;
  const rows = await sql<{ id: string; at: Date; event: string }[]>`
    select id, at, event from ledger_outbox where event is not null and id = any(${entries.flatMap((entry) => (entry.type === 'system' ? [outboxNumber(entry)] : []))}::bigint[])`;
  const there = new Set([...acts.map(({ id }) => id), ...rows.map(({ id, at, event }) => `outbox-${id} ${at.toISOString()} ${event}`)]);
  return entries.filter((entry) => !there.has(entry.type === 'act' ? entry.id : `${entry.id} ${entry.at} ${entry.event}`));
}

/** Whether an entry is one that a row of the database stands behind. */
function isMissable(entry: unknown, words: ReadonlySet<string>): entry is MissedEntry {
  const one = entry as Partial<Omit<ActEntry, 'type'> & Omit<SystemEntry, 'type'>> & { readonly type?: string } | null;
  if (one?.type === 'act') return one.result === 'done' && words.has(one.act ?? '');
  return one?.type === 'system' && words.has(one.event ?? '') && /^outbox-\d{1,18}$/.test(one.id ?? '');
}

function outboxNumber({ id }: SystemEntry): string {
  return id.slice('outbox-'.length);
}

export function wordOf(entry: MissedEntry): string {
  return entry.type === 'act' ? entry.act : entry.event;
}

function notePolicy(policies: Map<string, MissedPolicy>, entry: MissedEntry): void {
  if (entry.type !== 'system' || entry.event !== 'policyActivated') return;
  const [owner = '', number = ''] = entry.subject.split(' ');
  const version = Number(number);
  if (version > (policies.get(owner)?.version ?? 0)) policies.set(owner, { version, hash: entry.hash ?? '', effective: effectiveOf(entry) });
}

/** Its first day as the event tells it; where it does not, the day of the event. */
function effectiveOf({ at, detail }: SystemEntry): string {
  const effective = (detail as { readonly effective?: unknown } | null)?.effective;
  return typeof effective === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(effective) ? effective : at.slice(0, 10);
}

function add(counts: Map<string, number>, word: string, n: number): void {
  counts.set(word, (counts.get(word) ?? 0) + n);
}
