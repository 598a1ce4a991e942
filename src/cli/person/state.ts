import { verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { accountOf, operator, withAccounts } from './accounts.ts';

export const addUnlock: AddVerb = (parent) => {
  parent.command('unlock')
    .description('open an account that was locked after failures to sign in')
    .argument('<account>', 'its number or login')
    .addHelpText('after', '\nAsk the person first whether the failures were theirs.\n\nExample:\n  weir person unlock ada')
    .action(verb(async (options: CommonOptions, who: string) => await withAccounts(options, async (accounts) => {
      const { account, lockedAt } = await accountOf(accounts, who);
      await accounts.unlock(account, operator);
      return { text: lockedAt === null ? `${account} was not locked.` : `${account} is unlocked.`, json: { account, unlocked: lockedAt !== null } };
    })));
};

export const addDisable: AddVerb = (parent) => {
  parent.command('disable')
    .description('end an account now: its sessions and tokens are refused at their next request')
    .argument('<account>', 'its number or login')
    .requiredOption('--why <text>', 'the reason; kept sealed on the record')
    .addHelpText('after', '\nExample:\n  weir person disable ada --why "left on 1 March"')
    .action(verb(async (options: CommonOptions & { readonly why: string }, who: string) => await withAccounts(options, async (accounts) => {
      const { account } = await accountOf(accounts, who);
      await accounts.disable(account, options.why, operator);
      return { text: `${account} is disabled.`, json: { account, disabled: true } };
    })));
};

export const addEnable: AddVerb = (parent) => {
  parent.command('enable')
    .description('let a disabled account sign in again, with the roles that it has; sessions and tokens stay ended')
    .argument('<account>', 'its number or login')
    .addHelpText('after', '\nExample:\n  weir person enable ada')
    .action(verb(async (options: CommonOptions, who: string) => await withAccounts(options, async (accounts) => {
      const { account } = await accountOf(accounts, who);
      await accounts.enable(account, operator);
      return { text: `${account} is enabled.`, json: { account, enabled: true } };
    })));
};
