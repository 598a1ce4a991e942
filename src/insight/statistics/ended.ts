import type { DecisionEntry, VerdictEntry } from '../../model/index.ts';
import { deciderOf } from '../archive/fromLedger.ts';
import { bands, none, reviewTimeOf, undecided } from './endedWords.ts';

/*
 * A request stays one decision, counted at its own time under the status that the asker was told then. Where it was held and has its verdict, that verdict belongs to it:
 * it was given what was given at once and what came late, for as many records as the larger of the two (the late answer is about the same records). A verdict is never counted by itself.
 */

/** A decision, with the verdict that belongs to it; straight from the entries. */
export interface Ended {
  readonly verdict: string;
  readonly decidedBy: string;
  readonly reviewTime: string;
  readonly released: readonly string[];
  readonly records: number;
}

export function endedOf({ ticket, at, released, records }: DecisionEntry, verdict: VerdictEntry | null): Ended {
  if (ticket === null) return { verdict: none, decidedBy: none, reviewTime: none, released, records };
  if (verdict === null) return { verdict: undecided, decidedBy: undecided, reviewTime: undecided, released, records };
  return {
    verdict: verdict.verdict, decidedBy: deciderOf(verdict.who), reviewTime: reviewTimeOf(Math.max(0, Date.parse(verdict.at) - Date.parse(at))),
    released: [...new Set([...released, ...verdict.released])], records: Math.max(records, verdict.records),
  };
}

const bandSql = `case ${bands.slice(0, -1).map(([word, below]) => `when "reviewMs" < ${below} then '${word}'`).join(' ')} else '${bands.at(-1)?.[0] ?? ''}' end`;
/** Above all numbers of outcomes: those of outcomes together with a verdict. */
const firstEnded = 1_000_000_000;

/**
 * The same in SQL, for statements over a session's views. `ended`: requests with a verdict, and the outcome (`final`) and records (`whole`) that they have with it; `finals`: all outcomes, without a verdict and with one.
 * A `final` is the same in all statements of a session.
 */
export const endedCtes: readonly string[] = [
  `ended as materialized (select *, ${firstEnded} + cast(dense_rank() over (order by owner, outcome, verdict, "decidedBy", reason, band, late) as integer) as final
    from (select owner, "index", "at", who, context, outcome, records, greatest(records, "lateRecords") as whole, verdict, "decidedBy", reason, late, "reviewMs", ${bandSql} as band from reviews where "ended" is not null))`,
  `finals as materialized (select o.owner, o.id, o.status, o.released, o.rules, o."policyVersion", w as verdict, w as "decidedBy", w as "reviewTime" from (select *, case when held then '${undecided}' else '${none}' end as w from outcomes) o
    union all select e.owner, e.final, o.status, list_distinct(list_concat(o.released, e.late)), o.rules, o."policyVersion", e.verdict, e."decidedBy", e.band
      from (select distinct owner, final, outcome, verdict, "decidedBy", band, late from ended) e join outcomes o on o.owner = e.owner and o.id = e.outcome)`,
];

const counted = 'owner, type, who, context, outcome, n, records';
const moved = (month: string, outcome: string, n: number, records: string): string => `select owner, ${month}'decision', who, context, ${outcome}, ${n}, ${records} from ended`;
const monthOf = `cast(date_trunc('month', "at") as date), `;

/** What is counted. Of a request with a verdict the outcome of its row is taken off, and the one that it has with the verdict is put on. */
export const sources = {
  totals: `(select ${counted} from totals union all ${moved('', 'outcome', -1, '-records')} union all ${moved('', 'final', 1, 'whole')})`,
  rollup: `(select owner, "month", type, who, context, outcome, n, records from rollup union all ${moved(monthOf, 'outcome', -1, '-records')} union all ${moved(monthOf, 'final', 1, 'whole')})`,
  rows: `(select r.* replace (coalesce(v.final, r.outcome) as outcome, coalesce(v.whole, r.records) as records), r.outcome as "atOnce", v.final, cast(v."reviewMs" // 1000 as integer) as "reviewSeconds" from rows r left join ended v on v.owner = r.owner and v."index" = r."index")`,
} as const;
