import { createHash, randomBytes } from 'node:crypto';
import type { Sql } from 'postgres';

import { csvLine } from '../../insight/export/csv.ts';
import { MendableError } from '../../model/codedError.ts';
import { actsAfter, countActs, acts as actNames, type ActPlace, type ActQuery, type Acts, type ActScope, type FoundAct } from '../../people/acts/index.ts';
import type { ZipFile } from './zip.ts';

export const actFormats = ['csv', 'jsonl'] as const;
export type ActFormat = (typeof actFormats)[number];

/** What is exported, for whom and why. Who may is asked before: by the table of roles, or whoever has the machine. */
export interface ActExportRequest {
  readonly scope: ActScope;
  /** The scope in words: `owner WA`, `agency ZZ0000101`, `own`. */
  readonly place: string;
  /** In whose log the export stands; null for the exchange's own. */
  readonly owner: string | null;
  /** The ORI, where it is of an agency. */
  readonly ori: string | null;
  readonly query: ActQuery;
  /** The query as `readActQuery` says it back. */
  readonly text: string;
  readonly format: ActFormat;
  /** Who exports, as it stands on the record, with their role. */
  readonly by: string;
  readonly role: string | null;
  /** The office that gets it, and what for: 1 to 200 and 1 to 500 characters of a person. */
  readonly who: string;
  readonly why: string;
  /** The last day on which it may be kept, `YYYY-MM-DD`; null where none is set. */
  readonly expires: string | null;
}

export interface ActExportParts {
  readonly sql: Sql;
  readonly acts: Acts;
  /** `weir 0.1.0`. */
  readonly engine: string;
  /** Sealed with the record of the export, such as who was at the machine. */
  readonly words?: Readonly<Record<string, string>>;
  readonly now?: () => number;
}

export type ActExportErrorCode =
  /** Who, why or the last day is not one that a person can read years later. */
  | 'ACTS_EXPORT_FIELD'
  /** More acts than one export holds. */
  | 'ACTS_EXPORT_LARGE'
  /** As many exports are being made as the exchange makes at once, or one of this account. */
  | 'ACTS_EXPORT_BUSY';

/** Nothing was exported. */
export class ActExportError extends MendableError<ActExportErrorCode> {
  override readonly name = 'ActExportError';
}

/** An export that is on the record, and of which no byte was made yet. */
export interface ActExport {
  /** `X-` and twelve digits: the acts about it name it. */
  readonly id: string;
  /** `acts-WA-2026-03-01-X-…`: a name for a folder or archive. */
  readonly name: string;
  /** How many acts there were when it began. */
  readonly counted: number;
  /** asked.json, the acts, manifest.json, each read once and in this order. That the export ended is on the record before the manifest has a byte; that it was broken off, as soon as that is known. */
  readonly files: () => AsyncGenerator<ZipFile, void, undefined>;
  /** Of a finished export. */
  readonly made: () => { readonly rows: number; readonly files: readonly ActFile[] };
}

export interface ActFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The columns, in their order. What people wrote stays sealed: one act is opened at a time, and that is on the record. */
export const actColumns = [
  { name: 'id', type: 'string', what: 'number of the act', of: (act: FoundAct) => act.id },
  { name: 'at', type: 'datetime', what: 'when: RFC 3339, UTC', of: (act: FoundAct) => act.at },
  { name: 'owner', type: 'string', what: 'whose records or settings it concerns; null where it concerns none', of: (act: FoundAct) => act.owner },
  { name: 'act', type: 'string', what: 'the word of the act', of: (act: FoundAct) => act.act },
  { name: 'plain', type: 'string', what: 'the same in plain words', of: (act: FoundAct) => (Object.hasOwn(actNames, act.act) ? actNames[act.act as keyof typeof actNames] : act.act) },
  { name: 'who', type: 'string', what: 'the account, never a name; or operator, clock, nobody, certificate and digits', of: (act: FoundAct) => act.who },
  { name: 'role', type: 'string', what: 'the role by which it was done', of: (act: FoundAct) => act.role },
  { name: 'about', type: 'string', what: 'the number of a ticket, proposal, account or paper', of: (act: FoundAct) => act.on },
  { name: 'outcome', type: 'string', what: 'done, refused, failed', of: (act: FoundAct) => act.result },
  { name: 'hash', type: 'string', what: 'SHA-256 of what it is about', of: (act: FoundAct) => act.hash },
  { name: 'detail', type: 'string', what: 'numbers and words that belong to it, as JSON', of: (act: FoundAct) => act.detail },
  { name: 'words', type: 'boolean', what: 'whether words of people are sealed with it; they are not exported', of: (act: FoundAct) => act.words },
] as const;

const most = 5_000_000;
const perRead = 2_000;

/**
 * Begins an export of acts: it is on the record, with the SHA-256 of asked.json, when this resolves. Throws an `ActExportError`, or a `JournalError` where it cannot be recorded:
 * then there is no export.
 */
