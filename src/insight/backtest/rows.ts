import { answerStatuses } from '../../vocabulary/index.ts';
import type { Names } from '../statistics/types.ts';
import { ArchiveError, type ArchiveSession, type OwnerWords } from '../archive/types.ts';
import { decisionWords } from './decisionWords.ts';
import type { Change } from './compare.ts';
import { familyWords } from './families.ts';
import { changeKinds, losses, type ChangeKind } from './kinds.ts';
import { safeOwner, type GrowingColumns } from './lines.ts';
import { stillGivenSlot, unchangedSlot } from './tally.ts';
import type { Elsewhere, Example, FromRows, KindPeople, KindTotal } from './types.ts';

/** One for each line of the rollup: its words (`behalf` plus one: 0 is none), where it was counted, the family of its asker, whether a record was given, whether a person would review it. */
export const tupleColumns = ['who', 'behalf', 'context', 'outcome', 'slot', 'family', 'found', 'held'] as const;
export type Tuples = GrowingColumns<(typeof tupleColumns)[number]>;

export interface RowsQuestion {
  readonly session: ArchiveSession;
  readonly owner: string;
  readonly words: OwnerWords;
  readonly names: Names;
  readonly tuples: Tuples;
  /** The names of families by number, with the department of each. */
  readonly families: readonly { readonly family: string; readonly department: string }[];
  /** What was counted from the rollup: the rows must say the same. */
  readonly kinds: readonly KindTotal[];
  readonly change: (who: number, behalf: number, context: number, outcome: number) => Change;
  /** The command that opens a row; null where there is none. */
  readonly open: (index: number) => string | null;
}

export interface RowsAnswer extends FromRows {
  readonly busiestDay: { readonly day: string; readonly held: number } | null;
}

/** How many examples a kind of change shows, and of how many families that lose it is asked who else gets the same. */
const examplesEach = 3;
const familiesShown = 3;
let tables = 0;

/** Reads from the rows what counts cannot tell: how many people, which examples, the busiest day, who else gets the same. Throws `ARCHIVE_DAMAGED` where rows and rollup part. */
export async function readRows(question: RowsQuestion): Promise<RowsAnswer> {
  const { session, owner, tuples } = question;
  const table = `backtest_${(tables += 1)}`;
  const from = `(SELECT * FROM rows WHERE owner = '${safeOwner(session, owner)}' AND type = 'decision') r
    JOIN ${table} t ON r.who = t.who AND coalesce(r.behalf + 1, 0) = t.behalf AND r.context = t.context AND r.outcome = t.outcome`;
  const made: string[] = [];
  const make = async (name: string, sql: string): Promise<void> => {
    await session.query(`CREATE TEMP TABLE ${name} AS ${sql}`);
    made.push(name);
  };
  await session.table(`${table}_lines`, tuples.columns());
  made.push(`${table}_lines`);
  try {
    await make(table, `SELECT DISTINCT * FROM ${table}_lines`);
    // All that is asked of changed rows is asked of this one copy, so that the rows are read once for it.
    await make(`${table}_changed`, `SELECT r."index" AS "index", CAST(r."at" AS DATE) AS day, r.subject AS subject, t.slot AS slot, t.family AS family, t.held AS held FROM ${from}
      WHERE t.slot NOT IN (${unchangedSlot}, ${stillGivenSlot}) OR t.held = 1`);
    const people = await readPeople(question, `${table}_changed`);
    return {
      people: people.kinds, peopleChanged: people.changed, busiestDay: await readBusiestDay(session, `${table}_changed`),
      elsewhere: session.dataset.lacks.includes('subject') ? [] : await readElsewhere(question, `${table}_changed`, from),
    };
  } finally {
    for (const name of made.reverse()) await session.query(`DROP TABLE ${name}`);
  }
}

interface People {
  readonly kinds: readonly KindPeople[];
  readonly changed: number;
}

async function readPeople({ session, owner, kinds, ...question }: RowsQuestion, changed: string): Promise<People> {
  const rows = await session.query<{ slot: number | null; n: number; people: number; unknown: number; picked: readonly number[] }>(`
    SELECT slot, count(*) AS n, count(DISTINCT subject) AS people, count(*) FILTER (WHERE subject IS NULL) AS unknown,
      min_by("index", ("index" * 2654435761) % 4294967296, ${examplesEach}) AS picked
    FROM ${changed} WHERE slot NOT IN (${unchangedSlot}, ${stillGivenSlot}) GROUP BY GROUPING SETS ((slot), ()) ORDER BY slot`);
  const found: KindPeople[] = [];
  for (const { kind, requests } of kinds) {
    const slot = changeKinds.indexOf(kind);
    if (slot === unchangedSlot || requests === 0) continue;
    const row = rows.find((one) => one.slot === slot);
    if ((row?.n ?? 0) !== requests) throw new ArchiveError('ARCHIVE_DAMAGED', `the rollup of ${owner} counts ${requests} requests where its rows count ${(row?.n ?? 0)}; see \`weir archive check\``);
    found.push({ kind, people: row?.people ?? 0, unknown: row?.unknown ?? 0, examples: await readExamples({ session, owner, kinds, ...question }, (row?.picked ?? []).map(Number)) });
  }
  return { kinds: found, changed: rows.find(({ slot }) => slot === null)?.people ?? 0 };
}

