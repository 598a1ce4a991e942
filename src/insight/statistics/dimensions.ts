import {
  auditStatuses, certifications, components, courtClasses, dataClasses, departments, evidenceGrades, allJurisdictions, inquiryKeys, levels, missions, namesOf, answerStatuses,
  programs287g, purposes, queryKinds, taskForceKinds,
} from '../../vocabulary/index.ts';
import { partyWords } from '../parties.ts';
import { deciderWords, none, reviewTimeWords, verdictWords } from './endedWords.ts';
import type { Dimension } from './types.ts';

/** In which table of the archive a dimension stands: the entry itself, or one of the three dictionaries that it points to. */
export type DimensionHome = 'entry' | 'who' | 'context' | 'outcome';

/** What is known of one dimension. The expressions are the only SQL of it; nothing that a user types is ever part of one. */
export interface DimensionFacts {
  readonly home: DimensionHome;
  /**
   * For the entry: over `e`, with `at` or `month`; for `who`: over `r` (requesters) and `a` (attributes); else over `d`, the dictionary. A text, or for lists a list of texts.
   */
  readonly sql: string;
  /** What entries are grouped by instead, where a number is quicker than a text, and the text of `$` made of it once for each group. */
  readonly grouped?: { readonly sql: string; readonly text: string };
  /** An entry has several words of it. */
  readonly list: boolean;
  /** Needs the time of the single entry, which the rollup does not have. */
  readonly needsRows: boolean;
  /** All words that it can have; null where they are not a closed list. */
  readonly words: readonly string[] | null;
  /** Shown in the order of the words or of time, not by how many there are. */
  readonly ordered: boolean;
  /** One line for the help. */
  readonly plain: string;
}

export { none, notRecorded } from './endedWords.ts';

const attribute = (name: string, words: readonly string[], plain: string, more: Partial<DimensionFacts> = {}): DimensionFacts =>
  ({ home: 'who', sql: `a."${name}"`, list: false, needsRows: false, words, ordered: false, plain, ...more });
const ofContext = (name: string, words: readonly string[], plain: string, more: Partial<DimensionFacts> = {}): DimensionFacts =>
  ({ home: 'context', sql: `d."${name}"`, list: false, needsRows: false, words, ordered: false, plain, ...more });
const ofOutcome = (name: string, words: readonly string[] | null, plain: string, more: Partial<DimensionFacts> = {}): DimensionFacts =>
  ({ home: 'outcome', sql: `d."${name}"`, list: false, needsRows: false, words, ordered: false, plain, ...more });
/** Of the moment or month of an entry: a number to group by, and its text. */
const ofTime = (sql: string, text: string, needsRows: boolean, words: readonly string[] | null, plain: string): DimensionFacts =>
  ({ home: 'entry', sql: text.replace('$', sql), grouped: { sql, text }, list: false, needsRows, words, ordered: true, plain });

const list = { list: true };
const ordered = { ordered: true };

/** All dimensions. An attribute of an asker is that of the time of the request. */
export const dimensionFacts: Readonly<Record<Dimension, DimensionFacts>> = {
  owner: { home: 'entry', sql: 'e.owner', list: false, needsRows: false, words: null, ordered: false, plain: 'the state whose records were asked for' },
  month: ofTime(`date_trunc('month', e."month")`, `strftime($, '%Y-%m')`, false, null, 'the month, UTC: 2026-10'),
  day: ofTime('cast(e."at" as date)', `strftime($, '%Y-%m-%d')`, true, null, 'the day, UTC: 2026-10-03'),
  weekday: ofTime('isodow(e."at")', 'cast($ as varchar)', true, ['1', '2', '3', '4', '5', '6', '7'], 'the day of the week, UTC: 1 Monday to 7 Sunday'),
  hour: ofTime('hour(e."at")', `lpad(cast($ as varchar), 2, '0')`, true, Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0')), 'the hour of the day, UTC: 00 to 23'),
  agency: { ...attribute('', [], 'the office that asked, by its ORI'), sql: 'r.ori', words: null },
  organisation: { ...attribute('', [], 'the organisation that asked; organisation:1 is the top of the tree, organisation:2 the next level'), sql: 'r.organisation', words: null },
  party: attribute('party', Object.keys(partyWords), 'the group of askers', ordered),
  level: attribute('level', namesOf(levels), 'the level of government', ordered),
  department: attribute('department', namesOf(departments), 'the federal department'),
  component: attribute('component', namesOf(components), 'the part of a federal department; HSI counts in ICE too', list),
  homeState: attribute('homeState', [...allJurisdictions, 'none', 'undeclared'], 'the state that the asker belongs to'),
  mission: attribute('mission', namesOf(missions), 'what the asker is for; it may have several', list),
  program287g: attribute('program287g', namesOf(programs287g), 'its 287(g) agreements with ICE; it may have several', list),
  taskForce: attribute('taskForce', namesOf(taskForceKinds), 'the task forces it takes part in; it may have several', list),
  certified: attribute('certified', namesOf(certifications), 'what it certified; it may have several', list),
  audit: attribute('audit', namesOf(auditStatuses), 'its last audit', ordered),
  released: ofOutcome('released', [...namesOf(dataClasses), none], 'each class of data that was given, at once or after review', { ...list, ...ordered }),
  wanted: ofContext('wanted', [...namesOf(dataClasses), none], 'each class of data that was asked for', { ...list, ...ordered }),
  purpose: ofContext('purpose', namesOf(purposes), 'the stated purpose'),
  warrant: ofContext('warrant', namesOf(evidenceGrades), 'how well a warrant is backed', ordered),
  court: ofContext('court', namesOf(courtClasses), 'who signed the warrant', ordered),
  caseNumber: ofContext('caseNumber', namesOf(evidenceGrades), 'how well a case number is backed', ordered),
  rule: ofOutcome('rules', null, 'each rule that decided', list),
  status: ofOutcome('status', namesOf(answerStatuses), 'what the request came to at first', ordered),
  verdict: ofOutcome('verdict', verdictWords, 'how a held request ended', ordered),
  decidedBy: ofOutcome('decidedBy', deciderWords, 'who decided on a held request: a person, or the clock', ordered),
  reviewTime: ofOutcome('reviewTime', reviewTimeWords, 'how long a held request took', ordered),
  kind: ofContext('kind', Object.keys(queryKinds), 'one record looked up, or a search among many', ordered),
  key: ofContext('key', inquiryKeys, 'the message key: DQ, RQ …'),
  format: ofContext('format', ['legacy', 'niem', 'json'], 'the format of the message'),
  policyVersion: ofOutcome('policyVersion', null, 'the version of the policy that decided', { sql: 'cast(d."policyVersion" as varchar)', ordered: true }),
};

/** The levels of the tree of organisations are those of their ids: `us/dhs/ice` is at depth 3. */
export function organisationSql(depth: number | undefined): string {
  return depth === undefined ? 'r.organisation' : `array_to_string(string_split(r.organisation, '/')[1:${Math.max(1, Math.floor(depth))}], '/')`;
}
