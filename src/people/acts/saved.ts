import { randomBytes } from 'node:crypto';
import type { Sql } from 'postgres';
import { MendableError } from '../../model/codedError.ts';
import { readActQuery } from './query.ts';

/** A search that somebody keeps for themselves. It is run anew each time, with the roles of that moment. */
export interface SavedSearch {
  /** `Q-` and twelve letters or digits. */
  readonly id: string;
  /** `owner WA`, `agency ZZ0000101` or `own`: whose acts it searches. */
  readonly place: string;
  readonly name: string;
  /** As `readActQuery` says it back. */
  readonly query: string;
  readonly at: string;
}

export type SearchErrorCode =
  /** The name, the place or the search is not one that can be kept. */
  | 'SEARCH_FIELD'
  /** There are as many as one person keeps. */
  | 'SEARCH_MANY'
  /** There is none of this id, of this account. */
  | 'SEARCH_UNKNOWN';

/** `message` is one sentence; `mend` says what to do about it. */
export class SearchError extends MendableError<SearchErrorCode> {
  override readonly name = 'SearchError';
}

/** The searches that people keep. An account sees and changes only its own. */
export interface Searches {
  /** By place and name. */
  list(account: string, place?: string): Promise<readonly SavedSearch[]>;
  /** Keeps a search under a name; the same name at the same place is the newer search from then on. `SEARCH_FIELD`, `SEARCH_MANY`. What is given comes from a form or a program. */
  save(account: string, given: { readonly place: string; readonly name: string; readonly query: string }): Promise<SavedSearch>;
  /** `SEARCH_UNKNOWN`. */
  remove(account: string, id: string): Promise<void>;
}

const most = 100;
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Opens the searches that people keep. */
export function openSearches(sql: Sql): Searches {
  return {
    async list(account, place) {
      const rows = await sql<Row[]>`select id, place, name, query, at from saved_search where account = ${account} ${place === undefined ? sql`` : sql`and place = ${place}`} order by place, name, id`;
      return rows.map(savedOf);
    },
    async save(account, given) {
      const { place, name, query } = checked(given);
      const id = `Q-${Array.from(randomBytes(12), (byte) => letters[byte & 31]).join('')}`;
      return await sql.begin(async (tx) => {
        // One person at a time, so that many forms at once keep no more than the most.
        await tx`select 1 from account where id = ${account} for update`;
        const [known] = await tx<{ n: number }[]>`select count(*)::int as n from saved_search where account = ${account} and not (place = ${place} and name = ${name})`;
        if ((known?.n ?? 0) >= most) throw new SearchError('SEARCH_MANY', `there are ${most} searches already`, 'Remove one that is not needed.');
        const [row] = await tx<Row[]>`
          insert into saved_search (id, account, place, name, query) values (${id}, ${account}, ${place}, ${name}, ${query})
          on conflict (account, place, name) do update set query = excluded.query, at = now() returning id, place, name, query, at`;
        if (row === undefined) throw new Error('a saved search was not written');
        return savedOf(row);
      });
    },
    async remove(account, id) {
      const done = await sql`delete from saved_search where account = ${account} and id = ${id}`;
      if (done.count === 0) throw new SearchError('SEARCH_UNKNOWN', 'there is no such search', 'Look at the list again.');
    },
  };
}

interface Row {
  readonly id: string;
  readonly place: string;
  readonly name: string;
  readonly query: string;
  readonly at: Date;
}

function savedOf({ at, ...row }: Row): SavedSearch {
  return { ...row, at: at.toISOString() };
}

function checked({ place, name, query }: { readonly place: string; readonly name: string; readonly query: string }): { readonly place: string; readonly name: string; readonly query: string } {
  const called = name.trim().replace(/\s+/g, ' ');
  if (!/^(?:owner [A-Z]{2}|agency [A-Z0-9]{9}|own)$/.test(place)) throw new SearchError('SEARCH_FIELD', 'it is not said whose acts are searched', 'Give `owner WA`, `agency ZZ0000101` or `own`.');
  if (!/^[^\p{C}]{1,60}$/u.test(called)) throw new SearchError('SEARCH_FIELD', 'the name is empty, too long or has strange characters', 'Give 1 to 60 letters, digits and signs.');
  const read = readActQuery(query);
  if (!read.ok) throw new SearchError('SEARCH_FIELD', 'the search is not understood', `${read.why.charAt(0).toUpperCase()}${read.why.slice(1)}.`);
  return { place, name: called, query: read.text };
}
