import { allPurposes, type RequesterAttributes } from '../../vocabulary/index.ts';
import { decideAgain, type PolicyTable } from '../../policy/index.ts';
import type { ClassDecision } from '../../model/index.ts';
import type { ArchiveSession, OwnerWords } from '../archive/types.ts';
import { compareDecisions, type Change } from './compare.ts';
import { changeKinds, foundKinds } from './kinds.ts';
import { safeOwner } from './lines.ts';
import { foundOf } from './tally.ts';
import type { Backtest } from './types.ts';

/** Who decided before: the words of the record, with a table for those that do not say; or a table alone. */
export type Before = { readonly kind: 'recorded'; readonly otherwise: PolicyTable | null } | { readonly kind: 'table'; readonly table: PolicyTable };

export interface ScanQuestion {
  readonly session: ArchiveSession;
  readonly owner: string;
  readonly words: OwnerWords;
  readonly before: Before;
  readonly after: PolicyTable;
  /** Limits whose use on the record is applied to the draft. */
  readonly limits: ReadonlySet<string>;
  readonly progress?: (what: string) => void;
}

/** One figure on which the full scan and the rollup do not agree. */
export interface ScanDifference {
  readonly figure: string;
  readonly rollup: number;
  readonly scan: number;
}

export interface ScanResult {
  /** Requests that the scan counted. */
  readonly requests: number;
  /** How many figures were compared. */
  readonly figures: number;
  readonly differences: readonly ScanDifference[];
}

/**
 * Counts the same again from the rows, without the rollup and without anything that the first count kept: each combination of words that stands in a row is decided
 * as the check of the journal decides an entry, and the figures of the report are added up anew, by their names.
 */
export async function fullScan(question: ScanQuestion, report: Backtest): Promise<ScanResult> {
  const scanned = await scan(question);
  const counted = figuresOf(report);
  // Breakdowns of a report end after so many lines: a line that it does not have is not compared.
  const names = [...new Set([...counted.keys(), ...[...scanned.keys()].filter((name) => !/^(?:agency|organisation) /.test(name) || counted.has(name))])].sort();
  return {
    requests: scanned.get('requests') ?? 0, figures: names.length,
    differences: names.flatMap((figure): readonly ScanDifference[] => {
      const [rollup, own] = [counted.get(figure) ?? 0, scanned.get(figure) ?? 0];
      return rollup === own ? [] : [{ figure, rollup, scan: own }];
    }),
  };
}

type Figures = Map<string, number>;

async function scan({ session, owner, words, before, after, limits, progress }: ScanQuestion): Promise<Figures> {
  const attributes = words.attributes.map((one): RequesterAttributes => Object.freeze({ ...one }));
  const usedUp = words.outcomes.map((one) => ({ all: new Set(one.usedUp), draft: new Set(one.usedUp.filter((id) => limits.has(id))) }));
  const sums = new Sums(words);
  let combinations = 0;
  const sql = `SELECT coalesce(who, -1), coalesce(behalf, -1), coalesce(context, -1), coalesce(outcome, -1), CAST(count(*) AS INTEGER), CAST(sum(records) AS INTEGER)
    FROM rows WHERE owner = '${safeOwner(session, owner)}' AND type = 'decision' GROUP BY who, behalf, context, outcome`;
  await session.columns(sql, (chunk) => {
    const [who, behalf, context, outcome, n, records] = [chunk.ints(0), chunk.ints(1), chunk.ints(2), chunk.ints(3), chunk.ints(4), chunk.ints(5)];
    for (let i = 0; i < chunk.rows; i += 1) {
      const [w, c, o] = [who[i] ?? -1, context[i] ?? -1, outcome[i] ?? -1];
      const [asker, asked, came] = [words.requesters[w], words.contexts[c], words.outcomes[o]];
      if (asker === undefined || asked === undefined || came === undefined) continue;
      const requester = attributes[asker.attributes];
      if (requester === undefined) throw new RangeError('a row names a word that is not in its dictionary');
      const other = words.requesters[behalf[i] ?? -1];
      const { purpose, kind, wanted: classes } = asked;
      const question = { requester, onBehalfOf: other === undefined ? null : (attributes[other.attributes] ?? null), purpose, kind, evidence: asked, classes, named: true };
      const then = recorded(before, came) ? came.decisions : decideAgain({ ...question, usedUp: usedUp[o]?.all ?? none }, tableOf(before)).classes;
      sums.add(w, c, o, then, decideAgain({ ...question, usedUp: usedUp[o]?.draft ?? none }, after).classes, n[i] ?? 0, records[i] ?? 0);
    }
    combinations += chunk.rows;
    progress?.(`full scan, ${combinations.toLocaleString('en-US')} combinations so far`);
  });
  return sums.figures();
}

const none: ReadonlySet<string> = new Set();

function recorded(before: Before, came: OwnerWords['outcomes'][number]): boolean {
  return before.kind === 'recorded' && (came.decisions.length > 0 || came.status === 'refused' || before.otherwise === null);
}

