import type { ArchiveSession, AttributesWord, OwnerWords } from '../archive/types.ts';
import type { InsightWorld } from '../world.ts';
import type { PeerGroup } from './peers.ts';

/** One agency that asked in the period, as its ORI. */
export interface AskingOffice {
  /** Place in `Ground.offices`. */
  readonly place: number;
  readonly ori: string;
  readonly name: string;
  readonly organisation: string;
  /** The latest that the owner's log knows. */
  readonly attributes: AttributesWord;
  readonly zone: number;
  /** Entries in the period, and months with any. */
  readonly n: number;
  readonly months: number;
  /** Place in `Ground.groups`. */
  readonly group: number;
}

/** What all detectors stand on: the agencies of one owner's log in the period, and tables in the session that join `rows` to them. */
export interface Ground {
  readonly session: ArchiveSession;
  readonly world: InsightWorld;
  readonly owner: string;
  readonly words: OwnerWords;
  readonly offices: readonly AskingOffice[];
  readonly groups: readonly PeerGroup[];
  /** For each requester of the dictionary its office, -1 where it did not ask. */
  readonly officeOf: Int32Array;
  readonly entries: number;
  readonly agencyMonths: number;
  /** `FROM rows r JOIN …`: only entries of this owner on which was decided, with `w` the office, `c` the context and `o` the outcome. */
  readonly from: string;
  /** The same with `h.part`, the part of the week in local time. */
  readonly fromWithHours: string;
  units(): Promise<Units>;
  say(text: string): void;
}

/**
 * All users of all agencies, with how often each did what: by office, then by tag. Entries whose user is not known are one unit of their agency,
 * with the tag 0.
 */
export interface Units {
  readonly length: number;
  readonly office: Int32Array;
  readonly user: BigUint64Array;
  readonly n: Int32Array;
  /** Of how many it is known whether they are of the asker's own surname. */
  readonly surnameKnown: Int32Array;
  readonly sameSurname: Int32Array;
  /** Of how many the name of the person is known, and how many were of the asker's own name. */
  readonly named: Int32Array;
  readonly self: Int32Array;
  readonly female: Int32Array;
  readonly male: Int32Array;
  readonly cased: Int32Array;
  readonly photo: Int32Array;
  readonly sweep: Int32Array;
  readonly refused: Int32Array;
  /** At night, and outside working hours (night included), in local time. */
  readonly night: Int32Array;
  readonly outside: Int32Array;
  /** Of how many it is known whom or what they were about. */
  readonly subjects: Int32Array;
}
