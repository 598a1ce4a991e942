import type { ColumnFound } from './columns.ts';

/**
 * Why a row was not taken. `columnCount` more or fewer cells than the heading · `badOri` · `duplicate` the file has it already ·
 * `noName` · `unknownType` an agency type that the importer does not know · `unknownState` · `contradiction` its columns exclude one another ·
 * `refused` its attributes or texts break a rule of the registry · `unknownModel` a 287(g) model that is none of the three ·
 * `notSigned` an application, not an agreement · `badDate` · `unmatched` no organisation of the name · `ambiguous` several.
 */
export type ReasonCode =
  | 'columnCount' | 'badOri' | 'duplicate' | 'noName' | 'unknownType' | 'unknownState' | 'contradiction' | 'refused'
  | 'unknownModel' | 'notSigned' | 'badDate' | 'unmatched' | 'ambiguous';

/** One row of the file that is not in the registry now. Agencies are no persons: their names may stand here. */
export interface NotTaken {
  readonly line: number;
  readonly reason: ReasonCode;
  /** The ORI or the name that the row gives, at most 120 characters. */
  readonly what: string;
  /** Organisations that the row may mean, for `unmatched` and `ambiguous`; else the field or rule that stands against it. */
  readonly candidates: readonly string[];
}

/** What became of a file. `rows` is the sum of `added`, `updated`, `unchanged` and the rows not taken. */
export interface ImportReport {
  readonly list: 'fbi' | '287g' | 'states';
  readonly file: string;
  readonly columns: readonly ColumnFound[];
  readonly rows: number;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly notTaken: readonly NotTaken[];
  /** Organisations that were added above those of the file. */
  readonly made: readonly string[];
  /** Rows of the registry that were there before and that the file does not have: only with `replace`. */
  readonly dropped: number;
  /** What a person should know besides. */
  readonly notes: readonly string[];
}

/** Collects the rows that were not taken. */
export class Refusals {
  readonly list: NotTaken[] = [];

  add(line: number, reason: ReasonCode, what: string, candidates: readonly string[] = []): void {
    this.list.push({ line, reason, what: what.replace(/[\p{Cc}\p{Cs}]/gu, ' ').slice(0, 120), candidates });
  }
}

/** How many rows were not taken, by reason, most first. */
export function countReasons(report: ImportReport): readonly (readonly [ReasonCode, number])[] {
  const counts = new Map<ReasonCode, number>();
  for (const { reason } of report.notTaken) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}
