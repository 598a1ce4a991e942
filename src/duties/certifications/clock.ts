import { dayOf, textOfDay } from '../../registry/index.ts';
import type { Room } from '../parts.ts';

/** How many are noted in one transaction. */
const most = 200;

/**
 * Puts reminders and lapses on the record, once each. The registry has the last day from the start, so that policies feel a lapse at midnight whether this runs or not.
 * Returns how many were noted.
 */
export async function noteCertifications(room: Room, now: number): Promise<number> {
  return (await remind(room, now)) + (await lapse(room, now));
}

/** Of reminders that passed while nothing ran, each is noted, the earliest first. */
async function remind({ sql, acts }: Room, now: number): Promise<number> {
  const today = textOfDay(dayOf(new Date(now)));
  let total = 0;
  for (;;) {
    const done = await sql.begin(async (tx) => {
      const rows = await tx<{ id: string; owner: string; until: string; days: number; certification: string; ori: string }[]>`
        select c.id, c.owner, c.until::text, d.days, c.certification, c.ori from certification c cross join lateral unnest(c.remind_days) as d(days)
        where c.revoked_at is null and c.replaced_at is null and c.lapsed_at is null and c.until >= ${today}::date
          and c.until + 1 - d.days <= ${today}::date
          and not exists (select 1 from certification_reminder r where r.certification = c.id and r.days = d.days)
        order by c.id, d.days desc limit ${most} for update of c skip locked`;
      let noted = 0;
      for (const { id, owner, until, days, certification, ori } of rows) {
        const made = await tx`insert into certification_reminder (certification, days, at) values (${id}, ${days}, ${new Date(now)}) on conflict do nothing`;
        if (made.count === 0) continue;
        await acts.put(tx, { act: 'certificationReminded', owner, who: 'clock', on: id, detail: { days, certification, ori, until } });
        noted += 1;
      }
      return { noted, seen: rows.length };
    });
    total += done.noted;
    if (done.seen < most || done.noted === 0) return total;
  }
}

async function lapse({ sql, acts }: Room, now: number): Promise<number> {
  const today = textOfDay(dayOf(new Date(now)));
  let total = 0;
  for (;;) {
    const done = await sql.begin(async (tx) => {
      const rows = await tx<{ id: string; owner: string; until: string; certification: string; ori: string }[]>`
        update certification set lapsed_at = ${new Date(now)} where id in (
          select id from certification where revoked_at is null and replaced_at is null and lapsed_at is null and until < ${today}::date order by until, id limit ${most} for update skip locked)
        returning id, owner, until::text, certification, ori`;
      for (const { id, owner, until, certification, ori } of rows) await acts.put(tx, { act: 'certificationLapsed', owner, who: 'clock', on: id, detail: { certification, ori, until } });
      return rows.length;
    });
    total += done;
    if (done < most) return total;
  }
}
