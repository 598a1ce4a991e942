import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import type { SystemEntry } from '../../model/index.ts';
import { diskFs, replaceFile } from '../files.ts';
import type { LedgerReader } from '../reader.ts';
import { anchorLog } from '../record.ts';
import type { EpochFacts } from './epochFile.ts';
import { SubjectsError } from './errors.ts';

/** One index that was closed, and where the anchor log says so. */
export interface ClosedEpoch extends EpochFacts {
  /** The leaf index in the anchor log. */
  readonly anchor: number;
}

/** What an erasure took: a day's keys and private records of one kind, a day's index, or one entry. */
export type ErasedKind = 'disclosure' | 'other' | 'index' | 'entry';

/** One erasure that was announced. */
export interface Erasure {
  readonly owner: string;
  readonly day: string;
  readonly kind: ErasedKind;
  /** The leaf index of the one entry; null where a whole day was erased. */
  readonly index: number | null;
  readonly anchor: number;
}

/** What of an owner's days must not be erased. Days are `YYYY-MM-DD`, both in it. */
export interface Hold {
  readonly id: string;
  readonly owner: string;
  readonly from: string;
  readonly to: string;
  readonly kind: 'disclosure' | 'other' | 'all';
  readonly order: string;
  /** RFC 3339. */
  readonly setAt: string;
  readonly liftedAt: string | null;
}

/** What the anchor log says of indices, erasures and holds. */
export interface AnchorFacts {
  /** In the order of days, for each owner that has any. */
  readonly epochs: ReadonlyMap<string, readonly ClosedEpoch[]>;
  readonly erasures: readonly Erasure[];
  readonly holds: readonly Hold[];
}

/** The entries that count, with their leaf indices. */
type Kept = readonly (readonly [number, Pick<SystemEntry, 'at' | 'event' | 'subject' | 'hash' | 'detail'>])[];

const wanted = ['epochClosed', 'erased', 'holdSet', 'holdLifted'] as const;
const marks = wanted.map((event) => Buffer.from(`"event":"${event}"`));

/**
 * Reads what the anchor log says. It is the only record of it: nothing here is kept elsewhere. With `cache`, a file, what was read before is taken from
 * there, so that a year of checkpoints is not read again; a cache that is altered, or of another log, is not used. Whatever destroys goes without.
 * Throws `ANCHOR` where two entries say different things of the same day.
 */
export async function readFacts(reader: Pick<LedgerReader, 'range' | 'entry'>, cache: { readonly place: string } | null): Promise<AnchorFacts> {
  const before = cache === null ? [] : await readCache(cache.place, reader);
  const kept = await readOn(reader, before);
  if (cache !== null && kept.length > before.length) await writeCache(cache.place, kept);
  return factsOf(kept);
}

/** What the anchor log says now, each time that it is asked: what was read before is remembered, and no cache is used. */
export function followFacts(reader: Pick<LedgerReader, 'range'>): () => Promise<AnchorFacts> {
  let kept: Kept = [];
  return async () => factsOf((kept = await readOn(reader, kept)));
}

async function readOn(reader: Pick<LedgerReader, 'range'>, before: Kept): Promise<Kept> {
  const kept = [...before];
  const from = (before.at(-1)?.[0] ?? -1) + 1;
  const where = (text: Buffer): boolean => marks.some((mark) => text.includes(mark));
  for await (const { index, entry } of reader.range(anchorLog, from, Number.MAX_SAFE_INTEGER, { where })) {
    if (entry.type !== 'system' || !(wanted as readonly string[]).includes(entry.event)) continue;
    const { at, event, subject, hash, detail } = entry;
    kept.push([index, { at, event, subject, hash, detail }]);
  }
  return kept;
}

/** Whether a hold keeps this day and kind of an owner. */
export function holdOver(facts: AnchorFacts, owner: string, day: string, kind: 'disclosure' | 'other'): Hold | null {
  return facts.holds.find((hold) => hold.liftedAt === null && hold.owner === owner && hold.from <= day && day <= hold.to && (hold.kind === 'all' || hold.kind === kind)) ?? null;
}

