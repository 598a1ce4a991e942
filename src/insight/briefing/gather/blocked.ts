import type { ArchiveSession, Party } from '../../archive/types.ts';
import { periodText } from '../../period.ts';
import type { InsightWorld } from '../../world.ts';
import type { Blocked } from '../input.ts';

interface Row {
  readonly version: number;
  readonly month: string;
  readonly ori: string;
  readonly party: Party;
  readonly n: number;
}

/**
 * What a version refused although the version before had answered the like. A decision reads nothing but the attributes of the asker, of whom it asks for, and the
 * request: so where the three are equal, and the one version answered and the next refused, the change of the policy did it (limits that were used up aside).
 */
const statement = `with versions as (select v, lag(v) over (order by v) as previous from (select distinct "policyVersion" as v from outcomes where "policyVersion" is not null)),
  changed as (select o.id, o.owner, o."policyVersion" as v, o.status in ('answered', 'answeredInPart') as given from outcomes o where o.status in ('answered', 'answeredInPart', 'refused') and o."policyVersion" is not null and len(o."usedUp") = 0),
  refused as materialized (select strftime(e.month, '%Y-%m') as month, e.who, r.attributes as a, coalesce(b.attributes, -1) as f, e.context as c, x.v, sum(e.n) as n
    from rollup e join changed x on x.owner = e.owner and x.id = e.outcome join requesters r on r.owner = e.owner and r.id = e.who left join requesters b on b.owner = e.owner and b.id = e.behalf
    where e.type = 'decision' and not x.given group by all),
  answered as (select distinct r.attributes as a, coalesce(b.attributes, -1) as f, e.context as c, x.v
    from rollup e join changed x on x.owner = e.owner and x.id = e.outcome join requesters r on r.owner = e.owner and r.id = e.who left join requesters b on b.owner = e.owner and b.id = e.behalf
    where e.type = 'decision' and x.given and e.context in (select c from refused) and r.attributes in (select a from refused))
  select d.v as version, d.month, r.ori, t.party, cast(sum(d.n) as bigint) as n
  from refused d join versions w on w.v = d.v join answered g on g.v = w.previous and g.a = d.a and g.f = d.f and g.c = d.c
  join requesters r on r.id = d.who join attributes t on t.id = d.a
  group by all order by 1, 2, 5 desc, 3`;

export async function gatherBlocked(session: ArchiveSession, world: InsightWorld, owner: string): Promise<Blocked | null> {
  const [versions] = await session.query<{ n: number }>('select count(distinct "policyVersion") as n from outcomes');
  if ((versions?.n ?? 0) < 2) return null;
  const rows = await session.query<Row>(statement);
  const { dataset, period } = session;
  return {
    command: `weir brief ${owner} --rows blocked --period ${periodText(period)}${dataset.kind === 'ledger' ? '' : ` --log ${dataset.name}`}`,
    rows: rows.map((row) => ({ ...row, agency: world.names.agency(row.ori) ?? row.ori })),
  };
}
