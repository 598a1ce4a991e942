import type { Journal } from '../../exchange/ports.ts';
import { parseFieldText } from '../../verify/openingShape.ts';
import { Tally } from '../../verify/release.ts';
import type { Release } from '../../verify/release.ts';
import type { LeafRange, LedgerReader } from '../reader.ts';
import type { LogName } from '../record.ts';
import { OpeningError } from './errors.ts';
import { makeOpening } from './make.ts';
import type { OpeningRequest, OpeningResult } from './make.ts';

/** First and last day, `2026-01-31`. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** An opening of a period, and the totals of what it opens, once all of its lines were read. */
export type ReleaseResult = Extract<OpeningResult, { ok: true }> & { readonly release: () => Release };

/**
 * Opens a period of an owner's log and adds it up (docs/ledger-formats.md, "Release"): whoever gets both files can add it up again.
 * The numbers are exact. Small ones can point at a person, so what goes to the public passes through suppression first, which is not done here.
 * Throws as `makeOpening` does.
 */
export async function makeRelease(request: Omit<OpeningRequest, 'indices' | 'onEntry' | 'reader'> & { readonly reader: LedgerReader }, period: Period, recorder: Pick<Journal, 'append'>): Promise<ReleaseResult> {
  const { reader, log } = request;
  const leaves = await leavesOf(reader, log, period);
  const tally = new Tally();
  const made = await makeOpening({
    ...request, indices: leaves,
    onEntry: ({ index, fields }, open) => {
      const shown = fields.filter(({ name }) => open.has(name));
      tally.add(index, new Map(shown.map(({ name, text }) => [name, parseFieldText(text, `index ${index}`)])), fields.filter(({ name }) => !open.has(name)).map(({ name }) => name));
    },
  }, recorder);
  if (!made.ok) throw new OpeningError('OPENING_REQUEST', 'a range is never refused');
  const { origin, size, indices } = made;
  return {
    ...made,
    release: () => ({
      owner: log.toUpperCase(), origin, size, period, leaves, decisions: tally.decisions, others: tally.others,
      unopened: leaves.to - leaves.from - indices.length, cells: tally.cells(),
    }),
  };
}

/** The leaf indices of a period, by the days of the records. Empty where nothing of it is there. Throws OpeningError `OPENING_REQUEST` for days that are none. */
export async function leavesOf(reader: Pick<LedgerReader, 'days'>, log: LogName, { from, to }: Period): Promise<LeafRange> {
  for (const day of [from, to]) if (!isDay(day)) throw new OpeningError('OPENING_REQUEST', 'a day is written YYYY-MM-DD');
  const ranges = [...await reader.days(log)].filter(([day]) => day >= from && day <= to).map(([, range]) => range);
  if (ranges.length === 0) return { from: 0, to: 0 };
  return { from: Math.min(...ranges.map((range) => range.from)), to: Math.max(...ranges.map((range) => range.to)) };
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
