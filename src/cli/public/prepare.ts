import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { prepareRelease } from '../../insight/release/index.ts';
import { canonicalJson, licences, readIndex, sha256, type Aggregate, type Licence } from '../../publish/index.ts';
import { ledgerPlaces } from '../../server/compose/ledgerFolder.ts';
import { folderPath, weirVersion } from '../../store/index.ts';
import { openLedgerForReading, reading } from '../ledger/folder.ts';
import { publishedLogs } from '../ledger/logFolder.ts';
import { refuseExisting, writeNew } from '../ledger/writeNew.ts';
import { withInsight, type InsightOptions } from '../insight/context.ts';
import { ownerOf } from '../policy/file.ts';
import { RewrittenLine } from '../rewrittenLine.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { aggregateOf, inWords, officeOf } from './faults.ts';
import { aggregateLines, hiddenCounts } from './hiddenLines.ts';

interface Options extends InsightOptions {
  readonly by: string;
  readonly earlier?: string;
  readonly threshold: string;
  readonly licence: string;
  readonly out: string;
}

/** `weir public prepare`: counts, hides small numbers, and writes what may be approved. */
export const addPrepare: AddVerb = (parent) => {
  parent.command('prepare')
    .description('count the requests of an owner by month, hide small numbers and all that tells them, and write the aggregate for approval')
    .argument('<owner>', 'two letters, such as WA')
    .option('--period <period>', 'whole months that are over: 2026-10, 2026-01..2026-10, 2026-Q3, last-month', 'last-month')
    .requiredOption('--by <office>', 'the office that prepares it; it is published, so name no person')
    .option('--earlier <site>', 'the folder of the site with all earlier releases of this owner')
    .option('--threshold <n>', 'numbers from 1 to this are hidden; 10 or more', '10')
    .option('--licence <name>', licences.map(({ name }) => name).join(', '), 'CC0-1.0')
    .option('--log <name>', 'the data set')
    .option('--out <file>', 'the new file', 'aggregate.json')
    .addHelpText('after', '\nThe file has no hidden number in it, and nothing else ever leaves. It is published only after another office approved it: weir public approve, then weir public build.\n\nExamples:\n  weir public prepare WA --period 2026-10 --by "Privacy office"\n  weir public prepare WA --period 2026-11 --by "Privacy office" --earlier site/ --out november.json')
    .action(verb(async (options: Options, text: string) => {
      const owner = ownerOf(text);
      const by = officeOf(options.by);
      const licence = licenceOf(options.licence);
      const threshold = Number(/^\d{1,4}$/.test(options.threshold) ? options.threshold : NaN);
      refuseExisting(options.out);
      const earlier = await inWords(() => earlierOf(options, owner));
      const line = new RewrittenLine(process.stderr, options.quiet === true);
      const { aggregate } = await inWords(() => withInsight(options, { owners: [owner] }, async ({ session, world, dataset }) => {
        await nothingForgotten(options, owner, dataset.name, earlier);
        const checkpoints = dataset.kind === 'ledger' ? await checkpointsOf(options, owner) : [];
        return prepareRelease({ session, world, owner, by, threshold, licence, earlier, engine: weirVersion(), now: Date.now(), checkpoints }, { progress: (done, total) => { line.show(() => `hiding: ${done} of ${total} numbers are safe`); } });
      })).finally(() => { line.end(); });
      const content = canonicalJson(aggregate);
      await writeNew(options.out, [content, '\n']);
      return {
        text: [...aggregateLines(aggregate, sha256(content)), '', `Written: ${options.out}`, `Next, by another office: weir public approve ${options.out} --by "OFFICE"`].join('\n'),
        json: { file: options.out, owner, version: aggregate.version, period: aggregate.period, hash: sha256(content), invented: aggregate.dataset.kind === 'invented', ...hiddenCounts(aggregate), leftOut: aggregate.leftOut },
      };
    }));
};

/** The releases in the folder of a site, oldest first. */
async function earlierOf({ earlier }: Options, owner: string): Promise<readonly { readonly aggregate: Aggregate; readonly hash: string }[]> {
  if (earlier === undefined) return [];
  const index = await readIndex(earlier);
  if (index === null) throw new VerbError(exitCodes.usage, `${earlier} is not the folder of a site`, 'Name the folder that weir public build wrote, with releases.json in it; leave --earlier out for the first release.');
  if (index.owner !== owner) throw new VerbError(exitCodes.usage, `${earlier} is the site of ${index.owner}, not of ${owner}`, null);
  const releases = await Promise.all(index.releases.map(async ({ version, aggregate: hash }) => {
    const found = await aggregateOf(join(earlier, `v${version}`, 'aggregate.json'));
    if (found.hash !== hash) throw new VerbError(exitCodes.finding, `version ${version} in ${earlier} is not the one that was published`, 'See weir public check.');
    return found;
  }));
  return releases;
}

/** A release that the ledger knows and nobody gave could be used to work out what this one hides. */
async function nothingForgotten(options: CommonOptions, owner: string, dataset: string, earlier: readonly { readonly hash: string }[]): Promise<void> {
  if (!existsSync(ledgerPlaces(folderPath(options.data)).journal)) return;
  const { reader } = await openLedgerForReading(options);
  const given = new Set(earlier.map(({ hash }) => hash));
  await reading(async () => {
    for await (const { entry } of reader.range('anchor', 0, Number.MAX_SAFE_INTEGER, { where: (text) => text.includes('releasePublished') })) {
      if (entry.type !== 'system' || entry.event !== 'releasePublished' || !entry.subject.startsWith(`${owner} `) || entry.detail?.['dataset'] !== dataset || entry.hash === null || given.has(entry.hash)) continue;
      throw new VerbError(exitCodes.finding, `release ${entry.subject} was published on ${entry.at.slice(0, 10)}, and is not among those given`, 'Name the folder of the site with all releases: --earlier site/. What is hidden now must not be told by what was published then.');
    }
  });
}

async function checkpointsOf(options: CommonOptions, owner: string): Promise<Aggregate['checkpoints']> {
  const logs = await publishedLogs(ledgerPlaces(folderPath(options.data)).ledger);
  return logs.filter(({ log }) => log === owner.toLowerCase() || log === 'anchor').map(({ log, origin, size, root }) => ({ log, origin, size, root }));
}

function licenceOf(name: string): Licence {
  const found = licences.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw new VerbError(exitCodes.usage, `\`${name.slice(0, 40)}\` is not a licence that can be chosen`, `Use one of: ${licences.map((one) => one.name).join(', ')}`);
  return found;
}
