import { checkDataset } from '../../insight/archive/check.ts';
import { listDatasets, chooseDataset, type Chosen } from '../../insight/archive/choose.ts';
import { readMark } from '../../ledger/publish/mark.ts';
import { ledgerPlaces } from '../../server/compose/ledgerFolder.ts';
import { folderPath } from '../../store/folder.ts';
import { archiveFolder, archiveInWords } from '../insight/context.ts';
import { ProgressLine } from '../progressLine.ts';
import { exitCodes, verb, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { countText } from './words.ts';

interface Options extends CommonOptions {
  readonly log?: string;
}

/** `weir archive check`: 0 where every file is what it must be, 1 where one is not. */
export const addCheck: AddVerb = (parent) => {
  parent.command('check')
    .description('read the whole archive, and hold files, rows, rollups and dictionaries against each other and the ledger')
    .option('--log <name>', 'only this data set')
    .addHelpText('after', '\nReads only, and may run beside a running exchange. Exit code 1 where something is wrong; each file is named.\nThe projection of the ledger can be made again: weir archive rebuild.\n\nExamples:\n  weir archive check\n  weir archive check --log invented --json')
    .action(verb((options: Options) => archiveInWords(() => check(options))));
};

async function check(options: Options): Promise<VerbResult> {
  const archive = archiveFolder(options);
  const chosen: readonly Chosen[] = options.log === undefined ? await listDatasets(archive) : [await chooseDataset(archive, options.log)];
  const line = new ProgressLine(process.stderr, options.quiet === true || options.json === true);
  const results = [];
  try {
    for (const { folder, dataset } of chosen) {
      const report = await checkDataset(folder, { onProgress: (done, total) => line.show(dataset.name, done, total), heads: () => (dataset.kind === 'ledger' ? heads(options) : Promise.resolve(null)) });
      results.push({ name: dataset.name, kind: dataset.kind, ...report });
    }
  } finally {
    line.end();
  }
  const findings = results.reduce((sum, one) => sum + one.findings.length, 0);
  const text = [
    ...results.flatMap((one) => [`${one.name}: ${countText(one.rows)} entries${one.events === 0 ? '' : ` and ${countText(one.events)} of the anchor log`} in ${countText(one.files)} files`, ...one.findings.map(({ owner, file, what }) => `WRONG  ${owner} ${file}: ${what}`)]),
    results.length === 0 ? `There is no data set in ${archive}.` : findings === 0 ? 'Everything is as it must be.' : `${findings} ${findings === 1 ? 'finding' : 'findings'}.`,
  ];
  return { text: text.join('\n'), json: { ok: findings === 0, datasets: results }, exit: findings === 0 ? exitCodes.ok : exitCodes.finding };
}

/** How many entries the ledger has published of each owner; null where there is no ledger. */
async function heads(options: Options): Promise<ReadonlyMap<string, number> | null> {
  const mark = await readMark(ledgerPlaces(folderPath(options.data)).ledger);
  return mark === null ? null : new Map([...mark.logs].map(([log, { size }]) => [log, size]));
}
