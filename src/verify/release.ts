import { verifyOpening, verifyOpeningLines } from './opening.ts';
import type { OpeningOptions, OpeningReport } from './opening.ts';
import { count, exact, list, parseJson, word } from './openingShape.ts';
import type { JsonObject } from './openingShape.ts';
import type { TrustPolicy } from './policy.ts';
import { VerifyError } from './types.ts';
import type { VerifyCrypto } from './types.ts';

/** One number of a release. `class` is a data class and `outcome` what was decided of it; or `*`, the answers as a whole, and their status. */
export interface Cell {
  readonly day: string;
  /** The ORI of the requester. */
  readonly agency: string;
  readonly purpose: string;
  readonly outcome: string;
  readonly class: string;
  readonly count: number;
}

/** Totals of a period of one owner's log (docs/ledger-formats.md, "Release"). */
export interface Release {
  readonly owner: string;
  readonly origin: string;
  /** Leaves under the checkpoint of the opening that it was made with. */
  readonly size: number;
  /** First and last day. */
  readonly period: { readonly from: string; readonly to: string };
  /** The leaf indices of the period, `to` without. */
  readonly leaves: { readonly from: number; readonly to: number };
  readonly decisions: number;
  /** Entries of other types. */
  readonly others: number;
  /** Leaves of the period that are not opened: they were erased, or this reader may not see them. */
  readonly unopened: number;
  readonly cells: readonly Cell[];
}

/** Adds up opened entries. */
export class Tally {
  readonly #cells = new Map<string, number>();
  decisions = 0;
  others = 0;

  /** Throws VerifyError `missing` where a field that the totals need is not open. */
  add(index: number, fields: ReadonlyMap<string, JsonObject>, closed: readonly string[] = []): void {
    const at = `index ${String(index)}`;
    if (fields.has('body') || closed.includes('body')) {
      this.others += 1;
      return;
    }
    const of = (field: string, member: string): unknown => {
      const value = fields.get(field)?.[member];
      if (value === undefined) throw new VerifyError('missing', `The field "${field}", which the totals need, is not open.`, at);
      return value;
    };
    const requester = of('requester', 'requester');
    const agency = typeof requester === 'object' && requester !== null && Object.hasOwn(requester, 'ori') ? (requester as JsonObject)['ori'] : undefined;
    const cell = [of('day', 'day'), agency, of('reason', 'purpose')].map((one) => word(one, at));
    this.#one([...cell, word(of('outcome', 'status'), at), '*']);
    for (const decision of list(of('outcome', 'decisions'), at)) {
      const { dataClass, outcome } = (typeof decision === 'object' && decision !== null ? decision : {}) as JsonObject;
      this.#one([...cell, word(outcome, at), word(dataClass, at)]);
    }
    this.decisions += 1;
  }

  /** In the order of day, agency, purpose, class and outcome. */
  cells(): readonly Cell[] {
    return [...this.#cells].map(([key, n]) => {
      const [day, agency, purpose, outcome, dataClass] = JSON.parse(key) as [string, string, string, string, string];
      return { day, agency, purpose, outcome, class: dataClass, count: n };
    }).sort(byPlace);
  }

  #one(cell: readonly string[]): void {
    const key = JSON.stringify(cell);
    this.#cells.set(key, (this.#cells.get(key) ?? 0) + 1);
  }
}

/** The text of a release, one cell a line. */
export function formatRelease({ owner, origin, size, period, leaves, decisions, others, unopened, cells }: Release): string {
  const head = JSON.stringify({ weir: 'release/v1', owner, origin, size, period, leaves, decisions, others, unopened }).slice(0, -1);
  return `${head},"cells":[\n${cells.map((cell) => JSON.stringify(cell)).join(',\n')}\n]}\n`;
}

