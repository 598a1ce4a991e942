import { clockAct, underLock, type ChangesParts } from './parts.ts';
import { refresh, stands } from './refresh.ts';
import { readRule, ruleHash } from './rule.ts';
import { proposalRow, type ProposalRow } from './rows.ts';
import { close, endInForce, putInForce, tell } from './settle.ts';

/** How long before its start a proposal is checked once more, so that it is not late. Milliseconds. */
const ahead = 60_000;

/**
 * What falls due by the clock: ends, starts, lapses and the ends of deputies' time, each in a transaction of its own under the owner's lock, where it is looked at again. So any number of
 * processes may do it at once, and after any pause. What fails is told to `onFault`, and is tried again by the next tick. Returns how many were done.
 */
export async function tick(parts: ChangesParts): Promise<number> {
  const { sql, now } = parts;
  const due = await sql<Due[]>`
    select owner, id, 'end' as what, ends_at as at from policy_proposal where state = 'inForce' and ends_at <= ${new Date(now())}
    union all select owner, id, 'start', starts_at from policy_proposal where state = 'scheduled' and starts_at <= ${new Date(now() + ahead)}
    union all select owner, id, 'lapse', lapses_at from policy_proposal where state = 'open' and lapses_at <= ${new Date(now())}
    order by at, id`;
  let done = await endDeputies(parts);
  for (const one of due) {
    try {
      if (await doOne(parts, one)) done += 1;
    } catch (error) {
      parts.onFault(error);
    }
  }
  return done;
}

interface Due {
  readonly owner: string;
  readonly id: string;
  readonly what: 'end' | 'start' | 'lapse';
  readonly at: Date;
}

async function doOne(parts: ChangesParts, { owner, id, what, at }: Due): Promise<boolean> {
  const { now } = parts;
  if (what === 'start') {
    const row = await proposalRow(parts.sql, owner, id);
    if (row !== null) await refresh(parts, row, ruleHash(await readRule(parts.sql, owner)));
    if (at.getTime() > now()) return false;
  }
  return underLock(parts, owner, null, async (tx) => {
    const row = await proposalRow(tx, owner, id, true);
    if (row === null) return false;
    if (what === 'end' && row.state === 'inForce') await endInForce(tx, parts, row);
    else if (what === 'lapse' && row.state === 'open' && row.lapses_at.getTime() <= now()) await lapse(parts, tx, row, 'time');
    else if (what === 'start' && row.state === 'scheduled') {
      if (await stands({ sql: tx, now }, row, ruleHash(await readRule(tx, owner)))) await putInForce(tx, parts, row, null);
      // Another version has its number, or a higher one: it can never come into force.
      else if (await isOvertaken(tx, row)) await lapse(parts, tx, row, 'overtaken');
      else return false;
    } else return false;
    return true;
  });
}

type Tx = Parameters<Parameters<ChangesParts['sql']['begin']>[1]>[0];

async function isOvertaken(tx: Tx, { owner, version }: ProposalRow): Promise<boolean> {
  const [newer] = await tx`select from policy_version where owner = ${owner} and version >= ${version} limit 1`;
  return newer !== undefined;
}

async function lapse({ acts, now }: ChangesParts, tx: Tx, row: ProposalRow, why: 'time' | 'overtaken'): Promise<void> {
  await close(tx, row, 'lapsed', now());
  await acts.put(tx, clockAct(row.owner, 'lapsed', row.id, { hash: row.hash, detail: { why } }));
  await tell(tx, row, 'policyLapsed', { why });
}

async function endDeputies({ sql, acts, now }: ChangesParts): Promise<number> {
  const [due] = await sql`select from approval_deputy where ended_at is null and until <= ${new Date(now())} limit 1`;
  if (due === undefined) return 0;
  return sql.begin(async (tx) => {
    const rows = await tx<{ owner: string; from_account: string; to_account: string; role: string }[]>`
      update approval_deputy set ended_at = until where id in (select id from approval_deputy where ended_at is null and until <= ${new Date(now())} for update skip locked) returning owner, from_account, to_account, role`;
    for (const { owner, from_account: from, to_account: to, role } of rows) await acts.put(tx, clockAct(owner, 'delegationEnded', from, { detail: { to, role } }));
    return rows.length;
  });
}
