import { ownersOf, readDataset } from '../../insight/archive/dataset.ts';
import { datasetName } from '../../insight/archive/dataset.ts';
import { forgetImport } from '../../insight/imports/index.ts';
import { newId } from '../../ledger/subjects/ids.ts';
import { archiveFolder } from '../insight/context.ts';
import { withRecorder } from '../ledger/record.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { datasetFolder, importInWords } from './shared.ts';

/** `weir import forget`. */
export const addImportForget: AddVerb = (parent) => {
  parent.command('forget')
    .description('remove an imported data set from the archive; the files that it came from are not touched')
    .argument('<name>', 'the data set, as weir import list shows it')
    .option('--yes', 'remove it; without this it is only said what would be removed')
    .addHelpText('after', '\nThat it was removed stands in the ledger (logImported, with `forgotten`).\n\nExample:\n  weir import forget wsp-2025 --yes')
    .action(verb((options: CommonOptions & { readonly yes?: boolean }, name: string) => importInWords(async () => {
      const archive = archiveFolder(options);
      if (!datasetName.test(name)) throw new VerbError(exitCodes.usage, 'this is no name of a data set', 'See weir import list.');
      const { kind, label } = await readDataset(datasetFolder(archive, name));
      if (kind !== 'imported') throw new VerbError(exitCodes.usage, `the data set ${name} is not imported, and is not removed`, 'See weir import list.');
      const owners = await ownersOf(datasetFolder(archive, name));
      if (options.yes !== true) return { text: `Would remove ${name}: ${label}\nNothing was removed. Give --yes to remove it.`, json: { dataset: name, removed: false } };
      const at = new Date().toISOString();
      await withRecorder(options, (recorder) => recorder.append((owners.length === 0 ? ['--'] : owners).map((owner) => ({
        type: 'system' as const, v: 1 as const, id: newId('forget'), at, event: 'logImported' as const, subject: `${owner} ${name}`, hash: null, detail: { forgotten: name },
      }))));
      await forgetImport(archive, name, owners);
      return { text: `Removed ${name}.`, json: { dataset: name, removed: true } };
    })));
};
