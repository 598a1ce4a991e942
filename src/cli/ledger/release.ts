import { Option } from 'commander';
import { makeRelease } from '../../ledger/opening/index.ts';
import { formatRelease } from '../../verify/release.ts';
import type { AddVerb, CommonOptions, VerbResult } from '../verb.ts';
import { verb } from '../verb.ts';
import type { OpenParts } from './open.ts';
import { counted, inWords, openingAct, ownerCode, requestOf, whole, withParts } from './open.ts';
import { refuseExisting, writeNew } from './writeNew.ts';

export interface ReleaseOptions extends CommonOptions {
  readonly owner: string;
  readonly from: string;
  readonly to: string;
  readonly out: string;
  readonly opening: string;
  readonly for: 'auditor' | 'public';
  readonly who?: string;
  readonly order?: string;
  readonly delay?: number;
}

/** `weir ledger release`: totals of a period, and the opening from which anybody who gets both adds them up again. */
export const addRelease: AddVerb = (parent) => {
  parent.command('release')
    .description('add up a period of an owner\'s log, with the opening that shows the totals')
    .requiredOption('--owner <code>', 'whose log', ownerCode)
    .requiredOption('--from <date>', 'first day (UTC)')
    .requiredOption('--to <date>', 'last day')
    .requiredOption('--out <file>', 'where the totals go; must not be there yet')
    .requiredOption('--opening <file>', 'where the opening goes; must not be there yet')
    .addOption(new Option('--for <reader>', 'who gets the opening').choices(['auditor', 'public']).default('auditor'))
    .option('--who <text>', 'the auditor\'s office')
    .option('--order <number>', 'the number of the order on which an auditor reads')
    .option('--delay <days>', 'for the public: only what is older than this', whole)
    .addHelpText('after', `
The numbers are exact. Small ones can point at a person: publish them only after suppression.

Example:
  weir ledger release --owner WA --from 2026-01-01 --to 2026-01-31 --who "State auditor" --order 2026-3 --out totals.json --opening january.json
  weir verify release totals.json --opening january.json`)
    .action(verb((options: ReleaseOptions) => withParts(options, openingAct(options), (parts) => release(parts, options))));
};

/** What the verb does. */
export function release(parts: OpenParts, options: ReleaseOptions): Promise<VerbResult> {
  return inWords(() => released(parts, options));
}

async function released(parts: OpenParts, options: ReleaseOptions): Promise<VerbResult> {
  const { out, opening, from, to } = options;
  refuseExisting(out);
  refuseExisting(opening);
  const made = await makeRelease({ ...await requestOf(parts, options, options.order ?? null), reader: parts.reader }, { from, to }, parts.recorder);
  await writeNew(opening, counted(made.lines, made.indices.length, parts.progress));
  const totals = made.release();
  await writeNew(out, [formatRelease(totals)]);
  const { decisions, others, unopened, cells, leaves } = totals;
  return {
    text: [
      `${out}: ${decisions} decisions of ${options.owner} from ${from} to ${to}, in ${cells.length} cells (entries ${leaves.from} to ${leaves.to - 1})`,
      `${opening}: the opening that shows them, recorded as entry ${made.recorded.receipt.index} of the log ${made.recorded.receipt.log}`,
      ...(unopened === 0 ? [] : [`${unopened} entries of the period are erased, or not for this reader, and not counted`]),
    ].join('\n'),
    json: { out, opening, decisions, others, unopened, leaves, cells: cells.length, receipt: made.recorded.receipt },
  };
}
