import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import type { WithheldEntry } from '../../model/index.ts';
import { diskFs, replaceFile } from '../files.ts';
import type { LedgerReader } from '../reader.ts';
import { SubjectsError } from './errors.ts';
import { newId } from './ids.ts';

/** An entry that is not to be opened to its resident before `until` (RFC 3339, UTC). */
export interface Withheld {
  readonly until: string;
  readonly order: string;
}

/** By leaf index of the owner's log: the latest word on each entry, also where it is over. */
export type WithheldState = ReadonlyMap<number, Withheld>;

/** Whether an entry is withheld at a moment (milliseconds since 1970). It opens by itself: nothing needs to be done when the date has come. */
export function isWithheld(state: WithheldState, index: number, now: number): boolean {
  const found = state.get(index);
  return found !== undefined && Date.parse(found.until) > now;
}

/**
 * Reads from the owner's log what is withheld. The log is the only record of it. With `cache` (the ledger's folder) only what came since is read;
 * a cache that is altered is not used.
 */
export async function readWithheld(reader: Pick<LedgerReader, 'range' | 'days'>, owner: string, cache: { readonly place: string } | null): Promise<WithheldState> {
  const log = owner.toLowerCase();
  const size = Math.max(0, ...[...(await reader.days(log)).values()].map(({ to }) => to));
  const before = cache === null ? empty : await readCache(cache.place, log, size);
  const state = new Map(before.state);
  for await (const { entry } of reader.range(log, before.next, size, { where: (text) => text.includes(mark) })) {
    if (entry.type === 'withheld') state.set(entry.index, { until: entry.until, order: entry.order });
  }
  if (cache !== null && size > before.next) await writeCache(cache.place, log, { next: size, state });
  return state;
}

/** The entry that withholds another. `until` in the past lifts it. Throws `REPORT` where the log has no such entry, or the date or the order is none. */
export async function withheldEntry(reader: Pick<LedgerReader, 'entry'>, { owner, index, until, order }: Pick<WithheldEntry, 'owner' | 'index' | 'until' | 'order'>, now: number): Promise<WithheldEntry> {
  if (!/^[A-Za-z0-9][A-Za-z0-9./_-]{0,59}$/.test(order)) throw new SubjectsError('REPORT', 'an order is named by its number: up to 60 letters, digits, dots, slashes and hyphens');
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(until) || !Number.isFinite(Date.parse(until))) throw new SubjectsError('REPORT', 'the date until which an entry is withheld is none');
  const there = await reader.entry(owner.toLowerCase(), index);
  if (there === null || there === 'erased' || there.entry.type !== 'decision') throw new SubjectsError('REPORT', `the log of ${owner} has no decision at index ${index}`);
  return { type: 'withheld', v: 1, id: newId('withheld'), at: new Date(now).toISOString(), index, until, order, owner };
}

const mark = Buffer.from('"type":"withheld"');

interface Cached {
  readonly next: number;
  readonly state: WithheldState;
}

const empty: Cached = { next: 0, state: new Map() };

async function readCache(place: string, log: string, size: number): Promise<Cached> {
  try {
    const text = await readFile(`${place}/epochs/${log}.withheld.cache`, 'utf8');
    const body = text.slice(65);
    if (text.slice(0, 65) !== `${sumOf(body)}\n`) return empty;
    const { next, state } = JSON.parse(body) as { readonly next: number; readonly state: readonly [number, Withheld][] };
    // Of another, longer log.
    return next <= size ? { next, state: new Map(state) } : empty;
  } catch {
    return empty;
  }
}

async function writeCache(place: string, log: string, { next, state }: Cached): Promise<void> {
  const body = JSON.stringify({ next, state: [...state] });
  await mkdir(`${place}/epochs`, { recursive: true, mode: 0o700 });
  await replaceFile(diskFs, `${place}/epochs`, `${log}.withheld.cache`, Buffer.from(`${sumOf(body)}\n${body}`));
}

function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
