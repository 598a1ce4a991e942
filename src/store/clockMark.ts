import type { Sql } from './connect.ts';

/** What had passed for certain when an exchange on this database noted it last, milliseconds since 1970; null where none did. */
export async function readClockMark(sql: Sql): Promise<number | null> {
  const [row] = await sql<{ sure: number | null }[]>`select (value->>'sure')::float8 as sure from setting where name = 'clock'`;
  return row?.sure ?? null;
}

/** Notes what has passed for certain. It never goes back by this, whatever other processes on the database note. */
export async function noteClockMark(sql: Sql, sure: number): Promise<void> {
  await sql`
    insert into setting (name, value) values ('clock', ${sql.json({ sure })})
    on conflict (name) do update set value = excluded.value, changed_at = now() where (setting.value->>'sure')::float8 < ${sure}`;
}

/** Forgets it: the clock on the wall is right, and what was noted was not. */
export async function forgetClockMark(sql: Sql): Promise<void> {
  await sql`delete from setting where name = 'clock'`;
}
