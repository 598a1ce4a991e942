import { stat } from 'node:fs/promises';
import { JournalError } from '../exchange/errors.ts';
import { Forest } from './forest.ts';
import { noChain, recordsOf } from './format.ts';
import type { Head } from './head.ts';
import { headName, readHead } from './head.ts';
import type { Listing } from './pruned.ts';
import { listFolder, prunedName } from './pruned.ts';
import { dayOf, leafHash, recordHead } from './record.ts';
import type { Expected, Frame, SegmentEnd, Start } from './scan.ts';
import { scanSegment } from './scan.ts';
import type { Tail } from './segment.ts';

/** Something that is not as the journal wrote it. */
export interface Damage {
  readonly file: string;
  readonly offset: number;
  readonly what: string;
  /** Not damage: another version of this program wrote it. */
  readonly version: boolean;
}

/** The remains of a batch that was never acknowledged. */
export interface TornTail {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

export interface WalCheck {
  /** The first sequence that was there to be read. */
  readonly first: number;
  /** The next sequence. */
  readonly size: number;
  /** The logs after the last whole batch. */
  readonly forest: Forest;
  /** Days since 1970: no entry is of a later one. */
  readonly latestDay: number;
  readonly batches: number;
  readonly segments: number;
  /** Of the files that were read. */
  readonly bytes: number;
  readonly chain: Buffer;
  readonly tail: Tail | null;
  readonly torn: TornTail | null;
  readonly damage: readonly Damage[];
}

/** How often a look is repeated that met a file which was pruned meanwhile. */
const patience = 5;

/**
 * Reads the whole journal and checks every byte of it: heads, sums, the chain, the order, the state frames against the entries before them, and the
 * note of how far it had reached. With `depth` 'last' only the last segment is read and its own word is taken for what came before. Changes nothing.
 * `onProgress` is told bytes that were read, of all that will be.
 */
export async function checkWal(folder: string, depth: 'all' | 'last' = 'all', onProgress?: (done: number, total: number) => void): Promise<WalCheck> {
  for (let look = 0; ; look += 1) {
    try {
      return await checkOnce(folder, depth, onProgress);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || look === patience) throw error;
    }
  }
}

/** The error that names the first damage, or null. */
export function damageError(check: WalCheck): JournalError | null {
  const first = check.damage.find(({ version }) => version) ?? check.damage[0];
  if (first === undefined) return null;
  const where = `${first.file} at byte ${first.offset}: ${first.what}`;
  return first.version ? new JournalError('JOURNAL_VERSION', where) : new JournalError('JOURNAL_CORRUPT', `the journal is damaged in ${where}`);
}

