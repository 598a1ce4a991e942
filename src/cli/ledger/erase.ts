import { eraseEntry } from '../../ledger/retention/index.ts';
import { readFacts } from '../../ledger/subjects/index.ts';
import { ledgerSettings } from '../../server/compose/ledgerFolder.ts';
import { verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { withRecorder } from './record.ts';
import { indexOf, ownerOf, working } from './working.ts';

interface Options extends CommonOptions {
  readonly owner: string;
  readonly index: string;
  readonly order: string;
}

/** `weir ledger erase`: one entry, by order, before its time. */
export const addErase: AddVerb = (parent) => {
  parent.command('erase')
    .description('erase what one entry says, by order; its commitment and all proofs stay')
    .requiredOption('--owner <state>', 'whose log')
    .requiredOption('--index <n>', 'the leaf index in that log')
    .requiredOption('--order <number>', 'the number of the order; it becomes public')
    .addHelpText('after', '\nOnly where the write-ahead file no longer has it, and not under a hold. Copies elsewhere, as in backups, are not reached.\n\nExample:\n  weir ledger erase --owner WA --index 1204 --order 26-2-01234-1')
    .action(verb((options: Options) => working(options, async ({ places, settings, reader, owners }) => {
      const owner = ownerOf(owners, options.owner);
      const index = indexOf(options.index);
      const { walDays } = ledgerSettings(settings);
      const facts = await readFacts(reader, null);
      const { day } = await withRecorder(options, (recorder) => eraseEntry({ place: places.ledger, journal: places.journal, owner, index, order: options.order, facts, walDays, now: Date.now() }, recorder));
      return { text: `Erased: entry ${index} of ${owner}, of ${day}.`, json: { owner, index, day } };
    })));
};
