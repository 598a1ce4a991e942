import type { TransactionSql } from 'postgres';
import { inParts } from '../store/actFollower.ts';
import { lockDuty, openDelegations, putDelegation, putEnd } from './deputies.ts';
import { json, type Parts } from './parts.ts';
import { noRota, readRota } from './readRota.ts';
import { rotaName } from './rebuild.ts';
import { nextChange } from './settingChanges.ts';
import { HeldError, type Reviewer, type Rota } from './types.ts';

/** The rota of an owner, with the deputies of now and of later; an empty one where none was set. */
export async function rotaOf({ sql, now }: Pick<Parts, 'sql' | 'now'>, owner: string): Promise<Rota> {
  const [row] = await sql<{ rota: Rota }[]>`select rota from held_rota where owner = ${owner}`;
  const deputies = await sql<{ desk: string; account: string; deputy: string; until_at: Date }[]>`
    select desk, account, deputy, until_at from held_deputy where owner = ${owner} and ended_at is null and until_at > ${new Date(now())} order by desk, account, deputy, until_at, id`;
  return { spans: row?.rota.spans ?? [], deputies: deputies.map(({ desk, account, deputy, until_at: until }) => ({ desk, account, deputy, until: until.toISOString() })) };
}

/**
 * Replaces the rota as a whole. A reviewer of certain desks may change what is said of those alone, so that nobody puts themselves on another desk; officials, and reviewers of all
 * desks, may change everything. Deputies that are new are named, and those that are left out are ended, each by its own rule and with its own act. Throws `HELD_FIELD` and `HELD_DESK`; the input is
 * the caller's.
 */
export async function setRota(parts: Parts, owner: string, input: unknown, reviewer: Reviewer): Promise<void> {
  const rota = readRota(input);
  await parts.sql.begin(async (tx) => {
    await lockDuty(tx, owner);
    const [row] = await tx<{ rota: Rota }[]>`select rota from held_rota where owner = ${owner}`;
    const open = await openDelegations(tx, owner, parts.now());
    const before = { ...(row === undefined ? noRota : readRota(row.rota)), deputies: open.map(({ desk, account, deputy, until_at: until }) => ({ desk, account, deputy, until: until.toISOString() })) };
    const changed = desksChanged(before, rota);
    if (reviewer.role !== 'ownerOfficial' && reviewer.desks.length > 0 && changed.some((desk) => !reviewer.desks.includes(desk))) {
      throw new HeldError('HELD_DESK', 'this changes the rota of a desk that is not yours', 'Leave the rows of other desks as they are, or ask an official of the owner.');
    }
    const wanted = new Set(rota.deputies.map(keyOf));
    for (const [at, one] of open.entries()) if (!wanted.has(keyOf(before.deputies[at]))) await putEnd(tx, parts, one, reviewer);
    const known = new Set(before.deputies.map(keyOf));
    for (const one of new Map(rota.deputies.map((each) => [keyOf(each), each])).values()) {
      if (!known.has(keyOf(one)) && Date.parse(one.until) > parts.now()) await putDelegation(tx, parts, owner, { ...one, from: null }, reviewer);
    }
    await keepSpans(tx, parts, owner, rota, reviewer);
  });
}

/** The spans, and the acts that say them: as many as it takes for each to fit into an entry. */
async function keepSpans(tx: TransactionSql, parts: Parts, owner: string, { spans, deputies }: Rota, { account, role }: Reviewer): Promise<void> {
  await tx`insert into held_rota (owner, rota, changed_at) values (${owner}, ${json(tx, { spans, deputies: [] })}, ${new Date(parts.now())})
    on conflict (owner) do update set rota = excluded.rota, changed_at = excluded.changed_at`;
  const change = await nextChange(tx, rotaName(owner));
  for (const [part, some] of inParts(spans).entries()) {
    const detail = { spans: spans.length, deputies: deputies.length, change, ...(part === 0 ? {} : { part: part + 1 }) };
    await parts.acts.put(tx, { act: 'rotaChanged', owner, who: account, role, detail, words: { rota: JSON.stringify({ spans: some }) } });
  }
}

function keyOf(row: Rota['deputies'][number] | undefined): string {
  return row === undefined ? '' : JSON.stringify([row.desk, row.account, row.deputy, row.until]);
}

/** Both as `readRota` gives them: the database keeps no order of members. */
function desksChanged(before: Rota, after: Rota): readonly string[] {
  const rows = ({ spans, deputies }: Rota): Map<string, string> => {
    const of = new Map<string, string[]>();
    for (const one of [...spans, ...deputies]) of.set(one.desk, [...(of.get(one.desk) ?? []), JSON.stringify(one)]);
    return new Map([...of].map(([desk, lines]) => [desk, lines.sort().join('\n')]));
  };
  const [a, b] = [rows(before), rows(after)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((desk) => a.get(desk) !== b.get(desk));
}
