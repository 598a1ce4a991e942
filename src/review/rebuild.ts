import type { TransactionSql } from 'postgres';
import { createHash } from 'node:crypto';
import type { ActEntry } from '../model/index.ts';
import { detailNumber, detailText, followActs } from '../store/actFollower.ts';
import { json, type Parts } from './parts.ts';
import { noRota } from './readRota.ts';
import { takeChange } from './settingChanges.ts';
import type { Rota } from './types.ts';

/** The name under which changes of an owner's rota are counted. */
export function rotaName(owner: string): string {
  return `rota ${owner}`;
}

/** Reads the rota and who stands in for whom from the ledger, as far as it is durable. Returns how many acts were read. */
export async function catchUpRota(parts: Pick<Parts, 'sql' | 'sealer' | 'recorded'>): Promise<number> {
  if (parts.recorded === null) return 0;
  return await followActs(parts.sql, parts.recorded, {
    name: 'rota', acts: ['rotaChanged', 'delegated', 'delegationEnded'],
    apply: async (tx, act) => {
      if (act.act === 'rotaChanged') await rebuildRota(tx, parts, act);
      else if (act.act === 'delegated') await rebuildDelegation(tx, act);
      else await tx`
        update held_deputy set ended_at = ${detailText(act, 'at') || act.at}, ended_by = ${act.who}, ended_why = ${detailText(act, 'why') || 'ended'} where id = ${act.on} and owner = ${act.owner} and ended_at is null`;
    },
  });
}

/** Deputies of policy approvers have acts of the same name: theirs are not of this kind. */
async function rebuildDelegation(tx: TransactionSql, act: ActEntry): Promise<void> {
  const text = (name: string): string => detailText(act, name);
  if (text('kind') !== 'held' || act.on === null) return;
  await tx`
    insert into held_deputy (id, owner, desk, account, deputy, from_at, until_at, given_by, given_at)
    values (${act.on}, ${act.owner}, ${text('desk')}, ${text('for')}, ${text('deputy')}, ${text('from')}, ${text('until')}, ${act.who}, ${text('at')}) on conflict do nothing`;
}

async function rebuildRota(tx: TransactionSql, { sealer }: Pick<Parts, 'sealer'>, act: ActEntry): Promise<void> {
  const rota = rotaIn(sealer, act);
  if (rota === null) return;
  const { owner, at } = act;
  const [change, part] = [detailNumber(act, 'change'), detailNumber(act, 'part') ?? 1];
  if (change === null) {
    await rebuildOld(tx, act, rota);
    return;
  }
  if (!(await takeChange(tx, rotaName(owner), change, part))) return;
  const [row] = part === 1 ? [] : await tx<{ rota: Rota }[]>`select rota from held_rota where owner = ${owner}`;
  await keepRota(tx, owner, { spans: [...(row?.rota.spans ?? []), ...rota.spans], deputies: [] }, at);
}

/** An act from before changes were counted has the deputies in the rota: they are those that it names, and no others. */
async function rebuildOld(tx: TransactionSql, { owner, at, who }: ActEntry, { spans, deputies }: Rota): Promise<void> {
  const [newer] = await tx`select 1 from setting_change where name = ${rotaName(owner)} union all select 1 from held_rota where owner = ${owner} and changed_at >= ${at}`;
  if (newer !== undefined) return;
  await keepRota(tx, owner, { spans, deputies: [] }, at);
  const rows = deputies.map((one) => ({ ...one, id: `D-${createHash('sha256').update(`${owner} ${JSON.stringify([one.desk, one.account, one.deputy, one.until])}`).digest('hex').slice(0, 16).toUpperCase()}` }));
  const same = 'd.desk = o.desk and d.account = o.account and d.deputy = o.deputy and d.until_at = o.until';
  const given = 'as o(id text, desk text, account text, deputy text, until timestamptz)';
  await tx`update held_deputy d set ended_at = ${at}, ended_by = ${who}, ended_why = 'ended' where d.owner = ${owner} and d.ended_at is null and not exists (select 1 from json_to_recordset(${json(tx, rows)}::json) ${tx.unsafe(given)} where ${tx.unsafe(same)})`;
  await tx`
    insert into held_deputy (id, owner, desk, account, deputy, from_at, until_at, given_by, given_at)
    select o.id, ${owner}, o.desk, o.account, o.deputy, ${at}::timestamptz, o.until, ${who}, ${at}::timestamptz from json_to_recordset(${json(tx, rows)}::json) ${tx.unsafe(given)}
    where not exists (select 1 from held_deputy d where d.owner = ${owner} and d.ended_at is null and ${tx.unsafe(same)}) on conflict do nothing`;
}

async function keepRota(tx: TransactionSql, owner: string, rota: Rota, at: string): Promise<void> {
  await tx`insert into held_rota (owner, rota, changed_at) values (${owner}, ${json(tx, rota)}, ${at}) on conflict (owner) do update set rota = excluded.rota, changed_at = excluded.changed_at`;
}

function rotaIn(sealer: Parts['sealer'], { owner, sealed }: ActEntry): Rota | null {
  try {
    const { rota } = JSON.parse(sealer.unseal(owner, sealed ?? '')) as { readonly rota: string };
    return { ...noRota, ...(JSON.parse(rota) as Partial<Rota>) };
  } catch {
    return null;
  }
}
