import type { Sql, TransactionSql } from 'postgres';

/** A version that the ledger knows of and this database does not: it was lost, or is from an older copy. `hash` is the SHA-256 of its canonical document, hexadecimal; `effective` its first day, `YYYY-MM-DD`. */
export type MissedPolicy = Readonly<Record<'hash' | 'effective', string> & Record<'version', number>>;

/**
 * Notes what was missed, by owner. From its first day on no older version of that owner is in force (`versionsInForce`), so that everything is refused until this one or a later one is activated: an older policy may be the wider one.
 * What is noted is never taken back to an earlier version.
 */
export async function noteMissedPolicies(sql: Sql, missed: ReadonlyMap<string, MissedPolicy>): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`lock table policy_version in share row exclusive mode`;
    const known = await readAll(tx);
    const later = [...missed].filter(([owner, { version }]) => version > (known[owner]?.version ?? 0));
    if (later.length === 0) return;
    const value = { ...known, ...Object.fromEntries(later.map(([owner, { version, hash, effective }]) => [owner, { version, hash, effective }])) };
    await tx`insert into setting (name, value) values ('missedPolicies', ${tx.json(value)}) on conflict (name) do update set value = excluded.value, changed_at = now()`;
  });
}

/** What was missed of one owner's policies; null where nothing was. */
export async function missedPolicyOf(sql: Sql | TransactionSql, owner: string): Promise<MissedPolicy | null> {
  return (await readAll(sql))[owner] ?? null;
}

async function readAll(sql: Sql | TransactionSql): Promise<Readonly<Record<string, MissedPolicy>>> {
  const [row] = await sql<{ value: Record<string, MissedPolicy> }[]>`select value from setting where name = 'missedPolicies'`;
  return row?.value ?? {};
}
