import { nodeCrypto } from '../../verify/index.ts';
import { verifyReport, type VerifiedReport } from '../../verify/subjects.ts';
import type { AddVerb } from '../verb.ts';
import { cosigned } from './proof.ts';
import { fileText, trustOf, withTrust, type TrustOptions } from './trust.ts';
import { exitHelp, verdict } from './verdict.ts';

/** `weir verify report FILE`: that a resident's report leaves nothing out. */
export const addReport: AddVerb = (parent) => {
  withTrust(parent.command('report <file>'))
    .description('that a resident\'s report is true and leaves nothing out')
    .addHelpText('after', `\nTrusted must be the owner's log and the anchor log.\n${exitHelp}\n\nExample:\n  weir verify report report.json --policy trust.txt`)
    .action(verdict(async (options: TrustOptions, file: string) => {
      const report = await verifyReport(nodeCrypto, await trustOf(options), await fileText(file));
      return { text: words(report), json: { ok: true, ...report } };
    }));
};

function words({ owner, from, to, entries, withheld, erased, erasedDays, days, begins, witnesses }: VerifiedReport): string {
  return [
    `GOOD  ${owner}, ${from} to ${to}: ${String(entries.length)} ${entries.length === 1 ? 'entry' : 'entries'} in ${String(days)} days, and none is left out`,
    `${begins === null ? 'the log' : `the log, which began on ${begins}`}${cosigned(witnesses.log)}; the anchor log${cosigned(witnesses.anchor)}`,
    ...entries.map(({ index, fields }) => `${String(index).padStart(9)}  ${Object.values(fields).join('  ')}`),
    ...(withheld.length === 0 ? [] : [`withheld   ${JSON.stringify(withheld)}`]),
    ...(erased.length === 0 ? [] : [`erased     ${erased.join(', ')}`]),
    ...(erasedDays.length === 0 ? [] : [`of these days nothing can be said any more: ${erasedDays.join(', ')}`]),
  ].join('\n');
}
