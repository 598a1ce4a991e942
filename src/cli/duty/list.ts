import { verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { whose, withDuties } from './open.ts';

/** `weir duty list`: what an owner or an agency owes, by when. */
export const addList: AddVerb = (parent) => {
  parent.command('list')
    .description('what an owner or an agency owes, the earliest first')
    .option('--owner <state>', 'of an owner')
    .option('--ori <ori>', 'of an agency')
    .addHelpText('after', '\nExample:\n  weir duty list --owner NY')
    .action(verb(async (options: CommonOptions & { readonly owner?: string; readonly ori?: string }) => {
      const of = whose(options);
      return await withDuties(options, async (duties) => {
        const due = await duties.due(of, Date.now());
        return { text: due.length === 0 ? 'Nothing is due.' : due.map(({ dueAt, words, id }) => `${dueAt.slice(0, 16)}Z  ${words}  (${id})`).join('\n'), json: due };
      });
    }));
};
