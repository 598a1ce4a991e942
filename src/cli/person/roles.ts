import { scopeText } from '../../people/roles/index.ts';
import type { Command } from 'commander';
import { exitCodes, verb, VerbError, type AddVerb } from '../verb.ts';
import { accountOf, grantsOf, grantText, operator, withAccounts, type RoleOptions } from './accounts.ts';

export const addGive: AddVerb = (parent) => {
  roleOptions(parent.command('give').description('give roles to an account; felt at its next request'))
    .option('--desk <name...>', 'of a reviewer: the desks that they work for; all of the owner unless told')
    .addHelpText('after', '\nExamples:\n  weir person give ada --owner WA --role ownerOfficial\n  weir person give rio --owner WA --role reviewer --desk "night desk"')
    .action(verb(async (options: RoleOptions, who: string) => await withAccounts(options, async (accounts) => {
      const grants = grantsOf(options);
      for (const grant of grants) accounts.checkRole(grant);
      const { account } = await accountOf(accounts, who);
      for (const grant of grants) await accounts.give(account, grant, 'machine', operator);
      return { text: `${account} is now ${grants.map(grantText).join(', ')}.`, json: { account, given: grants } };
    })));
};

export const addTake: AddVerb = (parent) => {
  roleOptions(parent.command('take').description('take roles away; felt at the next request of the account'))
    .addHelpText('after', '\nExample:\n  weir person take ada --owner WA --role ownerOfficial')
    .action(verb(async (options: RoleOptions, who: string) => await withAccounts(options, async (accounts) => {
      const view = await accountOf(accounts, who);
      const wanted = grantsOf(options);
      const held = wanted.map((grant) => view.grants.find(({ role, scope }) => role === grant.role && scopeText(scope) === scopeText(grant.scope)));
      const missing = wanted.find((_grant, at) => held[at] === undefined);
      if (missing !== undefined) throw new VerbError(exitCodes.usage, `the account is not ${grantText(missing)}`, `See \`weir person show ${view.account}\`.`);
      for (const grant of held) if (grant !== undefined) await accounts.take(view.account, grant.id, operator);
      return { text: `${view.account} is no more ${wanted.map(grantText).join(', ')}.`, json: { account: view.account, taken: wanted } };
    })));
};

function roleOptions(command: Command): Command {
  return command
    .argument('<account>', 'its number or login')
    .requiredOption('--role <role...>', 'the roles, such as ownerOfficial, reviewer or operator; see docs/roles.md')
    .option('--owner <state>', 'the owner that they are held for')
    .option('--agency <ori>', 'the agency that they are held for');
}
