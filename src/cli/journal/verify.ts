import type { WalReport } from '../../ledger/index.ts';
import { verifyWal } from '../../ledger/index.ts';
import { ProgressLine } from '../progressLine.ts';
import type { AddVerb, CommonOptions, VerbResult } from '../verb.ts';
import { exitCodes, verb } from '../verb.ts';
import { walFolder } from './walFolder.ts';

/** `weir journal verify`: 0 where every byte is as it was written, 1 where one is not. */
export const addVerify: AddVerb = (parent) => {
  parent.command('verify')
    .description('check every byte of the write-ahead file: sums, the chain of hashes, the order of entries')
    .addHelpText('after', '\nExamples:\n  weir journal verify\n  weir journal verify --data /srv/weir --json\n\nExit code 1 where there is damage; file and byte are named. `weir ledger fsck` checks what is published too.')
    .action(verb(async (options: CommonOptions) => {
      const progress = new ProgressLine(process.stderr, options.quiet === true);
      try {
        return verifyResult(await verifyWal(walFolder(options), { onProgress: (done, total) => progress.show('bytes checked', done, total) }));
      } finally {
        progress.end();
      }
    }));
};

function verifyResult(report: WalReport): VerbResult {
  const { entries, first, last, sizes, batches, segments, bytes, chain, torn, damage } = report;
  const logs = [...sizes].filter(([, size]) => size > 0);
  const lines = [
    `entries   ${entries}${first === null || last === null ? '' : `, ${first} to ${last}`}${first !== null && first > 0 ? '; what is before them was pruned and lies in the private files' : ''}`,
    `logs      ${logs.length}, the largest ${logs.sort(([, a], [, b]) => b - a).slice(0, 3).map(([log, size]) => `${log} ${size}`).join(', ')}`,
    `batches   ${batches} in ${segments} ${segments === 1 ? 'file' : 'files'}, ${bytes} bytes`,
    `chain     ${chain}`,
    ...(torn === null ? [] : [`note      ${torn.file} at byte ${torn.offset}: ${torn.bytes} bytes of a batch that is being written, or was cut short and never acknowledged`]),
    ...damage.map((one) => `damage    ${one.file} at byte ${one.offset}: ${one.what}`),
    damage.length === 0 ? 'The write-ahead file is whole.' : `The write-ahead file is damaged in ${damage.length} ${damage.length === 1 ? 'place' : 'places'}.`,
  ];
  return { text: lines.join('\n'), json: { ok: damage.length === 0, ...report, sizes: Object.fromEntries(sizes), roots: Object.fromEntries(report.roots) }, exit: damage.length === 0 ? exitCodes.ok : exitCodes.finding };
}
