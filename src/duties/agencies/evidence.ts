import type { Sql } from '../../store/index.ts';
import type { AgencyCounts } from '../parts.ts';

/**
 * What the tickets of a year say, by organisation: held requests alone, because nothing else stands in the database. Who has the archive gives `evidence` of its own, which knows
 * all requests.
 */
export async function ticketEvidence(sql: Sql, owner: string, year: number): Promise<ReadonlyMap<string, AgencyCounts>> {
  const rows = await sql<{ organisation: string; held: number; last: Date }[]>`
    select o.organisation, count(*)::int as held, max(t.created_at) as last from ticket t join registry_office o on o.ori = t.requester and o.to_version is null
    where t.owner = ${owner} and t.created_at >= ${`${year}-01-01T00:00:00Z`} and t.created_at < ${`${year + 1}-01-01T00:00:00Z`} group by o.organisation`;
  return new Map(rows.map(({ organisation, held, last }) => [organisation, { asked: held, answered: 0, refused: 0, held, lastAsked: last.toISOString() }]));
}
