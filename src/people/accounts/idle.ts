import { endAll } from './invitations.ts';
import { transact, type Context } from './parts.ts';

/** How long what is over is kept, in milliseconds: steps of sign-in a day, failures and sessions thirty. The acts that tell of them stay. */
const keep = { steps: 86_400_000, attempts: 30 * 86_400_000 };

/**
 * Disables accounts that nobody signed in to for too long (CJIS AC-2(3)), each in a transaction of its own, and forgets steps and failures that are long past. Personas of the demonstration are let be.
 * Any number of processes may do it at once. Returns how many were disabled.
 */
export async function disableIdle(context: Context, now = context.now()): Promise<number> {
  const { sql, acts, settings } = context;
  const at = new Date(now);
  const since = new Date(now - settings.idleDays * 86_400_000);
  for (let count = 0; ; count += 1) {
    const done = await transact(sql, async (tx) => {
      const [row] = await tx<{ id: string }[]>`
        select id from account where disabled_at is null and kind <> 'persona' and greatest(created_at, last_at, enabled_at) < ${since} order by id limit 1 for update skip locked`;
      if (row === undefined) return false;
      await tx`update account set disabled_at = ${at}, disabled_why = ${`nobody signed in for ${settings.idleDays} days`}, disabled_by = 'clock', version = version + 1 where id = ${row.id}`;
      const ended = await endAll(tx, row, at);
      await acts.put(tx, { act: 'accountIdle', owner: null, who: 'clock', on: row.id, detail: { days: settings.idleDays, ...ended } });
      return true;
    });
    if (done) continue;
    await sql`delete from sign_in_step where expires_at < ${new Date(now - keep.steps)}`;
    await sql`delete from attempt where at < ${new Date(now - keep.attempts)}`;
    await sql`delete from session where expires_at < ${new Date(now - keep.attempts)}`;
    return count;
  }
}
