import { randomBytes } from 'node:crypto';
import type { Sql } from '../../store/index.ts';
import { changeContentIn, dayOf, RegistryError, textOfDay } from '../../registry/index.ts';
import { putEvent } from '../../store/outbox.ts';
import { isJurisdiction } from '../../vocabulary/index.ts';
import { newId, sha256, unknown, wordsOf, type Room } from '../parts.ts';
import { DutyError, type CertificationView, type DutyActor } from '../types.ts';
import { endAtOnce, endReplaced, putInForce, type CertifiedWhat } from './registryRows.ts';
import { lockedText } from './texts.ts';
import { certificationView, select } from './views.ts';

/** What is signed. */
export interface SignRequest {
  readonly owner: string;
  readonly certification: string;
  readonly textHash: string;
  readonly typedName: string;
  /** Only `true` is; it comes from outside. */
  readonly underPenaltyOfPerjury: unknown;
}

/**
 * Signs exactly the text with this hash. The signature, its act and the new version of the registry are one transaction: either all of it is kept, or nothing. A second signature of
 * the same text on the same day is the first one. What the agency signed before is replaced. Throws `DUTY_UNKNOWN` where there is no such text or agency; `DUTY_FIELD` where the name is not that
 * of the signer or perjury is not accepted; `DUTY_STATE` where the text is another by now, or the owner revoked the last signature and has not let the agency certify again.
 */
export async function certifyFor(room: Room, ori: string, request: SignRequest, actor: DutyActor): Promise<CertificationView> {
  const { sql, acts, seal, registry, now, caughtUp } = room;
  const organisation = (await registry()).requester(ori)?.organisation;
  if (organisation === undefined) throw unknown('agency');
  const { owner, certification } = request;
  if (typeof owner !== 'string' || !isJurisdiction(owner)) throw new DutyError('DUTY_FIELD', 'the owner is not one of the 56 jurisdictions', 'Give two letters, such as CO.');
  if (request.underPenaltyOfPerjury !== true) throw new DutyError('DUTY_FIELD', 'the penalty of perjury was not accepted', 'Tick the box, or send underPenaltyOfPerjury: true.');
  if (plainName(wordsOf(request.typedName, 'typedName', 1, 200)) !== plainName(actor.name)) throw new DutyError('DUTY_FIELD', 'the typed name is not the name of who is signed in', 'Type your full name as the page shows it above.');
  await caughtUp();
  const at = now();
  const [today, yesterday] = [textOfDay(dayOf(new Date(at))), textOfDay(dayOf(new Date(at)) - 1)];
  const id = await sql.begin(async (tx) => {
    const text = await lockedText(tx, owner, certification);
    if (text === null) throw unknown('text of a certification');
    if (text.hash !== request.textHash) throw new DutyError('DUTY_STATE', 'the text to be signed is another by now', 'Read it again, and sign the new text.');
    const [ban] = await tx`select 1 from certification where owner = ${owner} and certification = ${text.certification} and organisation = ${organisation} and revoked_at is not null and readmitted_at is null limit 1`;
    if (ban !== undefined) throw new DutyError('DUTY_STATE', 'the owner revoked the last certification of this agency', 'The owner lets the agency certify again, or does not.');
    const until = textOfDay(dayOf(new Date(at)) + text.validDays - 1);
    const [same] = await tx<{ id: string }[]>`
      select id from certification where owner = ${owner} and certification = ${text.certification} and organisation = ${organisation} and text_hash = ${text.hash} and since = ${today} and until = ${until}
        and account = ${actor.account} and revoked_at is null and replaced_at is null`;
    if (same !== undefined) return same.id;
    const what = { organisation, certification: text.certification, owner } as CertifiedWhat;
    const made = newId('C', owner);
    const statement = JSON.stringify({
      certification: made, owner, what: text.certification, textVersion: text.version, textHash: text.hash, ori, organisation, account: actor.account, person: actor.person, typedName: request.typedName.trim(),
      underPenaltyOfPerjury: true, at: new Date(at).toISOString(), since: today, until, salt: randomBytes(32).toString('hex'),
    });
    const hash = sha256(statement);
    const replaced = await tx<{ since: string }[]>`
      update certification set replaced_at = ${new Date(at)} where owner = ${owner} and certification = ${text.certification} and organisation = ${organisation} and revoked_at is null and replaced_at is null
      returning since::text`;
    const stored = await changeContentIn(tx, `${text.certification} certified to ${owner} by ${organisation} (${made})`.slice(0, 200), (content) =>
      putInForce(endReplaced(content, what, replaced.map(({ since }) => since), today, yesterday), what, today, until)).catch(registryError);
    await tx`insert into certification ${tx({
      id: made, owner, certification: text.certification, ori, organisation, text_version: text.version, text_hash: text.hash, statement: seal(owner, statement), statement_hash: hash,
      account: actor.account, signed_at: new Date(at), since: today, until, remind_days: [...text.remindDays], registry_version: stored.version,
    })}`;
    await acts.put(tx, { act: 'certificationSigned', owner, who: actor.account, role: actor.role, on: made, hash, detail: { ori, certification: text.certification, until, registryVersion: stored.version }, words: { statement, remindDays: text.remindDays.join() } });
    await putEvent(tx, `certificationSigned ${made}`, { event: 'certificationSigned', subject: made, hash, detail: { owner, ori, certification: text.certification, until } });
    return made;
  });
  return await one(room, id, at);
}

