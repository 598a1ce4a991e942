import { addTrust } from '../../people/index.ts';
import { verb, type AddVerb } from '../verb.ts';
import { readPem } from './bind.ts';
import { withPeople } from './people.ts';

export const addTrustVerb: AddVerb = (parent) => {
  parent.command('trust')
    .description('take certificates of an external authority, each of which is then bound to its ORIs')
    .argument('<file>', 'certificates of the authority and of those between, PEM')
    .addHelpText('after', '\nA running exchange takes note at its next start.\n\nExample:\n  weir agency trust state-pki.pem && weir agency bind cad.crt OR0260200')
    .action(verb(async (options, file: string) => await withPeople(options, async ({ keys }) => {
      const names = await addTrust(keys, await readPem(file));
      return { text: names.map((name) => `Trusts ${name}. Restart the exchange, then bind certificates.`).join('\n'), json: { trusted: names } };
    })));
};
