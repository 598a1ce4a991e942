import { revokeDirectory } from '../../people/scim/index.ts';
import { verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { atMachine, withDirectories } from './parts.ts';

export const addRevoke: AddVerb = (parent) => {
  parent.command('revoke')
    .description('end the secret of a directory now; its people keep what they have')
    .argument('<id>', 'the number in the list, such as D-4K7Q2XD9HTBM')
    .addHelpText('after', '\nExample:\n  weir directory revoke D-4K7Q2XD9HTBM')
    .action(verb(async (options: CommonOptions, id: string) => await withDirectories(options, async (parts) => {
      await revokeDirectory(parts, id, atMachine);
      return { text: `Revoked ${id}. Its next request is refused; its people and their roles stay, until somebody takes them away.`, json: { revoked: id } };
    })));
};
