import { readdir } from 'node:fs/promises';
import { listKeys } from '../keys/list.ts';
import { dayOf } from '../record.ts';
import type { AnchorFacts } from '../subjects/facts.ts';
import { holdOver } from '../subjects/facts.ts';
import type { Retention } from './settings.ts';

/** What goes as one: the keys and private records of a day and kind, or the index of a day. */
export interface ErasureItem {
  readonly owner: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly kind: 'disclosure' | 'other' | 'index';
  /** For how many days it was to be kept. */
  readonly keepDays: number;
  /** The anchor log says already that it was erased: a process ended before it was done. */
  readonly announced: boolean;
  /** Why it stays although it is due; null where it goes. */
  readonly kept: { readonly by: 'hold'; readonly hold: string; readonly order: string } | { readonly by: 'index' } | null;
}

export interface PlanOptions {
  /** Folders of the ledger and of the keys. */
  readonly place: string;
  readonly keys: string;
  readonly owners: readonly string[];
  /** Read without a cache. */
  readonly facts: AnchorFacts;
  readonly retention: (owner: string) => Retention;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * What is due to be erased, in the order of owners and days, and what stays although it is due: under a legal hold, or because the index of its day was
 * never closed, so that nobody could say any more what was in it. An index goes with the last kind of its day.
 */
export async function planErasure({ place, keys, owners, facts, retention, now }: PlanOptions): Promise<readonly ErasureItem[]> {
  const listed = new Map((await listKeys(keys)).owners.map((one) => [one.owner, one]));
  const items: ErasureItem[] = [];
  for (const owner of owners) {
    const { otherDays, disclosureDays } = retention(owner);
    const keepDays = { other: otherDays, disclosure: disclosureDays, index: Math.max(otherDays, disclosureDays) };
    const closed = new Set((facts.epochs.get(owner) ?? []).map(({ day }) => day));
    for (const [day, kinds] of await daysOf(place, owner, listed.get(owner) ?? { disclosure: [], other: [] })) {
      for (const kind of kinds) {
        if (dayOf(now) - Date.parse(day) / 86_400_000 <= keepDays[kind]) continue;
        const announced = facts.erasures.some((one) => one.owner === owner && one.day === day && one.kind === kind);
        items.push({ owner, day, kind, keepDays: keepDays[kind], announced, kept: keptBy(facts, owner, day, kind) ?? (closed.has(day) ? null : { by: 'index' }) });
      }
    }
  }
  return items;
}

/** The hold that keeps something; an index is kept by a hold over any kind of its day. */
export function keptBy(facts: AnchorFacts, owner: string, day: string, kind: ErasureItem['kind']): ErasureItem['kept'] {
  const hold = kind === 'index' ? holdOver(facts, owner, day, 'disclosure') ?? holdOver(facts, owner, day, 'other') : holdOver(facts, owner, day, kind);
  return hold === null ? null : { by: 'hold', hold: hold.id, order: hold.order };
}

/** The days of an owner of which a key, private records or an index are there, in order, and of which kind. */
async function daysOf(place: string, owner: string, keys: { readonly disclosure: readonly string[]; readonly other: readonly string[] }): Promise<readonly (readonly [string, readonly ErasureItem['kind'][]])[]> {
  const days = new Map<string, Set<ErasureItem['kind']>>();
  const add = (day: string, kind: ErasureItem['kind']): void => void days.set(day, (days.get(day) ?? new Set()).add(kind));
  for (const kind of ['disclosure', 'other'] as const) for (const day of keys[kind]) add(day, kind);
  const log = owner.toLowerCase();
  for (const day of await names(`${place}/private/${log}`)) {
    for (const letter of await names(`${place}/private/${log}/${day}`)) if (letter === 'd' || letter === 'o') add(day, letter === 'd' ? 'disclosure' : 'other');
  }
  for (const day of await names(`${place}/epochs/${log}`)) add(day, 'index');
  const order = ['disclosure', 'other', 'index'] as const;
  return [...days].filter(([day]) => /^\d{4}-\d{2}-\d{2}$/.test(day)).sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, kinds]) => [day, order.filter((kind) => kinds.has(kind))]);
}

async function names(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return [];
    throw error;
  });
}
