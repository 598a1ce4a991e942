import { JournalError } from '../../exchange/errors.ts';
import type { DecisionEntry, Subject } from '../../model/index.ts';
import { isOwnerText, ledgerError, sha256, unknown, type Room } from '../parts.ts';
import { DutyError, type DutyActor } from '../types.ts';
import { noticeLetter, ownerLetter } from './letter.ts';
import { noticeView, type NoticeRow } from './rows.ts';

/** To whom a notice goes and what it says. */
export interface OpenedNotice {
  readonly name: string | null;
  readonly address: readonly string[] | null;
  readonly letter: string;
}

/** The notices of an owner, by when they are due; with `states` only those. */
export async function listNotices({ sql, now }: Room, owner: string, states: readonly string[] | null): Promise<ReturnType<typeof noticeView>[]> {
  if (!isOwnerText(owner)) return [];
  const sent = states === null || states.includes('sent');
  const rows = await sql<NoticeRow[]>`select * from notice where owner = ${owner} ${sent ? sql`` : sql`and sent_at is null`} order by due_at, id limit 5000`;
  return rows.map((row) => noticeView(row, now())).filter(({ state }) => states === null || states.includes(state));
}

/** One notice. Throws `DUTY_UNKNOWN`, also for one of another owner. */
export async function noticeRow({ sql }: Room, owner: string, id: string): Promise<NoticeRow> {
  const [row] = await sql<NoticeRow[]>`select * from notice where id = ${id} and owner = ${owner}`;
  if (row === undefined) throw unknown('notice');
  return row;
}

/**
 * The opening is in the ledger before a byte of the sealed part is read. The letter's hash is kept, as what a proof of sending speaks of.
 * Throws `DUTY_UNKNOWN`; `DUTY_LEDGER` where the opening cannot be recorded; `DUTY_STATE` where the entry was erased; `DUTY_SEND` where the owner's records cannot be reached.
 */
export async function openNotice(room: Room, owner: string, id: string, { account, role }: DutyActor): Promise<OpenedNotice> {
  const { sql, acts, unseal, subjectAddress, agencyName, objectTo, ruleWords, now } = room;
  const row = await noticeRow(room, owner, id);
  await acts.record({ act: 'noticeOpened', owner, who: account, role, on: id }).catch(ledgerError);
  const entry = await entryOf(room, row);
  const madeAt = row.letter_at ?? new Date(now());
  const to = row.who === 'owner' ? null : await addressOf(() => subjectAddress(owner, subjectOf(entry, unseal)));
  const rules = await Promise.all(rulesOf(entry).map(async (rule) => ({ id: rule, words: entry.policyVersion === null ? null : await ruleWords(owner, entry.policyVersion, rule) })));
  const facts = {
    id, code: row.code, madeAt, name: to?.name ?? null, address: to?.address ?? null, entry, agency: agencyName(entry.requester.ori), behalf: entry.onBehalfOf === null ? null : agencyName(entry.onBehalfOf.ori),
    rules, objectTo: objectTo(owner),
  };
  const letter = row.who === 'owner' ? ownerLetter(facts) : noticeLetter(facts);
  // What was sent stays what was sent.
  await sql`update notice set letter_at = coalesce(letter_at, ${madeAt}), letter_hash = case when sent_at is null then ${sha256(letter)} else letter_hash end where id = ${id}`;
  return { name: facts.name, address: facts.address, letter };
}

async function entryOf({ journal }: Room, { sequence, entry }: NoticeRow): Promise<DecisionEntry> {
  const at = Number(sequence);
  try {
    if (journal !== null) for await (const found of journal.read(at, { end: at + 1, where: (_text, index) => index === at })) if ((found.entry as DecisionEntry).id === entry) return found.entry as DecisionEntry;
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    throw new DutyError('DUTY_LEDGER', 'the ledger cannot be read now', 'Try again; tell the operator.', { cause: error });
  }
  throw new DutyError('DUTY_STATE', 'the entry that this notice is about is not in the ledger any more', 'It was erased when its time was over; the notice cannot be made now.');
}

function subjectOf(entry: DecisionEntry, unseal: Room['unseal']): Subject {
  return (JSON.parse(unseal(entry.owner, entry.sealed)) as { readonly subject: Subject }).subject;
}

async function addressOf<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw new DutyError('DUTY_SEND', 'the owner\'s records cannot be reached now, so nobody knows where it goes', 'Try again; the notice stays due.', { cause });
  }
}

/** The rules by which something was given; where nothing was, those that decided. */
function rulesOf({ decisions, released }: DecisionEntry): readonly string[] {
  const of = decisions.filter(({ dataClass }) => released.length === 0 || released.includes(dataClass));
  return [...new Set(of.flatMap(({ rules }) => rules))].slice(0, 10);
}
