import { planPrune, prune } from '../../ledger/retention/index.ts';
import { ledgerSettings } from '../../server/compose/ledgerFolder.ts';
import { verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { withRecorder } from './record.ts';
import { working } from './working.ts';

/** `weir ledger prune`: gives back the space of the write-ahead file. */
export const addPrune: AddVerb = (parent) => {
  parent.command('prune')
    .description('delete old files of the write-ahead log whose entries are in private files and tiles')
    .option('--dry-run', 'show what would be deleted')
    .addHelpText('after', '\nAfter `ledger.walDays` days (7). Nothing is lost by it.\n\nExample:\n  weir ledger prune --dry-run')
    .action(verb((options: CommonOptions & { readonly dryRun?: boolean }) => working(options, async ({ places, settings }) => {
      const { walDays } = ledgerSettings(settings);
      const base = { journal: places.journal, place: places.ledger, walDays, now: Date.now() };
      const plan = await planPrune(base);
      const files = (count: number): string => `${count} file${count === 1 ? '' : 's'}`;
      if (plan.segments === 0) return { text: `Nothing to delete: what is there is newer than ${walDays} days, or not synced elsewhere yet.`, json: plan };
      if (options.dryRun === true) return { text: `${files(plan.segments)} would be deleted, with all before sequence ${plan.before}.`, json: plan };
      const done = await withRecorder(options, (recorder) => prune(base, recorder));
      return { text: done === null ? 'Nothing to delete.' : `${files(done.segments)} deleted. The write-ahead log now begins at sequence ${done.first}.`, json: done };
    })));
};
