import { listDatasets } from '../../insight/archive/choose.ts';
import { ownersOf } from '../../insight/archive/dataset.ts';
import { importsOf, reportOf, type ImportReport } from '../../insight/imports/index.ts';
import { archiveFolder } from '../insight/context.ts';
import { verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { importInWords } from './shared.ts';

/** `weir import list`. */
export const addImportList: AddVerb = (parent) => {
  parent.command('list')
    .description('the logs that were imported: from which files, by whom, how many lines, and what they lack')
    .addHelpText('after', '\nExamples:\n  weir import list\n  weir import list --json')
    .action(verb((options: CommonOptions) => importInWords(async () => {
      const reports: (ImportReport & { readonly label: string })[] = [];
      for (const { folder, dataset } of await listDatasets(archiveFolder(options))) {
        for (const state of (await importsOf(folder, await ownersOf(folder))) ?? []) {
          reports.push({ label: dataset.label, ...reportOf({ dataset: dataset.name, owner: state.owner, dryRun: false, by: state.by, lacks: state.lacks }, state.sources, 5) });
        }
      }
      return { text: reports.length === 0 ? 'No log was imported. `weir import log --help` says how.' : reports.flatMap(linesOf).join('\n'), json: reports };
    })));
};

function linesOf({ dataset, owner, label, files, lines, period, lacks }: ImportReport & { readonly label: string }): readonly string[] {
  const n = (value: number): string => value.toLocaleString('en-US');
  return [
    `${dataset}  ${owner}  ${n(lines.archived)} entries of ${n(lines.read)} lines${period === null ? '' : `, ${period.from.slice(0, 10)} to ${period.to.slice(0, 10)} (UTC)`}; ${n(lines.refused)} refused, ${n(lines.duplicates)} ${lines.duplicates === 1 ? 'duplicate' : 'duplicates'}`,
    `  ${label}`,
    ...files.map(({ file, lines: read, state }) => `  ${file}  ${n(read)} lines${state === 'whole' ? '' : state === 'open' ? ', not read to its end yet' : `, ${state}`}`),
    `  lacks: ${lacks.join(', ')}`,
  ];
}