async function readExamples({ session, owner, words, names, change, open }: RowsQuestion, indices: readonly number[]): Promise<readonly Example[]> {
  if (indices.length === 0) return [];
  const rows = await session.query<{ i: number; at: number; who: number; behalf: number | null; context: number; outcome: number }>(
    `SELECT "index" AS i, "at", who, behalf, context, outcome FROM rows WHERE owner = '${safeOwner(session, owner)}' AND "index" IN (${indices.map((one) => String(Math.trunc(one))).join(', ')}) ORDER BY "index"`);
  return rows.flatMap(({ i, at, who, behalf, context, outcome }): readonly Example[] => {
    const [asker, other, asked, came] = [words.requesters[who], behalf === null ? null : words.requesters[behalf], words.contexts[context], words.outcomes[outcome]];
    if (asker === undefined || asked === undefined || came === undefined) return [];
    const { cells } = change(who, behalf ?? -1, context, outcome);
    const changed = cells.filter(({ kind }) => kind !== 'same');
    return [{
      index: i, at: new Date(at).toISOString(), ori: asker.ori, agency: names.agency(asker.ori) ?? asker.ori, behalf: other === null || other === undefined ? null : other.ori,
      key: asked.key, purpose: asked.purpose, status: answerStatuses[came.status].plain,
      before: decisionWords(changed.map((cell) => cell.before)), after: decisionWords(changed.map((cell) => cell.after)),
      rulesBefore: rulesOf(changed.map((cell) => cell.before.rules)), rulesAfter: rulesOf(changed.map((cell) => cell.after.rules)), open: open(i),
    }];
  });
}

async function readBusiestDay(session: ArchiveSession, changed: string): Promise<RowsAnswer['busiestDay']> {
  const [row] = await session.query<{ day: string; held: number }>(
    `SELECT strftime(day, '%Y-%m-%d') AS day, count(*) AS held FROM ${changed} WHERE held = 1 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1`);
  return row === undefined ? null : { day: row.day, held: row.held };
}

interface ElsewhereRow {
  readonly loser: number;
  readonly family: number | null;
  readonly requests: number;
  readonly people: number;
}

/** For the families that lose most: who else was given data of the same people and vehicles in the period, and would be still. */
async function readElsewhere({ session, families }: RowsQuestion, changed: string, from: string): Promise<readonly Elsewhere[]> {
  const lost = `slot IN (${losses.map((kind: ChangeKind) => changeKinds.indexOf(kind)).join(', ')}) AND subject IS NOT NULL`;
  const most = await session.query<{ family: number; requests: number; people: number }>(
    `SELECT family, count(*) AS requests, count(DISTINCT subject) AS people FROM ${changed} WHERE ${lost} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${familiesShown}`);
  if (most.length === 0) return [];
  const others = await session.query<ElsewhereRow>(`
    WITH lost AS (SELECT DISTINCT subject, family AS loser FROM ${changed} WHERE ${lost} AND family IN (${most.map(({ family }) => String(Math.trunc(family))).join(', ')}))
    SELECT lost.loser AS loser, t.family AS family, count(*) AS requests, count(DISTINCT r.subject) AS people FROM ${from} JOIN lost ON lost.subject = r.subject AND lost.loser <> t.family
    WHERE t.slot = ${stillGivenSlot} AND t.found = 1 GROUP BY GROUPING SETS ((lost.loser, t.family), (lost.loser)) ORDER BY 4 DESC, 2`);
  return most.flatMap(({ family, requests, people }): readonly Elsewhere[] => {
    const own = families[family];
    const theirs = others.filter(({ loser }) => loser === family);
    return own === undefined ? [] : [{
      from: own.family, words: familyWords(own.family), requests, people, peopleElsewhere: theirs.find((one) => one.family === null)?.people ?? 0,
      others: theirs.flatMap((one) => {
        const other = one.family === null ? undefined : families[one.family];
        return other === undefined ? [] : [{ family: other.family, words: familyWords(other.family), sister: areSisters(own, other), requests: one.requests, people: one.people }];
      }),
    }];
  });
}

function areSisters(a: { readonly department: string }, b: { readonly department: string }): boolean {
  return a.department === b.department && a.department !== 'none' && a.department !== 'undeclared';
}

function rulesOf(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].sort();
}
