import { periodText } from '../../period.ts';
import type { Blocked, BlockedRow, OwnerInput } from '../input.ts';
import type { Book, Source } from './book.ts';
import { monthWords } from './dates.ts';
import { partyShort } from './parties.ts';

/** The rows behind attempts that went on; null where there are none. */
export function blockedSource(book: Book, blocked: Blocked | null): Source | null {
  if (blocked === null || blocked.rows.length === 0) return null;
  const counts = new Map<string, BlockedRow>();
  for (const row of blocked.rows) {
    const key = `${row.version} ${row.month} ${row.party}`;
    counts.set(key, { ...row, n: (counts.get(key)?.n ?? 0) + row.n });
  }
  const rows = [...counts.values()].sort((a, b) => a.version - b.version || (a.month < b.month ? -1 : a.month > b.month ? 1 : b.n - a.n));
  return book.raw({
    id: 'blocked', title: 'Refused by a version, though the version before had answered the like', command: blocked.command, more: 0,
    note: 'The same kind of asker with the same kind of request was answered while the version before was in force. What that version never met is not counted, so there may be more. Requests for which a limit was used up are left out.',
    table: { caption: 'Refused, though the like was answered before', columns: ['version', 'month', 'who asked', 'requests'], rows: rows.map(({ version, month, party, n }) => [String(version), monthWords(month), partyShort[party], n]) },
  });
}

export function changesSource(book: Book, { facts, owner }: Pick<OwnerInput, 'facts' | 'owner'>): Source {
  return book.raw({
    id: 'versions', title: 'Versions of the policy that took effect', command: `weir stats ${owner} --by policyVersion,month --period ${periodText(facts.period)}${facts.kind === 'ledger' ? '' : ` --log ${facts.dataset}`}`, note: null, more: 0,
    table: { caption: 'Versions that took effect', columns: ['version', 'since (UTC)', 'hash'], rows: facts.changes.map(({ version, at, hash }) => [String(version), at, hash ?? 'not known']) },
  });
}
