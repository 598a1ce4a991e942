import type { MissedApplier } from './missed.ts';

/** Certificates that were revoked, and court orders that were withdrawn or given an earlier end. An order that was confirmed once more is entered again by hand. */
export const missedPapers: MissedApplier = {
  words: ['credentialRevoked', 'orderConfirmed'],
  async apply(tx, entry) {
    if (entry.type !== 'system') return 0;
    const at = new Date(entry.at);
    if (entry.event === 'credentialRevoked') return (await tx`update credential set revoked_at = ${at} where fingerprint = ${entry.hash} and revoked_at is null`).count;
    const expires = String(entry.detail?.['expires'] ?? '');
    if (!/^\d{4}-\d\d-\d\d /.test(expires)) return 0;
    return (await tx`
      update court_order set expires_at = ${expires}::timestamptz
      where owner = ${entry.subject} and encode(sha256(convert_to(owner || ' ' || number, 'UTF8')), 'hex') = ${entry.hash} and (expires_at is null or expires_at > ${expires}::timestamptz)`).count;
  },
};
