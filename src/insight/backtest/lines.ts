import { ArchiveError, type ArchivedType, type ArchiveSession } from '../archive/types.ts';
import type { Lines } from './tally.ts';

/** Types of entries by number, as `Lines` has them: 0 is a decision. */
export const entryTypes: readonly ArchivedType[] = ['decision', 'redelivery', 'opening', 'withheld'];

/** Entries of one owner that share their words, by column. The same words may come more than once, as once for each calendar year. */
export async function readLines(session: ArchiveSession, owner: string, take: (lines: Lines) => void): Promise<void> {
  const sql = `SELECT coalesce(who, -1), coalesce(behalf, -1), coalesce(context, -1), coalesce(outcome, -1), CAST(n AS INTEGER), CAST(records AS INTEGER),
    CAST(CASE type ${entryTypes.map((type, number) => `WHEN '${type}' THEN ${number}`).join(' ')} ELSE -1 END AS INTEGER)
    FROM totals WHERE owner = '${safeOwner(session, owner)}'`;
  await session.columns(sql, (chunk) => {
    take({ length: chunk.rows, who: chunk.ints(0), behalf: chunk.ints(1), context: chunk.ints(2), outcome: chunk.ints(3), n: chunk.ints(4), records: chunk.ints(5), type: chunk.ints(6) });
  });
}

/** An owner of the session, which may stand in a statement: two letters. Throws `ARCHIVE_UNKNOWN`. */
export function safeOwner(session: ArchiveSession, owner: string): string {
  if (/^[A-Z]{2}$/.test(owner) && session.owners.includes(owner)) return owner;
  throw new ArchiveError('ARCHIVE_UNKNOWN', `the data set \`${session.dataset.name}\` has no requests to ${owner.slice(0, 20)}; it has those to ${session.owners.join(', ')}`);
}

/** Columns of whole numbers that grow. */
export class GrowingColumns<K extends string> {
  readonly #names: readonly K[];
  #columns: Record<K, Int32Array>;
  #length = 0;

  constructor(names: readonly K[]) {
    this.#names = names;
    this.#columns = Object.fromEntries(names.map((name) => [name, new Int32Array(4_096)])) as Record<K, Int32Array>;
  }

  get length(): number {
    return this.#length;
  }

  add(row: readonly number[]): void {
    if (this.#length === this.#columns[this.#names[0] as K].length) this.#grow();
    for (let i = 0; i < this.#names.length; i += 1) this.#columns[this.#names[i] as K][this.#length] = row[i] ?? -1;
    this.#length += 1;
  }

  columns(): Readonly<Record<K, Int32Array>> {
    return Object.fromEntries(this.#names.map((name) => [name, this.#columns[name].subarray(0, this.#length)])) as Record<K, Int32Array>;
  }

  #grow(): void {
    this.#columns = Object.fromEntries(this.#names.map((name) => {
      const wider = new Int32Array(this.#length * 2);
      wider.set(this.#columns[name]);
      return [name, wider];
    })) as Record<K, Int32Array>;
  }
}
