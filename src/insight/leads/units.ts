import { gather } from './gather.ts';
import type { Ground, Units } from './ground.ts';
import { parts } from './zones.ts';

const columns = ['n', 'surnameKnown', 'sameSurname', 'named', 'self', 'female', 'male', 'cased', 'photo', 'sweep', 'refused', 'night', 'outside', 'subjects'] as const;

/** One reading of all rows; leaves the table `leads_units` for others to join. */
export async function readUnits(ground: Ground): Promise<Units> {
  const { session, fromWithHours } = ground;
  ground.say('counting by user');
  const sums = [
    'count(*)', 'count(r.sameSurname)', 'count_if(r.sameSurname AND r.self IS NOT TRUE)', 'count(r.subjectName)', 'count_if(r.self)', "count_if(r.sex = 'F')", "count_if(r.sex = 'M')",
    'sum(c.cased)', 'sum(c.photo)', 'sum(c.sweep)', 'sum(o.refused)', `count_if(h.part = ${parts.night})`, `count_if(h.part <> ${parts.work})`, 'count(r.subject)',
  ];
  await session.query(`CREATE OR REPLACE TEMP TABLE leads_units AS SELECT w.office AS office, coalesce(r.user, 0)::UBIGINT AS "user", max(r.userName) AS userName,
    ${sums.map((sum, i) => `coalesce(${sum}, 0)::INTEGER AS ${columns[i] ?? ''}`).join(', ')} ${fromWithHours} GROUP BY 1, 2`);
  const found = await gather(session, `SELECT office, "user", ${columns.join(', ')} FROM leads_units ORDER BY office, "user"`, ['int', 'tag', ...columns.map(() => 'int' as const)]);
  const [n, surnameKnown, sameSurname, named, self, female, male, cased, photo, sweep, refused, night, outside, subjects] = columns.map((_, i) => found.int(i + 2)) as unknown as readonly [
    Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
  return { length: found.length, office: found.int(0), user: found.tag(1), n, surnameKnown, sameSurname, named, self, female, male, cased, photo, sweep, refused, night, outside, subjects };
}
