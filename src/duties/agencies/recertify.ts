import { putEvent } from '../../store/outbox.ts';
import { isJurisdiction } from '../../vocabulary/index.ts';
import { asNumber, dayMs, momentOf, newId, unknown, wordsOf, type Room } from '../parts.ts';
import { DutyError, type DutyActor, type RecertificationPage, type RecertificationView } from '../types.ts';
import { closeIfDone, fillOne } from './clock.ts';
import { sentenceFor } from './sentence.ts';

type Item = RecertificationView['items'][number];

interface Row {
  readonly id: string;
  readonly owner: string;
  readonly year: number;
  readonly due_at: Date;
  readonly closed_at: Date | null;
  readonly decided: number;
  readonly total: number;
}

/** How many items a view has: the first. The others by page. */
const firstItems = 100;
const mostItems = 500;

/** The re-certifications of an owner, the newest first, each with its first items. */
export async function listRecertifications(room: Room, owner: string, only: string | null = null): Promise<readonly RecertificationView[]> {
  const rows = await room.sql<Row[]>`
    select r.id, r.owner, r.year, r.due_at, r.closed_at, count(i.decision)::int as decided, count(i.id)::int as total
    from recertification r left join recertification_item i on i.recertification = r.id where r.owner = ${owner} ${only === null ? room.sql`` : room.sql`and r.id = ${only}`}
    group by r.id order by r.year desc limit 10`;
  const at = room.now();
  return await Promise.all(rows.map(async ({ id, year, due_at: due, closed_at: closed, decided, total }): Promise<RecertificationView> => ({
    id, owner, year, dueAt: due.toISOString(), state: closed !== null ? 'done' : at > due.getTime() ? 'overdue' : 'open', decided, total,
    items: (await recertificationPage(room, owner, id, { after: null, limit: firstItems, open: false })).items,
  })));
}

/** Items by the id of their organisation. `open`: only those that nobody decided. Throws `DUTY_UNKNOWN`. */
export async function recertificationPage({ sql, unseal }: Room, owner: string, id: string, { after, limit, open }: { readonly after: string | null; readonly limit: number; readonly open: boolean }): Promise<RecertificationPage> {
  const [known] = await sql`select 1 from recertification where id = ${id} and owner = ${owner}`;
  if (known === undefined) throw unknown('re-certification');
  const count = Math.min(Math.max(1, Math.trunc(limit)), mostItems);
  const rows = await sql<{ id: string; organisation: string; name: string; evidence: Item['evidence']; decision: Item['decision']; decided_by: string | null; reason: string | null; sentence: string | null; others: number | null; written_version: number | null }[]>`
    select id::text, organisation, name, evidence, decision, decided_by, reason, sentence, others, written_version from recertification_item
    where recertification = ${id} and organisation collate "C" > ${after ?? ''} ${open ? sql`and decision is null` : sql``} order by organisation collate "C" limit ${count + 1}`;
  const items = rows.slice(0, count).map((row) => ({
    id: row.id, organisation: row.organisation, name: row.name, evidence: row.evidence, decision: row.decision, by: row.decided_by,
    reason: row.reason === null ? null : unseal(owner, row.reason), sentence: row.sentence, others: row.others, writtenVersion: row.written_version,
  }));
  return { items, next: rows.length > count ? (items.at(-1)?.organisation ?? null) : null };
}

/** Begins the re-certification of a year. Its items are made in steps, and the clock goes on where a step was broken off. Throws `DUTY_FIELD`; `DUTY_STATE` where there is one of this year. */
export async function beginRecertification(room: Room, owner: string, request: { readonly year: number; readonly dueAt: string }, actor: DutyActor): Promise<RecertificationView> {
  const { sql, acts, now, caughtUp } = room;
  const at = now();
  const thisYear = new Date(at).getUTCFullYear();
  if (!isJurisdiction(owner)) throw new DutyError('DUTY_FIELD', 'the owner is not one of the 56 jurisdictions', 'Give two letters, such as WA.');
  if (!Number.isInteger(request.year) || Math.abs(request.year - thisYear) > 1) throw new DutyError('DUTY_FIELD', 'the field year is not this year, the last or the next', `Give a year such as ${thisYear}.`);
  const due = momentOf(request.dueAt, 'dueAt');
  if (due <= at || due > at + 366 * dayMs) throw new DutyError('DUTY_FIELD', 'the field dueAt is not in the future, or more than a year away', 'Give a moment within the next year.');
  await caughtUp();
  const id = newId('Y', owner);
  await sql.begin(async (tx) => {
    const made = await tx`insert into recertification (id, owner, year, begun_at, due_at) values (${id}, ${owner}, ${request.year}, ${new Date(at)}, ${new Date(due)}) on conflict (owner, year) do nothing`;
    if (made.count === 0) throw new DutyError('DUTY_STATE', 'the re-certification of this year was begun already', 'See the one that there is.');
    await acts.put(tx, { act: 'recertificationBegun', owner, who: actor.account, role: actor.role, on: id, detail: { year: request.year, dueAt: new Date(due).toISOString() } });
  });
  await fillOne(room, id);
  const [view] = await listRecertifications(room, owner, id);
  if (view === undefined) throw unknown('re-certification');
  return view;
}

