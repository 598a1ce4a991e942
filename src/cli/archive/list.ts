import { listDatasets } from '../../insight/archive/choose.ts';
import { statusOf } from '../../insight/archive/status.ts';
import { archiveFolder, archiveInWords } from '../insight/context.ts';
import { verb, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { countText, kindWords, momentText, tableText } from './words.ts';

/** `weir archive list`: the data sets, and where each came from. */
export const addList: AddVerb = (parent) => {
  parent.command('list')
    .description('list the data sets: where each came from, owners, entries, oldest and newest')
    .addHelpText('after', '\nTimes are UTC. A data set that is marked INVENTED has no real entry in it.\n\nExamples:\n  weir archive list\n  weir archive list --json | jq .datasets[].name')
    .action(verb((options: CommonOptions) => archiveInWords(() => list(options))));
};

async function list(options: CommonOptions): Promise<VerbResult> {
  const archive = archiveFolder(options);
  const datasets = await Promise.all((await listDatasets(archive)).map(async ({ folder, dataset }) => {
    const owners = await statusOf(folder);
    const moments = (pick: 'oldest' | 'newest'): number[] => owners.map((one) => one[pick]).filter((at) => at !== null);
    const [oldest, newest] = [moments('oldest'), moments('newest')];
    return {
      ...dataset, folder, owners: owners.map(({ owner }) => owner), entries: owners.reduce((sum, { rows }) => sum + rows, 0),
      oldest: oldest.length === 0 ? null : Math.min(...oldest), newest: newest.length === 0 ? null : Math.max(...newest),
    };
  }));
  if (datasets.length === 0) return { text: `There is no data set in ${archive} yet. \`weir archive follow\` brings in the ledger.`, json: { archive, datasets: [] } };
  const rows = datasets.map(({ name, kind, owners, entries, oldest, newest, label }) => [name, kindWords[kind], countText(owners.length), countText(entries), momentText(oldest), momentText(newest), label]);
  const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
  return {
    text: tableText(['name', 'from', 'owners', 'entries', 'oldest (UTC)', 'newest (UTC)', 'what it is'], rows),
    json: { archive, datasets: datasets.map(({ folder: _folder, ...one }) => ({ ...one, oldest: iso(one.oldest), newest: iso(one.newest) })) },
  };
}
