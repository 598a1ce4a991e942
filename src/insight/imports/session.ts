import { mkdir } from 'node:fs/promises';
import type { Lack, OwnerWriter } from '../archive/types.ts';
import { ImportError } from './errors.ts';
import type { Mapping } from './mappingSchema.ts';
import { FileReading, markOf, shareParts, type ReadingParts, type Shared } from './reading.ts';
import { readState, SeenFiles, settled, stateFolder, writeState, type ImportState, type Source } from './state.ts';
import { Tally } from './tally.ts';

/** What an import is made of. */
export interface ImportParts extends Omit<ReadingParts, 'writer' | 'seen'> {
  /** The folder of the data set. */
  readonly folder: string;
  readonly writer: OwnerWriter;
  /** SHA-256 of the text of the mapping, hexadecimal. */
  readonly mappingHash: string;
  /** Who imports: an office. */
  readonly by: string;
  /** How many line numbers of each reason are kept. */
  readonly listed: number;
}

/** A file that is being read. */
export interface OpenSource {
  readonly place: number;
  readonly reading: FileReading;
  readonly tally: Tally;
}

const mostRequesters = 400_000;
const hopelessAfter = 20_000;

/**
 * One import into one owner's part of a data set, each line exactly once: `sources.json` first says what will hold after a sealing, then the archive is
 * sealed, which is one replaced file, then `sources.json` says that it holds. A run that ended between two of these goes on from the one or the other.
 */
export class ImportSession {
  readonly #parts: ImportParts;
  readonly #folder: string;
  readonly #shared: Shared;
  readonly #seen: SeenFiles;
  #state: ImportState;

  private constructor(parts: ImportParts, folder: string, seen: SeenFiles, state: ImportState) {
    this.#parts = parts;
    this.#folder = folder;
    this.#seen = seen;
    this.#state = state;
    this.#shared = shareParts({ ...parts, seen: seen.seen });
  }

  /** Throws `IMPORT_STATE` where the archive and `sources.json` do not fit, `IMPORT_DATASET` where the mapping lacks other things than the one before. */
  static async open(parts: ImportParts): Promise<ImportSession> {
    const folder = stateFolder(parts.folder, parts.owner);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const lacks = lacksOf(parts.mapping);
    const written = await readState(folder);
    const kept = written === null ? null : settled(written, parts.writer.next);
    if (kept === null && parts.writer.next > 0) throw new ImportError('IMPORT_STATE', `the data set has ${parts.writer.next} lines of ${parts.owner} and no record of where they came from: remove it with \`weir import forget\`, and import again`);
    if (kept !== null && parts.writer.next !== kept.lines) throw new ImportError('IMPORT_STATE', `the archive ends at line ${parts.writer.next}, and ${kept.lines} lines were imported: one of the two was brought back from an older copy; remove it with \`weir import forget\`, and import again`);
    if (kept !== null && kept.lacks.join() !== lacks.join()) throw new ImportError('IMPORT_DATASET', `this mapping leaves out other things than the one by which the data set was begun (${lacks.join(', ')}; it was ${kept.lacks.join(', ')}): import into another name`);
    const within = parts.mapping.duplicates?.within ?? 1_000_000;
    const seen = await SeenFiles.open(folder, kept?.seen.within ?? within, kept);
    return new ImportSession(parts, folder, seen, kept ?? { weirImport: 1, owner: parts.owner, by: parts.by, lacks, lines: 0, sources: [], seen: { within, generation: 0, before: 0, now: 0 } });
  }

  get state(): ImportState {
    return this.#state;
  }

