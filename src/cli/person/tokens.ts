import type { TokenView } from '../../people/accounts/index.ts';
import { verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { accountOf, operator, withAccounts } from './accounts.ts';

export const addTokens: AddVerb = (parent) => {
  parent.command('tokens')
    .description('the service tokens of an account, newest first')
    .argument('<account>', 'its number or login')
    .addHelpText('after', '\nA token is made by its own account, on the page of the account. It is never shown again.\n\nExample:\n  weir person tokens ada')
    .action(verb(async (options: CommonOptions, who: string) => await withAccounts(options, async (accounts, _folder, record) => {
      const { account } = await accountOf(accounts, who);
      await record([{ act: 'peopleRead', owner: null, on: account, detail: { way: 'tokens' } }]);
      const tokens = await accounts.tokens(account);
      const now = new Date();
      return { text: tokens.length === 0 ? 'No token.' : tokens.map((token) => lineOf(token, now)).join('\n'), json: tokens.map((token) => ({ ...token, state: stateOf(token, now) })) };
    })));
};

export const addRevokeToken: AddVerb = (parent) => {
  parent.command('revoke-token')
    .description('end a service token now')
    .argument('<account>', 'its number or login')
    .argument('<token>', 'the number of the token, T-…')
    .addHelpText('after', '\nExample:\n  weir person revoke-token ada T-7Q2MXK90D4FA')
    .action(verb(async (options: CommonOptions, who: string, token: string) => await withAccounts(options, async (accounts) => {
      const { account } = await accountOf(accounts, who);
      await accounts.revokeToken(account, token, operator);
      return { text: `${token} is revoked.`, json: { account, token, revoked: true } };
    })));
};

function lineOf(token: TokenView, now: Date): string {
  return [token.id, stateOf(token, now).padEnd(7), `until ${token.expiresAt.toISOString().slice(0, 10)}`, token.usedAt === null ? 'never used' : `used ${token.usedAt.toISOString().slice(0, 10)}`, token.name, token.actions.join(',')].join('  ');
}

function stateOf({ revokedAt, expiresAt }: TokenView, now: Date): 'revoked' | 'ended' | 'good' {
  return revokedAt !== null ? 'revoked' : expiresAt <= now ? 'ended' : 'good';
}
