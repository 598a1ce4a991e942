import type { Sql } from 'postgres';
import { loadTable, TableError, type PolicyTable } from '../policy/index.ts';

/** Keeps the bytes of a table under their hash. Once kept they do not change. */
export async function keepTable(sql: Sql, table: PolicyTable): Promise<void> {
  const { hash, owner, policyVersion, policyHash, text } = table;
  await sql`insert into policy_table ${sql({ hash, owner, policy_version: policyVersion, policy_hash: policyHash, text })} on conflict (hash) do nothing`;
}

/** The table with this hash, or null. Rejects with a `TableError` where its bytes are damaged, and says so rather than load them. */
export async function readTable(sql: Sql, hash: string): Promise<PolicyTable | null> {
  const [row] = await sql<{ text: string }[]>`select text from policy_table where hash = ${hash}`;
  if (row === undefined) return null;
  const table = loadTable(row.text);
  if (table.hash === hash) return table;
  throw new TableError('TABLE_DAMAGED', 'the bytes in the store are not those that the hash names');
}

/** The table of a policy kept last that is for the day of `at`; null where there is none that can be loaded. */
export async function latestTable(sql: Sql, owner: string, policyHash: string, at: number): Promise<PolicyTable | null> {
  const rows = await sql<{ hash: string; text: string }[]>`
    select hash, text from policy_table where owner = ${owner} and policy_hash = ${policyHash} order by kept_at desc limit 3`;
  for (const row of rows) {
    const table = loadable(row.text);
    if (table?.hash === row.hash && at >= (table.from ?? -Infinity) && at < (table.before ?? Infinity)) return table;
  }
  return null;
}

/** Null for bytes that are damaged, or of another version of the program: they are compiled again. */
function loadable(text: string): PolicyTable | null {
  try {
    return loadTable(text);
  } catch (error) {
    if (error instanceof TableError) return null;
    throw error;
  }
}
