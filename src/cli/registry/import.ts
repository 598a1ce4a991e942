import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Argument } from 'commander';
import {
  changeContent, checkContent, countReasons, importAgreements, importFbi, importStates, readContent, readTable, RegistryError,
  type Imported, type ImportReport, type RegistryContent, type Table,
} from '../../registry/index.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { claimChangeExit, claimChangeLines, claimsAfter } from './brokenClaims.ts';
import { align, count } from './columnsOfText.ts';
import { inWords, withRegistry } from './withRegistry.ts';

interface ImportOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly note?: string;
  readonly report?: string;
  readonly replace?: boolean;
  readonly date?: string;
  readonly prove?: boolean;
}

const lists = ['fbi', '287g', 'states'] as const;
type List = (typeof lists)[number];

/** `weir registry import LIST FILE`: merges a published list into the registry, as a new version. */
export const addImport: AddVerb = (parent) => {
  parent.command('import')
    .description('merge a list into the registry, and tell of every row that was not taken')
    .addArgument(new Argument('<list>', 'which list it is').choices(lists))
    .argument('<file>', 'a CSV file in UTF-8 with a heading')
    .option('--dry-run', 'tell what would change, and change nothing')
    .option('--note <text>', 'kept with the version')
    .option('--report <file>', 'write the rows that were not taken: CSV where the name ends in .csv, else the whole report as JSON')
    .option('--replace', 'drop what this list does not have (fbi: everything; 287g: suggestions of earlier lists; states: unused ones)')
    .option('--date <day>', '287g: the day of the list, where the file name does not have it')
    .option('--no-prove', 'do not prove the claims of policies on the new version')
    .addHelpText('after', `
Columns are found by their headings, and by what they hold:
  fbi     ori, agency_type, state, name; name_2018, county
  287g    state, agency, support_type, signed; agency_type, county, ori, last_seen
  states  usps, name

A match by name in a 287(g) list is a suggestion: weir registry suggestions, weir registry confirm.

Examples:
  weir registry import states states.csv
  weir registry import fbi us-le-agencies.csv --dry-run
  weir registry import 287g participating-2025-07-18.csv --report not-taken.csv`)
    .action(verb(importList));
};

async function importList(options: ImportOptions, list: List, path: string): Promise<VerbResult> {
  const table = await readList(path);
  const file = basename(path);
  const note = options.note ?? `${list} list ${file}`;
  const { report, version, diff, claims } = await withRegistry(options, async (sql) => {
    let imported: Imported | null = null;
    const change = (current: RegistryContent): RegistryContent => (imported = importOne(list, table, current, file, options)).content;
    if (options.dryRun === true) {
      const content = change(await readContent(sql));
      const faults = checkContent(content);
      if (faults.length > 0) throw new RegistryError('badContent', `${faults.length} rows of the outcome cannot be in a registry`, faults);
      return { report: reportOf(imported), version: null, diff: null, claims: null };
    }
    const stored = await changeContent(sql, note, change);
    return { report: reportOf(imported), version: stored.changed ? stored.version : null, diff: stored.hash, claims: await claimsAfter(sql, stored, options) };
  });
  if (options.report !== undefined) await writeReport(options.report, report);
  return {
    text: [words(report, version, options), ...claimChangeLines(claims)].join('\n'),
    json: { ...report, reasons: Object.fromEntries(countReasons(report)), version, hash: diff, dryRun: options.dryRun === true, claims },
    exit: claimChangeExit(claims),
  };
}

function importOne(list: List, table: Table, current: RegistryContent, file: string, options: ImportOptions): Imported {
  const common = { file, replace: options.replace === true };
  if (list === 'fbi') return importFbi(table, current, common);
  return list === 'states' ? importStates(table, current, common) : importAgreements(table, current, { ...common, listDate: options.date ?? null });
}

async function readList(path: string): Promise<Table> {
  try {
    return readTable(await readFile(path));
  } catch (error) {
    if (error instanceof RegistryError) throw inWords(error);
    throw new VerbError(exitCodes.environment, `the file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, 'Check the path.', { cause: error });
  }
}

async function writeReport(path: string, report: ImportReport): Promise<void> {
  const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const text = path.toLowerCase().endsWith('.csv')
    ? ['line,reason,what,candidates', ...report.notTaken.map(({ line, reason, what, candidates }) => `${line},${reason},${cell(what)},${cell(candidates.join(' | '))}`)].join('\n')
    : JSON.stringify(report, null, 2);
  try {
    await writeFile(path, `${text}\n`);
  } catch (error) {
    throw new VerbError(exitCodes.environment, `the report cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, 'Check the path. The import itself is done.', { cause: error });
  }
}

function words(report: ImportReport, version: number | null, options: ImportOptions): string {
  const shown = report.notTaken.slice(0, 10);
  return [
    align([
      ['rows', count(report.rows)], ['added', count(report.added)], ['updated', count(report.updated)], ['unchanged', count(report.unchanged)], ['not taken', count(report.notTaken.length)],
      ...countReasons(report).map(([reason, n]) => [`  ${reason}`, count(n)]), ...(report.dropped > 0 ? [['dropped', count(report.dropped)]] : []),
      ...(report.made.length > 0 ? [['made above', report.made.join(' ')]] : []),
      ['columns', report.columns.filter(({ column }) => column !== null).map(({ name, column, by }) => `${name}=${String(column)}${by === 'content' ? ' (by content)' : ''}`).join(', ')],
    ]),
    ...(shown.length === 0 ? [] : ['', 'not taken:', align(shown.map(({ line, reason, what, candidates }) => [`  line ${line}`, reason, what, candidates.join(', ')]))]),
    ...(report.notTaken.length > shown.length ? [`  and ${count(report.notTaken.length - shown.length)} more: --report FILE writes them all`] : []),
    ...report.notes.map((note) => `note: ${note}`),
    '', options.dryRun === true ? 'Nothing was changed (--dry-run).' : version === null ? 'The registry is as it was: no new version.' : `The registry is now at version ${version}.`,
    ...(report.list === '287g' && report.added > 0 ? ['The matches are suggestions, and count as undeclared until a person confirms them: weir registry suggestions'] : []),
  ].join('\n');
}

function reportOf(imported: Imported | null): ImportReport {
  if (imported === null) throw new Error('the change was not made');
  return imported.report;
}
