import { checkPolicy, defaultReview, type PolicyDocument } from '../policy/index.ts';
import { scopeText } from '../people/roles/index.ts';
import { readPolicy } from '../store/policies.ts';
import type { Parts } from './parts.ts';
import type { Staff } from './types.ts';

/** The desks of an owner and its reviewers, to choose from; and the names of all accounts that its rota and delegations speak of. */
export async function staffOf(parts: Pick<Parts, 'sql' | 'policies'>, owner: string): Promise<Staff> {
  const { sql } = parts;
  const scope = scopeText({ kind: 'owner', owner });
  const [rows, reviewers, names, named] = await Promise.all([
    sql<{ desk: string }[]>`
      select distinct by as desk from ticket where owner = ${owner}
      union select desk from held_deputy where owner = ${owner}
      union select s ->> 'desk' from held_rota, json_array_elements(rota -> 'spans') s where owner = ${owner}
      union select unnest(desks) from role_grant where role = 'reviewer' and scope = ${scope} and ended_at is null`,
    sql<{ account: string; person: string; name: string; desks: string[] }[]>`
      select a.id as account, p.id as person, p.name, array(select unnest(g.desks) order by 1) as desks from role_grant g join account a on a.id = g.account join person p on p.id = a.person
      where g.role = 'reviewer' and g.scope = ${scope} and g.ended_at is null and a.disabled_at is null order by p.name, a.id`,
    sql<{ account: string; name: string }[]>`
      select a.id as account, p.name from account a join person p on p.id = a.person where a.id in (
        select s ->> 'account' from held_rota, json_array_elements(rota -> 'spans') s where owner = ${owner}
        union select unnest(array[account, deputy, given_by, ended_by]) from held_deputy where owner = ${owner})`,
    policyDesks(parts, owner),
  ]);
  return {
    desks: [...new Set([...rows.map(({ desk }) => desk), ...named])].sort(),
    reviewers,
    names: new Map(names.map(({ account, name }) => [account, name])),
  };
}

/** Those that the policy in force sends something to. */
async function policyDesks({ sql, policies }: Pick<Parts, 'sql' | 'policies'>, owner: string): Promise<readonly string[]> {
  const version = policies.of(owner)?.version;
  const stored = version === undefined ? null : await readPolicy(sql, owner, version);
  const checked = stored === null ? null : checkPolicy(stored.text);
  return checked?.ok === true ? desksIn(checked.document) : [];
}

function desksIn({ rules, limits }: PolicyDocument): readonly string[] {
  return [
    ...rules.flatMap((rule) => (rule.outcome === 'hold' ? [rule.review.by] : rule.outcome === 'release' && rule.afterwards !== undefined ? [rule.afterwards.by] : [])),
    ...limits.flatMap(({ beyond, review }) => (beyond === 'hold' ? [(review ?? defaultReview).by] : [])),
  ];
}
