import type { Sql, TransactionSql } from 'postgres';
import type { Journal, Sealer } from '../../exchange/ports.ts';
import { inquiryId } from '../../exchange/ids.ts';
import type { ActEntry } from '../../model/index.ts';
import { putEntry } from '../../store/outbox.ts';
import { noOwner, type Act } from './acts.ts';

/** One act, as whoever does it tells of it. */
export interface NewAct {
  readonly act: Act;
  /** Two letters; null where it concerns none. */
  readonly owner: string | null;
  readonly who: string;
  readonly role?: string | null;
  /** A number of a ticket, proposal, account or paper: never a name. */
  readonly on?: string | null;
  readonly result?: ActEntry['result'];
  readonly hash?: string | null;
  readonly detail?: ActEntry['detail'];
  /** Words of people, addresses: sealed under the owner's key. */
  readonly words?: Readonly<Record<string, string | null>> | null;
}

/** Puts acts on the record. None can be lost: they are recorded in the transaction of what they tell of, or before it. */
export interface Acts {
  /** In the transaction of the change: the ledger is told by the outbox, within a second. Where the transaction is rolled back nothing was done, and nothing is told. */
  put(tx: Sql | TransactionSql, act: NewAct): Promise<string>;
  /** Durable in the ledger when it resolves: for a reading, which must be on the record before anything is shown. Rejects with a `JournalError` where it cannot be. */
  record(act: NewAct): Promise<string>;
}

/** What acts need. `sealer` has the keys of owners and of `00`; `journal` is null at the command line, where everything goes by the outbox. */
export interface ActsParts {
  readonly sql: Sql;
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly journal: Pick<Journal, 'append'> | null;
  readonly now?: () => number;
}

/** Opens the record of acts. */
export function openActs({ sql, sealer, journal, now = Date.now }: ActsParts): Acts {
  const entryOf = (act: NewAct): ActEntry => {
    const owner = act.owner ?? noOwner;
    const at = now();
    return {
      type: 'act', v: 1, id: `act-${inquiryId(at)}`, at: new Date(at).toISOString(), act: act.act, who: act.who, role: act.role ?? null, on: act.on ?? null, result: act.result ?? 'done', hash: act.hash ?? null,
      detail: act.detail ?? null, sealed: act.words === undefined || act.words === null ? null : sealer.seal(owner, JSON.stringify(act.words)), owner,
    };
  };
  return {
    async put(tx, act) {
      const entry = entryOf(act);
      await insertAct(tx, entry);
      await putEntry(tx, entry);
      return entry.id;
    },
    async record(act) {
      const entry = entryOf(act);
      if (journal === null) {
        await sql.begin(async (tx) => {
          await insertAct(tx, entry);
          await putEntry(tx, entry);
        });
        return entry.id;
      }
      await journal.append([entry]);
      await insertAct(sql, entry);
      return entry.id;
    },
  };
}

/** Writes the row by which an act is found. Once: the same act may come again from the ledger. */
export async function insertAct(sql: Sql | TransactionSql, { id, at, owner, act, who, role, on, result, hash, detail, sealed }: ActEntry): Promise<void> {
  await sql`
    insert into act (id, at, owner, act, who, role, about, result, hash, detail, sealed)
    values (${id}, ${at}, ${owner}, ${act}, ${who}, ${role}, ${on}, ${result}, ${hash}, ${detail === null ? null : sql.json(detail)}, ${sealed})
    on conflict (id) do nothing`;
}
