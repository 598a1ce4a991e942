import type { AccountView } from '../../people/accounts/index.ts';
import type { Scope } from '../../people/roles/index.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { accountOf, grantText, stateOf, withAccounts } from './accounts.ts';

interface Options extends CommonOptions {
  readonly owner?: string;
  readonly agency?: string;
}

export const addList: AddVerb = (parent) => {
  parent.command('list')
    .description('the accounts, by name')
    .option('--owner <state>', 'only those with a role of this owner')
    .option('--agency <ori>', 'only those with a role of this agency')
    .addHelpText('after', '\nExamples:\n  weir person list\n  weir person list --owner WA --json')
    .action(verb(async (options: Options) => await withAccounts(options, async (accounts, _folder, record) => {
      const scope = scopeOf(options);
      await record([{ act: 'peopleRead', owner: scope?.kind === 'owner' ? scope.owner : null, detail: { way: 'list', ...(scope?.kind === 'agency' ? { ori: scope.ori } : {}) } }]);
      const views = await accounts.list(scope);
      return { text: views.length === 0 ? 'No account. Make one with weir person add.' : views.map(lineOf).join('\n'), json: views.map((view) => ({ ...view, state: stateOf(view) })) };
    })));
};

export const addShow: AddVerb = (parent) => {
  parent.command('show')
    .description('one account: its roles, factors, sessions and tokens')
    .argument('<account>', 'its number or login')
    .addHelpText('after', '\nExample:\n  weir person show ada')
    .action(verb(async (options: CommonOptions, who: string) => await withAccounts(options, async (accounts, _folder, record) => {
      const view = await accountOf(accounts, who);
      await record([{ act: 'peopleRead', owner: null, on: view.account, detail: { way: 'show' } }]);
      const [sessions, tokens] = [await accounts.sessions(view.account), await accounts.tokens(view.account)];
      const lines = [
        lineOf(view), `  person     ${view.person}, ${view.email ?? 'no e-mail address'}${view.employer === null ? '' : `, employed by ${view.employer}`}`,
        `  signs in   ${view.kind}, with ${view.factors.join(', ') || (view.kind === 'local' ? 'nothing yet' : 'its provider')}`,
        ...view.grants.map((grant) => `  role       ${grantText(grant)}, given ${grant.givenAt.toISOString().slice(0, 10)} (${grant.source})`),
        ...(view.disabledAt === null ? [] : [`  disabled   ${view.disabledAt.toISOString()}: ${view.disabledWhy ?? ''}`]), ...(view.lockedAt === null ? [] : [`  locked     ${view.lockedAt.toISOString()} after failures to sign in`]),
        ...sessions.map(({ id, begunAt, seenAt }) => `  session    ${id}  begun ${begunAt.toISOString()}, seen ${seenAt.toISOString()}`), `  tokens     ${tokens.filter(({ revokedAt, expiresAt }) => revokedAt === null && expiresAt > new Date()).length} good of ${tokens.length}`,
      ];
      return { text: lines.join('\n'), json: { ...view, state: stateOf(view), sessions, tokens } };
    })));
};

function scopeOf({ owner, agency }: Options): Scope | null {
  if (owner !== undefined && agency !== undefined) throw new VerbError(exitCodes.usage, 'list by owner or by agency', 'Give --owner or --agency, and not both.');
  if (owner !== undefined) return { kind: 'owner', owner: owner.trim().toUpperCase() };
  return agency === undefined ? null : { kind: 'agency', ori: agency.trim().toUpperCase() };
}

function lineOf(view: AccountView): string {
  const last = view.lastAt === null ? 'never signed in' : `last ${view.lastAt.toISOString().slice(0, 10)}`;
  return [view.account, stateOf(view).padEnd(8), view.login, view.name, last, view.grants.map(grantText).join('; ') || 'no role'].join('  ');
}
