import type { StoredEntry } from '../../ledger/index.ts';

/** One entry as one line for a person: columns, two spaces apart. Names nobody; what is sealed stays sealed. */
export function lineOf({ index, entry }: StoredEntry): string {
  const start = [entry.at, String(index).padStart(8)];
  switch (entry.type) {
    case 'decision': {
      const rules = [...new Set(entry.decisions.flatMap((decision) => decision.rules))];
      return columns([...start, entry.owner, entry.requester.ori.padEnd(9), entry.key.padEnd(3), entry.status.padEnd(14), list(rules, 'no rule'), list(entry.released, 'nothing released')]);
    }
    case 'redelivery':
      return columns([...start, '--', entry.requester.padEnd(9), '---', 'given again'.padEnd(14), `inquiry ${entry.inquiry}`]);
    case 'system':
      return columns([...start, '--', '-'.repeat(9), '---', entry.event.padEnd(14), entry.subject]);
  }
}

/** The owner an entry belongs to; null for what belongs to the exchange itself. */
export function ownerOf({ entry }: StoredEntry): string | null {
  return entry.type === 'decision' ? entry.owner : null;
}

function list(words: readonly string[], none: string): string {
  return words.length === 0 ? none : words.join(',');
}

/** Rule ids and names come from documents that others wrote: no control character of theirs reaches the terminal. */
function columns(words: readonly string[]): string {
  return words.join('  ').replace(/\p{Cc}/gu, '?');
}
