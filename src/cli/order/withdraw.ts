import { withdrawOrder } from '../../people/index.ts';
import { withPeople } from '../agency/people.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';

interface Options extends CommonOptions {
  readonly owner: string;
  readonly number: string;
}

export const addWithdraw: AddVerb = (parent) => {
  parent.command('withdraw')
    .description('end a confirmation now')
    .requiredOption('--owner <state>', 'the owner')
    .requiredOption('--number <number>', 'the number on the paper')
    .addHelpText('after', '\nExample:\n  weir order withdraw --owner WA --number 26-MC-00012')
    .action(verb(async (options: Options) => await withPeople(options, async ({ sql }) => {
      if (!await withdrawOrder(sql, options.owner, options.number)) throw new VerbError(exitCodes.usage, 'no paper with this number is confirmed and in force', 'See `weir order list`.');
      return { text: 'Withdrawn.', json: { withdrawn: true } };
    })));
};
