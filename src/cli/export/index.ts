import { Option } from 'commander';
import { exportFormats } from '../../insight/export/index.ts';
import { verb, type AddVerb } from '../verb.ts';
import { exportVerb, type ExportOptions } from './export.ts';

/** `weir export`: requests in a file, with a manifest, and on the record. */
export const addExport: AddVerb = (parent) => {
  parent.command('export')
    .description('write requests into a folder as CSV, JSON lines or Parquet, with a manifest; itself recorded')
    .argument('[owner]', 'two letters, such as WA; all owners of the data set where none is named')
    .addOption(new Option('--format <format>', 'how the entries are written').choices([...exportFormats]).default('csv'))
    .requiredOption('--out <folder>', 'a folder that is not there yet; it appears whole or not at all')
    .requiredOption('--who <office>', 'the office that gets it')
    .requiredOption('--why <text>', 'what it is for')
    .option('--where <condition>', 'party=immigration, status!=refused; may be given several times; see weir stats --help', (text: string, before: readonly string[] | undefined) => [...(before ?? []), text])
    .option('--period <period>', '2026, 2026-Q3, 2026-10, 2026-10-03, two with .. between, last-30-days; the last 12 months unless told')
    .option('--log <name>', 'the data set: ledger, an invented or an imported one')
    .option('--columns <names>', 'only these, separated by commas; all for all of them')
    .option('--link', 'with pseudonyms that are the same for one person within this export, and only there')
    .option('--expires <day>', 'the last day on which it may be kept, YYYY-MM-DD')
    .option('--licence <text>', 'under which it is given; for the named use only unless told')
    .addHelpText('after', `
The folder holds the entries, asked.json (what was asked for, by whom and why), manifest.json and datapackage.json. The SHA-256 of asked.json stands in the anchor log before
anything is written: no record, no export. No name, number or tag of a person is ever in it.

Examples:
  weir export WA --period 2026-10 --out october --who "State auditor" --why "Audit 2026-14"
  weir export WA --where party=immigration --where released=photo --format parquet --out photos --who "Privacy office" --why "Briefing of the governor"
  weir export all --format jsonl --columns owner,at,agency,purpose,status --out year --who "Legislative research" --why "Hearing of 4 March" --expires 2027-03-31`)
    .action(verb((options: ExportOptions, owner: string | undefined) => exportVerb(options, owner)));
};
