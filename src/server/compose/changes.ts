import { inquiryId } from '../../exchange/ids.ts';
import type { Journal } from '../../exchange/index.ts';
import type { SystemEntry } from '../../model/index.ts';

/** Puts on the record what the exchange itself does: its start and end, and what the proofs found. Policies, registry and keys come through the outbox of the store. */
export interface ChangeRecorder {
  /** From now on changes go to this journal. Those before are part of what the start is recorded with. */
  to(journal: Journal): void;
  record(event: SystemEntry['event'], subject: string, hash: string | null, detail?: SystemEntry['detail']): Promise<void>;
}

export function changeRecorder(): ChangeRecorder {
  let journal: Journal | null = null;
  const record = async (event: SystemEntry['event'], subject: string, hash: string | null, detail: SystemEntry['detail'] = null): Promise<void> => {
    const now = new Date();
    await journal?.append([{ type: 'system', v: 1, id: inquiryId(now.getTime()), at: now.toISOString(), event, subject, hash, detail }]);
  };
  return {
    to: (opened) => void (journal = opened),
    record,
  };
}
