import { createHash } from 'node:crypto';
import { proveAll } from '../../proof/index.ts';
import { ruleSentence, vocabularyHash, type PolicyDocument, type PolicyTable } from '../../policy/index.ts';
import { ArchiveError, type ArchiveSession, type OwnerWords } from '../archive/types.ts';
import { periodText } from '../period.ts';
import type { InsightWorld } from '../world.ts';
import { cannotKnow } from './cannotKnow.ts';
import { recordedDecider, tableDecider, type Decider } from './deciders.ts';
import { familyOf } from './families.ts';
import { fullScan, type Before, type ScanResult } from './fullScan.ts';
import { changeKinds } from './kinds.ts';
import { LimitCounter, limitStandings, limitsToApply, tablesThen } from './limits.ts';
import { entryTypes, GrowingColumns, readLines, safeOwner } from './lines.ts';
import { reviewCost } from './reviewCost.ts';
import { readRows, tupleColumns, type RowsAnswer, type Tuples } from './rows.ts';
import { foundOf, Tally, type Lines } from './tally.ts';
import { agencyTotals, kindTotals, requestsOf, totalsOf } from './totals.ts';
import type { Backtest, Baseline, Between, Range } from './types.ts';

/** A document by which is decided, with the hash of its canonical form. */
export interface NamedPolicy {
  readonly document: PolicyDocument;
  readonly hash: string;
}

export interface BacktestQuestion {
  /** One draft, or two of one owner to be seen side by side. */
  readonly drafts: readonly [NamedPolicy] | readonly [NamedPolicy, NamedPolicy];
  /** What it is compared with: another document; null for what was decided then. */
  readonly baseline: NamedPolicy | null;
  /** Rules that begin or end are taken as on this day, milliseconds; null for the later of the draft's first day and the last of the period. */
  readonly asOf: number | null;
  /** What one review takes of a person. */
  readonly minutes: Range;
  /** Whether the rows are read too, for people, examples, the busiest day and who else gets the same. */
  readonly rows: boolean;
  /** Whether everything is counted again from the rows, as a check. */
  readonly fullScan?: boolean;
  /** Whether the claims of the draft are proved on the registry of today. */
  readonly claims: boolean;
  readonly engine: string;
  /** The command that opens a row of an owner; null where the data set has no leaves. */
  readonly open: (owner: string, index: number) => string | null;
  readonly progress?: (what: string) => void;
}

export interface BacktestAnswer {
  /** One for each draft. */
  readonly drafts: readonly Backtest[];
  /** How the second draft differs from the first. */
  readonly between: Between | null;
  /** One for each draft; empty where it was not asked for. */
  readonly scans: readonly ScanResult[];
}

/** One draft with what is counted of it. */
interface Run {
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
  const counted = await count(session, owner, words, before, runs, between, say);
  const window = await windowOf(session, owner, question.rows);
  const drafts: Backtest[] = [];
  for (const run of runs) drafts.push(await reportOf({ session, world, question, owner, words, baseline: baseline(counted), before, run, window, counted }));
  const scans: ScanResult[] = [];
  for (const [place, { table, applied }] of runs.entries()) {
    if (question.fullScan === true) scans.push(await fullScan({ session, owner, words, before: beforeThat, after: table, limits: applied, progress: say }, drafts[place] as Backtest));
  }
  return { drafts, between: between === null ? null : betweenOf(between, words, world, counted.matrix), scans };
}

function newRun({ policy, asOf, table }: Pick<Run, 'policy' | 'asOf' | 'table'>, words: OwnerWords, before: Decider, then: readonly PolicyTable[], question: BacktestQuestion): Run {
  const standings = limitStandings(table, then);
  const applied = limitsToApply(standings);
  const decider = tableDecider(words, table, applied);
  return {
    policy, table, decider, applied, asOf, tally: new Tally(words, before.decisions, decider.decisions), limits: new LimitCounter(words, table, standings, decider.decisions),
    tuples: question.rows ? new GrowingColumns(tupleColumns) : null,
  };
}

