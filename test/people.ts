import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

import { openAccounts, type AccountsParts, type From, type OpenAccounts } from '../src/people/accounts/index.ts';
import { openActs, type Acts } from '../src/people/acts/index.ts';
import { readScope, type Role } from '../src/people/roles/index.ts';
import { startTestPostgres, type TestPostgres } from './postgres.ts';

/** An invented person with a local account that was taken up. */
export interface TestPerson {
  readonly account: string;
  readonly person: string;
  readonly login: string;
  readonly password: string;
  readonly key: string;
}

export interface ActRow {
  readonly act: string;
  readonly owner: string;
  readonly who: string;
  readonly role: string | null;
  readonly about: string | null;
  readonly result: string;
  readonly detail: Readonly<Record<string, string | number>> | null;
  readonly sealed: string | null;
}

/** Accounts over a real database, with a clock that the test moves. */
export interface TestPeople {
  readonly database: TestPostgres;
  readonly accounts: OpenAccounts;
  readonly acts: Acts;
  readonly parts: AccountsParts;
  /** Milliseconds since 1970. */
  readonly clock: { now: number };
  /** An account with password and one-time codes, and roles such as `['reviewer', 'owner WA']`, given on the machine. */
  readonly join: (login: string, grants?: readonly (readonly [Role, string])[], more?: { readonly name?: string; readonly email?: string | null }) => Promise<TestPerson>;
  /** The six digits of a key at a time. */
  readonly code: (key: string, at?: number) => string;
  /** Signs in with both factors, half a minute later than it is, and accepts the notice unless told: the cookie. */
  readonly enter: (person: TestPerson, notice?: boolean) => Promise<string>;
  /** What is on the record, in order. */
  readonly record: (act?: string) => Promise<readonly ActRow[]>;
  readonly unseal: (owner: string, sealed: string) => string;
  readonly stop: () => Promise<void>;
}

export const from: From = { address: '203.0.113.7', agent: 'test agent' };
export const goodPassword = 'copper lantern verge 41';
/** Whoever sits at the machine. */
export const operator = { who: 'operator', role: null } as const;

export async function startPeople(more: Partial<AccountsParts> = {}): Promise<TestPeople> {
  const database = await startTestPostgres({ migrate: true });
  const key = randomBytes(32);
  const seal = (owner: string, plain: string): string => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner));
    return Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
  };
  const unseal = (owner: string, sealed: string): string => {
    const bytes = Buffer.from(sealed, 'base64');
    const opening = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(-16));
    return opening.update(bytes.subarray(12, -16), undefined, 'utf8') + opening.final('utf8');
  };
  const clock = { now: Date.parse('2026-03-02T15:00:00Z') };
  const acts = openActs({ sql: database.sql, sealer: { seal }, journal: null, now: () => clock.now });
  const parts: AccountsParts = {
    sql: database.sql, acts, seal: (plain) => seal('00', plain), unseal: (sealed) => unseal('00', sealed), rp: { name: 'Weir', id: 'weir.example.org', origins: ['https://weir.example.org'] }, now: () => clock.now, ...more,
  };
  const accounts = openAccounts(parts);
  const code = (secret: string, at = clock.now): string => TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: at });
  return {
    database, accounts, acts, parts, clock, code, unseal,
    async join(login, grants = [], { name = `Person ${login}`, email = `${login}@example.org` } = {}) {
      const invited = await accounts.invite({ name, email, employer: null, employeeNumber: null }, login, operator);
      const totp = (await accounts.totpKey(invited.secret)).key.replaceAll(' ', '');
      const { account } = await accounts.takeUp(invited.secret, { password: goodPassword, totp: { key: totp, code: code(totp) } });
      for (const [role, scope] of grants) {
        const read = readScope(scope);
        if (read === null) throw new Error(`${scope} is no scope`);
        await accounts.give(account, { role, scope: read, desks: [] }, 'machine', operator);
      }
      const view = await accounts.account(account);
      return { account, person: view?.person ?? '', login, password: goodPassword, key: totp };
    },
    async enter(person, notice = true) {
      clock.now += 30_000;
      const first = await accounts.begin(person.login, person.password, from);
      if (!first.ok) throw new Error('the password was refused');
      const done = await accounts.finishWithCode(first.flow, code(person.key), from);
      if (!done.ok) throw new Error(`the code was ${done.why}`);
      if (notice) await accounts.acceptNotice(done.cookie);
      return done.cookie;
    },
    async record(act) {
      return await database.sql<ActRow[]>`
        select a.act, a.owner, a.who, a.role, a.about, a.result, a.detail, a.sealed from act a join ledger_outbox o on o.entry->>'id' = a.id
        where ${act ?? null}::text is null or a.act = ${act ?? null} order by o.id`;
    },
    stop: () => database.stop(),
  };
}
