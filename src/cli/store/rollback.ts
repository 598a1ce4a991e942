import { migrations, rollback } from '../../store/index.ts';
import { withOpenStore } from '../store.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';

interface Options extends CommonOptions {
  readonly to: string;
  readonly yes?: boolean;
}

export const addRollback: AddVerb = (parent) => {
  parent.command('rollback')
    .description('take back steps of the schema, with the data in their tables')
    .requiredOption('--to <step>', 'the last step to keep; 0 keeps none')
    .option('--yes', 'yes, drop the tables')
    .addHelpText('after', '\nExample:\n  weir store rollback --to 4 --yes')
    .action(verb(async (options: Options) => {
      const to = /^\d{1,4}$/.test(options.to) ? Number(options.to) : -1;
      if (to < 0 || to > migrations.length) throw new VerbError(exitCodes.usage, `--to takes a number from 0 to ${migrations.length}`, 'See `weir store status`.');
      if (options.yes !== true) throw new VerbError(exitCodes.usage, 'a rollback drops tables and what is in them', 'Make a backup, then add --yes.');
      return await withOpenStore(options, async ({ sql }) => {
        const ran = await rollback(sql, to);
        return { text: ran.length === 0 ? 'Nothing to take back.' : `Took back step ${ran.join(', ')}.`, json: { ran } };
      });
    }));
};
