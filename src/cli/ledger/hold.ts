import { holdEntry, liftEntry } from '../../ledger/retention/index.ts';
import { readFacts, type Hold } from '../../ledger/subjects/index.ts';
import { verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { withRecorder } from './record.ts';
import { ownerOf, working } from './working.ts';

interface AddOptions extends CommonOptions {
  readonly owner: string;
  readonly from: string;
  readonly to: string;
  readonly order: string;
  readonly kind: string;
}

/** `weir ledger hold …`: what must not be erased, on whose order. It stands in the anchor log, which is public. */
export const addHold: AddVerb = (parent) => {
  const hold = parent.command('hold').description('legal holds: what must not be erased');
  hold.command('add')
    .description('keep an owner\'s entries of some days until the hold is lifted')
    .requiredOption('--owner <state>', 'whose entries')
    .requiredOption('--from <day>', 'the first day, YYYY-MM-DD')
    .requiredOption('--to <day>', 'the last day')
    .requiredOption('--order <number>', 'the number of the order; it becomes public')
    .option('--kind <kind>', 'disclosure, other or all', 'all')
    .addHelpText('after', '\nExample:\n  weir ledger hold add --owner WA --from 2026-03-01 --to 2026-03-31 --order 26-2-01234-1')
    .action(verb((options: AddOptions) => working(options, async ({ owners }) => {
      const entry = holdEntry({ owner: ownerOf(owners, options.owner), from: options.from, to: options.to, order: options.order, kind: options.kind as Hold['kind'] }, Date.now());
      await withRecorder(options, (recorder) => recorder.append([entry]));
      const id = String(entry.detail?.['hold']);
      return { text: `Set: ${id}. Nothing of these days is erased until it is lifted.`, json: { hold: id } };
    })));
  hold.command('lift')
    .description('end a hold')
    .argument('<hold>', 'its id, as `weir ledger hold list` shows it')
    .requiredOption('--order <number>', 'the number of the order that ends it')
    .addHelpText('after', '\nExample:\n  weir ledger hold lift h-1f2e3d4c --order 26-2-01234-1')
    .action(verb((options: CommonOptions & { readonly order: string }, id: string) => working(options, async ({ reader }) => {
      const entry = liftEntry(await readFacts(reader, null), id, options.order, Date.now());
      await withRecorder(options, (recorder) => recorder.append([entry]));
      return { text: `Lifted: ${id}.`, json: { lifted: id } };
    })));
  hold.command('list')
    .description('the holds that stand')
    .option('--all', 'those that were lifted too')
    .addHelpText('after', '\nExample:\n  weir ledger hold list --json')
    .action(verb((options: CommonOptions & { readonly all?: boolean }) => working(options, async ({ reader }) => {
      const holds = (await readFacts(reader, null)).holds.filter(({ liftedAt }) => options.all === true || liftedAt === null);
      return { text: holds.length === 0 ? 'No hold stands.' : holds.map(lineOf).join('\n'), json: holds };
    })));
};

function lineOf({ id, owner, from, to, kind, order, setAt, liftedAt }: Hold): string {
  return `${id}  ${owner}  ${from} to ${to}  ${kind}  order ${order}  set ${setAt.slice(0, 10)}${liftedAt === null ? '' : `  LIFTED ${liftedAt.slice(0, 10)}`}`;
}
