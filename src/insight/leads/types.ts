import type { ArchiveSession, DatasetKind, Lack, Party, Period } from '../archive/types.ts';
import type { InsightWorld } from '../world.ts';

/** What a detector looks for, in the order in which they are shown. A lead is a reason to look, never a verdict. */
export const leadKinds = [
  'self', 'colleague', 'surname', 'pileOn', 'oneSex', 'offHours', 'noCase', 'bulkPhotos', 'sweep', 'rise', 'lapsed', 'afterRefusal', 'aroundBlock',
] as const;
export type LeadKind = (typeof leadKinds)[number];

/** Whom a lead is about. The user is a pseudonym: 16 hexadecimal digits of a tag keyed by the owner, never a name. */
export interface LeadWho {
  /** Null where it is about one subject and many agencies. */
  readonly ori: string | null;
  readonly agency: string;
  /** All ORIs, where it is about one organisation with several offices; `ori` is then the one most concerned. */
  readonly oris: readonly string[];
  readonly organisation: string | null;
  readonly party: Party | null;
  readonly user: string | null;
  /** Tag of the one person or vehicle that it is about. */
  readonly subject: string | null;
}

/** What is usual: of this agency itself, or of agencies like it. `value` is in `unit`, as in `seen`. */
export interface Usual {
  /** A sentence. */
  readonly text: string;
  readonly value: number | null;
}

export interface PeerRange extends Usual {
  /** 5th and 95th percentile; null where there are too few. */
  readonly low: number | null;
  readonly high: number | null;
  /** How many agencies (or users of them) the range is made of. */
  readonly of: number;
}

/** What a test made of it. */
export interface Unusual {
  /** The name of the test. */
  readonly test: string;
  /** How probable so much or more is by chance alone, for this one; null where the finding is a fact and no matter of chance. */
  readonly p: number | null;
  /** How many others were looked at alike. */
  readonly looked: number;
  /** A sentence. */
  readonly text: string;
}

/** The entries behind a lead. */
export interface LeadRows {
  readonly total: number;
  /** Leaf indices in the owner's log, or lines of an imported one, ascending: the first of them. */
  readonly indices: readonly number[];
  /** Milliseconds: the first and the newest entry. A newer one than a queue remembers is new evidence for the same lead. */
  readonly first: number;
  readonly newest: number;
  /** Commands that show them. */
  readonly commands: readonly string[];
}

/** A reason for a person to look. */
export interface Lead {
  /** Stable: the same matter has the same id in each run and over each period, so that a queue can keep its state. The kind, `-` and 12 hexadecimal digits. */
  readonly id: string;
  readonly kind: LeadKind;
  readonly owner: string;
  readonly who: LeadWho;
  /** A sentence with numbers. */
  readonly seen: string;
  readonly baseline: Usual;
  readonly peers: PeerRange;
  readonly unusual: Unusual;
  /** 1 to 5: how much harm it would be, if it were what it looks like. */
  readonly harm: number;
  /** Harm times unusualness: the order of the list. */
  readonly score: number;
  readonly rows: LeadRows;
  /** Sentences: what would explain it without anybody having done wrong. */
  readonly innocent: readonly string[];
}

/** What came of one detector. */
export interface DetectorReport {
  readonly kind: LeadKind;
  /** Null where it ran; a sentence where it could not, or only in part. */
  readonly cannot: string | null;
  readonly ran: boolean;
  /** How many units (users, subjects, weeks …) it looked at. */
  readonly looked: number;
  /** All leads found; `leads` of the report hold the first of them. */
  readonly found: number;
}

export interface LeadReport {
  readonly dataset: string;
  readonly datasetKind: DatasetKind;
  readonly label: string;
  readonly lacks: readonly Lack[];
  readonly owner: string;
  readonly period: Period;
  readonly timeZone: 'UTC';
  /** RFC 3339: the newest entry archived; null where there is none. */
  readonly newest: string | null;
  readonly entries: number;
  readonly agencies: number;
  /** Agencies by the months in which they asked: what rates are given against. */
  readonly agencyMonths: number;
  /** Most harm and most unusual first. */
  readonly leads: readonly Lead[];
  readonly detectors: readonly DetectorReport[];
  readonly leftOut: readonly string[];
}

/** A case that the invented year planted on purpose (`planted.json` in the folder of the data set: an array of these). */
export interface PlantedCase {
  readonly kind: LeadKind;
  readonly owner: string;
  /** Of the agency; null for `pileOn`, which has many. For `aroundBlock` an ORI of the sister. */
  readonly ori: string | null;
  /** Tag of the user, 16 hexadecimal digits; null where it is not about one. */
  readonly user: string | null;
  /** Tag of the subject, 16 hexadecimal digits, where the case is about one. */
  readonly subject?: string | null;
  /** The first and the last day, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  /** How many entries were planted. */
  readonly count: number;
}

/** What detectors are given. */
export interface LeadsInput {
  readonly session: ArchiveSession;
  readonly world: InsightWorld;
  readonly owner: string;
  /** Told of each step, for a line of progress. */
  readonly say?: (text: string) => void;
}
