import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFs, replaceFile, type JournalFs } from '../../ledger/files.ts';
import type { LedgerReader } from '../../ledger/index.ts';
import { readFacts } from '../../ledger/subjects/index.ts';
import type { SystemEntry } from '../../model/index.ts';
import { openAnchorWriter, type AnchorWriter } from './anchor.ts';
import { mergesOf } from './compact.ts';
import { createDataset, ownerFolder, ownersOf } from './dataset.ts';
import { writeDataPackage } from './datapackage.ts';
import { openEngine, type Engine } from './engine.ts';
import { eventOf, noteReview, rowMaker, termsOf, type RowMaker } from './fromLedger.ts';
import { readManifest } from './manifest.ts';
import { grace, isDue, lockFolder } from './ownerFiles.ts';
import { ArchiveError, type Erased, type OwnerWriter } from './types.ts';
import { openWriter } from './writer.ts';

/** The data set that projects the exchange's own ledger. */
export const ledgerName = 'ledger';

export interface FollowOptions {
  /** Up to and without this sequence of the ledger: nothing that is not durable may be archived, or a loss of power would leave the archive ahead of it. */
  readonly until: number;
  /** Whether everything in the ledger is invented, as in a demonstration: the label says so. */
  readonly invented?: boolean;
  /** Says what wrote it, in `dataset.json`. */
  readonly engine: string;
  /** The name of the folder; `ledger` where none is given. For a projection beside the one that is in force. */
  readonly place?: string;
  /** Stops at the next entry; what was read until then is sealed. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (sequence: number, until: number) => void;
  /** After so many entries what was read is sealed; 500,000. */
  readonly sealEvery?: number;
  readonly now?: () => number;
  readonly fs?: JournalFs;
}

export interface Followed {
  /** The first sequence that is not archived. */
  readonly sequence: number;
  readonly entries: number;
  readonly events: number;
  readonly owners: readonly string[];
  /** How many erasures were carried out in the archive. */
  readonly erasures: number;
}

/**
 * Brings the archive up with the ledger: reads on from where it stands, over all logs, passes over by their index those that are archived already, seals,
 * carries out erasures, and compacts what is over. However it ends, each entry is archived exactly once, because an owner's manifest says how far it is, and the
 * place in the ledger is written after all manifests. Throws `ARCHIVE_LOCKED` while another follows, and what the ledger throws.
 */
export async function followLedger(reader: LedgerReader, archive: string, options: FollowOptions): Promise<Followed> {
  if (options.place === undefined) await endRebuild(archive);
  const folder = await createDataset(archive, {
    weirArchive: 1, name: ledgerName, kind: 'ledger', label: options.invented === true ? 'Entries of the ledger of a demonstration: everything in it is invented' : 'Entries of this exchange\'s own ledger', lacks: [], created: new Date((options.now ?? Date.now)()).toISOString(), engine: options.engine,
  }, options.place);
  const lock = await lockFolder(folder);
  const engine = await openEngine({ memoryMb: 1_000 });
  const writers = new Writers(reader, folder, engine, options);
  try {
    const followed = await follow(reader, folder, writers, options);
    await writeDataPackage(folder);
    return followed;
  } finally {
    await writers.close();
    await engine.close();
    await lock.release();
  }
}

/** Where the projection that stood is kept while another takes its place. */
export const replacedName = `${ledgerName}.replaced`;

/** Ends what a rebuilding that was killed began: the projection that stood comes back where none has taken its place. */
export async function endRebuild(archive: string): Promise<void> {
  const [standing, replaced] = [join(archive, ledgerName), join(archive, replacedName)];
  if (!existsSync(replaced)) return;
  if (existsSync(standing)) await rm(replaced, { recursive: true, force: true });
  else await rename(replaced, standing);
}

/** The first sequence of the ledger that is not archived; 0 where none is. */
export async function followedTo(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'follow.json'), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return 0;
  try {
    const found = JSON.parse(text) as { readonly weirFollow?: unknown; readonly sequence?: unknown } | null;
    if (found?.weirFollow === 1 && Number.isSafeInteger(found.sequence)) return found.sequence as number;
  } catch {
    // Said below.
  }
  throw new ArchiveError('ARCHIVE_DAMAGED', `${join(folder, 'follow.json')} cannot be read: delete it, and the ledger is read again from its beginning`);
}

async function follow(reader: LedgerReader, folder: string, writers: Writers, options: FollowOptions): Promise<Followed> {
  const { until, signal, onProgress, sealEvery = 500_000, now = Date.now } = options;
  const owners = new Set<string>();
  let sequence = await followedTo(folder);
  let sealed = sequence;
  let [entries, events, erasures, unsealed] = [0, 0, 0, 0];
  let erased: [string, Erased][] = [];
  const sealAll = async (): Promise<void> => {
    await writers.seal();
    const exact = await exactly(reader, erased);
    for (const owner of new Set(exact.map(([one]) => one))) await (await writers.owner(owner)).writer.blank(exact.filter(([one]) => one === owner).map(([, what]) => what));
    erasures += erased.length;
    [erased, unsealed] = [[], 0];
    if (sequence > sealed) await replaceFile(options.fs ?? diskFs, folder, 'follow.json', Buffer.from(`${JSON.stringify({ weirFollow: 1, sequence })}\n`));
    sealed = sequence;
  };
  for await (const opened of reader.entries(sequence, { end: until })) {
    const { entry, index } = opened;
    if (entry.type === 'system') {
      const anchor = await writers.anchor();
      if (index >= anchor.next) {
        anchor.add(eventOf(entry, index));
        events += 1;
      }
      if (entry.event === 'erased') erased.push(...erasureOf(entry));
    } else {
      const { writer, row } = await writers.owner(entry.owner);
      if (index >= writer.next) {
        const made = row(entry, index);
        writer.add(made);
        noteReview(writer, entry, made);
        owners.add(entry.owner);
        entries += 1;
      }
    }
    sequence = opened.sequence + 1;
    unsealed += 1;
    onProgress?.(sequence, until);
    if (unsealed >= sealEvery) await sealAll();
    if (signal?.aborted === true) break;
  }
  // Whatever lies behind the last entry that could be read was erased.
  if (signal?.aborted !== true) sequence = Math.max(sequence, until);
  await sealAll();
  await writers.compact(now());
  return { sequence, entries, events, owners: [...owners].sort(), erasures };
}

