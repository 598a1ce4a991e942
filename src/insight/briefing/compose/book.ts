import type { Cell, Twin } from '../../../drawing/twin.ts';
import type { Dimension, StatRow, StatTable } from '../../statistics/types.ts';
import { shareText } from '../say.ts';
import type { Behind, Quantity } from '../types.ts';

/** Makes numbers of one table. */
export interface Source {
  readonly id: string;
  readonly command: string;
  count(value: number): Quantity;
  /** A part of a whole in per cent. */
  share(part: number, whole: number): Quantity;
  /** A number written in its own way: hours, a factor. */
  written(value: number, text: string): Quantity;
}

/** The rows behind the numbers of a briefing, in the order in which they are first used. What nothing refers to is left out. */
export class Book {
  readonly #entries = new Map<string, Behind>();
  readonly #used = new Set<string>();

  /** A table of counts. At most `limit` lines are kept, those with most requests; the command gives all. */
  table(id: string, title: string, table: StatTable, { note = null, limit = 40, keep = () => true }: { readonly note?: string | null; readonly limit?: number; readonly keep?: (row: StatRow) => boolean } = {}): Source {
    const rows = table.rows.filter(keep);
    const kept = new Set([...rows].sort((a, b) => b.n - a.n || (b.before ?? 0) - (a.before ?? 0)).slice(0, limit));
    const overlap = table.overlapping ? 'A request counts once in each line that it belongs to, so lines add up to more than all.' : null;
    return this.raw({
      id, title, command: table.command, more: rows.length - kept.size, table: twinOfStat(title, table, rows.filter((row) => kept.has(row))),
      note: [note, overlap].filter((one) => one !== null).join(' ') || null,
    });
  }

  raw(behind: Behind): Source {
    this.#entries.set(behind.id, behind);
    const quantity = (value: number, text: string): Quantity => {
      this.#used.add(behind.id);
      return { value, text, command: behind.command, rows: behind.id };
    };
    return {
      id: behind.id, command: behind.command,
      count: (value) => quantity(value, value.toLocaleString('en-US')),
      share: (part, whole) => quantity(whole <= 0 ? 0 : Math.round((1e6 * part) / whole) / 1e4, shareText(part, whole)),
      written: quantity,
    };
  }

  /** All that numbers refer to. */
  entries(): readonly Behind[] {
    return [...this.#used].flatMap((id) => this.#entries.get(id) ?? []);
  }
}

function twinOfStat(caption: string, { query, rows: all, total }: StatTable, rows: readonly StatRow[]): Twin {
  const compared = [...(total.before === null ? [] : [{ name: 'period before', of: (row: Counted) => row.before }]), ...(total.yearBefore === null ? [] : [{ name: 'a year before', of: (row: Counted) => row.yearBefore }])];
  const records = all.some((row) => row.records > 0);
  const cells = (row: Counted): readonly Cell[] => [row.n, ...(records ? [row.records] : []), ...compared.map(({ of }) => of(row))];
  return {
    caption, columns: [...query.by.map(({ dimension }) => columnWords[dimension] ?? dimension), 'requests', ...(records ? ['records given'] : []), ...compared.map(({ name }) => name)],
    rows: [...rows.map((row) => [...row.words, ...cells(row)]), [...query.by.map((_, place) => (place === 0 ? 'all requests, each counted once' : '')), ...cells(total)]],
  };
}

type Counted = StatTable['total'];

const columnWords: Readonly<Partial<Record<Dimension, string>>> = {
  party: 'who asked', status: 'what came of it', agency: 'agency', homeState: 'home state', released: 'what was given', purpose: 'reason', caseNumber: 'case number', rule: 'rule', policyVersion: 'version', owner: 'whose records', verdict: 'how it ended', decidedBy: 'who decided',
};
