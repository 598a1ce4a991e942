/** One step of the database schema. `id` counts from 1 without gaps; a step that has been released is never edited. */
export interface Migration {
  readonly id: number;
  readonly name: string;
  /** SQL, run in one transaction. */
  readonly up: string;
  /** SQL that takes `up` back, run in one transaction. */
  readonly down: string;
}
