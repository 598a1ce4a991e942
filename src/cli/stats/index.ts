import { dimensionFacts } from '../../insight/statistics/index.ts';
import { InvalidArgumentError } from 'commander';
import { verb, type AddVerb } from '../verb.ts';
import { limitOf, stats, type StatsOptions } from './stats.ts';
import { verifyStats, type VerifyStatsOptions } from './verify.ts';

/** `weir stats`: counts of requests, by any two of what is known of them. */
export const addStats: AddVerb = (parent) => {
  const command = parent.command('stats')
    .description('count requests: by agency, purpose, data, rule, outcome, time; any two crossed, and compared')
    .argument('[owner]', 'two letters, such as WA; all owners of the data set where none is named')
    .option('--by <dimensions>', 'one or two, such as party or month,status')
    .option('--where <condition>', 'party=immigration, status!=refused, purpose=fraud,theft; may be given several times', gather)
    .option('--period <period>', '2026, 2026-Q3, 2026-10, 2026-10-03, two with .. between, last-30-days, last-12-months; the last 12 months unless told')
    .option('--log <name>', 'the data set: ledger, an invented or an imported one')
    .option('--compare', 'beside it the period before, and the same a year before')
    .option('--limit <n>', 'so many lines, and all others in one; all for all of them', limitOf)
    .option('--rows [n]', 'the newest requests behind the figure instead of counts, with the command that opens each', rowsOf)
    .option('--from-ledger', 'count from opened leaves of the ledger instead, and say where the archive differs')
    .option('--csv', 'as CSV, harmless to spreadsheets')
    .addHelpText('after', `
Dimensions:
${Object.entries(dimensionFacts).map(([name, { plain, list }]) => `  ${name.padEnd(14)}${plain}${list ? ' *' : ''}`).join('\n')}
  * a request counts in each of its words, so that lines add up to more than the total

Conditions may also be written as a search: --where "agency:ZX0010000 -outcome:refused created:2026-01..2026-03"
Exit code 1 where --from-ledger finds a difference.

Examples:
  weir stats WA --by party                                          who asked
  weir stats WA --by party,released --where status!=refused         what they were given
  weir stats WA --by organisation:3 --where party=immigration       which parts of which agencies
  weir stats WA --by month,status --period 2026 --compare           how it went, against the year before
  weir stats WA --where program287g=taskForce --rows 50             the requests themselves
  weir stats all --by owner --where component=HSI --csv             all states in a file
  weir stats WA --by rule --from-ledger                             the same from opened leaves`)
    .action(verb((options: StatsOptions, owner: string | undefined) => stats(options, owner)));
  command.command('verify')
    .description('derive published figures, drawn by chance, again from opened leaves of the ledger')
    .argument('[owner]', 'two letters, such as WA; all owners where none is named')
    .option('--sample <n>', 'how many figures', sampleOf, 1_000)
    .option('--seed <text>', 'draws the same figures again')
    .option('--period <period>', 'within this period; the last 12 months unless told')
    .option('--log <name>', 'the data set; ledger unless told')
    .addHelpText('after', `
Dimensions, periods and conditions are drawn by chance. Each entry is opened, its commitment made again and held against the published log, and each leaf must stand in the
archive exactly once. What was erased since it was archived can no longer be derived, and is said apart. Exit code 1 where anything differs.

Examples:
  weir stats verify --sample 1000
  weir stats verify WA --sample 200 --seed "hearing of 4 March" --json`)
    .action(verb((options: VerifyStatsOptions, owner: string | undefined) => verifyStats(options, owner)));
};

function gather(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

function rowsOf(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('a whole number from 1 is wanted.');
  return Number(text);
}

function sampleOf(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('a whole number from 1 to 999999 is wanted.');
  return Number(text);
}