/** Reads a release. Whoever hands it in controls all of it. Throws VerifyError `malformed`. */
export function parseRelease(json: unknown): Release {
  const value = typeof json === 'string' ? parseJson(json, 'release') : json;
  const { weir, owner, origin, size, period, leaves, decisions, others, unopened, cells } = exact(
    value, ['weir', 'owner', 'origin', 'size', 'period', 'leaves', 'decisions', 'others', 'unopened', 'cells'], 'release',
  );
  if (weir !== 'release/v1') throw new VerifyError('malformed', 'This is no release of version 1.', 'weir');
  const days = exact(period, ['from', 'to'], 'period');
  const range = exact(leaves, ['from', 'to'], 'leaves');
  return {
    owner: word(owner, 'owner'), origin: word(origin, 'origin'), size: count(size, 'size'),
    period: { from: word(days.from, 'period'), to: word(days.to, 'period') }, leaves: { from: count(range.from, 'leaves'), to: count(range.to, 'leaves') },
    decisions: count(decisions, 'decisions'), others: count(others, 'others'), unopened: count(unopened, 'unopened'),
    cells: list(cells, 'cells').map((cell, n) => {
      const at = `cell ${String(n + 1)}`;
      const { day, agency, purpose, outcome, class: dataClass, count: number } = exact(cell, ['day', 'agency', 'purpose', 'outcome', 'class', 'count'], at);
      return { day: word(day, at), agency: word(agency, at), purpose: word(purpose, at), outcome: word(outcome, at), class: word(dataClass, at), count: count(number, at) };
    }),
  };
}

/**
 * Adds the totals of a release up again from an opening, which is verified first. `opening` is its text, what was parsed of it, or its lines.
 * That the leaves are all of the period is for whoever holds the days' ranges in the anchor log (`epochClosed`) against `leaves`.
 * Throws VerifyError as `verifyOpening` does, `missing`, and `otherTotals`, naming the first number that differs.
 */
export async function verifyRelease(crypto: VerifyCrypto, policy: TrustPolicy, release: unknown, opening: unknown): Promise<{ readonly release: Release; readonly opening: OpeningReport }> {
  const stated = parseRelease(release);
  const tally = new Tally();
  const options: OpeningOptions = { keep: false, onEntry: ({ index, fields, closed }) => tally.add(index, fields, closed) };
  const report = isLines(opening) ? await verifyOpeningLines(crypto, policy, opening, options) : await verifyOpening(crypto, policy, opening, options);
  const { from, to } = stated.leaves;
  const numbers: readonly (readonly [unknown, unknown, string])[] = [
    [stated.origin, report.origin, 'origin'],
    [stated.owner, report.origin.slice(report.origin.lastIndexOf('/') + 1).toUpperCase(), 'owner'],
    [stated.size, report.size, 'size'],
    [from <= to && to <= report.size, true, 'leaves'],
    [report.indices.every((index) => index >= from && index < to), true, 'leaves'],
    [stated.decisions, tally.decisions, 'decisions'],
    [stated.others, tally.others, 'others'],
    [stated.unopened, to - from - report.entries, 'unopened'],
  ];
  const other = numbers.find(([said, found]) => said !== found);
  if (other !== undefined) throw new VerifyError('otherTotals', `The release says ${String(other[0])} of "${other[2]}", and the opened entries say ${String(other[1])}.`, other[2]);
  compareCells(stated.cells, tally.cells());
  return { release: stated, opening: report };
}

function compareCells(stated: readonly Cell[], found: readonly Cell[]): void {
  for (let at = 0; at < Math.max(stated.length, found.length); at += 1) {
    const [said, made] = [stated[at], found[at]];
    if (said !== undefined && made !== undefined && byPlace(said, made) === 0 && said.count === made.count) continue;
    // The earlier of the two in order is the one that the other side lacks.
    const first = said === undefined || (made !== undefined && byPlace(made, said) < 0) ? made : said;
    const same = said !== undefined && made !== undefined && byPlace(said, made) === 0;
    const name = first === undefined ? '' : `${first.day} ${first.agency} ${first.purpose} ${first.class} ${first.outcome}`;
    const said2 = same || first === said ? (said?.count ?? 0) : 0;
    const made2 = same || first === made ? (made?.count ?? 0) : 0;
    throw new VerifyError('otherTotals', `The release says ${String(said2)} of ${name}, and the opened entries say ${String(made2)}.`, name);
  }
}

function byPlace(a: Cell, b: Cell): number {
  return compare(a.day, b.day) || compare(a.agency, b.agency) || compare(a.purpose, b.purpose) || compare(a.class, b.class) || compare(a.outcome, b.outcome);
}

/** By code units: the same everywhere, whatever the language of the machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function isLines(value: unknown): value is AsyncIterable<string> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
