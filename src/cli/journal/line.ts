import type { Entry } from '../../model/index.ts';

/** One entry of all logs, as the journal commands show it. */
export interface ShownEntry {
  /** Its place over all logs. */
  readonly sequence: number;
  readonly log: string;
  /** Its leaf index in its log. */
  readonly index: number;
  readonly entry: Entry;
}

/** One entry as one line for a person: columns, two spaces apart. Names nobody; what is sealed stays sealed. */
export function lineOf({ sequence, entry }: ShownEntry): string {
  const start = [entry.at, String(sequence).padStart(8)];
  const other = (requester: string, what: string, more: string): string => columns([...start, (ownerOf(entry) ?? '--').padEnd(2), requester.padEnd(9), '---', what.padEnd(14), more]);
  switch (entry.type) {
    case 'decision': {
      const rules = [...new Set(entry.decisions.flatMap((decision) => decision.rules))];
      return columns([...start, entry.owner, entry.requester.ori.padEnd(9), entry.key.padEnd(3), entry.status.padEnd(14), list(rules, 'no rule'), list(entry.released, 'nothing released')]);
    }
    case 'redelivery': return other(entry.requester, 'given again', `inquiry ${entry.inquiry}`);
    case 'opening': return other('-'.repeat(9), 'opened', `${entry.entries} ${entry.entries === 1 ? 'entry' : 'entries'} to ${entry.to} ${entry.who}`);
    case 'withheld': return other('-'.repeat(9), 'withheld', `entry ${entry.index} until ${entry.until}`);
    case 'act': return other('-'.repeat(9), entry.act, `${entry.who} ${entry.result}${entry.on === null ? '' : ` ${entry.on}`}`);
    case 'verdict': return other(entry.requester, `verdict: ${entry.verdict}`, `${entry.ticket} ${list(entry.released, 'nothing released')}`);
    case 'system': return other('-'.repeat(9), entry.event, entry.subject);
  }
}

/** The owner an entry belongs to; null for what stands in the anchor log. */
export function ownerOf(entry: Entry): string | null {
  return entry.type === 'system' ? null : entry.owner;
}

function list(words: readonly string[], none: string): string {
  return words.length === 0 ? none : words.join(',');
}

/** Rule ids and names come from documents that others wrote: no control character of theirs reaches the terminal. */
function columns(words: readonly string[]): string {
  return words.join('  ').replace(/\p{Cc}/gu, '?');
}
