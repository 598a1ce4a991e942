import { allDataClasses, allPurposes, answerStatuses, jurisdictionName, labelOf, namesOf, purposes, type AnswerStatus } from '../../vocabulary/index.ts';
import { sentencesOf } from '../../policy/index.ts';
import { cellsOf, monthsOf, type Aggregate, type AxisItem, type Licence, type PolicyInForce, type Position } from '../../publish/index.ts';
import type { ArchiveSession, Period } from '../archive/types.ts';
import { partyWords } from '../parties.ts';
import { periodText, wholeMonths } from '../period.ts';
import { factsOf, lackWords } from '../statistics/facts.ts';
import type { InsightWorld } from '../world.ts';
import { countTables, missingWhy } from './count.ts';
import { ReleaseError } from './errors.ts';
import { publishable, type Publishable } from './publishable.ts';
import type { SuppressOptions } from './suppress.ts';
import type { Snapshot } from './system.ts';
import { addedUp, type TruthTable } from './truth.ts';

export interface PrepareAsked {
  /** Over the period of the release. */
  readonly session: ArchiveSession;
  readonly world: InsightWorld;
  readonly owner: string;
  /** The office that prepares it. */
  readonly by: string;
  readonly threshold: number;
  readonly licence: Licence;
  /** All releases of the owner that were published, oldest first. */
  readonly earlier: readonly { readonly aggregate: Aggregate; readonly hash: string }[];
  readonly checkpoints: Aggregate['checkpoints'];
  readonly engine: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What is to be approved, and how much of it is hidden. */
export interface Prepared {
  readonly aggregate: Aggregate;
  readonly small: number;
  readonly protects: number;
}

/**
 * Makes the aggregate of a release: counts, hides, and writes down nothing else. Throws a `ReleaseError`: `RELEASE_QUESTION` for a period that is not whole months or not over,
 * `RELEASE_HISTORY` where the archive does not count what an earlier release of the same months said.
 */
export async function prepareRelease(asked: PrepareAsked, options: SuppressOptions = {}): Promise<Prepared> {
  const { session, world, owner, earlier, threshold, now } = asked;
  const months = checkAsked(asked);
  const span = periodText(session.period);
  const counted = await countTables(session, owner, months);
  const tables = months.length === 1 ? counted : [...counted, ...addedUp(counted, span)];
  const snapshots = await Promise.all(touching(earlier, months).map((release) => snapshotOf(session, owner, release.aggregate)));
  if (touching(earlier, months).some(({ aggregate }) => aggregate.threshold !== threshold)) throw new ReleaseError('RELEASE_QUESTION', 'an earlier release of the same months hides numbers up to another limit; the same months are published with the same limit');
  const hidden = await publishable(tables, snapshots, threshold, options);
  const { dataset, watermarks, period } = session;
  const mark = watermarks.get(owner);
  const newest = mark?.newest ?? null;
  return {
    small: hidden.small, protects: hidden.protects,
    aggregate: {
      weirAggregate: 1, owner, ownerName: jurisdictionName(owner), version: (earlier.at(-1)?.aggregate.version ?? 0) + 1,
      period: { from: day(period.from), to: day(period.to), text: span }, timeZone: 'UTC', preparedAt: new Date(now).toISOString(), preparedBy: asked.by, engine: asked.engine, threshold,
      dataset: { name: dataset.name, kind: dataset.kind, label: dataset.label, lacks: dataset.lacks }, newest: newest === null ? null : day(newest), archivedTo: mark?.next ?? 0,
      earlier: earlier.map(({ aggregate, hash }) => ({ version: aggregate.version, hash })), corrects: [...earlier].reverse().find(({ aggregate }) => aggregate.period.text === span)?.aggregate.version ?? null,
      axes: axesOf(tables), tables: hidden.tables, leftOut: [...hidden.leftOut, ...lacking(session, span)],
      policy: await policyOf(world, owner), changes: (await factsOf(session)).changes.flatMap((change) => (change.owner === owner && change.hash !== null ? [{ at: change.at, version: change.version, hash: change.hash }] : [])),
      checkpoints: asked.checkpoints, review: reviewWords, gaps: gapsOf(session, threshold, hidden), licence: asked.licence,
    },
  };
}

function checkAsked({ session: { period, dataset }, threshold, now, earlier, owner }: PrepareAsked): readonly string[] {
  const months = wholeMonths(period);
  if (months === null || months < 1) throw new ReleaseError('RELEASE_QUESTION', 'a release is about whole months, such as 2026-10 or 2026-01..2026-10');
  if (months > 24) throw new ReleaseError('RELEASE_QUESTION', 'a release is about 24 months at most');
  if (period.to > now) throw new ReleaseError('RELEASE_QUESTION', 'the period is not over yet: what comes late would have to be published as a correction');
  if (!Number.isSafeInteger(threshold) || threshold < 10 || threshold > 1000) throw new ReleaseError('RELEASE_QUESTION', 'the threshold is a whole number from 10 to 1000: it may be raised, and never lowered below 10');
  const foreign = earlier.find(({ aggregate }) => aggregate.owner !== owner || aggregate.dataset.name !== dataset.name || aggregate.dataset.kind !== dataset.kind);
  if (foreign !== undefined) throw new ReleaseError('RELEASE_HISTORY', `version ${foreign.aggregate.version} is of ${foreign.aggregate.owner}, made from the data set \`${foreign.aggregate.dataset.name}\`, and this one is of ${owner} from \`${dataset.name}\``);
  return monthsOf(periodText(period));
}

/** The earlier releases that share a month with these, or with one that does. */
function touching(earlier: PrepareAsked['earlier'], months: readonly string[]): PrepareAsked['earlier'] {
  const reached = new Set(months);
  for (let size = -1; size !== reached.size;) {
    size = reached.size;
    for (const { aggregate } of earlier) if (monthsOf(spanOf(aggregate)).some((month) => reached.has(month))) for (const month of monthsOf(spanOf(aggregate))) reached.add(month);
  }
  return earlier.filter(({ aggregate }) => monthsOf(spanOf(aggregate)).some((month) => reached.has(month)));
}

/** What an earlier release said, with the counts that the archive had then. */
async function snapshotOf(session: ArchiveSession, owner: string, aggregate: Aggregate): Promise<Snapshot> {
  const period: Period = { from: Date.parse(aggregate.period.from), to: Date.parse(aggregate.period.to), text: aggregate.period.text };
  const months = monthsOf(spanOf(aggregate));
  const counted = await countTables(await session.over(period), owner, months, aggregate.archivedTo);
  return {
    name: `version ${aggregate.version}`, tables: months.length === 1 ? counted : [...counted, ...addedUp(counted, spanOf(aggregate))],
    published: new Map(aggregate.tables.flatMap((table) => [...cellsOf(aggregate, table)].map(({ position, cell }): [Position, typeof cell] => [position, cell]))),
  };
}

/** Held requests are few, and their ends come late and one by one: a number of them would tell of single people, and so would its change in the next version. */
const reviewWords = 'Not told: how held requests ended, how long that took, and what was given after review. The table of data given counts what was given at once.';

function spanOf({ period }: Aggregate): string {
  return periodText({ from: Date.parse(period.from), to: Date.parse(period.to) });
}

async function policyOf(world: InsightWorld, owner: string): Promise<PolicyInForce | null> {
  const policy = await world.policy(owner);
  if (policy === null) return null;
  const claims = new Set(policy.document.claims.map(({ id }) => id));
  const rules = sentencesOf(policy.document).filter(({ item }) => !claims.has(item.id)).map(({ item, sentence }) => ({ id: item.id, sentence, cites: item.cites }));
  return { version: policy.version, hash: policy.hash, since: policy.since, rules };
}

function axesOf(tables: readonly TruthTable[]): Aggregate['axes'] {
  const columns = (id: TruthTable['id']): readonly string[] => tables.find((table) => table.id === id)?.columns ?? [];
  const items = (ids: readonly string[], words: (id: string) => string): readonly AxisItem[] => ids.map((id) => ({ id, words: words(id) }));
  const purpose = new Map<string, string>(allPurposes.map((one) => [one, purposes[one].plain]));
  const label = new Map<string, string>(allDataClasses.map((one) => [one, labelOf(one)]));
  return {
    groups: items(Object.keys(partyWords), (id) => partyWords[id as keyof typeof partyWords]),
    columns: {
      requests: items(columns('requests'), (id) => statusWords[namesOf(answerStatuses).find((status) => status === id) ?? 'unavailable']),
      purposes: items(columns('purposes'), (id) => purpose.get(id) ?? id), released: items(columns('released'), (id) => label.get(id) ?? id), holds: [],
    },
  };
}

const statusWords: Readonly<Record<AnswerStatus, string>> = {
  answered: 'answered in full', answeredInPart: 'answered in part', held: 'held for a person to decide', refused: 'refused', noRecord: 'no such record', unavailable: 'could not be looked up',
};

function lacking({ dataset }: ArchiveSession, span: string): Aggregate['leftOut'] {
  return Object.entries(missingWhy).flatMap(([table, { lack, why }]) => (dataset.lacks.includes(lack) ? [{ table: table as TruthTable['id'], span, why }] : []));
}

/** No sentence here has a count in it: a count would have to be hidden like any other. */
function gapsOf({ dataset, period, watermarks, owners }: ArchiveSession, threshold: number, hidden: Publishable): readonly string[] {
  const newest = Math.max(0, ...owners.map((owner) => watermarks.get(owner)?.newest ?? 0));
  return [
    'Only requests that came through this log are counted. Other ways to the same records, such as a portal or a data broker, are not.',
    'An answer that was sent again, and an entry that was opened to an auditor or a resident, is not a request.',
    'Agencies are counted in groups. The group comes from the registry of organisations as it was when the request was made. Who asked on behalf of another is counted as who asked.',
    'The purpose is what the request states. That it is true cannot be told from the log.',
    `Numbers from 1 to ${threshold}, and others from which they could be worked out, are hidden. Shares, averages and medians are not given, because hidden numbers could be worked out from them.`,
    ...(newest < period.to - 86_400_000 ? ['The log ends before the period does.'] : []),
    ...(hidden.leftOut.length > 0 ? ['Some tables are left out, because no way of hiding numbers in them was safe.'] : []),
    ...dataset.lacks.map((lack) => lackWords[lack]),
  ];
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
