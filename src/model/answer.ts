import type { AnswerKey, AnswerStatus, DataClass, InquiryKey, Outcome, Treatment } from '../vocabulary/index.ts';
import type { Destination, Ori, WireFormat } from './inquiry.ts';
import type { RecordData } from './record.ts';

/** What became of one data class, as the asker is told. */
export interface ClassAnswer {
  readonly dataClass: DataClass;
  readonly outcome: Outcome;
  readonly treatment: Treatment | null;
  readonly rules: readonly string[];
}

/** A held request: where to ask again, until when a person decides, and what follows if nobody does. */
export interface Ticket {
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly deadline: string;
  readonly onTimeout: 'deny' | 'release';
}

/** Names the ledger entry that was durable before this answer left, and promises its place under a signature. */
export interface Receipt {
  /** The log: an owner's code in small letters, or `anchor`. */
  readonly log: string;
  /** The place in that log, from 0. */
  readonly index: number;
  readonly entry: string;
  /** The commitment that stands at that place, hexadecimal. */
  readonly hash: string;
  /** Time, signature and proof, base64url (docs/ledger-formats.md, "Receipt"). */
  readonly token: string;
}

/** What one owner answers. Nothing in `records` was denied or held: the exchange shaped it so. */
export interface OwnerAnswer {
  readonly owner: string;
  readonly status: AnswerStatus;
  readonly records: readonly RecordData[];
  /** More records matched than the cap allows. */
  readonly more: boolean;
  readonly classes: readonly ClassAnswer[];
  /** In words, for a person: why it was refused, held, reduced or unavailable. Empty where all was given. */
  readonly reasons: readonly string[];
  readonly policyVersion: number | null;
  readonly ticket: Ticket | null;
  readonly receipt: Receipt | null;
}

/** Counts over a fan-out. `silent` are owners that did not answer in time or could not look. */
export interface Summary {
  readonly asked: number;
  readonly hit: number;
  readonly noHit: number;
  readonly refused: number;
  readonly held: number;
  readonly silent: number;
  /** The owners behind each count, in alphabetical order. */
  readonly owners: {
    readonly hit: readonly string[];
    readonly noHit: readonly string[];
    readonly refused: readonly string[];
    readonly held: readonly string[];
    readonly silent: readonly string[];
  };
}

/** When a message came in and when its answer went out, with the two five-digit counters of the line. */
export interface Clocks {
  /** Milliseconds since 1970, UTC. */
  readonly received: number;
  readonly sent: number;
  readonly receiveNumber: number;
  readonly sendNumber: number;
}

/** The answer to one inquiry. With `merged`, owners with no record, or silent, are counted in the summary and left out of `answers`. */
export interface Answer {
  readonly id: string;
  readonly inquiryKey: InquiryKey;
  readonly key: AnswerKey;
  readonly requester: Ori;
  readonly destinations: readonly Destination[];
  readonly control: string | null;
  readonly clocks: Clocks;
  readonly answers: readonly OwnerAnswer[];
  readonly summary: Summary;
  readonly merged: boolean;
  readonly demonstration: boolean;
}

/** One row of the directory, as `TR` gives it. */
export interface DirectoryEntry {
  readonly ori: Ori;
  readonly name: string;
  readonly type: string;
  readonly state: string;
  readonly active: boolean;
}

export interface DirectoryAnswer {
  readonly id: string;
  readonly key: 'TR';
  readonly requester: Ori;
  readonly destination: Destination;
  readonly control: string | null;
  readonly clocks: Clocks;
  readonly entries: readonly DirectoryEntry[];
  readonly more: boolean;
  readonly demonstration: boolean;
}

/** Why the exchange could not take or answer a message at all. Codes are stable; `number` is the published ER or SM number. */
export interface WireFault {
  readonly code: WireFaultCode;
  /** For a person. Never carries more of the input than `echo`. */
  readonly message: string;
  /** At most the first 100 characters of the offending message. */
  readonly echo: string;
  /** Where in the input, where that is known: a prefix, an element or a JSON pointer. */
  readonly at: string | null;
}

export type WireFaultCode =
  | 'malformed' | 'badHeader' | 'keyNotAllowed' | 'noText' | 'badBirthDate' | 'badYear' | 'fieldMissing' | 'badAttention'
  | 'badDestination' | 'badCombination' | 'tooLarge' | 'badValue' | 'notAuthorised' | 'busy' | 'ledgerUnavailable' | 'internal'
  | 'unsupportedFormat' | 'conflict' | 'unknownRequester';

/** A fault with what is known of the message it answers. */
export interface FaultAnswer {
  readonly fault: WireFault;
  readonly requester: Ori | null;
  readonly control: string | null;
  readonly clocks: Clocks;
  readonly format: WireFormat;
  readonly id: string;
}
