import type { TransactionSql } from 'postgres';

/** Higher than any part of a change that is told in several acts. */
const allParts = 1_000_000;

/**
 * The number of the next change of a setting of which the last one counts, in the caller's transaction, which holds the setting. It stands in the act of the change, so that the ledger, read in
 * whatever state of the rows, never puts an older change over a newer one. At least the seconds since 2020: what is set in a database that was lost, and is not read again yet, is newer than all before.
 */
export async function nextChange(tx: TransactionSql, name: string): Promise<number> {
  const [row] = await tx<{ change: number }[]>`
    insert into setting_change (name, change, part) values (${name}, extract(epoch from now() - timestamptz '2020-01-01Z')::int, ${allParts})
    on conflict (name) do update set change = greatest(setting_change.change + 1, excluded.change), part = ${allParts} returning change`;
  return row?.change ?? 1;
}

/** Whether a change that was read in the ledger is newer than what the rows have; it is theirs from then on. */
export async function takeChange(tx: TransactionSql, name: string, change: number, part = 1): Promise<boolean> {
  const taken = await tx`
    insert into setting_change (name, change, part) values (${name}, ${change}, ${part})
    on conflict (name) do update set change = excluded.change, part = excluded.part where (setting_change.change, setting_change.part) < (excluded.change, excluded.part)`;
  return taken.count === 1;
}
