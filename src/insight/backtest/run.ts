import { createHash } from 'node:crypto';
import { proveAll } from '../../proof/index.ts';
import { ruleSentence, vocabularyHash, type PolicyDocument } from '../../policy/index.ts';
import type { ArchiveSession, OwnerWords } from '../archive/types.ts';
import { periodText } from '../period.ts';
import type { InsightWorld } from '../world.ts';
import { asOfOf, baselineOf } from './baseline.ts';
import { cannotKnow } from './cannotKnow.ts';
import { countRequests, newRun, type Counted, type Run } from './counting.ts';
import type { Decider } from './deciders.ts';
import { fullScan, type ScanResult } from './fullScan.ts';
import { changeKinds } from './kinds.ts';
import { tablesThen } from './limits.ts';
import { safeOwner } from './lines.ts';
import type { BacktestQuestion } from './question.ts';
import { reviewCost } from './reviewCost.ts';
import { readRows, type RowsAnswer, type Tuples } from './rows.ts';
import { Tally } from './tally.ts';
import { agencyTotals, kindTotals, requestsOf, totalsOf } from './totals.ts';
import type { Backtest, Baseline, Between } from './types.ts';

export interface BacktestAnswer {
  /** One for each draft. */
  readonly drafts: readonly Backtest[];
  /** How the second draft differs from the first. */
  readonly between: Between | null;
  /** One for each draft; empty where it was not asked for. */
  readonly scans: readonly ScanResult[];
}

/**
 * What the requests of a period would have come to under a draft. Each combination of asker, organisation asked for, context and outcome is decided once and
 * counted as often as it came; that is exact, because a policy can read nothing else. Throws an `ArchiveError` where the data set has no such owner, or is damaged.
 */
export async function backtest(session: ArchiveSession, world: InsightWorld, question: BacktestQuestion): Promise<BacktestAnswer> {
  const owner = question.drafts[0].document.policy;
  const say = question.progress ?? (() => undefined);
  safeOwner(session, owner);
  say('reading the words');
  const words = await session.words(owner);
  const { baseline, before, beforeThat } = await baselineOf(session, world, owner, words, question);
  const compiled = question.drafts.map((policy) => {
    const asOf = asOfOf(policy.document, session, question);
    return { policy, asOf, table: world.compile(policy.document, asOf) };
  });
  const then = await tablesThen(words, compiled.map(({ table }) => table), world);
  const runs = compiled.map((one): Run => newRun(one, words, before, then, question));
  const between = runs.length < 2 ? null : new Tally(words, runs[0]?.decider.decisions ?? [], runs[1]?.decider.decisions ?? []);
  const counted = await countRequests(session, owner, words, before, runs, between, say);
  const window = await windowOf(session, owner, question.rows);
  const drafts: Backtest[] = [];
  for (const run of runs) drafts.push(await reportOf({ session, world, question, owner, words, baseline: baseline(counted.outcomes), before, run, window, counted }));
  const scans: ScanResult[] = [];
  for (const [place, { table, applied }] of runs.entries()) {
    if (question.fullScan === true) scans.push(await fullScan({ session, owner, words, before: beforeThat, after: table, limits: applied, progress: say }, drafts[place] as Backtest));
  }
  return { drafts, between: between === null ? null : betweenOf(between, words, world, counted.matrix), scans };
}

interface Window {
  readonly archivedTo: number;
  readonly firstIndex: number | null;
  readonly lastIndex: number | null;
  readonly newest: string | null;
}

/** What the rows of the period end with. The newest is known without a look at them where the period reaches to the end of what is archived. */
async function windowOf(session: ArchiveSession, owner: string, rows: boolean): Promise<Window> {
  const end = async (column: 'index' | 'at', direction: 'ASC' | 'DESC'): Promise<number | null> => {
    const [row] = await session.query<{ value: number }>(`SELECT "${column}" AS value FROM rows WHERE owner = '${safeOwner(session, owner)}' ORDER BY "${column}" ${direction} LIMIT 1`);
    return row?.value ?? null;
  };
  const { next, newest: archived } = session.watermarks.get(owner) ?? { next: 0, newest: null };
  const newest = archived === null || archived < session.period.from ? null : archived < session.period.to ? archived : await end('at', 'DESC');
  return {
    archivedTo: next, newest: newest === null ? null : new Date(newest).toISOString(),
    firstIndex: rows ? await end('index', 'ASC') : null, lastIndex: rows ? await end('index', 'DESC') : null,
  };
}

