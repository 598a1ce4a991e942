import { putEvent } from '../../store/outbox.ts';
import { dayMs, momentOf, unknown, wordsOf, type Room } from '../parts.ts';
import { DutyError, type DutyActor, type NoticeView } from '../types.ts';
import { noticeView, type NoticeRow } from './rows.ts';

/** Grounds on which the law lets a notice wait. */
export const delayGrounds = {
  ongoingInvestigation: 'an order says that it would harm an ongoing investigation',
  dangerToPerson: 'an order says that it would put a person in danger',
} as const satisfies Readonly<Record<string, string>>;
export type DelayGround = keyof typeof delayGrounds;

/** The longest delay at once. */
export const mostDelayDays = 366;

const channels = ['letter', 'email', 'spool'] as const;

/**
 * Notes that a notice was sent, with the hash of the letter that was opened. In one transaction with its act and its event in the anchor log.
 * Throws `DUTY_UNKNOWN`, `DUTY_FIELD`; `DUTY_STATE` where it was sent before, is delayed, or its letter was never opened.
 */
export async function noticeSent(room: Room, owner: string, id: string, request: { readonly channel: string; readonly reference: string }, actor: DutyActor): Promise<NoticeView> {
  const channel = channels.find((one) => one === request.channel);
  if (channel === undefined) throw new DutyError('DUTY_FIELD', 'the field channel is none of the ways by which a notice goes', `Give one of ${channels.join(', ')}.`);
  const reference = wordsOf(request.reference, 'reference', 3, 200);
  const { sql, acts, now } = room;
  const at = now();
  return await sql.begin(async (tx) => {
    const [row] = await tx<NoticeRow[]>`select * from notice where id = ${id} and owner = ${owner} for update`;
    if (row === undefined) throw unknown('notice');
    if (row.sent_at !== null) throw new DutyError('DUTY_STATE', 'this notice was sent already', 'Read it again.');
    if (row.delay_until !== null && row.delay_until.getTime() > at) throw new DutyError('DUTY_STATE', 'this notice is delayed by law and must not be sent yet', 'Wait for the end of the delay, or shorten it.');
    if (row.letter_hash === null) throw new DutyError('DUTY_STATE', 'the letter of this notice was never opened, so it cannot have been sent', 'Open it first.');
    const [done] = await tx<NoticeRow[]>`
      update notice set sent_at = ${new Date(at)}, sent_channel = ${channel}, sent_reference = ${reference}, sent_hash = letter_hash where id = ${id} returning *`;
    await acts.put(tx, { act: 'noticeSent', owner, who: actor.account, role: actor.role, on: id, hash: row.letter_hash, detail: { channel }, words: { reference } });
    await putEvent(tx, `noticeSent ${id}`, { event: 'noticeSent', subject: id, hash: row.letter_hash, detail: { owner, channel } });
    return noticeView(done ?? row, at);
  });
}

/**
 * Holds a notice back until a moment, on an order. It ends by itself, and then the notice is due again within the time of its rule. A later delay replaces an earlier one.
 * Throws `DUTY_UNKNOWN`, `DUTY_FIELD`, `DUTY_STATE` where it was sent.
 */
export async function delayNotice(room: Room, owner: string, id: string, request: { readonly until: string; readonly ground: string; readonly order: string }, actor: DutyActor): Promise<NoticeView> {
  const { sql, acts, now } = room;
  const at = now();
  const until = momentOf(request.until, 'until');
  if (until <= at || until > at + mostDelayDays * dayMs) throw new DutyError('DUTY_FIELD', 'the field until is not in the future, or too far', `Give a moment within ${mostDelayDays} days.`);
  if (!Object.hasOwn(delayGrounds, request.ground)) throw new DutyError('DUTY_FIELD', 'the field ground is none on which the law lets a notice wait', `Give one of ${Object.keys(delayGrounds).join(', ')}.`);
  const order = wordsOf(request.order, 'order', 2, 64);
  return await sql.begin(async (tx) => {
    const [row] = await tx<NoticeRow[]>`select * from notice where id = ${id} and owner = ${owner} for update`;
    if (row === undefined) throw unknown('notice');
    if (row.sent_at !== null) throw new DutyError('DUTY_STATE', 'this notice was sent already', 'Read it again.');
    const due = new Date(until + Number(row.within_seconds) * 1000);
    const [done] = await tx<NoticeRow[]>`
      update notice set delay_at = ${new Date(at)}, delay_until = ${new Date(until)}, delay_ground = ${request.ground}, delay_order = ${order}, delay_by = ${actor.account},
        due_at = ${due}, missed_at = null, again_at = null
      where id = ${id} returning *`;
    const text = new Date(until).toISOString();
    await acts.put(tx, { act: 'noticeDelayed', owner, who: actor.account, role: actor.role, on: id, detail: { until: text, ground: request.ground }, words: { order } });
    await putEvent(tx, `noticeDelayed ${id} ${new Date(at).toISOString()}`, { event: 'noticeDelayed', subject: id, hash: null, detail: { owner, until: text, ground: request.ground } });
    return noticeView(done ?? row, at);
  });
}
