import { isDay } from '../../ledger/retention/index.ts';
import { withheldEntry } from '../../ledger/subjects/index.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { withRecorder } from './record.ts';
import { indexOf, ownerOf, working } from './working.ts';

interface Options extends CommonOptions {
  readonly owner: string;
  readonly index: string;
  readonly until?: string;
  readonly lift?: boolean;
  readonly order: string;
}

/** `weir ledger withhold`: one entry is not opened to its resident before a day. */
export const addWithhold: AddVerb = (parent) => {
  parent.command('withhold')
    .description('do not open an entry to its resident before a day, by order; it is counted, with the day, and opens by itself')
    .requiredOption('--owner <state>', 'whose log')
    .requiredOption('--index <n>', 'the leaf index in that log')
    .option('--until <day>', 'the last day on which it is withheld, YYYY-MM-DD, UTC')
    .option('--lift', 'withhold it no longer')
    .requiredOption('--order <number>', 'the number of the order')
    .addHelpText('after', '\nExample:\n  weir ledger withhold --owner WA --index 1204 --until 2026-12-31 --order 26-1-00042-7')
    .action(verb((options: Options) => working(options, async ({ reader, owners }) => {
      const owner = ownerOf(owners, options.owner);
      const now = Date.now();
      const until = untilOf(options, now);
      const entry = await withheldEntry(reader, { owner, index: indexOf(options.index), until, order: options.order }, now);
      await withRecorder(options, (recorder) => recorder.append([entry]));
      return { text: options.lift === true ? `Withheld no longer: entry ${entry.index} of ${owner}.` : `Withheld: entry ${entry.index} of ${owner}, until ${until}.`, json: { owner, index: entry.index, until } };
    })));
};

function untilOf({ until, lift }: Options, now: number): string {
  if (lift === true && until === undefined) return new Date(now).toISOString();
  if (lift === true || until === undefined) throw new VerbError(exitCodes.usage, 'give either --until or --lift');
  if (!isDay(until)) throw new VerbError(exitCodes.usage, '--until is not a day', 'Write it as YYYY-MM-DD.');
  const end = Date.parse(until) + 86_400_000;
  if (end <= now) throw new VerbError(exitCodes.usage, '--until is over already', 'To end it use --lift.');
  return new Date(end).toISOString();
}
