import { createHash, randomUUID } from 'node:crypto';
import type { Recorded } from '../../exchange/ports.ts';
import type { Entry, SystemEntry } from '../../model/index.ts';
import type { ArchiveSession } from '../archive/types.ts';
import { conditionText } from '../statistics/conditions.ts';
import { factsOf } from '../statistics/facts.ts';
import type { Condition, Names } from '../statistics/types.ts';
import { chooseColumns } from './columns.ts';
import { ExportError } from './errors.ts';
import { beginFolder, FileWriter, toParquet, writeFileAt, type ExportFile } from './folder.ts';
import { lineFormats, type ExportFormat } from './formats.ts';
import { countSelection, writeLines, type LinesOptions } from './lines.ts';
import { dataPackageText, manifestText, type Asked } from './manifest.ts';
import { openPseudonyms } from './pseudonyms.ts';

export interface ExportRequest {
  readonly where: readonly Condition[];
  /** Null for the usual ones. */
  readonly columns: readonly string[] | null;
  readonly format: ExportFormat;
  readonly link: boolean;
  /** The office that gets it, and what for. */
  readonly who: string;
  readonly why: string;
  /** `YYYY-MM-DD`. */
  readonly expires: string | null;
  readonly licence: string | null;
  /** The folder, which must not be there. */
  readonly out: string;
}

export interface ExportParts {
  readonly session: ArchiveSession;
  readonly names: Names;
  /** Makes an entry durable: nothing is written before. */
  readonly recorder: { append(entries: readonly Entry[]): Promise<readonly Recorded[]> };
  /** `weir 0.1.0`. */
  readonly engine: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly progress?: (done: number, total: number) => void;
}

export interface Exported {
  readonly id: string;
  readonly out: string;
  readonly rows: number;
  readonly files: readonly ExportFile[];
  readonly receipts: readonly Recorded['receipt'][];
  /** SHA-256 of `asked.json`, as recorded. */
  readonly hash: string;
}

/**
 * Writes the requests of a selection into a new folder: the entries in one format, what was asked for, a manifest and a Data Package. The export is on the record (event `exported`, one for each owner)
 * before a byte of an entry is written; the folder appears whole, or not at all.
 * Throws an ExportError, an ArchiveError `ARCHIVE_QUESTION`, or what the recorder throws: then nothing was handed out.
 */
export async function exportSelection(parts: ExportParts, request: ExportRequest): Promise<Exported> {
  const { session, now } = parts;
  checkRequest(request, now);
  const columns = chooseColumns(request.columns, request.link);
  const folder = await beginFolder(request.out);
  try {
    const rows = await countSelection(session, request.where);
    const asked = askedOf(session, request, columns.map(({ name }) => name), rows);
    const askedText = `${JSON.stringify(asked, null, 2)}\n`;
    const hash = createHash('sha256').update(askedText).digest('hex');
    const receipts = await recordIt(parts, asked, hash);
    const entries = await writeEntries(folder.making, parts, request.format, asked, { columns, where: request.where, format: lineFormats[request.format], names: parts.names, pseudonyms: openPseudonyms() });
    const facts = await factsOf(session);
    const licence = request.licence ?? (facts.kind === 'invented' ? 'Invented data of a demonstration; no rights are claimed.' : 'For the use named in "why" only. Not for publication, and not to be passed on.');
    const more = [
      writeFileAt(folder.making, 'asked.json', askedText),
      writeFileAt(folder.making, 'datapackage.json', dataPackageText({ asked, columns, file: entries, licence, label: facts.label })),
    ];
    const files = [entries, ...more];
    writeFileAt(folder.making, 'manifest.json', manifestText({ asked, askedHash: hash, facts, columns, files, receipts, licence, engine: parts.engine, created: new Date(now).toISOString() }));
    await folder.keep();
    return { id: asked.id, out: request.out, rows: Object.values(rows).reduce((sum, n) => sum + n, 0), files, receipts, hash };
  } finally {
    await folder.drop();
  }
}

function checkRequest({ who, why, expires, licence }: ExportRequest, now: number): void {
  const line = (text: string, most: number): boolean => text.trim() !== '' && text.length <= most && !/[\p{Cc}\p{Cs}]/u.test(text);
  const wrong = (message: string): ExportError => new ExportError('EXPORT_REQUEST', message);
  if (!line(who, 200)) throw wrong('an export names the office that gets it, in one line of at most 200 characters');
  if (!line(why, 500)) throw wrong('an export says what it is for, in one line of at most 500 characters');
  if (licence !== null && !line(licence, 500)) throw wrong('the licence is one line of at most 500 characters');
  if (expires === null) return;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(expires) ? Date.parse(`${expires}T00:00:00Z`) : NaN;
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== expires || at < now - (now % 86_400_000)) throw wrong('the export expires on a day to come, as YYYY-MM-DD');
}

function askedOf({ dataset, owners, period }: ArchiveSession, { where, format, link, who, why, expires }: ExportRequest, columns: readonly string[], rows: Readonly<Record<string, number>>): Asked {
  return {
    weirExport: 1, id: randomUUID(), dataset: dataset.name, kind: dataset.kind, owners, from: new Date(period.from).toISOString().slice(0, 10), to: new Date(period.to - 1).toISOString().slice(0, 10),
    where: where.map(conditionText), columns, format, linked: link, who: who.trim(), why: why.trim(), expires, rows,
  };
}

/** One entry of the anchor log for each owner whose entries leave. Nothing in it names a person or an office: that is in `asked.json`, which the hash binds. */
async function recordIt({ recorder, now }: ExportParts, { id, dataset, format, columns, linked, rows }: Asked, hash: string): Promise<readonly Recorded['receipt'][]> {
  const entries = Object.entries(rows).map(([owner, n]): SystemEntry => ({
    type: 'system', v: 1, id: `${id}/${owner}`, at: new Date(now).toISOString(), event: 'exported', subject: owner, hash, detail: { dataset, rows: n, format, columns: columns.length, linked: linked ? 'yes' : 'no' },
  }));
  const recorded = await recorder.append(entries);
  if (recorded.length !== entries.length) throw new ExportError('EXPORT_RECORD', 'the export was not recorded, so nothing was written');
  return recorded.map(({ receipt }) => receipt);
}

async function writeEntries(folder: string, { session, progress }: ExportParts, format: ExportFormat, { rows }: Asked, options: LinesOptions): Promise<ExportFile> {
  const total = Object.values(rows).reduce((sum, n) => sum + n, 0);
  // A file is handed on without its folder: what is invented says so in its name.
  const stem = session.dataset.kind === 'invented' ? 'invented-entries' : 'entries';
  const name = format === 'parquet' ? `${stem}.lines` : `${stem}.${format}`;
  const file = new FileWriter(folder, name);
  let done = 0;
  let written: Readonly<Record<string, number>>;
  try {
    const head = options.format.head(options.columns);
    if (head !== null) file.write(`${head}${options.format.end}`);
    written = await writeLines(session, options, (text, lines) => {
      file.write(text);
      done += lines;
      progress?.(done, total);
    });
  } catch (error) {
    file.abandon();
    throw error;
  }
  const lines = file.end();
  const other = Object.entries(rows).find(([owner, n]) => written[owner] !== n);
  if (other !== undefined) throw new ExportError('EXPORT_ROWS', `the archive gave ${String(written[other[0]] ?? 0)} requests of ${other[0]} where ${other[1]} were counted before`);
  return format === 'parquet' ? toParquet(folder, name, `${stem}.parquet`, options.columns) : lines;
}
