import { readServerFile } from '../../store/index.ts';
import type { Invited } from '../../people/accounts/index.ts';
import { exitCodes, verb, VerbError, type AddVerb } from '../verb.ts';
import { accountOf, grantsOf, grantText, operator, withAccounts, type RoleOptions } from './accounts.ts';

interface Options extends RoleOptions {
  readonly login: string;
  readonly email?: string;
  readonly employer?: string;
  readonly number?: string;
}

export const addAdd: AddVerb = (parent) => {
  parent.command('add')
    .description('make an account, and an invitation by which its person sets a password and a second factor')
    .argument('<name>', 'the name of the person, for screens')
    .requiredOption('--login <login>', 'what they sign in with')
    .option('--email <address>', 'their e-mail address; an account of the same address is of the same person')
    .option('--employer <ori>', 'the ORI of the agency that employs them')
    .option('--number <text>', 'their number there')
    .option('--role <role...>', 'roles, such as ownerOfficial, reviewer or operator; see docs/roles.md')
    .option('--owner <state>', 'the owner that the roles are held for')
    .option('--agency <ori>', 'the agency that the roles are held for')
    .option('--desk <name...>', 'of a reviewer: the desks that they work for; all of the owner unless told')
    .addHelpText('after', '\nThe invitation is printed once, is good once and ends after 72 hours. No password is ever set here.\n\nExamples:\n  weir person add "Ada Sample" --login ada --email ada@example.org --owner WA --role ownerOfficial\n  weir person add "Olu Sample" --login olu --role operator')
    .action(verb(async (options: Options, name: string) => await withAccounts(options, async (accounts, folder) => {
      const grants = grantsOf(options);
      if (grants.length === 0 && (options.owner ?? options.agency) !== undefined) throw new VerbError(exitCodes.usage, 'an owner or agency was named, and no role', 'Say which with --role.');
      const person = { name, email: options.email ?? null, employer: options.employer ?? null, employeeNumber: options.number ?? null };
      const made = await accounts.invite(person, options.login, operator, { grants, source: 'machine' });
      const lines = [`Made the account ${made.account}${grants.length === 0 ? ', without a role: weir person give' : `: ${grants.map(grantText).join(', ')}`}.`, ...await invitationLines(made, folder)];
      return { text: lines.join('\n'), json: { account: made.account, grants, ...invitationJson(made) } };
    })));
};

export const addInvite: AddVerb = (parent) => {
  parent.command('invite')
    .description('a new invitation to an account that is there: for one that ran out, or a lost password or device')
    .argument('<account>', 'its number or login')
    .addHelpText('after', '\nInvitations before it are good no more. When it is taken up, password and factors are new, and sessions, tokens and passkeys of before are gone.\n\nExample:\n  weir person invite ada')
    .action(verb(async (options: RoleOptions, who: string) => await withAccounts(options, async (accounts, folder) => {
      const made = await accounts.inviteAgain((await accountOf(accounts, who)).account, operator);
      return { text: (await invitationLines(made, folder)).join('\n'), json: { account: made.account, ...invitationJson(made) } };
    })));
};

function invitationJson({ secret, expiresAt }: Invited): { readonly invitation: string; readonly expiresAt: string } {
  return { invitation: `/invitation/${secret}`, expiresAt: expiresAt.toISOString() };
}

async function invitationLines(made: Invited, folder: string): Promise<readonly string[]> {
  const { invitation, expiresAt } = invitationJson(made);
  const base = (await readServerFile(folder))?.people ?? '';
  return [
    `Give this address to that person alone, until ${expiresAt}; it is good once:`, `  ${base.replace(/\/$/, '')}${invitation}`,
    ...(base === '' ? ['It is a path on the exchange, which does not run now or takes no people in: set `people.port`.'] : []),
  ];
}