/** What an `erased` entry says was taken: the anchor log's `subject` is `OWNER DAY`. The index of a day holds nothing that the archive has. */
function erasureOf({ subject, detail }: SystemEntry): readonly [string, Erased][] {
  const [owner = '', day = ''] = subject.split(' ');
  const kind = detail?.['kind'];
  const index = detail?.['index'];
  if (!/^[A-Z0-9]{2}$/.test(owner)) return [];
  if (kind === 'entry' && typeof index === 'number') return [[owner, { index }]];
  return (kind === 'disclosure' || kind === 'other') && /^\d{4}-\d\d-\d\d$/.test(day) ? [[owner, { day, kind }]] : [];
}

/**
 * Days of the ledger are those on which entries were written, which at midnight are not those of their times: the index that the ledger closed over a day before it could be
 * erased says exactly which entries are its own.
 */
async function exactly(reader: LedgerReader, erased: readonly (readonly [string, Erased])[]): Promise<readonly (readonly [string, Erased])[]> {
  if (!erased.some(([, what]) => 'day' in what)) return erased;
  const { epochs } = await readFacts(reader, null);
  return erased.map(([owner, what]) => {
    const closed = 'day' in what ? epochs.get(owner)?.find(({ day }) => day === what.day) : undefined;
    return [owner, closed === undefined || !('day' in what) ? what : { from: closed.from, to: closed.to, kind: what.kind }] as const;
  });
}

/** Of an archive from before there were verdicts, each held request is looked up in the ledger once, so that its verdict will find it. One that was erased meanwhile never ends. */
async function findHolds(reader: LedgerReader, writer: OwnerWriter): Promise<void> {
  const held = await writer.unknownHolds();
  if (held === null) return;
  for (const row of held) {
    const found = await reader.entry(writer.owner.toLowerCase(), row.index);
    const entry = found !== null && found !== 'erased' && found.entry.type === 'decision' ? found.entry : null;
    writer.hold(entry?.id ?? null, row, entry?.ticket === null || entry === null ? { deadline: row.at, exigent: false } : termsOf(entry.ticket));
  }
}

/** The writers of the owners that were met, opened when first needed. */
class Writers {
  readonly #reader: LedgerReader;
  readonly #folder: string;
  readonly #engine: Engine;
  readonly #options: FollowOptions;
  readonly #owners = new Map<string, { readonly writer: OwnerWriter; readonly row: RowMaker }>();
  #anchor: AnchorWriter | null = null;

  constructor(reader: LedgerReader, folder: string, engine: Engine, options: FollowOptions) {
    this.#reader = reader;
    this.#folder = folder;
    this.#engine = engine;
    this.#options = options;
  }

  async owner(owner: string): Promise<{ readonly writer: OwnerWriter; readonly row: RowMaker }> {
    const known = this.#owners.get(owner);
    if (known !== undefined) return known;
    const writer = await openWriter({ folder: this.#folder }, owner, this.#shared());
    const opened = { writer, row: rowMaker(writer) };
    this.#owners.set(owner, opened);
    await findHolds(this.#reader, writer);
    return opened;
  }

  async anchor(): Promise<AnchorWriter> {
    this.#anchor ??= await openAnchorWriter({ folder: this.#folder }, this.#shared());
    return this.#anchor;
  }

  async seal(): Promise<void> {
    for (const { writer } of this.#owners.values()) await writer.seal();
    await this.#anchor?.seal();
  }

  /** Also of owners of whom nothing came: their months are over as well. */
  async compact(now: number): Promise<void> {
    for (const owner of await ownersOf(this.#folder)) {
      const manifest = this.#owners.has(owner) ? null : await readManifest(ownerFolder(this.#folder, owner), owner);
      if (manifest !== null && (mergesOf(manifest.segments, now).length > 0 || manifest.leftovers.some((one) => isDue(one, manifest.sealing, now, grace)))) await this.owner(owner);
    }
    for (const { writer } of this.#owners.values()) await writer.compact(now);
    await this.#anchor?.compact(now);
  }

  async close(): Promise<void> {
    for (const { writer } of this.#owners.values()) await writer.close();
    await this.#anchor?.close();
  }

  #shared(): { readonly engine: Engine; readonly fs?: JournalFs; readonly now?: () => number } {
    const { fs, now } = this.#options;
    return { engine: this.#engine, ...(fs === undefined ? {} : { fs }), ...(now === undefined ? {} : { now }) };
  }
}
