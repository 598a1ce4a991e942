import type { TransactionSql } from 'postgres';
import type { ActEntry } from '../../model/index.ts';
import { dayOf, textOfDay, type RegistryContent, changeContentIn, RegistryError } from '../../registry/index.ts';
import { detailNumber, detailText } from '../../store/actFollower.ts';
import { actWords, sha256, type Room } from '../parts.ts';
import { endAtOnce, putInForce, type CertifiedWhat } from './registryRows.ts';
import { lockedText } from './texts.ts';

/** The acts of certifications that are read into rows. */
export const certificationActs = ['certificationTextSet', 'certificationSigned', 'certificationRevoked', 'certificationReadmitted', 'certificationReminded', 'certificationLapsed'] as const;

/** Takes over what one act says of a text or a signature, where the rows do not have it. Never a text or a statement that is not to the byte what was hashed. */
export async function rebuildCertification(tx: TransactionSql, room: Room, act: ActEntry): Promise<void> {
  const { on, owner, at } = act;
  if (act.act === 'certificationTextSet') await rebuildText(tx, room, act);
  else if (act.act === 'certificationSigned') await rebuildSignature(tx, room, act);
  else if (act.act === 'certificationRevoked') await rebuildRevocation(tx, room, act);
  else if (act.act === 'certificationReadmitted') await tx`update certification set readmitted_at = ${at} where id = ${on} and owner = ${owner} and readmitted_at is null`;
  else if (act.act === 'certificationLapsed') await tx`update certification set lapsed_at = ${at} where id = ${on} and owner = ${owner} and lapsed_at is null`;
  else {
    await tx`insert into certification_reminder (certification, days, at) select id, ${detailNumber(act, 'days') ?? 0}, ${at} from certification where id = ${on} and owner = ${owner} on conflict do nothing`;
  }
}

/**
 * Puts into the registry what was rebuilt: in force what the newest signature says, ended what was revoked last. An agency that the registry does not have yet, because it was not imported again,
 * waits. All of it is one version. Returns how many agencies were seen to.
 */
export async function restoreRegistry({ sql, registry, now }: Room): Promise<number> {
  const [any] = await sql`select 1 from certification where registry_due limit 1`;
  if (any === undefined) return 0;
  const { index } = await registry();
  return await sql.begin(async (tx) => {
    const due = (await tx<Key[]>`select distinct owner, certification, organisation from certification where registry_due order by owner, certification, organisation limit 5000`).filter(({ organisation }) => index.organisations.has(organisation));
    if (due.length === 0) return 0;
    const texts = new Map(due.map(({ owner, certification }) => [`${owner} ${certification}`, [owner, certification] as const]));
    for (const [owner, certification] of texts.values()) await lockedText(tx, owner, certification);
    const newest = await tx<Newest[]>`
      select distinct on (c.owner, c.certification, c.organisation) c.owner, c.certification, c.organisation, c.since::text, c.until::text, c.revoked_at
      from certification c join json_to_recordset(${tx.json(due as never)}::json) as k(owner text, certification text, organisation text) using (owner, certification, organisation)
      order by c.owner, c.certification, c.organisation, c.signed_at desc, (c.replaced_at is null) desc, c.id`;
    const at = new Date(now());
    const done: Key[] = [];
    await changeContentIn(tx, `certifications of ${newest.length} agencies, from the ledger`, (content) => {
      done.length = 0;
      return newest.reduce((before, row) => restored(before, row, textOfDay(dayOf(at)), textOfDay(dayOf(at) - 1), done), content);
    });
    await tx`
      update certification c set registry_due = false from json_to_recordset(${tx.json(done as never)}::json) as k(owner text, certification text, organisation text)
      where c.owner = k.owner and c.certification = k.certification and c.organisation = k.organisation and c.registry_due`;
    return done.length;
  });
}

interface Key {
  readonly owner: string;
  readonly certification: string;
  readonly organisation: string;
}

interface Newest extends Key {
  readonly since: string;
  readonly until: string;
  readonly revoked_at: Date | null;
}

/** What the registry does not take stays due. */
function restored(content: RegistryContent, { owner, certification, organisation, since, until, revoked_at: revoked }: Newest, today: string, yesterday: string, done: Key[]): RegistryContent {
  const what = { owner, certification, organisation } as CertifiedWhat;
  try {
    const next = revoked !== null ? endAtOnce(content, what, today, yesterday) : until >= today ? putInForce(content, what, since, until) : content;
    done.push({ owner, certification, organisation });
    return next;
  } catch (error) {
    if (error instanceof RegistryError) return content;
    throw error;
  }
}

async function rebuildText(tx: TransactionSql, room: Room, act: ActEntry): Promise<void> {
  const words = actWords(room, act);
  const [version, validDays] = [detailNumber(act, 'version'), detailNumber(act, 'validDays')];
  const text = words?.['text'];
  if (typeof text !== 'string' || version === null || validDays === null || act.on === null || sha256(text) !== act.hash) return;
  await tx`insert into certification_text ${tx({
    owner: act.owner, certification: act.on, version, text, hash: act.hash, valid_days: validDays, remind_days: daysOf(words?.['remindDays']), perjury: words?.['perjury'] === 'yes', set_by: act.who, set_at: act.at,
  })} on conflict do nothing`;
}

async function rebuildSignature(tx: TransactionSql, room: Room, act: ActEntry): Promise<void> {
  const words = actWords(room, act);
  const statement = words?.['statement'];
  if (typeof statement !== 'string' || sha256(statement) !== act.hash) return;
  const signed = JSON.parse(statement) as Readonly<Record<'certification' | 'owner' | 'what' | 'textHash' | 'ori' | 'organisation' | 'account' | 'at' | 'since' | 'until', string>> & { readonly textVersion: number };
  if (signed.certification !== act.on || signed.owner !== act.owner) return;
  const { owner, what: certification, organisation } = signed;
  const made = await tx`insert into certification ${tx({
    id: signed.certification, owner, certification, ori: signed.ori, organisation, text_version: signed.textVersion, text_hash: signed.textHash, statement: room.seal(owner, statement), statement_hash: act.hash, account: signed.account,
    signed_at: signed.at, since: signed.since, until: signed.until, remind_days: daysOf(words?.['remindDays']), registry_version: detailNumber(act, 'registryVersion') ?? 0, registry_due: true,
  })} on conflict do nothing`;
  if (made.count === 0) return;
  await tx`
    update certification set replaced_at = ${signed.at} where owner = ${owner} and certification = ${certification} and organisation = ${organisation} and id <> ${signed.certification}
      and signed_at <= ${signed.at} and revoked_at is null and replaced_at is null`;
}

async function rebuildRevocation(tx: TransactionSql, room: Room, act: ActEntry): Promise<void> {
  const [row] = await tx`select 1 from certification where id = ${act.on} and owner = ${act.owner} and revoked_at is null`;
  if (row === undefined) return;
  const reason = actWords(room, act)?.['reason'];
  await tx`
    update certification set revoked_at = ${detailText(act, 'at') || act.at}, revoked_by = ${act.who}, revoked_why = ${typeof reason === 'string' ? room.seal(act.owner, reason) : null}, registry_due = true where id = ${act.on}`;
}

function daysOf(text: string | null | undefined): number[] {
  return (text ?? '').split(',').filter((day) => /^\d{1,3}$/.test(day)).map(Number);
}
