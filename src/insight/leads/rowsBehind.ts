import type { Finding } from './finding.ts';
import type { Ground } from './ground.ts';
import { sqlTag } from './words.ts';

/** The entries behind a finding, counted. */
export interface Behind {
  readonly total: number;
  readonly indices: readonly number[];
  readonly first: number;
  readonly newest: number;
}

/** One entry behind a lead, for a person to read. Tags are shortened nowhere: equal ones are equal persons. */
export interface BehindRow {
  readonly index: number;
  /** RFC 3339. */
  readonly at: string;
  readonly ori: string;
  readonly user: string | null;
  readonly key: string | null;
  readonly purpose: string | null;
  readonly caseNumber: string | null;
  readonly status: string | null;
  readonly released: readonly string[];
  readonly subject: string | null;
}

/** Of each finding how many entries, which (the first `most`), and from when to when. One reading of the rows for all. */
export async function countBehind(ground: Ground, findings: readonly Finding[], most: number): Promise<readonly Behind[]> {
  if (findings.length === 0) return [];
  await readCandidates(ground, findings);
  const found: Behind[] = [];
  for (const { condition } of findings) {
    const [row] = await ground.session.query<{ total: number; first: number | null; newest: number | null; indices: readonly number[] | null }>(`SELECT count(*)::DOUBLE AS total, epoch_ms(min(moment)) AS first, epoch_ms(max(moment)) AS newest,
      (SELECT list("index"::DOUBLE ORDER BY "index") FROM (SELECT "index" FROM leads_candidates WHERE ${condition} ORDER BY "index" LIMIT ${most})) AS indices FROM leads_candidates WHERE ${condition}`);
    found.push({ total: row?.total ?? 0, indices: row?.indices ?? [], first: row?.first ?? 0, newest: row?.newest ?? 0 });
  }
  return found;
}

/** The entries themselves, in the order of the log, `most` of them. */
export async function readBehind(ground: Ground, finding: Finding, most: number): Promise<readonly BehindRow[]> {
  await readCandidates(ground, [finding]);
  const { contexts, outcomes } = ground.words;
  const rows = await ground.session.query<{ index: number; moment: number; office: number; user: string; subject: string; context: number; outcome: number }>(`SELECT "index", epoch_ms(moment) AS moment, office,
    lower(lpad(to_hex(coalesce("user", 0)), 16, '0')) AS "user", lower(lpad(to_hex(coalesce(subject, 0)), 16, '0')) AS subject, coalesce(context, -1)::INTEGER AS context, coalesce(outcome, -1)::INTEGER AS outcome
    FROM leads_candidates WHERE ${finding.condition} ORDER BY "index" LIMIT ${most}`);
  return rows.map(({ index, moment, office, user, subject, context, outcome }): BehindRow => ({
    index, at: new Date(moment).toISOString(), ori: ground.offices[office]?.ori ?? '', user: tagOrNull(user), key: contexts[context]?.key ?? null,
    purpose: contexts[context]?.purpose ?? null, caseNumber: contexts[context]?.caseNumber ?? null, status: outcomes[outcome]?.status ?? null, released: outcomes[outcome]?.released ?? [], subject: tagOrNull(subject),
  }));
}

/** All entries that could be behind one of them, as the table `leads_candidates`. */
async function readCandidates({ session, fromWithHours }: Ground, findings: readonly Finding[]): Promise<void> {
  const users = new Set(findings.flatMap(({ user, whole, subjects }) => user === null || user === 0n || whole !== undefined || subjects !== undefined ? [] : [user]));
  const subjects = new Set(findings.flatMap(({ subject, subjects: several }) => several ?? (subject === null ? [] : [subject])));
  const wholes = findings.flatMap(({ office, user, subjects: several, whole }) => whole === undefined ? (user === 0n && office !== null && several === undefined ? [`(w.office = ${office} AND r.user IS NULL)`] : [])
    : [`(w.office IN (${whole.offices.join(', ')}) AND r.at >= make_timestamp(${whole.from * 1000}) AND r.at < make_timestamp(${whole.to * 1000}))`]);
  const reads = [
    ...(users.size === 0 ? [] : [`r.user IN (${[...users].map(sqlTag).join(', ')})`]),
    ...(subjects.size === 0 ? [] : [`r.subject IN (${[...subjects].map(sqlTag).join(', ')})`]),
    ...new Set(wholes),
  ];
  await session.query(`CREATE OR REPLACE TEMP TABLE leads_candidates AS SELECT r."index", r.at AS moment, r.who, w.office, r.user AS "user", r.subject, r.subjectName, r.self, r.sameSurname, r.sex, r.context, r.outcome,
    h.part, coalesce(c.cased, 0) AS cased, coalesce(c.photo, 0) AS photo, coalesce(c.sweep, 0) AS sweep, coalesce(o.refused, 0) AS refused ${fromWithHours} AND (${reads.length === 0 ? 'false' : reads.join(' OR ')})`);
}

function tagOrNull(text: string): string | null {
  return /^0+$/.test(text) ? null : text;
}
