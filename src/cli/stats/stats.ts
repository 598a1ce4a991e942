import { InvalidArgumentError } from 'commander';
import { ArchiveError } from '../../insight/archive/types.ts';
import { rowsBehind, type RowBehind } from '../../insight/statistics/behind.ts';
import { reconcile, type Reconciled } from '../../insight/statistics/reconcile.ts';
import { commandOf, readBy, readConditions, tabulate, type Facts, type StatQuery, type StatTable } from '../../insight/statistics/index.ts';
import { ownersOf, withInsight, type InsightContext, type InsightOptions } from '../insight/context.ts';
import { align, count } from '../registry/columnsOfText.ts';
import { exitCodes, VerbError, type VerbResult } from '../verb.ts';
import { withLeaves } from './ledgerSide.ts';
import { tableCsv } from './tableCsv.ts';
import { factLines, firstSentence, tableText } from './tableText.ts';

export interface StatsOptions extends InsightOptions {
  readonly by?: string;
  readonly where?: readonly string[];
  readonly compare?: boolean;
  readonly limit?: number | 'all';
  readonly csv?: boolean;
  readonly rows?: number | true;
  readonly fromLedger?: boolean;
}

/** How many lines a person is shown unless told, and how many rows. */
const usualLines = 40;
const usualRows = 20;

/** What `weir stats` does. */
export async function stats(options: StatsOptions, owner: string | undefined): Promise<VerbResult> {
  if (options.csv === true && options.json === true) throw new VerbError(exitCodes.usage, '--csv and --json are two forms of one table', 'Leave one out.');
  if (options.rows !== undefined && (options.csv === true || options.fromLedger === true || options.compare === true)) throw new VerbError(exitCodes.usage, '--rows lists requests, and goes with --where, --period and --json only', 'For many rows, or as a file: weir export.');
  // Read before anything is opened, so that a slip is told at once.
  const { query, period } = questionOf(options);
  return withInsight({ ...options, ...(period === undefined ? {} : { period }) }, { owners: ownersOf(owner) }, async (context) => {
    if (options.rows !== undefined) return rowsResult(context, query, options.rows === true ? usualRows : options.rows);
    if (options.fromLedger === true) return ledgerResult(context, query, options);
    const { session, world } = context;
    const table = await tabulate(session, query, { names: world.names });
    return tableResult(table, options, world.names);
  });
}

/** The question in the options, and its period, which a condition `created:` may name. */
export function questionOf({ by = '', where = [], compare = false, limit, json, csv, period }: StatsOptions): { readonly query: StatQuery; readonly period: string | undefined } {
  try {
    const { where: conditions, created } = readConditions(where);
    if (created !== null && period !== undefined) throw new VerbError(exitCodes.usage, 'the period is named twice, by --period and by created', 'Leave one out.');
    const most = limit === 'all' ? null : limit ?? (json === true || csv === true ? null : usualLines);
    return { query: { by: readBy(by), where: conditions, compare, limit: most }, period: period ?? created ?? undefined };
  } catch (error) {
    if (error instanceof ArchiveError) throw new VerbError(exitCodes.usage, error.message, 'weir stats --help lists the dimensions.', { cause: error });
    throw error;
  }
}

/** `12` or `all`. */
export function limitOf(text: string): number | 'all' {
  if (text === 'all') return text;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('a whole number from 1 is wanted, or all.');
  return Number(text);
}

function tableResult(table: StatTable, { csv, limit, fromLedger }: StatsOptions, names: InsightContext['world']['names']): VerbResult {
  // What is printed ends in a line feed by itself: of the last line end only the first half is left.
  if (csv === true) return { text: tableCsv(table).slice(0, -1), json: null };
  // The usual number of lines is nobody's wish: where all of them fit, it is not spoken of.
  const whole = limit === undefined && table.rows.length <= usualLines;
  const query = whole ? { ...table.query, limit: null } : table.query;
  const shown = whole ? { ...table, query, command: `${commandOf(query, table.facts)}${fromLedger === true ? ' --from-ledger' : ''}` } : table;
  return { text: tableText(shown, names), json: { sentence: firstSentence(table, names), ...table } };
}

