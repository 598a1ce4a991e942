import { migrate } from '../../store/index.ts';
import { withOpenStore } from '../store.ts';
import { verb, type AddVerb } from '../verb.ts';

export const addMigrate: AddVerb = (parent) => {
  parent.command('migrate')
    .description('bring the schema of the database up to date')
    .addHelpText('after', '\nExamples:\n  weir store migrate\n  DATABASE_URL=postgres://weir@db/weir weir store migrate')
    .action(verb(async (options) => await withOpenStore(options, async ({ sql }) => {
      const ran = await migrate(sql);
      return { text: ran.length === 0 ? 'The schema is up to date.' : `Ran step ${ran.join(', ')}. The schema is up to date.`, json: { ran } };
    })));
};
