import { randomBytes } from 'node:crypto';
import type { ActEntry, DecisionEntry, NotifyDuty } from '../../model/index.ts';
import { noticeId, type Room } from '../parts.ts';

/** Acts by which a notice was sent, delayed or missed: what stood in the rows can be made again of them. */
const noticeActs: ReadonlySet<string> = new Set(['noticeSent', 'noticeDelayed', 'noticeMissed', 'noticeDue']);

/**
 * Reads the ledger from the watermark on. An entry that says somebody must be told makes one notice for each of its rules, whoever reads it and however often; what was
 * done about a notice is taken over where the rows do not know it, so that a lost database comes back as it was. Returns how many notices were made.
 */
export async function catchUpNotices(room: Room): Promise<number> {
  const { sql, journal } = room;
  if (journal === null) return 0;
  const [mark] = await sql<{ watermark: string }[]>`select watermark from projection where name = 'notice'`;
  const from = Number(mark?.watermark ?? 0);
  const end = journal.size;
  if (end <= from) return 0;
  let made = 0;
  let acts: ActEntry[] = [];
  const takeOver = async (): Promise<void> => {
    for (const act of acts) await takeOverAct(room, act);
    acts = [];
  };
  for await (const { index, entry } of journal.read(from, { end, where: isWanted })) {
    if (index < from) continue;
    if (isDecision(entry)) {
      // An act comes after the entry that it is about.
      await takeOver();
      made += await insert(room, index, entry);
    } else if (isNoticeAct(entry)) acts.push(entry);
  }
  await takeOver();
  await sql`insert into projection (name, watermark) values ('notice', ${end}) on conflict (name) do update set watermark = greatest(projection.watermark, excluded.watermark)`;
  return made;
}

function isWanted(text: Buffer): boolean {
  return text.includes('"duties":[{') || text.includes('"act":"notice');
}

async function insert({ sql }: Room, sequence: number, entry: DecisionEntry): Promise<number> {
  const at = Date.parse(entry.at);
  const rows = shortest(entry.duties).map(({ rule, who, withinSeconds }) => ({
    id: noticeId(entry.owner, entry.id, rule), owner: entry.owner, inquiry: entry.inquiry, entry: entry.id, sequence, rule, who, requester: entry.requester.ori, asked_at: new Date(at),
    within_seconds: withinSeconds, due_at: new Date(at + withinSeconds * 1000), code: randomBytes(16).toString('hex'),
  }));
  const done = await sql`insert into notice ${sql(rows)} on conflict do nothing`;
  return done.count;
}

/** One for each rule: where a rule was named twice, the shorter time. */
function shortest(duties: readonly NotifyDuty[]): readonly NotifyDuty[] {
  const byRule = new Map<string, NotifyDuty>();
  for (const duty of duties) {
    const known = byRule.get(duty.rule);
    if (known === undefined || duty.withinSeconds < known.withinSeconds) byRule.set(duty.rule, duty);
  }
  return [...byRule.values()];
}

/** The act itself is never recorded again by this. */
async function takeOverAct({ sql, unseal }: Room, { act, at, who, on, owner, hash, detail, sealed, result }: ActEntry): Promise<void> {
  if (on === null || result !== 'done') return;
  const words = (): Readonly<Record<string, string | null>> => (sealed === null ? {} : JSON.parse(unseal(owner, sealed)) as Readonly<Record<string, string | null>>);
  const text = (name: string): string => String(detail?.[name] ?? '');
  if (act === 'noticeSent') {
    const [row] = await sql<{ id: string }[]>`select id from notice where id = ${on} and sent_at is null`;
    if (row !== undefined) {
      await sql`update notice set sent_at = ${at}, sent_channel = ${text('channel')}, sent_reference = ${words()['reference'] ?? ''}, sent_hash = ${hash}, letter_hash = ${hash} where id = ${on} and sent_at is null`;
    }
  } else if (act === 'noticeDelayed') {
    const [row] = await sql<{ id: string }[]>`select id from notice where id = ${on} and (delay_at is null or delay_at < ${at})`;
    if (row !== undefined) {
      await sql`
        update notice set delay_at = ${at}, delay_until = ${text('until')}, delay_ground = ${text('ground')}, delay_order = ${words()['order'] ?? ''}, delay_by = ${who}, missed_at = null, again_at = null,
          due_at = ${text('until')}::timestamptz + within_seconds * interval '1 second'
        where id = ${on} and (delay_at is null or delay_at < ${at})`;
    }
  } else if (act === 'noticeMissed') await sql`update notice set missed_at = ${at} where id = ${on} and missed_at is null and due_at = ${text('dueAt')}`;
  else await sql`update notice set again_at = ${at} where id = ${on} and again_at is null and due_at = ${text('dueAt')}`;
}

function isDecision(entry: unknown): entry is DecisionEntry {
  const e = entry as Partial<DecisionEntry>;
  return e.type === 'decision' && Array.isArray(e.duties) && e.duties.length > 0;
}

function isNoticeAct(entry: unknown): entry is ActEntry {
  const e = entry as Partial<ActEntry>;
  return e.type === 'act' && typeof e.act === 'string' && noticeActs.has(e.act);
}
