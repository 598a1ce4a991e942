import type { Facts } from '../statistics/types.ts';
import type { ExportColumn } from './columns.ts';
import type { ExportFile } from './folder.ts';
import type { ExportFormat } from './formats.ts';
import type { Receipt } from '../../model/index.ts';

/** What was asked for: `asked.json`. The SHA-256 of that file is what the ledger has of an export, so that whoever holds the folder can show what it was made for. */
export interface Asked {
  readonly weirExport: 1;
  readonly id: string;
  readonly dataset: string;
  readonly kind: Facts['kind'];
  readonly owners: readonly string[];
  /** The first and the last day, UTC, both in it. */
  readonly from: string;
  readonly to: string;
  readonly where: readonly string[];
  readonly columns: readonly string[];
  readonly format: ExportFormat;
  /** Pseudonyms link the entries of one person. */
  readonly linked: boolean;
  /** The office that gets it, and what for. */
  readonly who: string;
  readonly why: string;
  /** The last day on which it may be kept; null where none was set. */
  readonly expires: string | null;
  /** Of each owner. */
  readonly rows: Readonly<Record<string, number>>;
}

/** `manifest.json`. */
export function manifestText(given: { readonly asked: Asked; readonly askedHash: string; readonly facts: Facts; readonly columns: readonly ExportColumn[]; readonly files: readonly ExportFile[]; readonly receipts: readonly Receipt[]; readonly licence: string; readonly engine: string; readonly created: string }): string {
  const { asked, askedHash, facts, columns, files, receipts, licence, engine, created } = given;
  return `${JSON.stringify({
    weirExport: 1, id: asked.id, created, engine, ...(facts.kind === 'invented' ? { notice: 'INVENTED DATA: nothing in this export happened.' } : {}),
    dataset: { name: facts.dataset, kind: facts.kind, label: facts.label, lacks: facts.lacks },
    query: { owners: asked.owners, period: { from: asked.from, to: asked.to, timeZone: facts.timeZone }, where: asked.where, entries: 'requests: openings, withholdings and answers given again are not in it', format: asked.format },
    rows: Object.values(asked.rows).reduce((sum, n) => sum + n, 0), rowsByOwner: asked.rows, newest: facts.newest, archivedTo: facts.archivedTo, leftOut: facts.leftOut, policyChanges: facts.changes,
    who: asked.who, why: asked.why, expires: asked.expires, licence,
    pseudonyms: asked.linked ? 'Stable within this export, different in every other. The key was drawn for it, and is kept nowhere.' : null,
    columns: columns.map(({ name, type, what }) => ({ name, type, what })),
    csv: asked.format === 'csv' ? 'RFC 4180, UTF-8. A text that begins with = + - @, tab, CR, LF, their wide forms or an apostrophe has an apostrophe before it, which is to be taken away; numbers are as they are. An empty text is quoted, none is not.' : null,
    files,
    recorded: { event: 'exported', asked: 'asked.json', sha256: askedHash, receipts },
  }, null, 2)}\n`;
}

/** `datapackage.json` (Frictionless Data Package). */
export function dataPackageText({ asked, columns, file, licence, label }: { readonly asked: Asked; readonly columns: readonly ExportColumn[]; readonly file: ExportFile; readonly licence: string; readonly label: string }): string {
  const mediatype = { csv: 'text/csv', jsonl: 'application/jsonl', parquet: 'application/vnd.apache.parquet' }[asked.format];
  return `${JSON.stringify({
    profile: 'data-package', name: `weir-export-${asked.id}`, title: `Requests for records of ${asked.owners.join(', ')}, ${asked.from} to ${asked.to}`, description: label, licenses: [{ name: 'other', title: licence }],
    resources: [{
      name: 'entries', path: file.path, format: asked.format, mediatype, encoding: 'utf-8', bytes: file.bytes, hash: `sha256:${file.sha256}`,
      ...(asked.format === 'csv' ? { dialect: { delimiter: ',', lineTerminator: '\r\n', quoteChar: '"', doubleQuote: true, header: true } } : {}),
      schema: { fields: columns.map(({ name, type, what }) => ({ name, type, description: what })), missingValues: [''], ...(['owner', 'index'].every((key) => columns.some(({ name }) => name === key)) ? { primaryKey: ['owner', 'index'] } : {}) },
    }],
  }, null, 2)}\n`;
}
