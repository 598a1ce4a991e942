import { readFile } from 'node:fs/promises';

import { bindExternal } from '../../people/index.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { withPeople } from './people.ts';
import { checkRegistered } from './registry.ts';

interface Options extends CommonOptions {
  readonly note?: string;
  readonly anyway?: boolean;
}

export const addBind: AddVerb = (parent) => {
  parent.command('bind')
    .description('let a certificate of a trusted external authority speak for ORIs')
    .argument('<file>', 'the certificate of the client, PEM')
    .argument('<ori...>', 'the ORIs that it may speak for')
    .option('--note <text>', 'a word for the list')
    .option('--anyway', 'also where the registry does not know the ORI')
    .addHelpText('after', '\nIts authority must be trusted first: weir agency trust FILE.\n\nExample:\n  weir agency bind cad.crt OR0260200')
    .action(verb(async (options: Options, file: string, oris: string[]) => await withPeople(options, async (people) => {
      await checkRegistered(people.sql, oris, options.anyway === true);
      const { fingerprint, notAfter } = await bindExternal(people, await readPem(file), oris, options.note);
      return { text: `Bound until ${notAfter.toISOString().slice(0, 10)}.\n  fingerprint  ${fingerprint}`, json: { fingerprint, notAfter, oris } };
    })));
};

/** Reads a file that the user names; certificates are small. */
export async function readPem(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).slice(0, 1_000_000);
  } catch (cause) {
    throw new VerbError(exitCodes.usage, `the file ${file} cannot be read`, 'See that it is there and that you may read it.', { cause });
  }
}