interface ReportParts {
  readonly session: ArchiveSession;
  readonly world: InsightWorld;
  readonly question: BacktestQuestion;
  readonly owner: string;
  readonly words: OwnerWords;
  readonly baseline: Baseline;
  readonly before: Decider;
  readonly run: Run;
  readonly window: Window;
  readonly counted: Counted;
}

async function reportOf(parts: ReportParts): Promise<Backtest> {
  const { session, world, question, owner, words, baseline, run, window, counted } = parts;
  const { dataset, period } = session;
  const totals = totalsOf(run.tally, words, world.names);
  const rows = run.tuples === null ? null : await rowsOf(parts, run.tuples, totals.kinds);
  const { document, hash } = run.policy;
  const { leftOut } = counted;
  const limits = run.limits.totals();
  const body: Omit<Backtest, 'id'> = {
    weirBacktest: 1, owner,
    dataset: { name: dataset.name, kind: dataset.kind, label: dataset.label, lacks: dataset.lacks, invented: dataset.kind === 'invented' },
    window: {
      from: new Date(period.from).toISOString(), to: new Date(period.to).toISOString(), period: periodText(period), timeZone: 'UTC',
      newest: window.newest, archivedTo: window.archivedTo, firstIndex: window.firstIndex, lastIndex: window.lastIndex,
    },
    draft: { version: document.version, title: document.title, hash, tableHash: run.table.hash },
    asOf: new Date(run.asOf).toISOString().slice(0, 10),
    baseline,
    registry: { version: world.registry.version, hash: world.registry.hash },
    vocabulary: vocabularyHash, engine: question.engine,
    ...totals, leftOut, limits, ruleWords: ruleWordsOf(document, [...totals.rules.flatMap(({ before, after }) => [...before.rules, ...after.rules]), ...limits.map(({ id }) => id), ...totals.duties.map(({ rule }) => rule)], owner, world),
    review: reviewCost(run.tally.met(), period, question.minutes, rows?.busiestDay ?? null),
    rows: rows === null ? null : { people: rows.people, peopleChanged: rows.peopleChanged, elsewhere: rows.elsewhere },
    claims: question.claims ? claimsOf(run, world) : null,
    cannotKnow: cannotKnow({ dataset, totals, limits, leftOut, document, asOf: run.asOf, baseline, window: period, rows: rows !== null }),
  };
  return { ...body, id: createHash('sha256').update(JSON.stringify(body), 'utf8').digest('hex') };
}

function ruleWordsOf(document: PolicyDocument, ids: readonly string[], owner: string, world: InsightWorld): Readonly<Record<string, string>> {
  const own = new Map<string, string>([...document.rules.map((rule): [string, string] => [rule.id, rule.title ?? ruleSentence(rule)]), ...[...document.limits, ...document.notify].map(({ id, title }): [string, string] => [id, title ?? id])]);
  return Object.fromEntries([...new Set(ids)].sort().map((id) => [id, own.get(id) ?? world.names.rule(owner, id) ?? id]));
}

function rowsOf({ session, world, question, owner, words, before, run, counted }: ReportParts, tuples: Tuples, kinds: Backtest['kinds']): Promise<RowsAnswer> {
  question.progress?.('counting people');
  const attributesOf = (who: number): number => words.requesters[who]?.attributes ?? -1;
  return readRows({
    session, owner, words, tuples, kinds, families: counted.families, names: world.names, open: (index) => question.open(owner, index),
    change: (who, behalf, context, outcome) => {
      const [asker, other] = [attributesOf(who), behalf < 0 ? -1 : attributesOf(behalf)];
      return run.tally.change(before.of(asker, other, context, outcome), run.decider.of(asker, other, context, outcome));
    },
  });
}

function claimsOf({ policy, table }: Run, world: InsightWorld): Backtest['claims'] {
  return proveAll({ document: policy.document, table, network: world.network() }).map(({ claim, holds }) => ({ id: claim.id, title: claim.title, holds }));
}

function betweenOf(between: Tally, words: OwnerWords, world: InsightWorld, matrix: Float64Array): Between {
  const met = between.met();
  return {
    requests: met.reduce((total, one) => total + requestsOf(one), 0), kinds: kindTotals(met), agencies: agencyTotals(between, words, world.names),
    matrix: changeKinds.flatMap((first, i) => changeKinds.flatMap((second, j) => {
      const requests = matrix[i * changeKinds.length + j] ?? 0;
      return requests === 0 ? [] : [{ first, second, requests }];
    })),
  };
}
