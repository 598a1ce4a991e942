import { join } from 'node:path';

import { KeyError, openKeys } from '../../ledger/index.ts';
import { AccountError, openAccounts, type AccountView, type OpenAccounts } from '../../people/accounts/index.ts';
import { openActs } from '../../people/acts/index.ts';
import { allRoles, scopeText, type Grant, type Role, type Scope } from '../../people/roles/index.ts';
import { ledgerPlaces, ledgerSettings } from '../../server/compose/ledgerFolder.ts';
import { readSettings } from '../../server/compose/settings.ts';
import { allJurisdictions } from '../../vocabulary/index.ts';
import { onRecord, type MachineAct } from '../acts/onRecord.ts';
import { withStore } from '../store.ts';
import { exitCodes, VerbError, type CommonOptions } from '../verb.ts';

/** Who does what is done at the command line, as it stands on the record: whoever may use the machine's data folder. */
export const operator = { who: 'operator', role: null } as const;

/** The exchange's own keys. */
const ownKeys = '00';

/**
 * Gives `work` the accounts, beside a running exchange or without one. What it does goes on the record by the outbox: at once where an exchange runs, else when it starts. `record` is for what is read: before it is shown.
 * A refusal becomes wrong usage, with its mend.
 */
export async function withAccounts<T>(options: CommonOptions, work: (accounts: OpenAccounts, folder: string, record: (acts: readonly MachineAct[]) => Promise<void>) => Promise<T>): Promise<T> {
  try {
    return await withStore(options, async ({ sql, folder }) => {
      const { keyProgram } = ledgerSettings(await readSettings(join(folder, 'settings.yaml')));
      const keys = await openKeys(ledgerPlaces(folder).keys, [ownKeys], keyProgram === null ? {} : { command: keyProgram });
      try {
        const acts = openActs({ sql, sealer: keys, journal: null });
        const isOwner = (owner: string): boolean => (allJurisdictions as readonly string[]).includes(owner);
        // Nobody signs in here: passkeys are of the pages alone.
        const rp = { name: 'Weir', id: 'localhost', origins: [] };
        return await work(openAccounts({ sql, acts, seal: (plain) => keys.seal(ownKeys, plain), unseal: (sealed) => keys.unseal(ownKeys, sealed), rp, isOwner }), folder, (read) => onRecord(sql, folder, read));
      } finally {
        await keys.close();
      }
    });
  } catch (error) {
    if (error instanceof AccountError) throw new VerbError(exitCodes.usage, error.message, error.mend, { cause: error });
    if (error instanceof KeyError) throw new VerbError(exitCodes.environment, error.message, null, { cause: error });
    throw error;
  }
}

/** The account of a number or a login. A login that was used more than once is of the account that is not disabled. */
export async function accountOf(accounts: OpenAccounts, text: string): Promise<AccountView> {
  const wanted = text.trim().toLowerCase();
  const all = await accounts.list(null);
  const named = all.filter(({ account, login }) => account.toLowerCase() === wanted || login.toLowerCase() === wanted);
  const good = named.filter(({ account, disabledAt }) => account.toLowerCase() === wanted || disabledAt === null);
  const [found, another] = good.length > 0 ? good : named;
  if (found === undefined) throw new VerbError(exitCodes.usage, 'there is no such account', 'See `weir person list`; give the number (A-…) or the login.');
  if (another !== undefined) throw new VerbError(exitCodes.usage, 'more than one account has this login', `Give one of the numbers: ${good.map(({ account }) => account).join(', ')}.`);
  return found;
}

/** Options by which a role is named. */
export interface RoleOptions extends CommonOptions {
  readonly role?: readonly string[];
  readonly owner?: string;
  readonly agency?: string;
  readonly desk?: readonly string[];
}

/** The roles that options name, all in one scope. A `VerbError` where they say none, or two scopes. */
export function grantsOf({ role = [], owner, agency, desk = [] }: RoleOptions): readonly Grant[] {
  if (owner !== undefined && agency !== undefined) throw new VerbError(exitCodes.usage, 'a role is held for an owner or for an agency', 'Give --owner or --agency, and not both.');
  const unknown = role.find((one) => !(allRoles as readonly string[]).includes(one));
  if (unknown !== undefined) throw new VerbError(exitCodes.usage, `\`${unknown.slice(0, 40)}\` is no role`, `Roles: ${allRoles.join(', ')}.`);
  const scope: Scope = owner !== undefined ? { kind: 'owner', owner: owner.trim().toUpperCase() } : agency !== undefined ? { kind: 'agency', ori: agency.trim().toUpperCase() } : { kind: 'machine' };
  return (role as readonly Role[]).map((one) => ({ role: one, scope, desks: one === 'reviewer' ? [...desk] : [] }));
}

/** `reviewer of owner WA (night desk)`. */
export function grantText({ role, scope, desks }: Grant): string {
  return `${role} of ${scope.kind === 'machine' ? 'the machine' : scopeText(scope)}${desks.length === 0 ? '' : ` (${desks.join(', ')})`}`;
}

export function stateOf({ disabledAt, lockedAt, factors, kind }: AccountView): 'disabled' | 'locked' | 'invited' | 'good' {
  if (disabledAt !== null) return 'disabled';
  if (lockedAt !== null) return 'locked';
  return kind === 'local' && factors.length === 0 ? 'invited' : 'good';
}
