import type { Ending, HeldRow, HeldTerms, RowColumns } from '../../src/insight/archive/types.ts';

/** What the rows of a sheet say of reviews, in their order: that a request waits, by a name of its own, or how the one of that name ended. */
export type ReviewNote =
  | { readonly held: string; readonly row: HeldRow; readonly terms: HeldTerms }
  | { readonly ended: string; readonly ending: Ending };

/** Columns to be filled, with the halves of the tags as numbers of 32 bits: a row costs no object and no BigInt. */
export interface Sheet extends RowColumns {
  length: number;
  readonly notes: ReviewNote[];
  /** Two for each tag: the lower half, then the upper. */
  readonly halves: { readonly subject: Uint32Array; readonly subjectName: Uint32Array; readonly user: Uint32Array; readonly userName: Uint32Array };
}

/** A sheet for so many rows: decisions, and the verdicts on those that were held. */
export function blankSheet(rows: number): Sheet {
  const [subject, subjectName, user, userName] = [new BigUint64Array(rows), new BigUint64Array(rows), new BigUint64Array(rows), new BigUint64Array(rows)];
  const halves = (tags: BigUint64Array): Uint32Array => new Uint32Array(tags.buffer);
  return {
    length: 0, notes: [], index: new Float64Array(rows), at: new Float64Array(rows), type: new Uint8Array(rows), who: new Int32Array(rows), behalf: new Int32Array(rows).fill(-1), context: new Int32Array(rows),
    outcome: new Int32Array(rows), records: new Int32Array(rows), subject, subjectName, user, userName, flags: new Uint8Array(rows), sex: new Uint8Array(rows),
    halves: { subject: halves(subject), subjectName: halves(subjectName), user: halves(user), userName: halves(userName) },
  };
}
