import type { Aggregate, Cell, TableId } from '../types.ts';

/** A number as people read it, or why there is none. Never blank. */
export function cellWords(cell: Cell, threshold: number): string {
  if (typeof cell === 'number') return cell.toLocaleString('en-US');
  return cell.hidden === 'small' ? `1 to ${threshold}, hidden to protect people` : 'hidden to protect people';
}

export const tableTitles: Readonly<Record<TableId, string>> = {
  requests: 'Requests, by who asked and what came of them',
  purposes: 'Requests, by who asked and why',
  released: 'What was given, by who asked',
  holds: 'Requests held for a person to decide',
};

export const tableNotes: Readonly<Record<TableId, string>> = {
  requests: 'Each request is counted once.',
  purposes: 'The reason is the one that the request states. Nobody has checked it.',
  released: 'A request counts once for each kind of data that it was given, so the columns do not add up.',
  holds: 'Held in whole or in part. Part of these may have been answered in part at once.',
};

/** `October 2026`, or `January 2026 to October 2026`. */
export function spanWords(span: string): string {
  const month = (text: string): string => new Date(`${text}-01T00:00:00Z`).toLocaleDateString('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' });
  const [first = '', last] = span.split('..');
  return last === undefined ? month(first) : `${month(first)} to ${month(last)}`;
}

/** `22 November 2026`. */
export function dayWords(at: string): string {
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}

/** Where the numbers come from, in one sentence. */
export function sourceWords({ dataset }: Aggregate): string {
  switch (dataset.kind) {
    case 'ledger': return `Counted from the ledger of the exchange (${dataset.label}).`;
    case 'invented': return `All of this is invented, for demonstration (${dataset.label}).`;
    case 'imported': return `Counted from a log that was brought in from another system (${dataset.label}).`;
  }
}

/** What hidden numbers mean, for a reader. */
export function hiddenWords(threshold: number): string {
  return `A number from 1 to ${threshold} is not shown, because it could point to a person. It says “1 to ${threshold}, hidden to protect people”. Where such a number could be worked out from another one, that one is hidden as well, and says “hidden to protect people”: it can be any number, also 0. No number is blank, and a 0 is a true 0.`;
}
