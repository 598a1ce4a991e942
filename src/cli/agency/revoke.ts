import { revoke } from '../../people/index.ts';
import { verb, type AddVerb } from '../verb.ts';
import { withPeople } from './people.ts';

export const addRevoke: AddVerb = (parent) => {
  parent.command('revoke')
    .description('end a certificate now; a running exchange refuses it within a second, on open connections too')
    .argument('<fingerprint>', 'its fingerprint, or the first eight digits or more')
    .addHelpText('after', '\nExample:\n  weir agency revoke 3fa94c01d2')
    .action(verb(async (options, fingerprint: string) => await withPeople(options, async ({ sql }) => {
      const changed = await revoke(sql, fingerprint);
      return { text: changed ? 'Revoked.' : 'It was revoked before.', json: { revoked: true, changed } };
    })));
};
