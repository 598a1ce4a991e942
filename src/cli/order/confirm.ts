import { userInfo } from 'node:os';

import { confirmOrder } from '../../people/index.ts';
import { courtClasses } from '../../vocabulary/index.ts';
import { withPeople } from '../agency/people.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';

interface Options extends CommonOptions {
  readonly owner: string;
  readonly number: string;
  readonly court: string;
  readonly hash?: string;
  readonly by?: string;
  readonly until?: string;
}

export const addConfirm: AddVerb = (parent) => {
  parent.command('confirm')
    .description('record that the owner confirmed a warrant or order with its court')
    .requiredOption('--owner <state>', 'the owner that confirmed it; it counts for that owner alone')
    .requiredOption('--number <number>', 'the number on the paper')
    .requiredOption('--court <kind>', `who signed: ${Object.keys(courtClasses).filter((one) => one !== 'notStated').join(', ')}`)
    .option('--hash <sha256>', 'SHA-256 of the document; a request with another hash is then not confirmed')
    .option('--by <name>', 'the person or desk that confirmed it; else your account')
    .option('--until <date>', 'the last day on which it counts, YYYY-MM-DD')
    .addHelpText('after', '\nExample:\n  weir order confirm --owner WA --number 26-MC-00012 --court articleThree --until 2026-12-31')
    .action(verb(async (options: Options) => await withPeople(options, async ({ sql }) => {
      const { owner, number, court } = options;
      const expiresAt = options.until === undefined ? null : endOfDay(options.until);
      await confirmOrder(sql, { owner, number, court, documentHash: options.hash ?? null, confirmedBy: options.by ?? account(), expiresAt });
      return { text: `Confirmed for ${owner.toUpperCase()}: a request that gives this number counts as courtConfirmed (${court}).`, json: { owner: owner.toUpperCase(), number, court, expiresAt } };
    })));
};

function account(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}

/** The day counts to its end in every time zone of the owners: until noon UTC of the day after, which is 00:00 at UTC-12. */
function endOfDay(text: string): Date {
  const date = new Date(`${text}T00:00:00Z`);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
  if (!isDay) throw new VerbError(exitCodes.usage, '--until is not a day', 'Write it as YYYY-MM-DD.');
  return new Date(date.getTime() + 36 * 3_600_000);
}
