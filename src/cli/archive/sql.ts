import { openAsking, type Answered } from '../../insight/archive/ask.ts';
import { chooseDataset, defaultPeriod } from '../../insight/archive/choose.ts';
import { periodWords, readPeriod } from '../../insight/period.ts';
import { archiveFolder, archiveInWords, ownersOf, type InsightOptions } from '../insight/context.ts';
import { exitCodes, verb, VerbError, type AddVerb, type VerbResult } from '../verb.ts';
import { kindWords, momentText, tableText } from './words.ts';

interface Options extends InsightOptions {
  readonly owner?: string;
  readonly limit: string;
}

/** `weir archive sql STATEMENT`: anybody's own question. */
export const addSql: AddVerb = (parent) => {
  parent.command('sql')
    .argument('<statement>', 'one SELECT over rows, rollup, totals, attributes, requesters, contexts, outcomes, events')
    .description('ask the archive in SQL; only reads, and no file but those of the data set')
    .option('--log <name>', 'the data set')
    .option('--owner <code>', 'two letters, or all', 'all')
    .option('--period <text>', 'such as 2026-Q3, 2026-01..2026-06 or last-30-days; the 12 months up to the newest entry')
    .option('--limit <n>', 'how many rows at most', '200')
    .addHelpText('after', [
      '', 'docs/archive.md has every column. The dialect is DuckDB\'s; "at" and "user" need their quotation marks. Times are UTC.', '', 'Examples:',
      '  weir archive sql "SELECT type, count(*) FROM rows GROUP BY ALL"',
      '  weir archive sql --owner WA "SELECT a.party, sum(n) AS n FROM totals t JOIN requesters r ON r.owner = t.owner AND r.id = t.who JOIN attributes a ON a.owner = r.owner AND a.id = r.attributes GROUP BY ALL ORDER BY n DESC"',
      '  weir archive sql --period 2026-10 --json "SELECT month, sum(n) AS n FROM rollup GROUP BY ALL"',
    ].join('\n'))
    .action(verb((options: Options, statement: string) => archiveInWords(() => sql(options, statement))));
};

async function sql(options: Options, statement: string): Promise<VerbResult> {
  if (!/^[1-9]\d{0,6}$/.test(options.limit)) throw new VerbError(exitCodes.usage, `${options.limit.slice(0, 40)} is no number of rows`, 'Give one from 1 to 9999999, such as --limit 1000.');
  const { folder, dataset } = await chooseDataset(archiveFolder(options), options.log);
  const owners = ownersOf(options.owner);
  const period = options.period === undefined ? await defaultPeriod(folder, owners) : readPeriod(options.period, Date.now());
  const asking = await openAsking({ folder, owners, period });
  try {
    const answered = await asking.ask(statement, Number(options.limit));
    const newest = [...asking.session.watermarks.values()].reduce<number | null>((found, one) => (one.newest === null ? found : Math.max(found ?? 0, one.newest)), null);
    const facts = { dataset: dataset.name, kind: dataset.kind, label: dataset.label, owners: asking.session.owners, period: { from: new Date(period.from).toISOString(), to: new Date(period.to).toISOString() }, timeZone: 'UTC', newest: newest === null ? null : new Date(newest).toISOString(), lacks: dataset.lacks };
    const note = `${dataset.name} (${kindWords[dataset.kind]}), ${options.owner === undefined || options.owner === 'all' ? 'all owners' : asking.session.owners.join(', ')}, ${periodWords(period)} UTC, newest entry ${momentText(newest)}${answered.more ? `; only the first ${answered.rows.length} rows are shown (--limit)` : ''}.`;
    return { text: `${shown(answered)}\n\n${note}`, json: { ...facts, columns: answered.columns, rows: answered.rows.map((row) => jsonRow(row)), more: answered.more } };
  } finally {
    await asking.close();
  }
}

function shown({ columns, rows }: Answered): string {
  return rows.length === 0 ? 'No row.' : tableText(columns, rows.map((row) => columns.map((column) => cellText(row[column]))));
}

/** One line, whatever is in it; control characters of a terminal are no part of an answer. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return '-';
  const text = typeof value === 'object' ? JSON.stringify(value, bigints) : `${value as string | number | boolean}`;
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}

/** JSON has no number of 64 bits: those become text. */
function jsonRow(row: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(JSON.stringify(row, bigints));
}

function bigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
