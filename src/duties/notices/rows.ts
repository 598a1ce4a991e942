import type { NoticeView } from '../types.ts';

/** A notice in the database. */
export interface NoticeRow {
  readonly id: string;
  readonly owner: string;
  readonly inquiry: string;
  readonly entry: string;
  readonly sequence: string;
  readonly rule: string;
  readonly who: 'subject' | 'owner';
  readonly requester: string;
  readonly asked_at: Date;
  readonly within_seconds: string;
  readonly due_at: Date;
  readonly code: string;
  readonly letter_at: Date | null;
  readonly letter_hash: string | null;
  readonly sent_at: Date | null;
  readonly sent_channel: 'letter' | 'email' | 'spool' | null;
  readonly sent_reference: string | null;
  readonly sent_hash: string | null;
  readonly missed_at: Date | null;
  readonly delay_until: Date | null;
  readonly delay_ground: string | null;
  readonly delay_order: string | null;
  readonly delay_by: string | null;
}

/** A notice as it stands at `now`, milliseconds since 1970. A delay that is over is still told, and holds nothing back. */
export function noticeView(row: NoticeRow, now: number): NoticeView {
  const { id, owner, inquiry, rule, who, requester } = row;
  return {
    id, owner, inquiry, rule, who, requester, askedAt: row.asked_at.toISOString(), dueAt: row.due_at.toISOString(), state: stateOf(row, now), sentAt: row.sent_at?.toISOString() ?? null,
    proof: row.sent_channel === null ? null : { channel: row.sent_channel, reference: row.sent_reference ?? '', hash: row.sent_hash ?? '' },
    delay: row.delay_until === null ? null : { until: row.delay_until.toISOString(), ground: row.delay_ground ?? '', order: row.delay_order ?? '', by: row.delay_by ?? '' },
  };
}

/** In time is what is sent up to the very millisecond at which it is due. */
export function stateOf(row: Pick<NoticeRow, 'sent_at' | 'delay_until' | 'due_at'>, now: number): NoticeView['state'] {
  if (row.sent_at !== null) return 'sent';
  if (row.delay_until !== null && row.delay_until.getTime() > now) return 'delayed';
  return now > row.due_at.getTime() ? 'overdue' : 'due';
}
