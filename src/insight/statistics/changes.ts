import type { ArchiveSession } from '../archive/types.ts';
import type { Facts } from './types.ts';

export type PolicyChange = Facts['changes'][number];

/**
 * The versions of policies that came into force within the session's period. Of owners whose activations are on record (event `policyActivated`, subject `OWNER VERSION`)
 * from there: a version decides from its activation on, or from its first day where that is later. Of others from the entries: since when another version decided.
 */
export async function policyChanges(session: ArchiveSession): Promise<readonly PolicyChange[]> {
  const recorded = await recordedChanges(session);
  const known = new Set(recorded.map(({ owner }) => owner));
  const seen = session.owners.every((owner) => known.has(owner)) ? [] : await seenChanges(session, known);
  const { from, to } = session.period;
  return [...recorded.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) < to), ...seen].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.owner < b.owner ? -1 : 1));
}

interface EventRow {
  readonly at: number;
  readonly subject: string;
  readonly hash: string | null;
  readonly detail: string | null;
}

async function recordedChanges(session: ArchiveSession): Promise<readonly PolicyChange[]> {
  const rows = await session.query<EventRow>(`select "at", subject, hash, detail from events where event = 'policyActivated' order by "index"`);
  const found = new Map<string, PolicyChange>();
  for (const { at, subject, hash, detail } of rows) {
    const read = /^([A-Z0-9]{2}) (\d{1,9})$/.exec(subject);
    const [, owner = '', version = ''] = read ?? [];
    if (!session.owners.includes(owner)) continue;
    // What was recorded twice, after the end of a process half-way, stands here once.
    if (!found.has(subject)) found.set(subject, { at: new Date(Math.max(at, effectiveAt(detail))).toISOString(), owner, version: Number(version), hash });
  }
  return [...found.values()];
}

function effectiveAt(detail: string | null): number {
  const found = /"effective":"(\d{4}-\d{2}-\d{2})"/.exec(detail ?? '');
  const at = found === null ? NaN : Date.parse(`${found[1] ?? ''}T00:00:00Z`);
  return Number.isNaN(at) ? 0 : at;
}

/** By months from the rollup, and only of the months with a new version by their rows. */
async function seenChanges(session: ArchiveSession, known: ReadonlySet<string>): Promise<readonly PolicyChange[]> {
  const months = await session.query<{ owner: string; version: number; hash: string | null; month: string }>(
    `select e.owner, d."policyVersion" as version, min(d."policyHash") as hash, strftime(min(e.month), '%Y-%m-%d') as month
     from (select owner, month, outcome from rollup where type = 'decision' group by all) e join outcomes d on d.owner = e.owner and d.id = e.outcome
     where d."policyVersion" is not null group by 1, 2 order by 1, 2`,
  );
  const changes: PolicyChange[] = [];
  for (const owner of session.owners) {
    const own = known.has(owner) ? [] : months.filter((one) => one.owner === owner);
    // The first was in force before, as far as this data set can tell.
    for (const { version, hash, month } of own.slice(1)) {
      const [first] = await session.query<{ at: number | null }>(
        `select min(e."at") as "at" from rows e where e.owner = $1 and e."at" >= cast($2 as timestamp) and e."at" < cast($2 as timestamp) + interval 1 month
         and e.outcome in (select id from outcomes where owner = $1 and cast("policyVersion" as varchar) = $3)`, [owner, month, String(version)],
      );
      if (typeof first?.at === 'number') changes.push({ at: new Date(first.at).toISOString(), owner, version, hash });
    }
  }
  return changes;
}
