import type { PolicyTable } from '../../policy/index.ts';
import type { ArchiveSession, OwnerWords } from '../archive/types.ts';
import { tableDecider, type Decider } from './deciders.ts';
import { familyOf } from './families.ts';
import { changeKinds } from './kinds.ts';
import { LimitCounter, limitStandings, limitsToApply } from './limits.ts';
import { entryTypes, GrowingColumns, readLines } from './lines.ts';
import type { BacktestQuestion, NamedPolicy } from './question.ts';
import { tupleColumns, type Tuples } from './rows.ts';
import { foundOf, Tally, type Lines } from './tally.ts';

/** One draft with what is counted of it. */
export interface Run {
  readonly policy: NamedPolicy;
  readonly table: PolicyTable;
  readonly decider: Decider;
  /** The limits whose use on the record is applied. */
  readonly applied: ReadonlySet<string>;
  readonly tally: Tally;
  readonly limits: LimitCounter;
  readonly tuples: Tuples | null;
  readonly asOf: number;
}

/** What was counted besides what the tallies hold. */
export interface Counted {
  /** Requests by number of outcome. */
  readonly outcomes: Float64Array;
  /** Entries that are no decisions, by type; `incomplete` are requests that lack a word without which nothing can be decided. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Pairs of places in `changeKinds`, for two drafts. */
  readonly matrix: Float64Array;
  readonly families: readonly { readonly family: string; readonly department: string }[];
}

/** A draft before its requests are counted. */
export function newRun({ policy, asOf, table }: Pick<Run, 'policy' | 'asOf' | 'table'>, words: OwnerWords, before: Decider, then: readonly PolicyTable[], question: BacktestQuestion): Run {
  const standings = limitStandings(table, then);
  const applied = limitsToApply(standings);
  const decider = tableDecider(words, table, applied);
  return {
    policy, table, decider, applied, asOf, tally: new Tally(words, before.decisions, decider.decisions), limits: new LimitCounter(words, table, standings, decider.decisions),
    tuples: question.rows ? new GrowingColumns(tupleColumns) : null,
  };
}

/** Decides each combination once and counts it in every run as often as it came; with two runs also how the second differs from the first. */
export async function countRequests(session: ArchiveSession, owner: string, words: OwnerWords, before: Decider, runs: readonly Run[], between: Tally | null, say: (what: string) => void): Promise<Counted> {
  const attributes = Int32Array.from(words.requesters, (word) => word.attributes);
  const families = numberedFamilies(words);
  const found = Uint8Array.from(words.outcomes, ({ status }) => (foundOf(status) === 'found' ? 1 : 0));
  const outcomes = new Float64Array(words.outcomes.length);
  const matrix = new Float64Array(changeKinds.length ** 2);
  const leftOut: Record<string, number> = {};
  let lines = 0;
  say('deciding');
  const take = (chunk: Lines): void => {
    for (let i = 0; i < chunk.length; i += 1) {
      const [who, other, context, outcome] = [chunk.who[i] ?? -1, chunk.behalf[i] ?? -1, chunk.context[i] ?? -1, chunk.outcome[i] ?? -1];
      const [n, records] = [chunk.n[i] ?? 0, chunk.records[i] ?? 0];
      const type = chunk.type[i] ?? 0;
      if (type !== 0 || who < 0 || context < 0 || outcome < 0) {
        const name = type === 0 ? 'incomplete' : (entryTypes[type] ?? 'other');
        leftOut[name] = (leftOut[name] ?? 0) + n;
        continue;
      }
      const asker = attributes[who] ?? -1;
      const behalf = other < 0 ? -1 : (attributes[other] ?? -1);
      const was = before.of(asker, behalf, context, outcome);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + n;
      let first = 0;
      let firstKind = 0;
      for (let r = 0; r < runs.length; r += 1) {
        const run = runs[r] as Run;
        const now = run.decider.of(asker, behalf, context, outcome);
        const slot = run.tally.add(who, context, outcome, was, now, n, records);
        run.limits.add(asker, behalf, now, n);
        if (run.tuples !== null) run.tuples.add([who, other + 1, context, outcome, slot, families.of[who] ?? 0, found[outcome] ?? 0, run.tally.change(was, now).review === null ? 0 : 1]);
        const kind = Math.min(slot, changeKinds.length - 1);
        if (r === 0) [first, firstKind] = [now, kind];
        else if (between !== null) {
          between.add(who, context, outcome, first, now, n, records);
          matrix[firstKind * changeKinds.length + kind] = (matrix[firstKind * changeKinds.length + kind] ?? 0) + n;
        }
      }
    }
    lines += chunk.length;
    say(`deciding, ${lines.toLocaleString('en-US')} combinations so far`);
  };
  await readLines(session, owner, take);
  return { outcomes, matrix, families: families.list, leftOut: Object.fromEntries(Object.entries(leftOut).sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function numberedFamilies(words: OwnerWords): { readonly of: Int32Array; readonly list: Counted['families'] } {
  const list: { family: string; department: string }[] = [];
  const numbers = new Map<string, number>();
  const ofAttributes = words.attributes.map((word) => {
    const one = familyOf(word);
    let number = numbers.get(one.family);
    if (number === undefined) numbers.set(one.family, (number = list.push(one) - 1));
    return number;
  });
  return { of: Int32Array.from(words.requesters, ({ attributes }) => ofAttributes[attributes] ?? 0), list };
}