async function rowsResult({ session, world }: InsightContext, query: StatQuery, limit: number): Promise<VerbResult> {
  const rows = await rowsBehind(session, query.where, limit, world.names);
  const table = await tabulate(session, { ...query, by: [], limit: null }, { names: world.names });
  const sentence = firstSentence(table, world.names);
  return {
    text: [sentence, '', ...(rows.length === 0 ? [] : [rowLines(rows), '', `The newest ${count(rows.length)} of ${count(table.total.n)}. ${rows[0]?.open === null || rows[0] === undefined ? 'This data set has no leaves to open.' : `To open one:  ${rows[0].open}`}`]), ...factLines(table.facts, false)].join('\n'),
    json: { sentence, facts: table.facts, total: table.total, rows },
  };
}

function rowLines(rows: readonly RowBehind[]): string {
  return align([['entry', 'time', 'agency', 'purpose', 'outcome', 'given', 'rules', ''], ...rows.map(({ place, at, agency, agencyName, purpose, statusWords, released, rules }) => [
    place, at, agencyName === agency ? agency : `${agency} ${agencyName}`, purpose, statusWords, released.join(' ') || '-', rules.join(' ') || '-', '',
  ])], 44);
}

async function ledgerResult({ session, world }: InsightContext, query: StatQuery, options: StatsOptions): Promise<VerbResult> {
  const found = await withLeaves(options, session, (leaves) => reconcile(session, leaves.reader, query, { names: world.names, check: (record) => leaves.checker.check(record), progress: leaves.progress }).then((result) => ({ ...result, proved: leaves.checker.proved })));
  const table = tableResult(found.table, options, world.names);
  const verdict = reconciledLines(found, found.proved, found.table.facts);
  const exit = found.agrees ? exitCodes.ok : exitCodes.finding;
  if (options.csv === true) {
    if (!found.agrees) process.stderr.write(`${verdict.join('\n')}\n`);
    return { ...table, exit };
  }
  return { text: [table.text, '', ...verdict].join('\n'), json: { ...(table.json as object), ledger: { agrees: found.agrees, proved: found.proved, differences: found.differences, ...found.even } }, exit };
}

function reconciledLines({ differences, even, agrees }: Reconciled, proved: number, { dataset }: Facts): string[] {
  return [
    `Counted from ${count(even.opened)} opened leaves of the ledger, ${count(proved)} of them proved to stand in the published log; the archive \`${dataset}\` ${agrees ? 'says the same' : 'SAYS OTHERWISE'}.`,
    ...evennessLines(even),
    ...differences.slice(0, 20).map(({ keys, archive, ledger, erased }) => `${erased ? 'erased ' : 'DIFFERS'} ${keys.join(', ')}: the archive has ${count(archive.n)} requests and ${count(archive.records)} records, the leaves ${count(ledger.n)} and ${count(ledger.records)}`),
    ...(differences.length > 20 ? [`and ${count(differences.length - 20)} more`] : []),
    ...(agrees ? [] : ['The ledger is the record of truth: weir archive rebuild makes the archive again.']),
  ];
}

/** What is wrong with the entries themselves, line by line; nothing where nothing is. */
export function evennessLines({ erased, verdictsErased, missing, invented, examples, faulty, faults }: Reconciled['even']): string[] {
  return [
    ...(erased === 0 ? [] : [`${count(erased)} archived entries were erased from the ledger since: what they counted can no longer be derived again.`]),
    ...(verdictsErased === 0 ? [] : [`${count(verdictsErased)} ${verdictsErased === 1 ? 'verdict on a held request was' : 'verdicts on held requests were'} erased from the ledger since: such a request is derived as one without a verdict.`]),
    ...(missing === 0 ? [] : [`DIFFERS ${count(missing)} leaves are not in the archive`]),
    ...(invented === 0 ? [] : [`DIFFERS ${count(invented)} rows of the archive have no leaf, or are there twice`]),
    ...(missing + invented === 0 || examples.length === 0 ? [] : [`        such as ${examples.join(', ')}`]),
    ...faults.slice(0, 10).map(({ owner, index, what }) => `ALTERED ${owner}#${index}: ${what}`),
    ...(faulty > 10 ? [`and ${count(faulty - 10)} more`] : []),
  ];
}