function asOfOf(document: PolicyDocument, { period }: ArchiveSession, { asOf }: BacktestQuestion): number {
  return asOf ?? Math.max(Date.parse(document.effective), period.to - 86_400_000);
}

/** What was counted besides what the tallies hold. */
interface Counted {
  /** Requests by number of outcome. */
  readonly outcomes: Float64Array;
  /** Entries that are no decisions, by type; `incomplete` are requests that lack a word without which nothing can be decided. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Pairs of places in `changeKinds`, for two drafts. */
  readonly matrix: Float64Array;
  readonly families: readonly { readonly family: string; readonly department: string }[];
}

async function count(session: ArchiveSession, owner: string, words: OwnerWords, before: Decider, runs: readonly Run[], between: Tally | null, say: (what: string) => void): Promise<Counted> {
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

interface BaselineParts {
  readonly before: Decider;
  /** The same for the full scan, which keeps nothing. */
  readonly beforeThat: Before;
  readonly baseline: (counted: Counted) => Baseline;
}

/** With what is compared, and how it is named once the requests are counted. */
async function baselineOf(session: ArchiveSession, world: InsightWorld, owner: string, words: OwnerWords, question: BacktestQuestion): Promise<BaselineParts> {
  const named = (policy: { readonly document: PolicyDocument; readonly hash: string; readonly table: PolicyTable }, kind: 'policy' | 'inForce'): Baseline => (
    { kind, policies: [{ version: policy.document.version, hash: policy.hash, tableHash: policy.table.hash, requests: null }], assumed: 0 });
  const all = new Set(words.outcomes.flatMap(({ usedUp }) => usedUp));
  if (question.baseline !== null) {
    const { document, hash } = question.baseline;
    const table = world.compile(document, asOfOf(document, session, question));
    return { before: tableDecider(words, table, all), beforeThat: { kind: 'table', table }, baseline: () => named({ document, hash, table }, 'policy') };
  }
  const lacking = session.dataset.lacks.includes('decisions');
  const inForce = lacking || words.outcomes.some(({ decisions, status }) => decisions.length === 0 && status !== 'refused') ? await world.policy(owner) : null;
  if (lacking) {
    if (inForce === null) throw new ArchiveError('ARCHIVE_QUESTION', `the data set \`${session.dataset.name}\` does not say what was decided, and ${owner} has no policy in force to stand for it; name one with --baseline`);
    return { before: tableDecider(words, inForce.table, all), beforeThat: { kind: 'table', table: inForce.table }, baseline: () => named(inForce, 'inForce') };
  }
  const recorded = recordedDecider(words, inForce === null ? null : tableDecider(words, inForce.table, all));
  return {
    before: recorded, beforeThat: { kind: 'recorded', otherwise: inForce?.table ?? null },
    baseline: ({ outcomes }) => ({ kind: 'decided', policies: policiesThen(words, outcomes), assumed: [...recorded.assumed].reduce((total, outcome) => total + (outcomes[outcome] ?? 0), 0) }),
  };
}

/** The versions that decided the requests that were counted, oldest first. */
function policiesThen(words: OwnerWords, outcomes: Float64Array): Baseline['policies'] {
  const found = new Map<string, { version: number; hash: string; tableHash: null; requests: number }>();
  words.outcomes.forEach(({ policyVersion, policyHash }, place) => {
    const n = outcomes[place] ?? 0;
    if (n === 0 || policyVersion === null || policyHash === null) return;
    const known = found.get(policyHash);
    if (known === undefined) found.set(policyHash, { version: policyVersion, hash: policyHash, tableHash: null, requests: n });
    else known.requests += n;
  });
  return [...found.values()].sort((a, b) => a.version - b.version || (a.hash < b.hash ? -1 : 1));
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
