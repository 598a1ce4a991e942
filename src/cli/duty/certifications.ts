import { verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { whose, withDuties } from './open.ts';

/** `weir duty certifications`: what agencies certified to an owner, or an agency to every owner. */
export const addCertifications: AddVerb = (parent) => {
  parent.command('certifications')
    .description('what agencies certified to an owner, or an agency to every owner')
    .option('--owner <state>', 'to an owner')
    .option('--ori <ori>', 'by an agency, with what it has not signed')
    .addHelpText('after', '\nExample:\n  weir duty certifications --owner CO --json')
    .action(verb(async (options: CommonOptions & { readonly owner?: string; readonly ori?: string }) => {
      const of = whose(options);
      return await withDuties(options, async (duties) => {
        const found = await duties.certifications(of);
        return {
          text: found.length === 0 ? 'There is none.' : found.map(({ ori, owner, certification, state, until, id }) => `${ori}  to ${owner}  ${certification}  ${state}${until === null ? '' : ` to the end of ${until}`}${id === '' ? '' : `  (${id})`}`).join('\n'),
          json: found,
        };
      });
    }));
};
