import { CodedError } from '../../model/codedError.ts';
import type { AnswerStatus, CourtClass, DataClass, EvidenceGrade, InquiryKey, Purpose, QueryKind, RequesterAttributes } from '../../vocabulary/index.ts';
import type { ClassDecision, Ori, Sex, Verdict, WireFormat } from '../../model/index.ts';

/** Where a data set came from. Every output says it. */
export type DatasetKind = 'ledger' | 'invented' | 'imported';

/** What a data set may lack, because whoever wrote it down did not have it. */
export type Lack =
  /** Which rules decided, and what each class of data came to: only that an answer went out. */
  | 'decisions'
  /** What was given: the classes that the message key implies are taken instead. */
  | 'released'
  | 'purpose' | 'evidence' | 'user' | 'subject' | 'status'
  /** Attributes of askers as they were at the time: those of the registry at the import are taken instead. */
  | 'attributesThen';

/** `dataset.json`: one archive of entries. */
export interface Dataset {
  readonly weirArchive: 1;
  /** `a-z 0-9 -`: the name of its folder. `ledger` is the projection of this exchange's own ledger. */
  readonly name: string;
  readonly kind: DatasetKind;
  /** One sentence for people: what this is. An invented one says so. */
  readonly label: string;
  readonly lacks: readonly Lack[];
  /** RFC 3339, UTC. */
  readonly created: string;
  readonly engine: string;
}

