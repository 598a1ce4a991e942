import { periodText } from '../../period.ts';
import type { Blocked, OwnerInput } from '../input.ts';
import type { Book, Source } from './book.ts';
import { monthWords } from './dates.ts';

/** The rows behind attempts that went on; null where there are none. */
export function blockedSource(book: Book, blocked: Blocked | null): Source | null {
  if (blocked === null || blocked.rows.length === 0) return null;
  const rows = [...blocked.rows].sort((a, b) => a.version - b.version || (a.month < b.month ? -1 : a.month > b.month ? 1 : b.n - a.n));
  return book.raw({
    id: 'blocked', title: 'Refused by a version, though the version before had answered the like', command: blocked.command, more: Math.max(0, rows.length - 60),
    note: 'The same kind of asker with the same kind of request was answered while the version before was in force. What that version never met is not counted, so there may be more.',
    table: { caption: 'Refused, though the like was answered before', columns: ['version', 'month', 'agency', 'requests'], rows: rows.slice(0, 60).map(({ version, month, agency, n }) => [String(version), monthWords(month), agency, n]) },
  });
}

export function changesSource(book: Book, { facts, owner }: Pick<OwnerInput, 'facts' | 'owner'>): Source {
  return book.raw({
    id: 'versions', title: 'Versions of the policy that took effect', command: `weir stats ${owner} --by policyVersion,month --period ${periodText(facts.period)}${facts.kind === 'ledger' ? '' : ` --log ${facts.dataset}`}`, note: null, more: 0,
    table: { caption: 'Versions that took effect', columns: ['version', 'since (UTC)', 'hash'], rows: facts.changes.map(({ version, at, hash }) => [String(version), at, hash ?? 'not known']) },
  });
}