  /** Goes on with a source that was begun, or begins one. */
  source(file: string, sha256: string | null): OpenSource {
    const { sources, lines } = this.#state;
    const at = sources.findIndex(({ ended }) => ended === null);
    const begun = sources[at];
    if (begun !== undefined && (begun.sha256 !== sha256 || (sha256 === null && begun.file !== file))) {
      throw new ImportError('IMPORT_STATE', begun.sha256 === null ? `the data set follows ${begun.file}, which is not finished: import other files into another name` : `the import of ${begun.file} was cut short: give that file first, unchanged`);
    }
    if (begun !== undefined) return this.#open(at, begun);
    const { registry, mappingHash, now, listed } = this.#parts;
    const fresh: Source = {
      file, sha256, mapping: mappingHash, registry: { version: registry.version, hash: registry.hash }, from: lines, began: new Date(now()).toISOString(), ended: null, end: null,
      tally: new Tally(listed).state(), position: { offset: 0, line: 0, entries: 0, columns: null, last: 0, mark: markOf(this.#parts, Buffer.alloc(0)), marked: 0, inode: null }, recorded: 0,
    };
    // On the disk it is with the first lines of it: a file that turns out to be another one leaves no trace.
    this.#state = { ...this.#state, sources: [...sources, fresh] };
    return this.#open(sources.length, fresh);
  }

  /** Stops a run that can only be a wrong mapping, before more of it is written. */
  check({ tally }: OpenSource): void {
    // Entries of other owners fit the mapping.
    const refused = tally.refused - tally.count('wrongOwner');
    if (tally.count('archived') + tally.count('duplicate') === 0 && refused >= hopelessAfter) {
      throw new ImportError('IMPORT_HOPELESS', `of the first ${refused} lines of entries none could be read: the mapping does not fit this log`);
    }
    if (this.#shared.rows.requesters > mostRequesters) throw new ImportError('IMPORT_HOPELESS', `the log names more than ${mostRequesters} agencies: the column of the mapping holds no ORIs`);
  }

  /** Makes all that was read durable: exactly once, wherever it is cut short. */
  async save({ place, reading, tally }: OpenSource, inode: string | null, end: Source['end'] = null): Promise<void> {
    if (tally.accounted !== tally.read) throw new ImportError('IMPORT_LOST', `${tally.read} lines were read and ${tally.accounted} accounted for: nothing of them is kept`);
    this.#shared.rows.flush();
    const { seen } = this.#seen;
    const [before, now] = seen.counts;
    const ended = end === null ? null : new Date(this.#parts.now()).toISOString();
    await this.#seen.save();
    const after: ImportState = {
      ...this.#state, lines: reading.next, seen: { ...this.#state.seen, generation: seen.generation, before, now },
      sources: this.#state.sources.map((one, at) => (at === place ? { ...one, tally: tally.state(), position: reading.position(inode), end, ended } : one)),
    };
    await writeState(this.#folder, { ...this.#state, sealing: after });
    await this.#parts.writer.seal(reading.next);
    await this.#replace(after);
    await this.#seen.clean();
  }

  /** Puts files of months that are over together. */
  compact(): Promise<void> {
    return this.#parts.writer.compact(this.#parts.now());
  }

  /** Notes that lines stand in the anchor log of the ledger. */
  async recorded(): Promise<void> {
    await this.#replace({ ...this.#state, sources: this.#state.sources.map((one) => ({ ...one, recorded: one.tally.read })) });
  }

  #open(place: number, source: Source): OpenSource {
    const tally = new Tally(this.#parts.listed, source.tally);
    return { place, tally, reading: new FileReading(this.#shared, tally, { number: place + 1, name: source.file, from: source.from }, source.position.offset === 0 ? null : source.position) };
  }

  async #replace(state: ImportState): Promise<void> {
    await writeState(this.#folder, state);
    this.#state = state;
  }
}

/** What a log lacks, by what its mapping leaves out. Which rules decided, and attributes as they were, no log of another system has. */
export function lacksOf(mapping: Mapping): readonly Lack[] {
  const message = mapping.format === 'message';
  const lacks: [Lack, boolean][] = [
    ['decisions', true], ['released', mapping.released === undefined], ['purpose', mapping.purpose === undefined && !message], ['evidence', mapping.caseNumber === undefined && mapping.warrant === undefined],
    ['user', mapping.user === undefined && mapping.userName === undefined], ['subject', mapping.subject === undefined && !message], ['status', mapping.status === undefined], ['attributesThen', true],
  ];
  return lacks.filter(([, lacking]) => lacking).map(([lack]) => lack);
}