async function checkOnce(folder: string, depth: 'all' | 'last', onProgress: (done: number, total: number) => void = () => undefined): Promise<WalCheck> {
  const damage: Damage[] = [];
  // Before the segments: a journal that grows meanwhile is then further than its note, never behind it.
  const note = new Note(await readHead(folder), damage);
  const listing = await listFolder(folder);
  const segments = depth === 'all' ? listing.segments : listing.segments.slice(-1);
  const lengths = await Promise.all(segments.map(async ({ name }) => (await stat(`${folder}/${name}`)).size));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (listing.pruned === 'damage') damage.push({ file: prunedName, offset: 0, what: 'the note of where the journal begins is altered', version: false });
  let expected = segments.length === listing.segments.length ? beginning(listing) : null;
  const first = segments[0]?.first ?? expected?.next ?? 0;
  let forest: Forest | null = new Forest();
  let size = first;
  let latestDay = 0;
  let chain: Buffer = noChain;
  let batches = 0;
  let bytes = 0;
  let tail: Tail | null = null;
  let torn: TornTail | null = null;

  for (const [place, { name, first: named }] of segments.entries()) {
    const scan = scanSegment(`${folder}/${name}`, named, expected);
    let start: Start | null = null;
    let lastFrame: number | null = null;
    let step = await scan.next();
    for (; step.done !== true; step = await scan.next()) {
      const part: Start | Frame = step.value;
      if (part.kind === 'start') {
        start = part;
        forest = part.forest;
        latestDay = Math.max(latestDay, dayOf(part.created));
        note.passes(named, part.previous, name, 0);
        note.passes(named, part.chain, name, 0);
        continue;
      }
      batches += 1;
      lastFrame = part.offset;
      note.passes(part.head.firstSequence + part.head.count, part.chain, name, part.offset);
      const day = forest === null ? 0 : grow(forest, part);
      if (day === null) {
        damage.push({ file: name, offset: part.offset, what: 'an entry is no record', version: false });
        forest = null;
      } else latestDay = Math.max(latestDay, day);
      onProgress(bytes + part.offset, total);
    }
    const end: SegmentEnd = step.value;
    bytes += lengths[place] ?? 0;
    onProgress(bytes, total);
    size = end.next;
    chain = end.chain;
    tail = start === null ? null : { file: name, offset: end.offset, start: start.offset, lastFrame, created: start.created };
    const last = place === segments.length - 1;
    if (end.kind === 'torn' && last && !note.reaches(size)) torn = { file: name, offset: end.offset, bytes: end.bytes };
    else if (end.kind !== 'whole') damage.push({ file: name, offset: end.offset, what: end.what, version: end.kind === 'version' });
    else if (last && note.reaches(size)) damage.push({ file: name, offset: end.offset, what: note.missing(size), version: false });
    // After damage the next segment can only be read by itself.
    expected = end.kind === 'whole' && start !== null && forest !== null ? { next: size, chain, created: start.created, state: forest.encode() } : null;
  }
  if (segments.length === 0 && note.reaches(size)) damage.push({ file: headName, offset: 0, what: note.missing(size), version: false });
  if (segments.length === 0 && size > 0) damage.push({ file: prunedName, offset: 0, what: `the segment of entry ${size} is missing`, version: false });
  if (damage.length === 0) note.conclude(first, size);
  return { first, size, forest: forest ?? new Forest(), latestDay, batches, segments: listing.segments.length, bytes, chain, tail, torn, damage };
}

/** What the first segment must be. */
function beginning({ pruned }: Listing): Expected | null {
  if (pruned === 'damage') return null;
  if (pruned === null) return { next: 0, chain: noChain, created: 0, state: Buffer.alloc(0) };
  return { next: pruned.first, chain: Buffer.from(pruned.chain, 'hex'), created: 0, state: null };
}

/** Adds the entries of a batch to their logs, and returns the latest of their days; null where one is no record. */
function grow(forest: Forest, frame: Frame): number | null {
  let day = 0;
  for (const record of recordsOf(frame.bytes, frame.head) ?? [null]) {
    const head = record === null ? null : recordHead(record);
    if (record === null || head === null) return null;
    forest.append(head.log, leafHash(record));
    day = Math.max(day, head.day);
  }
  return day;
}

/** The note of how far the journal had reached, against what is found. */
class Note {
  readonly #head: Head | null;
  readonly #damage: Damage[];
  /** Where the size of the note was met with another chain hash. */
  #differs: { readonly file: string; readonly offset: number } | null = null;
  #fits = false;

  constructor(head: Head | null | 'damage', damage: Damage[]) {
    this.#damage = damage;
    this.#head = head === 'damage' ? null : head;
    if (head === 'damage') damage.push({ file: headName, offset: 0, what: 'the note of how far the journal had reached is altered', version: false });
  }

  /** True where the note is further than this. */
  reaches(size: number): boolean {
    return this.#head !== null && size < this.#head.size;
  }

  missing(size: number): string {
    return `entries ${size} to ${(this.#head?.size ?? 0) - 1} are missing`;
  }

  /** The chain hash at a size. At the border of two segments a size has several: after the last batch, and after the state frame that follows. */
  passes(size: number, chain: Buffer, file: string, offset: number): void {
    if (this.#head?.size !== size) return;
    if (chain.toString('hex') === this.#head.chain) this.#fits = true;
    else this.#differs ??= { file, offset };
  }

  /** All between `first` and `size` was read. */
  conclude(first: number, size: number): void {
    if (this.#head === null || this.#fits || this.#head.size < first || this.#head.size > size) return;
    if (this.#differs === null && this.#head.size === size) return;
    this.#damage.push({ ...(this.#differs ?? { file: headName, offset: 0 }), what: `this is another history than the one that had reached entry ${this.#head.size}`, version: false });
  }
}
