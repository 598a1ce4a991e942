import { verb, type AddVerb } from '../verb.ts';
import { runBacktest, type BacktestOptions } from './run.ts';

/** `weir backtest`: what the requests of a period would have come to under a policy that is not in force. */
export const addBacktest: AddVerb = (parent) => {
  parent.command('backtest')
    .description('try a draft of a policy on the requests of a period: what it would have given, held and refused')
    .argument('[draft]', 'a policy file; its owner is the one that is tried')
    .option('--against <draft>', 'a second draft of the same owner, to be seen beside the first')
    .option('--all <folder>', 'every policy file of a folder, one for each owner, instead of one draft')
    .option('--baseline <policy>', 'compare with another policy, tried on the same requests: a file, or the number of a version; else with what was decided then')
    .option('--period <period>', '2026, 2026-Q3, 2026-10, 2026-10-03, two with .. between, last-30-days, last-12-months; the last 12 months unless told')
    .option('--log <name>', 'the data set: ledger, an invented or an imported one')
    .option('--as-of <day>', 'rules that begin or end are taken as on this day; the last day of the period unless told, or the first day of the draft')
    .option('--minutes-per-review <minutes>', 'what one review takes: a number, or a range such as 3..12', '6')
    .option('--counts', 'counts alone, from the rollup: no people, no examples, no busiest day')
    .option('--claims', 'prove the claims of the draft too, on the registry of today')
    .option('--full-scan', 'count everything again from the rows, and say where the two differ')
    .option('--out <file>', 'write the report to a new file: .html, .md or .json')
    .option('--no-record', 'do not record the backtest in the ledger')
    .addHelpText('after', `
What would newly be given stands first; then what would be held or refused. The draft changes nothing. Counts are exact: each kind of request is decided once by the
compiled draft, and counted as often as it came. The same draft, data and registry give the same report, to the byte; its number says so.
Exit code 1 where --full-scan finds a difference.

Examples:
  weir backtest draft.yaml                                  the last twelve months
  weir backtest draft.yaml --period 2026-Q3 --out draft.html
  weir backtest draft.yaml --against other.yaml             two drafts side by side
  weir backtest draft.yaml --baseline 3                     against version 3, tried on the same requests
  weir backtest draft.yaml --full-scan                      count again from the rows, as a check
  weir backtest --all drafts/ --json                        many owners at once`)
    .action(verb((options: BacktestOptions, draft: string | undefined) => runBacktest(options, draft)));
};
