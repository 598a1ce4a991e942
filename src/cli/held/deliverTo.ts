import { join } from 'node:path';
import { Option } from 'commander';
import { KeyError, openKeys } from '../../ledger/index.ts';
import { noOwner, openActs } from '../../people/acts/index.ts';
import { DeliveryError, deliveryKinds, openDelivery, type Delivery } from '../../review/delivery/index.ts';
import { ledgerPlaces, ledgerSettings } from '../../server/compose/ledgerFolder.ts';
import { readSettings } from '../../server/compose/settings.ts';
import { withStore } from '../store.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { readBytes } from './call.ts';

interface Options extends CommonOptions {
  readonly kind: string;
  readonly ca?: string;
  readonly newSecret?: boolean;
  readonly remove?: boolean;
  readonly loopback?: boolean;
}

export const addDeliverTo: AddVerb = (parent) => {
  parent.command('deliver-to')
    .description('on the machine of the exchange: say where the late answers of an agency are sent')
    .argument('<ori>', 'the agency').argument('[url]', 'the address, https://…; left out with --remove')
    .addOption(new Option('--kind <kind>', 'event: a signed note that a ticket was decided; message: the late answer itself').choices([...deliveryKinds]).makeOptionMandatory())
    .option('--ca <file>', 'the authority of the receiver in PEM, where it is no public one').option('--new-secret', 'make a new secret; the old one signs beside it for a day').option('--remove', 'send it there no more')
    .option('--loopback', 'the receiver is on this machine: for the demonstration')
    .addHelpText('after', '\nExample:\n  weir held deliver-to OR5010000 https://cad.example.org/weir --kind message --ca agency-ca.crt')
    .action(verb(async (options: Options, given: string, url?: string) => {
      const ori = given.trim().toUpperCase();
      if ((url === undefined) !== (options.remove === true)) throw new VerbError(exitCodes.usage, 'an address is given, or taken away', 'Give the address, or --remove.');
      const ca = options.ca === undefined ? null : (await readBytes(options.ca)).toString();
      return await withDelivery(options, async (delivery) => {
        if (url === undefined) {
          if (!(await delivery.remove(ori, options.kind, operator))) throw new VerbError(exitCodes.usage, 'there is no such address', null);
          return { text: 'Taken away.', json: { removed: true } };
        }
        const { address, secret } = await delivery.set(ori, { kind: options.kind, url, ca, newSecret: options.newSecret === true }, operator);
        return { text: `${ori}: ${address.kind} to ${address.url}.${secret === null ? '' : `\nSecret of the signature, shown once: ${secret}`}`, json: { ori, kind: address.kind, url: address.url, secret } };
      });
    }));
};

const operator = { who: 'operator', role: null } as const;

/** Gives `work` the deliveries without sending any: the running exchange does that. */
async function withDelivery<T>(options: Options, work: (delivery: Delivery) => Promise<T>): Promise<T> {
  try {
    return await withStore(options, async ({ sql, folder }) => {
      const settings = await readSettings(join(folder, 'settings.yaml'));
      const { keyProgram } = ledgerSettings(settings);
      const keys = await openKeys(ledgerPlaces(folder).keys, [noOwner], keyProgram === null ? {} : { command: keyProgram });
      try {
        return await work(openDelivery({
          sql, acts: openActs({ sql, sealer: keys, journal: null }), seal: (plain) => keys.seal(noOwner, plain), unseal: (sealed) => keys.unseal(noOwner, sealed), read: null,
          allow: settings.delivery?.allow ?? [], allowLoopback: options.loopback === true,
        }));
      } finally {
        await keys.close();
      }
    });
  } catch (error) {
    if (error instanceof DeliveryError) throw new VerbError(exitCodes.usage, error.message, error.mend, { cause: error });
    if (error instanceof KeyError) throw new VerbError(exitCodes.environment, error.message, null, { cause: error });
    throw error;
  }
}
