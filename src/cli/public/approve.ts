import type { SystemEntry } from '../../model/index.ts';
import { canonicalJson, sameOffice, type Aggregate, type Approval } from '../../publish/index.ts';
import { refuseExisting, writeNew } from '../ledger/writeNew.ts';
import { withRecorder } from '../ledger/record.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { aggregateOf, officeOf } from './faults.ts';
import { aggregateLines, hiddenCounts } from './hiddenLines.ts';

interface Options extends CommonOptions {
  readonly by?: string;
  readonly out: string;
}

/** `weir public approve`: shows what a release would say, and approves exactly that. */
export const addApprove: AddVerb = (parent) => {
  parent.command('approve')
    .description('show what a release would say, in words; with --by, approve exactly this file, on the record')
    .argument('<aggregate>', 'the file that weir public prepare wrote')
    .option('--by <office>', 'the office that approves: another than the one that prepared it')
    .option('--out <file>', 'the new file', 'approval.json')
    .addHelpText('after', '\nThe approval is bound to the SHA-256 of the file, and stands in the ledger before it is written.\n\nExamples:\n  weir public approve aggregate.json                            only look\n  weir public approve aggregate.json --by "Office of the CIO"')
    .action(verb(async (options: Options, path: string) => {
      const { aggregate, hash } = await aggregateOf(path);
      const lines = aggregateLines(aggregate, hash);
      const json = { owner: aggregate.owner, version: aggregate.version, period: aggregate.period, hash, invented: aggregate.dataset.kind === 'invented', ...hiddenCounts(aggregate), leftOut: aggregate.leftOut, preparedBy: aggregate.preparedBy };
      if (options.by === undefined) return { text: [...lines, '', 'Nothing is approved: that takes --by OFFICE.'].join('\n'), json: { ...json, approved: false } };
      const by = officeOf(options.by);
      if (sameOffice(by, aggregate.preparedBy)) throw new VerbError(exitCodes.finding, `${by} prepared this, and so cannot approve it`, 'Have another office approve it.');
      refuseExisting(options.out);
      const at = new Date().toISOString();
      const recorded = await withRecorder(options, (recorder) => recorder.append([entryOf('releaseApproved', aggregate, hash, at, by)]));
      const receipt = recorded[0]?.receipt;
      if (receipt === undefined) throw new VerbError(exitCodes.environment, 'the approval was not recorded, so nothing was approved', 'Try again.');
      const approval: Approval = { weirApproval: 1, owner: aggregate.owner, version: aggregate.version, aggregate: hash, by, at, recorded: { log: receipt.log, index: receipt.index } };
      await writeNew(options.out, [canonicalJson(approval), '\n']);
      return {
        text: [...lines, '', `Approved by ${by}; entry ${receipt.index} of the anchor log. Written: ${options.out}`, `Next: weir public build ${path} ${options.out} --out site/`].join('\n'),
        json: { ...json, approved: true, by, recorded: approval.recorded, file: options.out },
      };
    }));
};

/** What the ledger keeps of a release: which, by which office, and its hash. */
export function entryOf(event: 'releaseApproved' | 'releasePublished', { owner, version, period, preparedBy, dataset }: Aggregate, hash: string, at: string, by: string): SystemEntry {
  return { type: 'system', v: 1, id: `${event}-${owner}-${version}-${Date.parse(at).toString(36)}`, at, event, subject: `${owner} ${version}`, hash, detail: { period: period.text, dataset: dataset.name, preparedBy, by } };
}
