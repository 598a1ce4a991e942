import { verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { whose, withDuties } from './open.ts';

/** `weir duty reviews`: the quarterly reviews of users, and the re-certifications of an owner. Accounts stand in it by their numbers: the operator needs no names. */
export const addReviews: AddVerb = (parent) => {
  parent.command('reviews')
    .description('reviews of users and re-certifications of agencies, how far they are')
    .option('--owner <state>', 'of an owner')
    .option('--ori <ori>', 'of an agency')
    .addHelpText('after', '\nExample:\n  weir duty reviews --owner WA')
    .action(verb(async (options: CommonOptions & { readonly owner?: string; readonly ori?: string }) => {
      const of = whose(options);
      return await withDuties(options, async (duties) => {
        const users = (await duties.userReviews('owner' in of ? `owner ${of.owner}` : `agency ${of.ori}`)).map(({ items, ...review }) => ({
          ...review, items: items.map(({ id, account, role, decision, by }) => ({ id, account, role, decision, by })),
        }));
        const agencies = 'owner' in of ? (await duties.recertifications(of.owner)).map(({ id, year, dueAt, state, decided, total }) => ({ id, year, dueAt, state, decided, total })) : [];
        const lines = [
          ...users.map(({ quarter, state, dueAt, items }) => `users ${quarter}  ${state}  due ${dueAt.slice(0, 10)}  ${items.filter(({ decision }) => decision !== null).length} of ${items.length} decided`),
          ...agencies.map(({ year, state, dueAt, decided, total }) => `agencies ${year}  ${state}  due ${dueAt.slice(0, 10)}  ${decided} of ${total} decided`),
        ];
        return { text: lines.length === 0 ? 'None was begun yet.' : lines.join('\n'), json: { users, agencies } };
      });
    }));
};