function factsOf(kept: Kept): AnchorFacts {
  const epochs = new Map<string, ClosedEpoch[]>();
  const erasures: Erasure[] = [];
  const holds = new Map<string, Hold>();
  for (const [anchor, { at, event, subject, hash, detail }] of kept) {
    const [owner = '', day = ''] = subject.split(' ');
    const number = (name: string): number => (typeof detail?.[name] === 'number' ? detail[name] : fault(anchor, `has no ${name}`));
    const text = (name: string): string => (typeof detail?.[name] === 'string' ? detail[name] : fault(anchor, `has no ${name}`));
    if (event === 'epochClosed') {
      addEpoch(epochs, { owner, day, from: number('from'), to: number('to'), tags: number('tags'), root: hash ?? '', anchor });
    } else if (event === 'erased') {
      const kind = text('kind') as ErasedKind;
      erasures.push({ owner, day, kind, index: kind === 'entry' ? number('index') : null, anchor });
    } else if (event === 'holdSet') {
      const id = text('hold');
      const kind = text('kind');
      // A word that is not known here holds everything.
      holds.set(id, { id, owner, from: text('from'), to: text('to'), kind: kind === 'disclosure' || kind === 'other' ? kind : 'all', order: text('order'), setAt: at, liftedAt: null });
    } else {
      const hold = holds.get(text('hold'));
      if (hold !== undefined) holds.set(hold.id, { ...hold, liftedAt: at });
    }
  }
  return { epochs, erasures, holds: [...holds.values()] };
}

/** Two processes may have closed the same day; then both said the same. */
function addEpoch(epochs: Map<string, ClosedEpoch[]>, epoch: ClosedEpoch): void {
  const days = epochs.get(epoch.owner) ?? [];
  epochs.set(epoch.owner, days);
  const known = days.find(({ day }) => day === epoch.day);
  if (known !== undefined) {
    if (known.from !== epoch.from || known.to !== epoch.to || known.tags !== epoch.tags || known.root !== epoch.root) fault(epoch.anchor, `closes ${epoch.day} of ${epoch.owner} differently from the entry ${known.anchor}`);
    return;
  }
  const last = days.at(-1);
  if (last !== undefined && (last.to !== epoch.from || last.day >= epoch.day)) fault(epoch.anchor, `does not follow the index of ${last.day}`);
  days.push(epoch);
}

function fault(anchor: number, what: string): never {
  throw new SubjectsError('ANCHOR', `the entry ${anchor} of the anchor log ${what}`);
}

const cacheName = 'anchor.cache';

/** A sum of the entries before the entries: it says that nobody altered the file by accident, and the entry of the log itself that it is of this log. */
async function readCache(place: string, reader: Pick<LedgerReader, 'entry'>): Promise<Kept> {
  try {
    const text = await readFile(`${place}/epochs/${cacheName}`, 'utf8');
    const body = text.slice(65);
    if (text.slice(0, 65) !== `${sumOf(body)}\n`) return [];
    const kept = JSON.parse(body) as Kept;
    const last = kept.at(-1);
    const there = last === undefined ? null : await reader.entry(anchorLog, last[0]);
    if (last === undefined || there === null || there === 'erased' || there.entry.type !== 'system') return [];
    return there.entry.at === last[1].at && there.entry.event === last[1].event && there.entry.subject === last[1].subject ? kept : [];
  } catch {
    return [];
  }
}

async function writeCache(place: string, kept: Kept): Promise<void> {
  const body = JSON.stringify(kept);
  await mkdir(`${place}/epochs`, { recursive: true, mode: 0o700 });
  await replaceFile(diskFs, `${place}/epochs`, cacheName, Buffer.from(`${sumOf(body)}\n${body}`));
}

function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