export async function beginActExport(parts: ActExportParts, request: ActExportRequest): Promise<ActExport> {
  const { sql, acts, engine, words = {}, now = Date.now } = parts;
  const { scope, query, text, owner, ori, place, format, by, role, who, why, expires } = checked(request, now());
  const at = new Date(now()).toISOString();
  // What is done from here on is not in it: so that the number holds while others go on working.
  const end: ActPlace = { at, id: '' };
  const { total, atLeast } = await countActs(sql, scope, query, most, end);
  if (atLeast) throw new ActExportError('ACTS_EXPORT_LARGE', `an export holds at most ${most} acts`, 'Ask for a shorter period, or for fewer kinds of acts.');
  const id = `X-${randomBytes(6).toString('hex').toUpperCase()}`;
  const columns = actColumns.map(({ name }) => name);
  const asked = { weirActs: 1, id, at, place, query: text, period: periodOf(query, at), columns, format, by, role, who, why, expires, counted: total };
  const askedText = `${JSON.stringify(asked, null, 2)}\n`;
  const about = { owner, who: by, role, on: id };
  const agency = ori === null ? {} : { ori };
  const begun = await acts.record({ ...about, act: 'actsExported', hash: sha256(askedText), detail: { rows: total, format, ...agency }, words: { query: text, who, why, ...words } });
  const made: ActFile[] = [];
  let rows = 0;

  async function* files(): AsyncGenerator<ZipFile, void, undefined> {
    let ended = false;
    try {
      const lines = format === 'csv' ? csvOf : jsonLinesOf;
      yield noted('asked.json', only(askedText), made);
      yield noted(`acts.${format}`, lines(read(sql, scope, query, end, (n) => { rows += n; })), made);
      const hash = made.at(-1)?.sha256 ?? '';
      const endedId = await acts.record({ ...about, act: 'actsExportEnded', hash, detail: { rows, format, ...agency } });
      ended = true;
      const manifest = { ...asked, created: at, engine, rows, order: 'the newest first', columns: actColumns.map(({ name, type, what }) => ({ name, type, what })), files: made, csv: format === 'csv' ? csvRule : null, recorded: { begun, ended: endedId, asked: 'asked.json', sha256: sha256(askedText) } };
      yield { name: 'manifest.json', bytes: only(`${JSON.stringify(manifest, null, 2)}\n`) };
    } finally {
      // Whoever asked went away, or the database did: what they may have got is on the record.
      if (!ended) await acts.record({ ...about, act: 'actsExportEnded', result: 'failed', detail: { rows, format, ...agency } });
    }
  }
  return { id, name: `acts-${place.replace(/^\w+ /, '')}-${at.slice(0, 10)}-${id}`, counted: total, files, made: () => ({ rows, files: made }) };
}

const csvRule = 'RFC 4180, UTF-8. A text that begins with = + - @, tab, CR, LF, their wide forms or an apostrophe has an apostrophe before it, which is to be taken away; booleans are as they are.';

/** Acts as they come, so many at a time. */
async function* read(sql: Sql, scope: ActScope, query: ActQuery, from: ActPlace, seen: (rows: number) => void): AsyncGenerator<readonly FoundAct[]> {
  let after = from;
  for (;;) {
    const found = await actsAfter(sql, scope, query, after, perRead);
    const last = found.at(-1);
    if (last === undefined) return;
    seen(found.length);
    yield found;
    if (found.length < perRead) return;
    after = last;
  }
}

async function* csvOf(pages: AsyncIterable<readonly FoundAct[]>): AsyncGenerator<Buffer> {
  yield Buffer.from(csvLine(actColumns.map(({ name }) => name)));
  for await (const page of pages) yield Buffer.from(page.map((act) => csvLine(actColumns.map(({ of }) => cellOf(of(act))))).join(''));
}

async function* jsonLinesOf(pages: AsyncIterable<readonly FoundAct[]>): AsyncGenerator<Buffer> {
  for await (const page of pages) yield Buffer.from(page.map((act) => `${JSON.stringify(Object.fromEntries(actColumns.map(({ name, of }) => [name, of(act)])))}\n`).join(''));
}

function cellOf(value: FoundAct['detail'] | string | boolean): string | boolean | null {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

async function* only(text: string): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(text));
}

/** The file, with its size and hash in the list once it was read. */
function noted(name: string, bytes: AsyncIterable<Buffer>, made: ActFile[]): ZipFile {
  async function* through(): AsyncGenerator<Buffer> {
    const hash = createHash('sha256');
    let length = 0;
    for await (const chunk of bytes) {
      hash.update(chunk);
      length += chunk.length;
      yield chunk;
    }
    made.push({ path: name, bytes: length, sha256: hash.digest('hex') });
  }
  return { name, bytes: through() };
}

/** The first and the last moment that the query can mean; null as the first where it names none. */
function periodOf({ created }: ActQuery, at: string): { readonly from: string | null; readonly to: string } {
  const froms = created.map(({ from }) => from);
  const tos = created.map(({ to }) => to ?? at);
  const last = tos.length === 0 ? at : tos.sort().at(-1) ?? at;
  return { from: froms.length === 0 || froms.includes(null) ? null : froms.sort()[0] ?? null, to: last < at ? last : at };
}

function checked(request: ActExportRequest, now: number): ActExportRequest {
  const [who, why] = [plain(request.who), plain(request.why)];
  const wrong = (message: string, mend: string): ActExportError => new ActExportError('ACTS_EXPORT_FIELD', message, mend);
  if (who === '' || who.length > 200) throw wrong('the office that gets it is not named', 'Give 1 to 200 letters, digits and signs.');
  if (why === '' || why.length > 500) throw wrong('it is not said what it is for', 'Give 1 to 500 letters, digits and signs.');
  const { expires } = request;
  if (expires !== null && !(/^2\d{3}-\d\d-\d\d$/.test(expires) && !Number.isNaN(Date.parse(expires)) && new Date(expires).toISOString().startsWith(expires) && expires >= new Date(now).toISOString().slice(0, 10))) {
    throw wrong('the last day on which it may be kept is none, or is over', 'Give a day that is to come, such as 2027-03-31.');
  }
  return { ...request, who, why };
}

/** On one line, without control characters. */
function plain(text: string): string {
  return text.replace(/[\p{C}\s]+/gu, ' ').trim();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