/**
 * Keeps, reduces or removes an agency. The policy is not changed by it: what is reduced or removed stands among what is due, with the sentence to add, until it is said that a version of the
 * policy has it. Throws `DUTY_UNKNOWN`, `DUTY_FIELD`, `DUTY_STATE`.
 */
export async function recertify(room: Room, owner: string, id: string, item: string, request: { readonly decision: string; readonly reason: string }, actor: DutyActor): Promise<RecertificationView> {
  const { decision } = request;
  if (decision !== 'keep' && decision !== 'reduce' && decision !== 'remove') throw new DutyError('DUTY_FIELD', 'the field decision is none of keep, reduce and remove', 'Give one of the three; none is chosen before.');
  const reason = wordsOf(request.reason, 'reason', 3, 2_000);
  const { sql, acts, seal, now, registry, caughtUp } = room;
  await caughtUp();
  const at = new Date(now());
  const snapshot = decision === 'keep' ? null : await registry();
  await sql.begin(async (tx) => {
    const [row] = await tx<{ organisation: string; decision: string | null }[]>`
      select i.organisation, i.decision from recertification_item i join recertification r on r.id = i.recertification where i.id = ${asNumber(item)} and r.id = ${id} and r.owner = ${owner} for update of i`;
    if (row === undefined) throw unknown('item of this re-certification');
    if (row.decision !== null) throw new DutyError('DUTY_STATE', 'this was decided already', 'Read it again.');
    const known = snapshot?.index.organisations.has(row.organisation) === true;
    const add = decision === 'keep' || snapshot === null || !known ? null : sentenceFor(snapshot, owner, row.organisation, decision, at);
    await tx`
      update recertification_item set decision = ${decision}, decided_by = ${actor.account}, decided_at = ${at}, reason = ${seal(owner, reason)}, sentence = ${add?.sentence ?? null}, others = ${add?.others ?? null}
      where id = ${asNumber(item)}`;
    await acts.put(tx, { act: 'agencyRecertified', owner, who: actor.account, role: actor.role, on: id, detail: { item: asNumber(item), organisation: row.organisation, decision, at: at.toISOString(), ...(add === null ? {} : { others: add.others }) }, words: { reason, sentence: add?.sentence ?? null } });
    await putEvent(tx, `agencyRecertified ${id} ${item}`, { event: 'agencyRecertified', subject: `${owner} ${id} ${row.organisation}`, hash: null, detail: { decision } });
    await closeIfDone(tx, room, id);
  });
  const [view] = await listRecertifications(room, owner, id);
  if (view === undefined) throw unknown('re-certification');
  return view;
}

/** Says that a version of the policy, activated after the decision, has what was decided: it is not due any more. Throws `DUTY_UNKNOWN`, `DUTY_STATE`; `DUTY_FIELD` where there is no such version. */
export async function policyWritten({ sql, acts, caughtUp }: Room, owner: string, id: string, item: string, request: { readonly version: number }, actor: DutyActor): Promise<void> {
  await caughtUp();
  await sql.begin(async (tx) => {
    const [row] = await tx<{ organisation: string; decided_at: Date | null; sentence: string | null; written_version: number | null }[]>`
      select i.organisation, i.decided_at, i.sentence, i.written_version from recertification_item i join recertification r on r.id = i.recertification
      where i.id = ${asNumber(item)} and r.id = ${id} and r.owner = ${owner} for update of i`;
    if (row === undefined) throw unknown('item of this re-certification');
    if (row.sentence === null || row.decided_at === null || row.written_version !== null) throw new DutyError('DUTY_STATE', 'nothing is to be written into the policy for it', 'Read it again.');
    const [version] = Number.isInteger(request.version) && request.version > 0 && request.version < 2 ** 31
      ? await tx`select 1 from policy_version where owner = ${owner} and version = ${request.version} and activated_at >= ${row.decided_at}` : [];
    if (version === undefined) throw new DutyError('DUTY_FIELD', 'there is no version of the policy of this number that was activated after the decision', 'Give the number of the version that has it.');
    await tx`update recertification_item set written_version = ${request.version} where id = ${asNumber(item)}`;
    await acts.put(tx, { act: 'agencyRecertified', owner, who: actor.account, role: actor.role, on: id, detail: { organisation: row.organisation, writtenVersion: request.version } });
  });
}
