import { certifications, isNameOf } from '../vocabulary/index.ts';
import { endOf } from './certifications/views.ts';
import { listCertifications } from './certifications/views.ts';
import { dayMs, isOwnerText, type Room } from './parts.ts';

/** What is owed, by when, in words. */
export interface Due {
  readonly kind: 'notice' | 'noticeOverdue' | 'userReview' | 'recertification' | 'recertificationToBegin' | 'writeIntoPolicy' | 'certificationLapsing' | 'certificationLapsed' | 'certificationUnsigned';
  readonly id: string;
  readonly words: string;
  /** RFC 3339, UTC. */
  readonly dueAt: string;
}

/** Of each kind at most so many are told. */
const most = 200;

/** Everything that an owner, or an agency, owes, the earliest first. Names no resident. */
export async function listDue(room: Room, of: { readonly owner: string } | { readonly ori: string }, now: number): Promise<readonly Due[]> {
  const found = 'owner' in of ? await ofOwner(room, of.owner, now) : await ofAgency(room, of.ori, now);
  return [...found].sort((a, b) => (a.dueAt === b.dueAt ? (a.id < b.id ? -1 : 1) : a.dueAt < b.dueAt ? -1 : 1));
}

async function ofOwner(room: Room, owner: string, now: number): Promise<readonly Due[]> {
  if (!isOwnerText(owner)) return [];
  const parts = await Promise.all([notices(room, owner, now), reviews(room, `owner ${owner}`), recertifications(room, owner, now), unwritten(room, owner), lapsing(room, owner, now)]);
  return parts.flat();
}

async function notices({ sql }: Room, owner: string, now: number): Promise<readonly Due[]> {
  const rows = await sql<{ id: string; rule: string; who: string; due_at: Date }[]>`
    select id, rule, who, due_at from notice where owner = ${owner} and sent_at is null and (delay_until is null or delay_until <= ${new Date(now)}) order by due_at, id limit ${most}`;
  return rows.map(({ id, rule, who, due_at: due }): Due => {
    const late = due.getTime() < now;
    return { kind: late ? 'noticeOverdue' : 'notice', id, dueAt: due.toISOString(), words: `${late ? 'Overdue: tell' : 'Tell'} ${who === 'subject' ? 'a resident' : 'the owner'} of a request, by rule ${rule}` };
  });
}

async function reviews({ sql }: Room, scope: string): Promise<readonly Due[]> {
  const rows = await sql<{ id: string; quarter: string; due_at: Date; open: number }[]>`
    select r.id, r.quarter, r.due_at, (select count(*)::int from user_review_item i where i.review = r.id and i.decision is null) as open
    from user_review r where r.scope = ${scope} and r.closed_at is null order by r.due_at`;
  return rows.map(({ id, quarter, due_at: due, open }): Due => ({ kind: 'userReview', id, dueAt: due.toISOString(), words: `Review users of ${quarter}: ${open} still to decide` }));
}

async function recertifications({ sql }: Room, owner: string, now: number): Promise<readonly Due[]> {
  const rows = await sql<{ id: string; year: number; due_at: Date; open: number; closed_at: Date | null }[]>`
    select r.id, r.year, r.due_at, r.closed_at, (select count(*)::int from recertification_item i where i.recertification = r.id and i.decision is null) as open from recertification r where r.owner = ${owner}`;
  const year = new Date(now).getUTCFullYear();
  const toBegin: readonly Due[] = rows.some((row) => row.year === year) ? [] : [{ kind: 'recertificationToBegin', id: String(year), dueAt: `${year}-12-31T23:59:59.999Z`, words: `Begin the re-certification of agencies for ${year}` }];
  return [...toBegin, ...rows.filter(({ closed_at: closed }) => closed === null).map(({ id, year: of, due_at: due, open }): Due => ({
    kind: 'recertification', id, dueAt: due.toISOString(), words: `Re-certify agencies for ${of}: ${open} still to decide`,
  }))];
}

async function unwritten({ sql }: Room, owner: string): Promise<readonly Due[]> {
  const rows = await sql<{ id: string; name: string; decision: string; sentence: string; others: number; due_at: Date }[]>`
    select i.id::text, i.name, i.decision, i.sentence, i.others, r.due_at from recertification_item i join recertification r on r.id = i.recertification
    where r.owner = ${owner} and i.sentence is not null and i.written_version is null order by r.due_at, i.id limit ${most}`;
  return rows.map(({ id, name, decision, sentence, others, due_at: due }): Due => ({
    kind: 'writeIntoPolicy', id, dueAt: due.toISOString(),
    words: `Write it into the policy: ${name} was ${decision === 'remove' ? 'removed' : 'reduced'}. Sentence to add: ${sentence} ${others === 0 ? 'It means no other agency.' : `It means ${others} other ${others === 1 ? 'agency' : 'agencies'} too: revoke a certification, or make it narrower.`}`,
  }));
}

async function lapsing({ sql }: Room, owner: string, now: number): Promise<readonly Due[]> {
  const rows = await sql<{ id: string; certification: string; ori: string; until: string }[]>`
    select id, certification, ori, until::text from certification
    where owner = ${owner} and revoked_at is null and replaced_at is null and until >= ${dayText(now)}::date
      and until + 1 - (select coalesce(max(d), 30) from unnest(remind_days) as d) <= ${dayText(now)}::date order by until, id limit ${most}`;
  return rows.map(({ id, certification, ori, until }): Due => ({ kind: 'certificationLapsing', id, dueAt: new Date(endOf(until)).toISOString(), words: `A certification lapses: ${plain(certification)}, of ${ori}` }));
}

async function ofAgency(room: Room, ori: string, now: number): Promise<readonly Due[]> {
  const signed = await listCertifications(room, { ori });
  const own = signed.flatMap(({ id, owner, certification, state, until }): Due[] => {
    const what = `${plain(certification)}, to ${owner}`;
    if (state === 'unsigned') return [{ kind: 'certificationUnsigned', id: `${owner} ${certification}`, dueAt: new Date(now).toISOString(), words: `Not signed: ${what}` }];
    if (until === null || (state !== 'lapsing' && state !== 'lapsed')) return [];
    return [{ kind: state === 'lapsed' ? 'certificationLapsed' : 'certificationLapsing', id, dueAt: new Date(endOf(until)).toISOString(), words: `${state === 'lapsed' ? 'Lapsed' : 'Lapses'}: ${what}. Sign it again` }];
  });
  return [...own, ...await reviews(room, `agency ${ori}`)];
}

function plain(certification: string): string {
  return isNameOf(certifications, certification) ? certifications[certification].plain : certification;
}

function dayText(now: number): string {
  return new Date(Math.floor(now / dayMs) * dayMs).toISOString().slice(0, 10);
}
