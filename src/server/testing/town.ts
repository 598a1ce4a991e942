import { TOTP } from 'otpauth';

import { startTestPostgres } from '../../../test/postgres.ts';
import { openAccounts, personaIssuer, type OpenAccounts } from '../../people/accounts/index.ts';
import { openActs, type ActsParts } from '../../people/acts/index.ts';
import type { Grant } from '../../people/roles/index.ts';
import type { Sql } from '../../store/index.ts';
import type { ServerDeps } from '../deps.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { createLog } from '../logging.ts';
import { testBrowser, type TestBrowser } from './browser.ts';
import { startTest, testDeps } from './server.ts';

/** Invented people with real accounts over a real database, and a listener in front of them. */
export interface Town {
  readonly url: string;
  readonly sql: Sql;
  readonly accounts: OpenAccounts;
  readonly people: PeopleDeps;
  /** Lines of the log, as they were written. */
  readonly log: string[];
  /** Makes a local account with password and one-time codes. */
  person(name: string, grants: readonly Grant[], change?: { readonly email?: string; readonly employer?: string }): Promise<Townsman>;
  /** Makes an account that signs in with one click, where that is allowed. */
  persona(name: string, grants: readonly Grant[]): Promise<string>;
  /** A code of a key that was not used before: the clock of accounts goes on by half a minute. */
  code(key: string): string;
  /** A browser with a session of password and code whose notice was accepted; not through the pages, which count tries. */
  enter(person: Townsman): Promise<TestBrowser>;
  /** Another listener before the same people. */
  listen(change: Partial<ServerDeps>): Promise<string>;
  /** The acts on the record, the newest first. */
  acts(): Promise<readonly { readonly act: string; readonly who: string; readonly about: string | null; readonly result: string; readonly owner: string; readonly detail: Record<string, unknown> | null; readonly sealed: string | null }[]>;
  stop(): Promise<void>;
}

export interface Townsman {
  readonly account: string;
  readonly name: string;
  readonly login: string;
  readonly password: string;
  readonly key: string;
}

const operator = { who: 'operator', role: null } as const;
const from = { address: '127.0.0.1', agent: 'test' };
const seal = (owner: string, plain: string): string => `${owner}.${Buffer.from(plain).reverse().toString('base64')}`;
const unseal = (owner: string, sealed: string): string => {
  if (!sealed.startsWith(`${owner}.`)) throw new Error('sealed under the key of another');
  return Buffer.from(sealed.slice(owner.length + 1), 'base64').reverse().toString();
};

export const ownerRole = (role: Grant['role'], owner = 'WA'): Grant => ({ role, scope: { kind: 'owner', owner }, desks: [] });
export const agencyRole = (role: Grant['role'], ori = 'ZZ0000101'): Grant => ({ role, scope: { kind: 'agency', ori }, desks: [] });

export async function startTown(change: Partial<ServerDeps> = {}, more: { readonly people?: Partial<PeopleDeps>; readonly journal?: ActsParts['journal']; /** Of passkeys; may be added to once the address is known. */ readonly origins?: readonly string[] } = {}): Promise<Town> {
  const postgres = await startTestPostgres({ migrate: true });
  const { sql } = postgres;
  let ahead = 0;
  const log: string[] = [];
  const now = (): number => Date.now() + ahead;
  const acts = openActs({ sql, sealer: { seal }, journal: more.journal ?? null, now });
  const accounts = openAccounts({ sql, acts, seal: (plain) => seal('x', plain), unseal: (sealed) => unseal('x', sealed), rp: { name: 'Weir', id: 'localhost', origins: more.origins ?? ['http://localhost'] }, isOwner: (owner) => /^(?:WA|OR)$/.test(owner), now });
  const personas: { account: string; name: string; does: string }[] = [];
  const unused = new Proxy({}, { get: (_target, name) => (name === 'then' ? undefined : () => { throw new Error(`${String(name)} is of another part`); }) }) as never;
  const people: PeopleDeps = {
    accounts, acts, sql, unseal, changes: unused, review: unused, duties: unused, residents: unused, isOwner: (owner) => /^(?:WA|OR)$/.test(owner), agencyName: (ori) => (ori === 'ZZ0000101' ? 'Example City Police (invented)' : null), personas, ...more.people,
  };
  const deps = (other: Partial<ServerDeps>): ServerDeps => testDeps({ people, log: createLog('info', { write: (line) => void log.push(line) }), ...change, ...other });
  const { url } = await startTest(deps({}));
  let count = 0;

  const code = (key: string): string => {
    ahead += 30_000;
    return new TOTP({ secret: key.replace(/\s/g, '') }).generate({ timestamp: now() });
  };
  return {
    url, sql, accounts, people, log, code,
    async person(name, grants, { email, employer } = {}) {
      count += 1;
      const login = `login${count}@example.org`;
      const password = `Marrow Quill ${count} Lantern`;
      const invited = await accounts.invite({ name, email: email ?? null, employer: employer ?? null, employeeNumber: null }, login, operator);
      const { key } = await accounts.totpKey(invited.secret);
      await accounts.takeUp(invited.secret, { password, totp: { key, code: code(key) } });
      for (const grant of grants) await accounts.give(invited.account, grant, 'machine', operator);
      return { account: invited.account, name, login, password, key };
    },
    async persona(name, grants) {
      count += 1;
      const { account } = await accounts.provision({ person: { name, email: null, employer: null, employeeNumber: null }, issuer: personaIssuer, subject: `p${count}`, externalId: null, login: `p${count}`, grants, active: true }, operator);
      personas.push({ account, name, does: 'is invented' });
      return account;
    },
    async enter({ login, password, key }) {
      const first = await accounts.begin(login, password, from);
      const done = first.ok ? await accounts.finishWithCode(first.flow, code(key), from) : first;
      if (!done.ok) throw new Error(`could not sign in: ${done.why}`);
      await accounts.acceptNotice(done.cookie);
      const browser = testBrowser(url);
      browser.cookies.set('weir', done.cookie);
      return browser;
    },
    async listen(other) {
      return (await startTest(deps(other))).url;
    },
    acts: () => sql`select act, who, about, result, owner, detail, sealed from act order by at desc, id desc`,
    stop: () => postgres.stop(),
  };
}

export { from as testFrom, operator as testOperator };
