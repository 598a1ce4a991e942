import { existsSync } from 'node:fs';
import { PublishError, readApproval, type Aggregate, type Approval } from '../../publish/index.ts';
import { ledgerPlaces } from '../../server/compose/ledgerFolder.ts';
import { folderPath } from '../../store/index.ts';
import { openLedgerForReading, reading } from '../ledger/folder.ts';
import { withRecorder } from '../ledger/record.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { entryOf } from './approve.ts';
import { runBuilder } from './builder.ts';
import { aggregateOf, publishFault, textOf } from './faults.ts';

interface Options extends CommonOptions {
  readonly out: string;
}

/** `weir public build`: a version of the public pages, made by a confined process from the approved aggregate alone. */
export const addBuild: AddVerb = (parent) => {
  parent.command('build')
    .description('build a version of the public site from an approved aggregate, in a process that can reach nothing else')
    .argument('<aggregate>', 'the file that weir public prepare wrote')
    .argument('<approval>', 'the file that weir public approve wrote')
    .requiredOption('--out <site>', 'the folder of the site: a new one, or the one with the earlier versions')
    .addHelpText('after', '\nEach version is a folder of its own (v1, v2, …) that is never changed; a correction is a new version. The pages need no server and no script: copy the folder to any host.\n\nExample:\n  weir public build aggregate.json approval.json --out site/')
    .action(verb(async (options: Options, aggregatePath: string, approvalPath: string) => {
      const { aggregate, hash } = await aggregateOf(aggregatePath);
      const approval = approvalOf(await textOf(approvalPath), aggregate, hash);
      await approvedOnRecord(options, approval);
      const built = await withRecorder(options, async (recorder) => {
        const made = await runBuilder({ aggregate: aggregatePath, approval: approvalPath, site: options.out });
        if (made.hash !== hash) throw new VerbError(exitCodes.finding, 'the file of the aggregate changed while it was built', 'Take the version away from the site, and find out who writes this file.');
        await recorder.append([entryOf('releasePublished', aggregate, hash, new Date().toISOString(), approval.by)]).catch((error: unknown) => {
          throw new VerbError(exitCodes.environment, `version ${made.version} was built, but that is not recorded`, `Take v${made.version} away from ${options.out} and from its releases.json, then build again.`, { cause: error });
        });
        return made;
      });
      return {
        text: [`Built: version ${built.version} of ${aggregate.ownerName}, ${built.files} files, ${built.bytes.toLocaleString('en-US')} bytes, in ${options.out}/v${built.version}`, `Open ${options.out}/index.html. Anyone checks it with: weir public check ${options.out}`].join('\n'),
        json: { ...built, site: options.out, invented: aggregate.dataset.kind === 'invented' },
      };
    }));
};

function approvalOf(text: string, aggregate: Aggregate, hash: string): Approval {
  try {
    return readApproval(text, aggregate, hash);
  } catch (error) {
    throw error instanceof PublishError ? publishFault(error.code, error.message, error) : error;
  }
}

/** An approval that somebody wrote by hand is none: it has to stand in the ledger. */
async function approvedOnRecord(options: CommonOptions, { recorded, aggregate }: Approval): Promise<void> {
  const none = new VerbError(exitCodes.finding, 'the ledger has no such approval', 'Approve it with weir public approve, on the installation that publishes it.');
  if (!existsSync(ledgerPlaces(folderPath(options.data)).journal)) throw none;
  const { reader } = await openLedgerForReading(options);
  const found = await reading(() => reader.entry('anchor', Number.isSafeInteger(recorded.index) ? recorded.index : -1));
  if (found === null || found === 'erased' || found.entry.type !== 'system' || found.entry.event !== 'releaseApproved' || found.entry.hash !== aggregate) throw none;
}