function tableOf(before: Before): PolicyTable {
  const table = before.kind === 'table' ? before.table : before.otherwise;
  if (table === null) throw new RangeError('nothing decides what the record does not say');
  return table;
}

/** Adds up by the change itself, by asker and by context: as little as may be, and nothing that the first count has. */
class Sums {
  readonly #words: OwnerWords;
  readonly #changes = new WeakMap<readonly ClassDecision[], WeakMap<readonly ClassDecision[], Change>>();
  readonly #byChange = new Map<Change, { readonly requests: number[]; records: number }>();
  readonly #byAsker = new Map<number, number[]>();

  constructor(words: OwnerWords) {
    this.#words = words;
  }

  add(who: number, context: number, outcome: number, then: readonly ClassDecision[], now: readonly ClassDecision[], n: number, records: number): void {
    const change = this.#change(then, now);
    let sum = this.#byChange.get(change);
    if (sum === undefined) this.#byChange.set(change, (sum = { requests: foundKinds.map(() => 0), records: 0 }));
    const found = foundKinds.indexOf(foundOf(this.#words.outcomes[outcome]?.status ?? 'refused'));
    sum.requests[found] = (sum.requests[found] ?? 0) + n;
    sum.records += records;
    const place = who * 4_096 + allPurposes.indexOf(this.#words.contexts[context]?.purpose ?? 'notStated');
    let kinds = this.#byAsker.get(place);
    if (kinds === undefined) this.#byAsker.set(place, (kinds = changeKinds.map(() => 0)));
    const kind = changeKinds.indexOf(change.kind);
    kinds[kind] = (kinds[kind] ?? 0) + n;
  }

  figures(): Figures {
    const figures: Figures = new Map();
    const add = (name: string, n: number): void => { if (n > 0) figures.set(name, (figures.get(name) ?? 0) + n); };
    for (const [{ kind, cells, before, after, review }, { requests, records }] of this.#byChange) {
      const n = requests.reduce((a, b) => a + b, 0);
      add('requests', n);
      add('cells', n * cells.length);
      add(`kind ${kind} records`, records);
      foundKinds.forEach((found, i) => { add(`kind ${kind} ${found}`, requests[i] ?? 0); });
      add(`before ${before}`, n);
      add(`after ${after}`, n);
      if (review !== null) add('held after', n);
      for (const cell of cells) {
        add(`class ${cell.dataClass} before ${cell.before.outcome}`, n);
        add(`class ${cell.dataClass} after ${cell.after.outcome}`, n);
        add(`class ${cell.dataClass} ${cell.kind}`, n);
      }
    }
    for (const [place, kinds] of this.#byAsker) {
      const asker = this.#words.requesters[Math.floor(place / 4_096)];
      const party = this.#words.attributes[asker?.attributes ?? -1]?.party ?? 'undeclared';
      changeKinds.forEach((kind, i) => {
        const n = kinds[i] ?? 0;
        add(`agency ${asker?.ori ?? ''} ${kind}`, n);
        add(`organisation ${asker?.organisation ?? ''} ${kind}`, n);
        add(`party ${party} ${allPurposes[place % 4_096] ?? ''} ${kind}`, n);
      });
    }
    return figures;
  }

  #change(then: readonly ClassDecision[], now: readonly ClassDecision[]): Change {
    let known = this.#changes.get(then);
    if (known === undefined) this.#changes.set(then, (known = new WeakMap()));
    let change = known.get(now);
    if (change === undefined) known.set(now, (change = compareDecisions(then, now)));
    return change;
  }
}

/** The figures of a report by the same names. */
function figuresOf(report: Backtest): Figures {
  const figures: Figures = new Map();
  const set = (name: string, n: number | undefined): void => { if (n !== undefined && n > 0) figures.set(name, n); };
  set('requests', report.requests);
  set('cells', report.cells);
  for (const { kind, then, records } of report.kinds) {
    set(`kind ${kind} records`, records);
    for (const found of foundKinds) set(`kind ${kind} ${found}`, then[found]);
  }
  for (const side of ['before', 'after'] as const) for (const [disposition, n] of Object.entries(report.dispositions[side])) set(`${side} ${disposition}`, n);
  set('held after', report.review.heldAfter);
  for (const one of report.classes) {
    for (const side of ['before', 'after'] as const) for (const [outcome, n] of Object.entries(one[side])) set(`class ${one.dataClass} ${side} ${outcome}`, n);
    for (const [kind, n] of Object.entries(one.kinds)) set(`class ${one.dataClass} ${kind}`, n);
  }
  for (const kind of changeKinds) {
    for (const { key, kinds } of report.agencies.rows) set(`agency ${key} ${kind}`, kinds[kind]);
    for (const { key, kinds } of report.organisations.rows) set(`organisation ${key} ${kind}`, kinds[kind]);
    for (const { party, purposes } of report.parties) for (const { key, kinds } of purposes) set(`party ${party} ${key} ${kind}`, kinds[kind]);
  }
  return figures;
}