/**
 * Ends a certification at once, in the registry too, and with it whatever else the agency signed of the same kind to this owner. It cannot certify again until the owner lets it.
 * Throws `DUTY_UNKNOWN`, `DUTY_FIELD`, and `DUTY_STATE` where it was revoked before or has lapsed.
 */
export async function revokeCertification(room: Room, owner: string, id: string, request: { readonly reason: string }, actor: DutyActor): Promise<CertificationView> {
  const { sql, acts, seal, now, caughtUp } = room;
  const reason = wordsOf(request.reason, 'reason', 10, 2_000);
  await caughtUp();
  const at = now();
  const [today, yesterday] = [textOfDay(dayOf(new Date(at))), textOfDay(dayOf(new Date(at)) - 1)];
  await sql.begin(async (tx) => {
    const [found] = await tx<{ certification: string }[]>`select certification from certification where id = ${id} and owner = ${owner}`;
    if (found === undefined) throw unknown('certification');
    // The same lock as of a signature: the one comes after the other.
    await lockedText(tx, owner, found.certification);
    const [row] = await tx<{ organisation: string; until: string; revoked_at: Date | null; replaced_at: Date | null }[]>`select organisation, until::text, revoked_at, replaced_at from certification where id = ${id} for update`;
    if (row === undefined) throw unknown('certification');
    if (row.revoked_at !== null || row.replaced_at !== null || row.until < today) throw new DutyError('DUTY_STATE', 'this certification was revoked, renewed or lapsed already', 'Read it again.');
    const what = { organisation: row.organisation, certification: found.certification, owner } as CertifiedWhat;
    const stored = await changeContentIn(tx, `${found.certification} of ${row.organisation} to ${owner} revoked (${id})`.slice(0, 200), (content) => endAtOnce(content, what, today, yesterday)).catch(registryError);
    await tx`update certification set revoked_at = ${new Date(at)}, revoked_by = ${actor.account}, revoked_why = ${seal(owner, reason)} where id = ${id}`;
    await acts.put(tx, { act: 'certificationRevoked', owner, who: actor.account, role: actor.role, on: id, detail: { certification: found.certification, registryVersion: stored.version, at: new Date(at).toISOString() }, words: { reason } });
    const [statement] = await tx<{ hash: string }[]>`select statement_hash as hash from certification where id = ${id}`;
    await putEvent(tx, `certificationRevoked ${id}`, { event: 'certificationRevoked', subject: id, hash: statement?.hash ?? null, detail: { owner, certification: found.certification } });
  });
  return await one(room, id, at);
}

/** Lets an agency whose certification was revoked certify again. It must sign anew. Throws `DUTY_UNKNOWN`, `DUTY_FIELD`, `DUTY_STATE`. */
export async function readmit(room: Room, owner: string, id: string, request: { readonly reason: string }, actor: DutyActor): Promise<CertificationView> {
  const { sql, acts, now, caughtUp } = room;
  const reason = wordsOf(request.reason, 'reason', 10, 2_000);
  await caughtUp();
  const at = now();
  await sql.begin(async (tx) => {
    const [row] = await tx<{ revoked_at: Date | null; readmitted_at: Date | null }[]>`select revoked_at, readmitted_at from certification where id = ${id} and owner = ${owner} for update`;
    if (row === undefined) throw unknown('certification');
    if (row.revoked_at === null || row.readmitted_at !== null) throw new DutyError('DUTY_STATE', 'this certification was not revoked, or the agency may certify again already', 'Read it again.');
    await tx`update certification set readmitted_at = ${new Date(at)} where id = ${id}`;
    await acts.put(tx, { act: 'certificationReadmitted', owner, who: actor.account, role: actor.role, on: id, words: { reason } });
  });
  return await one(room, id, at);
}

/** What was signed, word by word, with the salt by which its hash can be made again. For the owner and the agency. */
export async function statementOf(sql: Sql, unseal: Room['unseal'], id: string): Promise<string | null> {
  const [row] = await sql<{ owner: string; statement: string }[]>`select owner, statement from certification where id = ${id}`;
  return row === undefined ? null : unseal(row.owner, row.statement);
}

async function one(room: Room, id: string, now: number): Promise<CertificationView> {
  const [row] = await select(room, room.sql`c.id = ${id}`);
  if (row === undefined) throw unknown('certification');
  return certificationView(room, row, now);
}

/** Names compare without regard to case, accents as they are written, and white space. */
function plainName(name: string): string {
  return name.normalize('NFC').toLowerCase().split(/\s+/).filter((part) => part !== '').join(' ');
}

function registryError(error: unknown): never {
  if (error instanceof RegistryError) throw new DutyError('DUTY_STATE', 'the registry does not take this certification', 'The agency or the days are not those of the registry now; tell the operator.', { cause: error });
  throw error;
}
