import type { SystemEntry } from '../model/index.ts';
import { statementHash } from './decide.ts';
import { needsOf, ruleHash } from './rule.ts';
import type { Certificate } from './types.ts';

/** An entry of the anchor log that was verified, with its leaf index. */
export interface AnchorEntry {
  readonly index: number;
  readonly entry: SystemEntry;
}

/**
 * `form`: not a certificate of this version. `statement`: a statement does not give its hash. `needs`: fewer approvals than the rule asks, or none by the privacy or legal office.
 * `author`: an author is among those who approved. `twice`: one account stands twice. `absent`: an approval, or the proposal, is not on the anchor log as the certificate says.
 * `closed`: the log says that it was returned, rejected or withdrawn.
 */
export type CertificateFault = 'form' | 'statement' | 'needs' | 'author' | 'twice' | 'absent' | 'closed';

export interface CertificateVerdict {
  readonly good: boolean;
  readonly faults: readonly { readonly code: CertificateFault; readonly message: string }[];
}

/**
 * Verifies a certificate against entries of the anchor log, which the caller has verified to be in the log. Pure. `entries` must have all that name the proposal;
 * a certificate is only as complete as they are. Whoever hands in the certificate controls it.
 */
export function verifyCertificate(certificate: Certificate, entries: readonly AnchorEntry[]): CertificateVerdict {
  const faults: { code: CertificateFault; message: string }[] = [];
  const fault = (code: CertificateFault, message: string): void => { faults.push({ code, message }); };
  if (!hasForm(certificate)) return { good: false, faults: [{ code: 'form', message: 'this is not a certificate of approval of Weir, version 1' }] };
  const { owner, proposal, version, hash, approvals, rule, effect, author } = certificate;
  const subject = `${owner} ${version ?? 'rule'} ${proposal}`;
  const about = entries.filter(({ entry }) => entry.subject === subject && entry.hash === hash);
  const proposed = about.filter(({ entry }) => entry.event === 'policyProposed').at(-1)?.entry;
  if (proposed?.detail?.['effect'] !== effect || proposed.detail['author'] !== author.account) fault('absent', `no proposal ${proposal} with this hash, author and effect stands on the anchor log`);
  const kept = about.filter(({ entry }) => entry.event === 'policyApproved');
  for (const one of approvals) {
    const { account, name, role, deputyOf, reason, at, salt, statement } = one;
    if (statementHash({ salt, owner, proposal, hash, account, name, role, deputyOf: deputyOf ?? null, decision: 'approve', reason, at }) !== statement) fault('statement', `the statement of ${account} is not what its hash says`);
    const found = kept.find(({ index, entry }) => entry.detail?.['statement'] === statement && entry.detail['account'] === account && entry.detail['role'] === role && entry.detail['effect'] === effect && (one.anchor === null || one.anchor === index));
    if (found === undefined) fault('absent', `the approval of ${account} is not on the anchor log${one.anchor === null ? '' : ` at ${one.anchor}`}`);
    if (account === author.account) fault('author', `${account} proposed it and is among those who approved it`);
  }
  if (new Set(approvals.map(({ account }) => account)).size !== approvals.length) fault('twice', 'one account stands twice among those who approved');
  const needs = needsOf(rule, effect);
  const privacy = approvals.filter(({ role }) => role === 'privacyApprover').length;
  if (approvals.length < needs.approvals || privacy < needs.privacy) fault('needs', `the rule asks for ${needs.approvals} approvals, ${needs.privacy} of them by the privacy or legal office; there are ${approvals.length} and ${privacy}`);
  if (kept.length > 0 && !kept.some(({ entry }) => entry.detail?.['rule'] === ruleHash(rule))) fault('absent', 'the rule of approval is not the one that the anchor log names');
  if (about.some(({ entry }) => closing.includes(entry.event))) fault('closed', 'the anchor log says that the proposal was returned, rejected or withdrawn');
  return { good: faults.length === 0, faults };
}

const closing: readonly SystemEntry['event'][] = ['policyReturned', 'policyRejected', 'policyWithdrawn'];

function hasForm(value: unknown): value is Certificate {
  if (typeof value !== 'object' || value === null) return false;
  const { weir, approvals, rule, author, hash, effect } = value as Record<string, unknown>;
  return weir === 'approval/v1' && typeof hash === 'string' && ['widening', 'narrowing', 'neutral'].includes(effect as string)
    && typeof rule === 'object' && rule !== null && typeof author === 'object' && author !== null
    && Array.isArray(approvals) && approvals.every((one) => typeof one === 'object' && one !== null && ['account', 'name', 'role', 'reason', 'at', 'salt', 'statement'].every((key) => typeof (one as Record<string, unknown>)[key] === 'string'));
}
