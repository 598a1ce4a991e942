import type { Entry, SystemEntry } from '../../model/index.ts';
import { newId } from './ids.ts';
import type { LedgerReader } from '../reader.ts';
import { dayOf, dayText } from '../record.ts';
import { blinder, tagsOf } from './blind.ts';
import type { SubjectKeys } from './blind.ts';
import { keepEpoch, makeEpoch } from './epochFile.ts';
import type { EpochFacts, MadeEpoch } from './epochFile.ts';
import { SubjectsError } from './errors.ts';
import type { AnchorFacts } from './facts.ts';
import { Pairs } from './pairs.ts';

/** Whatever makes entries durable: the ledger, or the exchange that runs. */
export interface Appender {
  append(entries: readonly Entry[]): Promise<unknown>;
}

export interface CloseOptions {
  readonly owner: string;
  readonly reader: LedgerReader;
  readonly keys: SubjectKeys;
  /** The ledger's folder. */
  readonly place: string;
  readonly facts: AnchorFacts;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Told before each day is read. */
  readonly onDay?: (day: string) => void;
}

/** A day is closed only when it is over for this long, in milliseconds: what came in before midnight is recorded by then. */
export const closingGrace = 10 * 60_000;

/**
 * Closes the days of one owner's log that are over and not closed yet, in order, each once: its index is made and kept durably, then the anchor log says
 * so. Where the process ends between, the day is made again. Days without entries are closed too, so that no day can be left out unseen. One process at
 * a time should do it; two at once say the same twice, which counts once. Returns what was closed. Throws `EPOCH_RECORDS` where records are missing.
 */
export async function closeEpochs(options: CloseOptions, appender: Appender): Promise<readonly EpochFacts[]> {
  const { place, now } = options;
  const closed: EpochFacts[] = [];
  for (const next of await openDays(options)) {
    options.onDay?.(next.day);
    const made = await buildEpoch(options, next);
    await keepEpoch(place, made);
    await appender.append([closedEntry(made.facts, now)]);
    closed.push(made.facts);
  }
  return closed;
}

/** The days that are over and not closed, with the leaf indices that they get. */
async function openDays({ owner, reader, facts, now }: CloseOptions): Promise<readonly Omit<EpochFacts, 'tags' | 'root'>[]> {
  const last = facts.epochs.get(owner)?.at(-1);
  const end = dayText(dayOf(now - closingGrace));
  const ranges = [...await reader.days(owner.toLowerCase())].sort(([a], [b]) => (a < b ? -1 : 1));
  const first = last === undefined ? ranges[0]?.[0] : dayAfter(last.day);
  const open: Omit<EpochFacts, 'tags' | 'root'>[] = [];
  let from = last?.to ?? 0;
  for (let day = first ?? end; day < end; day = dayAfter(day)) {
    // Up to the first entry of a later day: one that came late, when its day was closed, is in the next index.
    const to = ranges.reduce((most, [of, range]) => (of <= day ? Math.max(most, range.to) : most), from);
    open.push({ owner, day, from, to });
    from = to;
  }
  return open;
}

/**
 * Makes the index of one day from the entries themselves. Memory: 48 bytes for each pair of tag and entry, and the finished file.
 * Throws `EPOCH_RECORDS` where an entry of the day is not there and was not erased by order.
 */
export async function buildEpoch({ reader, keys, facts }: Pick<CloseOptions, 'reader' | 'keys' | 'facts'>, known: Omit<EpochFacts, 'tags' | 'root'>): Promise<MadeEpoch> {
  const { owner, day, from, to } = known;
  const pairs = new Pairs();
  const blind = blinder(keys.epochKey(owner, day));
  let seen = 0;
  for await (const { index, entry } of reader.range(owner.toLowerCase(), from, to)) {
    for (const tag of tagsOf(entry)) pairs.add(blind(tag), index - from);
    seen += 1;
  }
  const gone = new Set(facts.erasures.filter((one) => one.owner === owner && one.index !== null && one.index >= from && one.index < to).map(({ index }) => index)).size;
  if (seen !== to - from && seen !== to - from - gone) throw new SubjectsError('EPOCH_RECORDS', `${owner} ${day}: ${to - from - seen} of ${to - from} entries cannot be read`);
  return makeEpoch(known, pairs);
}

export function dayAfter(day: string): string {
  return dayText(Date.parse(day) / 86_400_000 + 1);
}

function closedEntry({ owner, day, from, to, tags, root }: EpochFacts, now: number): SystemEntry {
  return { type: 'system', v: 1, id: newId('epoch'), at: new Date(now).toISOString(), event: 'epochClosed', subject: `${owner} ${day}`, hash: root, detail: { from, to, tags } };
}
