import type { Duties } from '../../duties/index.ts';
import { roleFor, type Action, type Person } from '../../people/roles/index.ts';
import type { Sql } from '../../store/index.ts';
import type { Waiting } from '../gate/deps.ts';

/** What waits for a person, by their roles: held requests, proposals that others made, duties. Counts only. */
export function waitingFor({ sql, duties, now = Date.now }: { readonly sql: Sql; readonly duties: Duties; readonly now?: () => number }): readonly ((person: Person) => Promise<readonly Waiting[]>)[] {
  return [
    async (person) => {
      const owners = ownersFor(person, 'held.decide');
      if (owners.length === 0) return [];
      const rows = await sql<{ owner: string; n: number; due: Date | null }[]>`
        select owner, count(*)::int as n, min(deadline) as due from ticket where owner = any(${[...owners]}) and state <> 'decided' group by owner order by owner`;
      return rows.map(({ owner, n, due }) => ({ where: owner, address: `/desk/${owner}/held`, text: n === 1 ? 'held request' : 'held requests', count: n, due: due?.toISOString() ?? null }));
    },
    async (person) => {
      const owners = ownersFor(person, 'change.approve').filter((owner) => person.grants.some(({ role, scope }) => role !== 'ownerOfficial' && scope.kind === 'owner' && scope.owner === owner));
      if (owners.length === 0) return [];
      const rows = await sql<{ owner: string; n: number; due: Date | null }[]>`
        select owner, count(*)::int as n, min(lapses_at) as due from policy_proposal where owner = any(${[...owners]}) and state = 'open' and author <> ${person.account} group by owner order by owner`;
      return rows.map(({ owner, n, due }) => ({ where: owner, address: `/desk/${owner}/changes`, text: n === 1 ? 'change to decide on' : 'changes to decide on', count: n, due: due?.toISOString() ?? null }));
    },
    async (person) => {
      const found: Waiting[] = [];
      for (const owner of ownersFor(person, 'duty.act')) {
        const due = await duties.due({ owner }, now());
        const [first] = due.map(({ dueAt }) => dueAt).sort();
        if (due.length > 0) found.push({ where: owner, address: `/desk/${owner}/duties`, text: due.length === 1 ? 'duty' : 'duties', count: due.length, due: first ?? null });
      }
      return found;
    },
  ];
}

/** The owners for which one of a person's roles allows something. */
function ownersFor({ grants }: Person, action: Action): readonly string[] {
  const owners = [...new Set(grants.flatMap(({ scope }) => (scope.kind === 'owner' ? [scope.owner] : [])))].sort();
  return owners.filter((owner) => roleFor(grants, action, { kind: 'owner', owner }) !== null);
}