/** Half open: from, up to and without. Milliseconds since 1970, at the beginning of days of UTC. `text` is how the user wrote it. */
export interface Period {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export type ArchivedType = 'decision' | 'redelivery' | 'opening' | 'withheld' | 'act' | 'verdict';

/** One line of the dictionary of attributes of an owner. `party` is the group by which people speak of askers (`partyOf`). */
export interface AttributesWord extends RequesterAttributes {
  readonly party: Party;
}

/** Groups of askers that do not overlap, in the order in which they are shown. */
export type Party = 'immigration' | 'border' | 'otherFederal' | 'ownState' | 'otherState' | 'tribal' | 'territorial' | 'private' | 'undeclared';

/** One asker as an owner saw it. The same ORI with other attributes is another word. */
export interface RequesterWord {
  readonly ori: Ori;
  readonly organisation: string;
  /** Place in the dictionary of attributes. */
  readonly attributes: number;
}

/** What a request said besides who asks. */
export interface ContextWord {
  readonly key: InquiryKey;
  readonly kind: QueryKind;
  readonly format: WireFormat;
  readonly purpose: Purpose;
  readonly warrant: EvidenceGrade;
  readonly court: CourtClass;
  readonly caseNumber: EvidenceGrade;
  /** The classes on which was decided, in the order of the decision. */
  readonly wanted: readonly DataClass[];
  /** Whether the registry knew that the asker may ask for the other; null where it asked for itself. */
  readonly delegated: boolean | null;
}

/** What came of a request, and under which rules. */
export interface OutcomeWord {
  readonly status: AnswerStatus;
  /** Empty where the data set lacks decisions. */
  readonly decisions: readonly ClassDecision[];
  readonly released: readonly DataClass[];
  /** The limits that were used up (`redecide` in `src/policy`). */
  readonly usedUp: readonly string[];
  /** The ids of the duties to tell somebody. */
  readonly duties: readonly string[];
  readonly held: boolean;
  readonly policyVersion: number | null;
  readonly policyHash: string | null;
  readonly tableHash: string | null;
  readonly registryVersion: number;
  readonly registryHash: string;
}

/** The dictionaries of one owner: the number of a word is its place. Words are only ever added. */
export interface OwnerWords {
  readonly attributes: readonly AttributesWord[];
  readonly requesters: readonly RequesterWord[];
  readonly contexts: readonly ContextWord[];
  readonly outcomes: readonly OutcomeWord[];
}

/** What of a request may be kept though it concerns persons: tags keyed by the owner, 64 bits of them, and flags. Null: not known. */
export interface Marks {
  readonly subject: bigint | null;
  readonly subjectName: bigint | null;
  readonly user: bigint | null;
  readonly userName: bigint | null;
  readonly self: boolean | null;
  readonly sameSurname: boolean | null;
  readonly sex: Sex | null;
}

/** One entry of an owner's log, as the archive takes it. */
export interface ArchiveRow extends Marks {
  /** The leaf index in the owner's log, or the line of an imported one. */
  readonly index: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly type: ArchivedType;
  /** Numbers of words; null for entries that have none. */
  readonly who: number | null;
  readonly behalf: number | null;
  readonly context: number | null;
  readonly outcome: number | null;
  readonly records: number;
}

/**
 * Many rows at once, by column, in ascending order of `index`; for whoever writes millions. -1 stands for null in the columns of words,
 * `flags` has bit 0 self, 1 self known, 2 same surname, 3 same surname known; `sex` is 0 unknown, else place in `M F U X` plus 1.
 * A tag of 0 is null.
 */
export interface RowColumns {
  readonly length: number;
  readonly index: Float64Array;
  readonly at: Float64Array;
  /** 0 decision, 1 redelivery, 2 opening, 3 withheld, 4 act, 5 verdict. */
  readonly type: Uint8Array;
  readonly who: Int32Array;
  readonly behalf: Int32Array;
  readonly context: Int32Array;
  readonly outcome: Int32Array;
  readonly records: Int32Array;
  readonly subject: BigUint64Array;
  readonly subjectName: BigUint64Array;
  readonly user: BigUint64Array;
  readonly userName: BigUint64Array;
  readonly flags: Uint8Array;
  readonly sex: Uint8Array;
}

/**
 * What the ledger erased: one entry, or entries by their indices (`to` without) or by the day of their time (`2026-10-03`), of one kind (`disclosure`: those by
 * which something was given) or of both.
 */
export type Erased =
  | { readonly index: number }
  | { readonly from: number; readonly to: number; readonly kind: ErasedKind }
  | { readonly day: string; readonly kind: ErasedKind };
export type ErasedKind = 'disclosure' | 'other' | 'all';

/** A request that a person is to review, as it stands in its row. */
export interface HeldRow {
  /** Leaf index of the request. */
  readonly index: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly who: number | null;
  readonly behalf: number | null;
  readonly context: number | null;
  readonly outcome: number | null;
  /** Given at once. */
  readonly records: number;
}

/** What the entry of such a request says of its review. */
export interface HeldTerms {
  /** Milliseconds since 1970: what is stated to happen then is done by the clock. */
  readonly deadline: number;
  /** It was answered at once because of an emergency, and is reviewed afterwards. */
  readonly exigent: boolean;
}

export const deciders = ['person', 'clock'] as const;
/** Who decided on a held request, as a kind. */
export type Decider = (typeof deciders)[number];

/** How a held request ended: a verdict without anything that names a person. */
export interface Ending {
  /** Leaf index of the verdict. */
  readonly index: number;
  readonly at: number;
  readonly verdict: Verdict;
  readonly decidedBy: Decider;
  /** A word from the list of reasons. */
  readonly reason: string;
  readonly decisions: readonly ClassDecision[];
  /** The classes that were given with it, and for how many records. */
  readonly released: readonly DataClass[];
  readonly records: number;
  readonly policyVersion: number | null;
  readonly policyHash: string | null;
}

/** One entry of the anchor log, as the archive takes it. */
export interface ArchiveEvent {
  readonly index: number;
  readonly at: number;
  readonly event: string;
  readonly subject: string;
  readonly hash: string | null;
  /** JSON, or null. */
  readonly detail: string | null;
}

/**
 * Writes one owner's part of a data set. One writer at a time (a lock file); what is sealed is whole and can be read at once by others,
 * what is not is as if it had never been given. Opening it again goes on after the last sealed index.
 */
export interface OwnerWriter {
  readonly owner: string;
  /** The first index that is not archived yet. */
  readonly next: number;
  attributes(word: RequesterAttributes): number;
  requester(word: RequesterWord): number;
  context(word: ContextWord): number;
  outcome(word: OutcomeWord): number;
  /** All words so far, in the order of their numbers. */
  words(): OwnerWords;
  /** Indices ascend from `next` on, with gaps where entries were erased. */
  add(row: ArchiveRow): void;
  /** A request waits for its verdict, by which its entry is named. Sealed together with its row. `entry` is null where nobody can tell any more, so that it never ends. */
  hold(entry: string | null, row: HeldRow, terms: HeldTerms): void;
  /** The verdict on the request with this entry. False where none such waits: it has ended already, or was erased. The first verdict stands. */
  end(entry: string, ending: Ending): boolean;
  /** Null where the archive knows which requests wait. Else it was written before there were verdicts: the held requests that it has, to be given to `hold` once. */
  unknownHolds(): Promise<readonly HeldRow[] | null>;
  addColumns(columns: RowColumns): void;
  /** Writes segments with their rollups, then the manifest, each durable: rows are there from now on, exactly once. `done` is the first index not covered, where gaps end it. */
  seal(done?: number): Promise<void>;
  /** Merges day segments of months that are over into one segment, and months into the rollup of their year. Readers see the one or the other. */
  compact(now: number): Promise<void>;
  /** Takes the tags and flags of entries away that the ledger erased. */
  blank(what: readonly Erased[]): Promise<void>;
  close(): Promise<void>;
}

/** A reading of a data set: some owners, one period. All SQL goes over the views of docs/archive.md. */
export interface ArchiveSession {
  readonly dataset: Dataset;
  readonly owners: readonly string[];
  readonly period: Period;
  /** Of each owner: the indices archived, and the time of the newest entry, milliseconds; null where there is none. */
  readonly watermarks: ReadonlyMap<string, { readonly next: number; readonly newest: number | null }>;
  /** Runs a statement, and gives its rows as objects. BIGINT comes as number where it is safe, lists as arrays, TIMESTAMP as milliseconds. */
  query<T extends object>(sql: string, parameters?: readonly (string | number | bigint | boolean | null)[]): Promise<readonly T[]>;
  /** The same by column, for many rows: `take` is given each chunk as typed arrays where the column is of fixed width. */
  columns(sql: string, take: (chunk: ReadChunk) => void): Promise<void>;
  /** Makes a table `name` of columns of whole numbers (INTEGER; -1 is null). */
  table(name: string, columns: Readonly<Record<string, Int32Array>>): Promise<void>;
  words(owner: string): Promise<OwnerWords>;
  /** The same data set over another period, on the same engine. Closing the first closes all. */
  over(period: Period): Promise<ArchiveSession>;
  close(): Promise<void>;
}

/** Some rows of a result. Columns of whole numbers and booleans come as typed arrays, all else as values. */
export interface ReadChunk {
  readonly rows: number;
  /** Place of the column in the statement. */
  ints(column: number): Int32Array;
  longs(column: number): BigInt64Array | BigUint64Array;
  values(column: number): readonly unknown[];
}

export type ArchiveErrorCode =
  /** There is no such data set, or no such owner in it. */
  | 'ARCHIVE_UNKNOWN'
  /** Another process writes it. */
  | 'ARCHIVE_LOCKED'
  /** A file is not what the manifest says. */
  | 'ARCHIVE_DAMAGED'
  /** A period, dimension or filter that means nothing. `message` says what is expected. */
  | 'ARCHIVE_QUESTION'
  /** Rows out of order, or words that are not in the dictionary. */
  | 'ARCHIVE_ORDER';

export class ArchiveError extends CodedError<ArchiveErrorCode> {
  override readonly name = 'ArchiveError';
}
