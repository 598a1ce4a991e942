import type { MissedApplier } from '../people/missed/index.ts';

/** How a proposal ended that an older copy of the database still has open, or waiting for its day. */
const ends: Readonly<Record<string, string>> = { proposalWithdrawn: 'withdrawn', rejected: 'rejected', returned: 'returned', lapsed: 'lapsed' };

/** Proposals that ended, deputies whose place another took, and emergency changes that were ended early. */
export const missedChanges: MissedApplier = {
  words: [...Object.keys(ends), 'delegated', 'emergencyEnded'],
  async apply(tx, entry) {
    if (entry.type !== 'act' || entry.on === null) return 0;
    const at = new Date(entry.at);
    if (entry.act === 'emergencyEnded') {
      return (await tx`update policy_proposal set ends_at = ${at} where id = ${entry.on} and state = 'inForce' and kind = 'emergency' and ends_at > ${at}`).count;
    }
    if (entry.act === 'delegated') {
      return (await tx`
        update approval_deputy set ended_at = ${at} where owner = ${entry.owner} and from_account = ${entry.on} and role = ${String(entry.detail?.['role'] ?? '')} and ended_at is null and given_at < ${at}`).count;
    }
    return (await tx`update policy_proposal set state = ${ends[entry.act] ?? null}, closed_at = ${at} where id = ${entry.on} and state in ('open', 'approved', 'scheduled')`).count;
  },
};
