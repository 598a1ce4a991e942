import { chooseDataset } from '../../insight/archive/choose.ts';
import { followedTo, ledgerName } from '../../insight/archive/follow.ts';
import { statusOf } from '../../insight/archive/status.ts';
import { readMark } from '../../ledger/publish/mark.ts';
import { ledgerPlaces } from '../../server/compose/ledgerFolder.ts';
import { folderPath } from '../../store/folder.ts';
import { archiveFolder, archiveInWords } from '../insight/context.ts';
import { verb, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { bytesText, countText, kindWords, momentText, tableText } from './words.ts';

interface Options extends CommonOptions {
  readonly log?: string;
}

/** `weir archive status`: how much of each owner is archived, and how far behind the ledger that is. */
export const addStatus: AddVerb = (parent) => {
  parent.command('status')
    .description('show how much of each owner is archived, in how many files, and how far behind the ledger')
    .option('--log <name>', 'the data set; the ledger\'s own where there is one')
    .addHelpText('after', '\nReads only what the manifests and the ledger\'s mark say. Times are UTC.\n\nExamples:\n  weir archive status\n  weir archive status --log invented\n  weir archive status --json | jq .behind')
    .action(verb((options: Options) => archiveInWords(() => status(options))));
};

async function status(options: Options): Promise<VerbResult> {
  const archive = archiveFolder(options);
  const { folder, dataset } = await chooseDataset(archive, options.log ?? ledgerName).catch((error: unknown) => {
    if (options.log !== undefined) throw error;
    return chooseDataset(archive, undefined);
  });
  const owners = await statusOf(folder);
  const mark = dataset.kind === 'ledger' ? await readMark(ledgerPlaces(folderPath(options.data)).ledger) : null;
  const archived = mark === null ? null : await followedTo(folder);
  const behind = mark === null || archived === null ? null : Math.max(0, mark.sequence - archived);
  const rows = owners.map(({ owner, rows: n, files, bytes, next, oldest, newest }) => {
    const size = mark?.logs.get(owner.toLowerCase())?.size;
    // What an archive that is level does not have was erased.
    const left = behind === 0 ? 0 : size === undefined ? null : Math.max(0, size - next);
    return [owner, countText(n), countText(files), bytesText(bytes), momentText(oldest), momentText(newest), ...(mark === null ? [] : [left === null ? '-' : countText(left)])];
  });
  const total = owners.reduce((sum, { rows: n, bytes, files }) => ({ rows: sum.rows + n, bytes: sum.bytes + bytes, files: sum.files + files }), { rows: 0, bytes: 0, files: 0 });
  const lines = [
    `${dataset.name}: ${dataset.label} (${kindWords[dataset.kind]}, UTC)`,
    ...(owners.length === 0 ? ['Nothing is archived yet.'] : [tableText(['owner', 'entries', 'files', 'size', 'oldest', 'newest', ...(mark === null ? [] : ['behind'])], rows)]),
    `${countText(total.rows)} entries of ${countText(owners.length)} owners in ${countText(total.files)} files, ${bytesText(total.bytes)}.`,
    ...(behind === null ? [] : [behind === 0 ? 'It is level with the ledger.' : `It is ${countText(behind)} entries behind the ledger, over all logs: weir archive follow`]),
    ...(dataset.lacks.length === 0 ? [] : [`It lacks: ${dataset.lacks.join(', ')}.`]),
  ];
  return { text: lines.join('\n'), json: { dataset, owners: owners.map((one) => ({ ...one, oldest: iso(one.oldest), newest: iso(one.newest) })), ...total, archivedTo: archived, ledgerTo: mark?.sequence ?? null, behind } };
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
