import type { Logger } from 'pino';
import { inquiryId } from '../../exchange/ids.ts';
import type { Journal, OwnerPolicy } from '../../exchange/index.ts';
import type { SystemEntry } from '../../model/index.ts';

/** Puts on the record what the exchange went over to: a policy, a version of the registry, its own start and end. */
export interface ChangeRecorder {
  /** From now on changes go to this journal. Those before are part of what the start is recorded with. */
  to(journal: Journal): void;
  record(event: SystemEntry['event'], subject: string, hash: string | null): Promise<void>;
  registry(snapshot: { readonly version: number; readonly hash: string }): void;
  policies(owners: readonly string[], of: (owner: string) => OwnerPolicy | null): void;
}

export function changeRecorder(log: Logger): ChangeRecorder {
  let journal: Journal | null = null;
  const record = async (event: SystemEntry['event'], subject: string, hash: string | null): Promise<void> => {
    const now = new Date();
    await journal?.append([{ type: 'system', v: 1, id: inquiryId(now.getTime()), at: now.toISOString(), event, subject, hash }]);
  };
  const later = (event: SystemEntry['event'], subject: string, hash: string | null): void => {
    record(event, subject, hash).catch((error: unknown) => log.error({ error }, 'a change could not be put on the record'));
  };
  return {
    to: (opened) => void (journal = opened),
    record,
    registry: ({ version, hash }) => later('registryActivated', String(version), hash),
    policies(owners, of) {
      for (const owner of owners) {
        const policy = of(owner);
        later('policyActivated', policy === null ? `${owner} none` : `${owner} ${policy.version}`, policy?.hash ?? null);
      }
    },
  };
}
