import type { ArchiveSession, Lack, Period } from '../archive/types.ts';
import { periodWords } from '../period.ts';
import { policyChanges, type PolicyChange } from './changes.ts';
import { over } from './over.ts';
import type { Facts } from './types.ts';

const day = 86_400_000;

/** What every figure of a session carries. Worked out once for each session; `changes` are taken instead of those that the archive knows. */
export async function factsOf(session: ArchiveSession, changes?: readonly PolicyChange[]): Promise<Facts> {
  const held = known.get(session) ?? make(session);
  known.set(session, held);
  const facts = await held;
  return changes === undefined ? facts : { ...facts, changes };
}

/**
 * Whether the data set has entries from the first day of a period on, or before: else a figure of that period would say less than there was. Of a long period the first fiftieth
 * may be without entries, because small owners have quiet days.
 */
export async function reachesBack(session: ArchiveSession, period: Period): Promise<boolean> {
  const until = period.from + Math.max(day, Math.floor((period.to - period.from) / 50 / day) * day);
  return over(session, { from: 0, to: until, text: periodWords({ from: 0, to: until }) }, async (before) => (await before.query<{ one: number }>('select 1 as one from rows limit 1')).length > 0);
}

/** Sentences on what a data set does not know, in the words of whoever reads a figure. */
export const lackWords: Readonly<Record<Lack, string>> = {
  decisions: 'The log does not say which rules decided.',
  released: 'The log does not say what was given: the classes that the kind of message implies are taken instead.',
  purpose: 'The log does not say why requests were made.',
  evidence: 'The log does not say which papers stood behind requests.',
  user: 'The log does not say which person asked.',
  subject: 'The log does not say who was asked about.',
  status: 'The log does not say what requests came to.',
  attributesThen: 'What agencies were at the time is not known: the registry of the day of the import is taken instead.',
};

const known = new WeakMap<ArchiveSession, Promise<Facts>>();

async function make(session: ArchiveSession): Promise<Facts> {
  const { dataset, owners, period, watermarks } = session;
  const [newest, others, changes, begins, waits] = [await newestOf(session), await othersOf(session), await policyChanges(session), await beginsLate(session), await waitingWords(session)];
  return {
    dataset: dataset.name, kind: dataset.kind, label: dataset.label, lacks: dataset.lacks, owners, period, timeZone: 'UTC',
    newest: newest === null ? null : new Date(newest).toISOString(),
    archivedTo: Object.fromEntries(owners.map((owner) => [owner, watermarks.get(owner)?.next ?? 0])),
    leftOut: [
      ...(newest === null ? [`There are no entries in ${periodWords(period)}.`] : []),
      ...(begins === null ? [] : [`The data set begins on ${dayWords(begins)}: what was before is not in it.`]),
      ...(newest !== null && newest < period.to - day ? [`Nothing is later than ${dayWords(newest)}, though the period goes on.`] : []),
      ...(others.length === 0 ? [] : [`Not counted, because they are no requests: ${others.join(', ')}.`]),
      ...waits,
      ...dataset.lacks.map((lack) => lackWords[lack]),
    ],
    changes,
  };
}

/** Most often the newest of all lies within the period; else it is on the last day of it that has entries. */
async function newestOf(session: ArchiveSession): Promise<number | null> {
  const { period, watermarks, owners } = session;
  const all = owners.map((owner) => watermarks.get(owner)?.newest ?? null).filter((at) => at !== null);
  if (all.length === 0) return null;
  const newest = Math.max(...all);
  if (newest < period.to) return newest >= period.from ? newest : null;
  return (await over(session, { from: Math.max(period.from, period.to - day), to: period.to, text: 'the last day' }, greatest)) ?? (await greatest(session));
}

async function greatest(session: ArchiveSession): Promise<number | null> {
  const [row] = await session.query<{ at: number | null }>('select max("at") as "at" from rows');
  return row?.at ?? null;
}

const otherWords: Readonly<Record<string, readonly [string, string]>> = {
  redelivery: ['answer given again', 'answers given again'], opening: ['opening of the log', 'openings of the log'], withheld: ['entry held back from residents', 'entries held back from residents'],
  act: ['act of a person', 'acts of people'], verdict: ['verdict', 'verdicts (each counts with the request that was held)'],
};

async function othersOf(session: ArchiveSession): Promise<readonly string[]> {
  const rows = await session.query<{ type: string; n: number }>(`select type, cast(sum(n) as bigint) as n from totals where type <> 'decision' group by 1 order by 1`);
  return rows.map(({ type, n }) => `${n.toLocaleString('en-US')} ${otherWords[type]?.[n === 1 ? 0 : 1] ?? type}`);
}

/** What is not known yet of held requests: what it may give is missing from what was given. */
async function waitingWords(session: ArchiveSession): Promise<readonly string[]> {
  const [row] = await session.query<{ held: number; ended: number; known: number }>(
    `select (select cast(coalesce(sum(t.n), 0) as bigint) from totals t join outcomes o on o.owner = t.owner and o.id = t.outcome where t.type = 'decision' and o.held) as held,
      (select count(*) from reviews where "ended" is not null) as ended, (select count(*) from reviews) as known`);
  const { held = 0, ended = 0, known = 0 } = row ?? {};
  if (held === 0 || ended >= held) return [];
  const count = (n: number): string => n.toLocaleString('en-US');
  if (known === 0) return ['The data set does not say how held requests ended: what was given after review is not counted.'];
  return [`Of ${count(held)} held ${held === 1 ? 'request' : 'requests'}, ${count(held - ended)} had no verdict when this was counted: what ${held - ended === 1 ? 'it' : 'they'} may still be given is not in it.`];
}

/** The first entry, where the data set has none before the second day of the period; else null. */
async function beginsLate(session: ArchiveSession): Promise<number | null> {
  const { period } = session;
  if (await reachesBack(session, { ...period, to: period.from + day })) return null;
  const [row] = await session.query<{ at: number | null }>('select min("at") as "at" from rows');
  return row?.at ?? null;
}

function dayWords(at: number): string {
  return periodWords({ from: at, to: at });
}
