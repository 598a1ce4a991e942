import type { Facts, StatTable } from '../statistics/types.ts';
import type { Party } from '../archive/types.ts';
import type { DataClass } from '../../vocabulary/index.ts';

/** What a briefing about one owner is made from. Everything in it was counted or proved by others. */
export interface OwnerInput {
  readonly owner: string;
  readonly facts: Facts;
  readonly registry: { readonly version: number; readonly hash: string } | null;
  readonly entries: { readonly first: number; readonly last: number } | null;
  /** By party and status, compared. */
  readonly groups: StatTable;
  /** By status, compared: ICE without HSI; HSI; agencies with a 287(g) agreement in force. */
  readonly enforcement: StatTable;
  readonly investigations: StatTable;
  readonly agreements: StatTable;
  /** By agency, compared, all of them. */
  readonly agencies: StatTable;
  /** The group of each agency of that table, as the registry has it today. */
  readonly partyOfAgency: Readonly<Record<string, Party>>;
  /** By home state, federal offices left out. */
  readonly states: StatTable;
  /** By class released and party. */
  readonly given: StatTable;
  /** By purpose and grade of the case number. */
  readonly reasons: StatTable;
  /** By grade of the warrant. */
  readonly warrants: StatTable;
  /** By rule and status. */
  readonly rules: StatTable;
  /** By month and party. */
  readonly groupMonths: StatTable;
  readonly blocked: Blocked | null;
  readonly waiting: Waiting | null;
  /** Null where none was held, or where it is not known how they ended. */
  readonly reviews: Reviews | null;
  /** Null where no policy is in force. */
  readonly policy: PolicyInput | null;
}

/** Requests that a version refused, though the version before had answered the like: same attributes of the asker, same request. */
export interface Blocked {
  readonly command: string;
  readonly rows: readonly BlockedRow[];
}

export interface BlockedRow {
  readonly version: number;
  readonly month: string;
  readonly ori: string;
  readonly agency: string;
  readonly party: Party;
  readonly n: number;
}

/** Held requests whose time for a decision was not over when the newest entry was written. */
export interface Waiting {
  readonly n: number;
  /** RFC 3339: when the first of them lapses. */
  readonly firstLapse: string;
  readonly command: string;
}

/** How held requests of the period ended. */
export interface Reviews {
  /** By verdict and who decided, of held requests alone. */
  readonly ends: StatTable;
  /** How many people decided, and within how many milliseconds half and 95 of 100 of these; null where there is none. */
  readonly byPeople: number;
  readonly medianMs: number | null;
  readonly mostMs: number | null;
  /** Requests that got something after review that they had not got at once, and of what kinds. */
  readonly given: number;
  readonly late: readonly { readonly dataClass: DataClass; readonly n: number }[];
  readonly command: string;
}

export interface PolicyInput {
  readonly version: number;
  readonly hash: string;
  readonly since: string;
  /** Of the rules that decide, in the order of the document. */
  readonly rules: readonly { readonly id: string; readonly words: string }[];
  /** Null where the registry is larger than a proof takes on. */
  readonly access: readonly AccessInput[] | null;
  readonly claims: readonly ClaimInput[];
}

/** Who can get one class by asking, against who asked for anything. */
export interface AccessInput {
  readonly dataClass: DataClass;
  readonly able: number;
  readonly asked: number;
  /** Those who can and never asked, by group. */
  readonly silent: readonly { readonly party: Party; readonly n: number; readonly examples: readonly string[] }[];
  readonly command: string;
}

export interface ClaimInput {
  readonly id: string;
  readonly title: string;
  readonly holds: boolean | 'capped';
  /** How many organisations obtain the data against the claim; null where that was not counted. */
  readonly count: number | null;
  readonly example: string | null;
}

/** What a briefing about the whole network is made from. */
export interface NetworkInput {
  readonly facts: Facts;
  readonly registry: { readonly version: number; readonly hash: string } | null;
  /** By owner and status, compared; by party and status, compared; by month and party; by class released and party. */
  readonly owners: StatTable;
  readonly groups: StatTable;
  readonly enforcement: StatTable;
  readonly investigations: StatTable;
  readonly agreements: StatTable;
  readonly groupMonths: StatTable;
  readonly given: StatTable;
  /** Of all owners together. Null where nothing was held, or where it is not known how that ended. */
  readonly reviews: Reviews | null;
  /** Owners without a policy in force. */
  readonly withoutPolicy: readonly string[];
}
