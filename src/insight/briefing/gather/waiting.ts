import type { ClassDecision } from '../../../model/index.ts';
import type { ArchiveSession } from '../../archive/types.ts';
import { periodText } from '../../period.ts';
import type { Facts } from '../../statistics/types.ts';
import type { Waiting } from '../input.ts';

/** Held requests that had time left when the newest entry was written, and have no verdict. */
export async function gatherWaiting(session: ArchiveSession, facts: Facts): Promise<Waiting | null> {
  const held = await session.query<{ id: number; decisions: string }>(`select id, decisions from outcomes where held`);
  const within = new Map(held.map(({ id, decisions }) => [id, reviewSeconds(decisions)]));
  const longest = Math.max(0, ...within.values());
  if (facts.newest === null || longest === 0) return null;
  const newest = Date.parse(facts.newest);
  const rows = await session.query<{ outcome: number; at: number }>(
    `select outcome, "at" from rows r where type = 'decision' and "at" >= make_timestamp(cast($1 as bigint)) and outcome in (select id from outcomes where held)
     and not exists (select 1 from reviews v where v.owner = r.owner and v."index" = r."index" and v."ended" is not null)`, [(newest - longest * 1_000) * 1_000],
  );
  const lapses = rows.map(({ outcome, at }) => at + (within.get(outcome) ?? 0) * 1_000).filter((lapse) => lapse > newest);
  const n = lapses.length;
  if (n === 0) return null;
  const command = `weir brief ${facts.owners[0] ?? ''} --rows waiting --period ${periodText(facts.period)}${facts.kind === 'ledger' ? '' : ` --log ${facts.dataset}`}`;
  return { n, firstLapse: new Date(lapses.reduce((a, b) => Math.min(a, b))).toISOString(), command };
}

/** The shortest time that a review of an outcome may take, 0 where it says none. */
function reviewSeconds(text: string): number {
  let decisions: unknown;
  try {
    decisions = JSON.parse(text);
  } catch {
    return 0;
  }
  if (!Array.isArray(decisions)) return 0;
  const times = (decisions as readonly Partial<ClassDecision>[]).flatMap(({ review }) => (review === null || review === undefined ? [] : [review.withinSeconds]));
  return times.length === 0 ? 0 : Math.min(...times);
}
