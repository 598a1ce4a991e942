import { nodeCrypto } from '../../verify/index.ts';
import { verifyOpening, verifyOpeningLines, type OpeningReport } from '../../verify/opening.ts';
import type { AddVerb } from '../verb.ts';
import { openingOf } from './opened.ts';
import { cosigned } from './proof.ts';
import { trustOf, withTrust, type TrustOptions } from './trust.ts';
import { exitHelp, verdict } from './verdict.ts';

const mostShown = 1_000;

/** `weir verify opening FILE`: that what was opened is what the log has. */
export const addOpening: AddVerb = (parent) => {
  withTrust(parent.command('opening <file>'))
    .description('that the entries of an opening are in the log, with just these contents')
    .addHelpText('after', `${exitHelp}\n\nExample:\n  weir verify opening opening.json --policy trust.txt`)
    .action(verdict(async (options: TrustOptions, file: string) => {
      const policy = await trustOf(options);
      const source = await openingOf(file);
      const report = typeof source === 'string' ? await verifyOpening(nodeCrypto, policy, source) : await verifyOpeningLines(nodeCrypto, policy, source);
      return { text: words(report), json: { ok: true, ...report, opened: report.opened.map(({ fields, ...entry }) => ({ ...entry, fields: Object.fromEntries(fields) })) } };
    }));
};

function words({ origin, size, by, to, who, order, made, entries, withheld, record, opened }: OpeningReport): string {
  return [
    `GOOD  ${String(entries)} ${entries === 1 ? 'entry' : 'entries'} of ${origin}, opened to ${to} ${who}${order === null ? '' : ` on ${order}`}, ${made}`,
    `under a checkpoint of ${String(size)} entries${cosigned(by)}`,
    `the opening itself is entry ${record.entry} at index ${String(record.index)}`,
    ...withheld.map(({ index, until }) => `withheld   ${index === null ? 'one entry' : `entry ${String(index)}`} until ${until}`),
    ...opened.slice(0, mostShown).map((entry) => `${String(entry.index).padStart(9)}  ${entry.words}`),
    ...(opened.length > mostShown ? [`and ${String(opened.length - mostShown)} more; --json has all`] : []),
  ].join('\n');
}
