import { listOrders, type CourtOrder } from '../../people/index.ts';
import { withPeople } from '../agency/people.ts';
import { verb, type AddVerb, type CommonOptions } from '../verb.ts';

export const addList: AddVerb = (parent) => {
  parent.command('list')
    .description('the confirmed papers, newest first')
    .option('--owner <state>', 'only those of one owner')
    .addHelpText('after', '\nExample:\n  weir order list --owner WA --json')
    .action(verb(async (options: CommonOptions & { readonly owner?: string }) => await withPeople(options, async ({ sql }) => {
      const orders = await listOrders(sql, options.owner);
      const now = new Date();
      return { text: orders.length === 0 ? 'No confirmed paper.' : orders.map((order) => lineOf(order, now)).join('\n'), json: orders };
    })));
};

function lineOf({ owner, number, court, confirmedBy, confirmedAt, expiresAt }: CourtOrder, now: Date): string {
  const end = expiresAt === null ? 'no end' : `${expiresAt <= now ? 'ENDED' : 'until'} ${expiresAt.toISOString().slice(0, 10)}`;
  return `${owner}  ${number}  ${court}  ${end}  confirmed ${confirmedAt.toISOString().slice(0, 10)} by ${confirmedBy}`;
}
