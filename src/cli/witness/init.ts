import { makeKey } from '../../ledger/witness/key.ts';
import { addWatched } from '../../ledger/witness/watched.ts';
import type { AddVerb } from '../verb.ts';
import { verb } from '../verb.ts';
import { onState, stateFolder, stateOption } from './folder.ts';
import type { StateOptions } from './folder.ts';

interface InitOptions extends StateOptions {
  readonly name: string;
}

export const addInit: AddVerb = (parent) => {
  parent.command('init')
    .description('make the key of a new witness')
    .requiredOption(...stateOption)
    .requiredOption('--name <name>', 'its name in notes: an address of yours without https://, such as witness.example.edu/w1')
    .addHelpText('after', `
Prints its public key, and the line by which a policy names it. The key stays in the folder, readable by you only.
Keep no copy of the folder to bring back later: a witness with an old memory can sign a second history. If the folder is lost, make a new witness.

Example:
  weir witness init --state ./witness --name witness.example.edu/w1`)
    .action(verb((options: InitOptions) => onState(async () => {
      const folder = stateFolder(options);
      const { name, vkey } = await makeKey(folder, options.name);
      await addWatched(folder, []);
      const line = `witness ${shortName(name)} ${vkey} https://ADDRESS/`;
      return {
        text: [`Made the key of ${name} in ${folder}.`, '', `Public key:  ${vkey}`, '', 'For a policy, with the address at which this witness will be reached:', `  ${line}`, '', `Next: weir witness add-log --state ${options.state} policy.txt`].join('\n'),
        json: { name, vkey, line, state: folder },
      };
    })));
};

/** A word for a policy, from the end of the name. */
function shortName(name: string): string {
  return name.split('/').filter((part) => part !== '').at(-1) ?? name;
}
