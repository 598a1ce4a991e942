import { gather } from './gather.ts';
import type { Ground } from './ground.ts';
import { poissonTail } from './odds.ts';

/** A user asked about a name that is their own, or that of another user of their agency. */
export interface NameHit {
  readonly office: number;
  readonly user: bigint;
  readonly name: bigint;
  readonly n: number;
  /** Days of UTC with any: several questions in one stop are one occasion. */
  readonly days: number;
  /** Days that chance would give, from how often others ask about this name. */
  readonly expected: number;
  readonly lnP: number;
}

/** Users who asked about a person of their own name. `looked`: users of whose questions the name is known. */
export async function ownNameHits(ground: Ground): Promise<{ readonly hits: readonly NameHit[]; readonly looked: number }> {
  const units = await ground.units();
  const hits = await judge(ground, `SELECT w.office, r.user, coalesce(max(r.userName), 0)::UBIGINT, count(*)::INTEGER, count(DISTINCT floor(epoch_ms(r.at) / 86400000))::INTEGER
    ${ground.from} AND r.self AND r.user IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`);
  return { hits, looked: units.named.reduce((sum, named, u) => sum + (named > 0 && units.user[u] !== 0n ? 1 : 0), 0) };
}

/** Users who asked about a person who has the name of a colleague. `looked`: pairs of users of one agency. */
export async function colleagueHits(ground: Ground): Promise<{ readonly hits: readonly NameHit[]; readonly looked: number }> {
  await ground.units();
  await ground.session.query('CREATE OR REPLACE TEMP TABLE leads_names AS SELECT DISTINCT office, userName FROM leads_units WHERE userName IS NOT NULL AND "user" <> 0');
  const hits = await judge(ground, `SELECT w.office, r.user, r.subjectName, count(*)::INTEGER, count(DISTINCT floor(epoch_ms(r.at) / 86400000))::INTEGER
    ${ground.from.replace('WHERE', 'JOIN leads_names m ON m.office = w.office AND m.userName = r.subjectName WHERE')}
    AND r.self IS NOT TRUE AND r.user IS NOT NULL AND r.userName IS DISTINCT FROM r.subjectName GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`);
  const pairs = await ground.session.query<{ n: number }>(`SELECT coalesce(sum(u.n * m.n - u.n), 0)::DOUBLE AS n FROM (SELECT office, count(*) AS n FROM leads_units WHERE "user" <> 0 GROUP BY 1) u
    JOIN (SELECT office, count(*) AS n FROM leads_names GROUP BY 1) m USING (office)`);
  return { hits, looked: Math.max(hits.length, pairs[0]?.n ?? 0) };
}

async function judge(ground: Ground, sql: string): Promise<readonly NameHit[]> {
  const units = await ground.units();
  const found = await gather(ground.session, sql, ['int', 'tag', 'tag', 'int', 'int']);
  const [office, user, name, n, days] = [found.int(0), found.tag(1), found.tag(2), found.int(3), found.int(4)];
  const rates = await ratesOf(ground, new Set(name));
  const named = new Map<string, number>();
  for (let u = 0; u < units.length; u += 1) named.set(`${units.office[u] ?? 0} ${(units.user[u] ?? 0n).toString()}`, units.named[u] ?? 0);
  return Array.from({ length: found.length }, (_, i) => {
    const hit = { office: office[i] ?? 0, user: user[i] ?? 0n, name: name[i] ?? 0n, n: n[i] ?? 0, days: days[i] ?? 0 };
    const asked = named.get(`${hit.office} ${hit.user.toString()}`) ?? 0;
    const expected = asked * rates(hit.name, hit.office);
    return { ...hit, expected, lnP: poissonTail(hit.days, expected) };
  });
}

/** How often other agencies ask about a name, of all that they ask by or about a name; half a question is added, since what was never asked is not impossible. */
async function ratesOf(ground: Ground, names: ReadonlySet<bigint>): Promise<(name: bigint, office: number) => number> {
  const units = await ground.units();
  const total = units.named.reduce((sum, named) => sum + named, 0);
  const byOffice = new Float64Array(ground.offices.length);
  for (let u = 0; u < units.length; u += 1) byOffice[units.office[u] ?? 0] = (byOffice[units.office[u] ?? 0] ?? 0) + (units.named[u] ?? 0);
  const asked = new Map<bigint, number>();
  const here = new Map<string, number>();
  if (names.size > 0) {
    await ground.session.query(`CREATE OR REPLACE TEMP TABLE leads_keys AS SELECT unnest([${[...names].map((name) => `${name.toString()}::UBIGINT`).join(', ')}]) AS name`);
    const found = await gather(ground.session, `SELECT w.office, r.subjectName, count(*)::INTEGER ${ground.from.replace('WHERE', 'JOIN leads_keys k ON k.name = r.subjectName WHERE')} GROUP BY 1, 2 ORDER BY 1, 2`, ['int', 'tag', 'int']);
    const [office, name, n] = [found.int(0), found.tag(1), found.int(2)];
    for (let i = 0; i < found.length; i += 1) {
      asked.set(name[i] ?? 0n, (asked.get(name[i] ?? 0n) ?? 0) + (n[i] ?? 0));
      here.set(`${(name[i] ?? 0n).toString()} ${office[i] ?? 0}`, n[i] ?? 0);
    }
  }
  return (name, office) => ((asked.get(name) ?? 0) - (here.get(`${name.toString()} ${office}`) ?? 0) + 0.5) / (total - (byOffice[office] ?? 0) + 1);
}
