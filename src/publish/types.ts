/**
 * A number that stands in a release, or the reason why none stands there. `small`: it is from 1 to the threshold. `protects`: it is greater than
 * the threshold, and a smaller one could be worked out from it. There is never a number beside the reason.
 */
export type Cell = number | { readonly hidden: 'small' | 'protects' };

export const tableIds = ['requests', 'purposes', 'released', 'holds'] as const;
/** Which count a table gives, each by the group that asked. `released` overlaps: a request counts once for each class that it was given. */
export type TableId = (typeof tableIds)[number];

/** One word of a line or a column, with how people say it. */
export interface AxisItem {
  readonly id: string;
  readonly words: string;
}

/** One table over one span: a month (`2026-10`), or several together (`2026-01..2026-10`). */
export interface ReleaseTable {
  readonly id: TableId;
  readonly span: string;
  /** One list for each group, with one number for each column of the table. */
  readonly cells: readonly (readonly Cell[])[];
  /** One for each group; null where the columns overlap, or the totals are left out. */
  readonly rowTotals: readonly Cell[] | null;
  /** One for each column. */
  readonly columnTotals: readonly Cell[];
  /** All groups and columns together; null like `rowTotals`. */
  readonly total: Cell | null;
}

export interface ReleaseRule {
  readonly id: string;
  readonly sentence: string;
  readonly cites: readonly string[];
}

export interface PolicyInForce {
  readonly version: number;
  readonly hash: string;
  readonly since: string;
  readonly rules: readonly ReleaseRule[];
}

/**
 * Everything that a release says, and the only thing that leaves the room of the ledger. It holds no hidden number, and nothing from which one could
 * be worked out, alone or with the earlier releases of the owner. As text it is canonical JSON (RFC 8785); its SHA-256 is what is approved.
 */
export interface Aggregate {
  readonly weirAggregate: 1;
  readonly owner: string;
  readonly ownerName: string;
  /** Number of the release of this owner, from 1. */
  readonly version: number;
  /** Whole months; half open; days of UTC. */
  readonly period: { readonly from: string; readonly to: string; readonly text: string };
  readonly timeZone: 'UTC';
  readonly preparedAt: string;
  /** The office that prepared it: another one approves. */
  readonly preparedBy: string;
  readonly engine: string;
  /** Numbers from 1 to this are hidden. At least 10. */
  readonly threshold: number;
  readonly dataset: { readonly name: string; readonly kind: 'ledger' | 'invented' | 'imported'; readonly label: string; readonly lacks: readonly string[] };
  /** The day (UTC) of the newest entry of the archive when this was prepared: the day alone, because a time would be that of one request. */
  readonly newest: string | null;
  /** The first index of the owner's log that was not counted. */
  readonly archivedTo: number;
  /** The earlier releases against which it was checked that nothing can be worked out. */
  readonly earlier: readonly { readonly version: number; readonly hash: string }[];
  /** The version of the same period that this one replaces. */
  readonly corrects: number | null;
  readonly axes: { readonly groups: readonly AxisItem[]; readonly columns: Readonly<Record<TableId, readonly AxisItem[]>> };
  readonly tables: readonly ReleaseTable[];
  /** Tables that could not be made safe or that the data set cannot give, and why. */
  readonly leftOut: readonly { readonly table: TableId; readonly span: string; readonly why: string }[];
  readonly policy: PolicyInForce | null;
  /** Versions of the policy that came into force within the period. */
  readonly changes: readonly { readonly at: string; readonly version: number; readonly hash: string }[];
  readonly checkpoints: readonly { readonly log: string; readonly origin: string; readonly size: number; readonly root: string }[];
  /** A sentence: how long people took to review, or why that is not told. */
  readonly review: string;
  /** Sentences: what the numbers leave out. */
  readonly gaps: readonly string[];
  /** Under which the open data may be used. */
  readonly licence: Licence;
}

export interface Licence {
  readonly name: string;
  readonly title: string;
  readonly path: string;
}

/** Licences that an owner can choose from. */
export const licences: readonly Licence[] = [
  { name: 'CC0-1.0', title: 'Creative Commons Zero 1.0: no rights reserved', path: 'https://creativecommons.org/publicdomain/zero/1.0/' },
  { name: 'CC-BY-4.0', title: 'Creative Commons Attribution 4.0', path: 'https://creativecommons.org/licenses/by/4.0/' },
  { name: 'ODC-PDDL-1.0', title: 'Open Data Commons Public Domain Dedication and Licence 1.0', path: 'https://opendatacommons.org/licenses/pddl/1-0/' },
];

/** `release.json` in the folder of a version: what was built, file by file. */
export interface BuiltRelease {
  readonly weirRelease: 1;
  readonly owner: string;
  readonly version: number;
  readonly period: Aggregate['period'];
  readonly corrects: number | null;
  /** SHA-256 of `aggregate.json`, hexadecimal. */
  readonly aggregate: string;
  readonly approvedBy: string;
  readonly approvedAt: string;
  readonly engine: string;
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly bytes: number }[];
}

/** `releases.json` of a site: all versions, oldest first. */
export interface SiteIndex {
  readonly weirSite: 1;
  readonly owner: string;
  readonly ownerName: string;
  readonly invented: boolean;
  readonly releases: readonly { readonly version: number; readonly period: string; readonly aggregate: string; readonly approvedAt: string; readonly corrects: number | null }[];
}

/** Says that an office read an aggregate and wants exactly this one published. */
export interface Approval {
  readonly weirApproval: 1;
  readonly owner: string;
  readonly version: number;
  /** SHA-256 of the aggregate, hexadecimal. */
  readonly aggregate: string;
  readonly by: string;
  readonly at: string;
  /** Where it stands in the ledger: a leaf of the anchor log. */
  readonly recorded: { readonly log: string; readonly index: number };
}

export type PublishErrorCode =
  /** A file that is not what it should be: not canonical, a member missing, a sum that does not agree. */
  | 'PUBLISH_FORMAT'
  /** A number from 1 to the threshold stands in it. */
  | 'PUBLISH_SMALL'
  /** The approval is for another aggregate, or by whoever prepared it. */
  | 'PUBLISH_APPROVAL'
  /** The version is there already, or the site is of another owner, or does not follow. */
  | 'PUBLISH_FROZEN';

export class PublishError extends Error {
  override readonly name = 'PublishError';
  readonly code: PublishErrorCode;

  constructor(code: PublishErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
