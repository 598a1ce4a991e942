import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { runVerbs, type VerbRun } from '../../../test/runVerbs.ts';
import { openKeys } from '../../ledger/index.ts';
import { addPerson } from './index.ts';

let folder: string;
let database: TestPostgres;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-test-person-'));
  database = await startTestPostgres({ migrate: true });
  vi.stubEnv('DATABASE_URL', database.url);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await database.stop();
  await rm(folder, { recursive: true });
});

const weir = (...args: string[]): Promise<VerbRun> => runVerbs([addPerson], ['--data', folder, '--quiet', ...args]);
const json = async (...args: string[]): Promise<Record<string, unknown>> => JSON.parse((await weir('--json', 'person', ...args)).out) as Record<string, unknown>;

describe('weir person', () => {
  it('makes the first account with an invitation, and never a password', async () => {
    const made = await weir('person', 'add', 'Ada Sample', '--login', 'ada', '--email', 'ada@example.org', '--owner', 'wa', '--role', 'ownerOfficial');
    expect(made.exit).toBe(0);
    expect(made.out).toMatch(/\/invitation\/[A-Za-z0-9_-]{43}\n/);
    expect(made.out).not.toMatch(/password/i);
    expect(await json('show', 'ADA')).toMatchObject({ login: 'ada', state: 'invited', factors: [], grants: [{ role: 'ownerOfficial', scope: { kind: 'owner', owner: 'WA' }, source: 'machine' }] });
    const acts = await database.sql<{ entry: { act: string; who: string; owner: string; sealed: string | null } }[]>`select entry from ledger_outbox order by id`;
    expect(acts.map(({ entry: { act, who, owner } }) => `${act} ${who} ${owner}`)).toEqual(['accountMade operator 00', 'invitationMade operator 00', 'roleGiven operator WA', 'peopleRead operator 00']);
    // The secret is in the database as a hash alone, and on no record.
    const secret = /\/invitation\/(\S+)/.exec(made.out)?.[1] ?? 'none';
    expect(JSON.stringify([acts, await database.sql`select * from invitation`])).not.toContain(secret);
  });

  it('gives JSON, more roles at once, and the address for programs', async () => {
    const made = await json('add', 'Rio Sample', '--login', 'rio', '--owner', 'WA', '--role', 'reviewer', 'auditor', '--desk', 'night desk');
    expect(made).toMatchObject({ account: expect.stringMatching(/^A-[0-9A-Z]{12}$/) as unknown, invitation: expect.stringMatching(/^\/invitation\/.{43}$/) as unknown, expiresAt: expect.stringMatching(/Z$/) as unknown });
    expect((await json('show', 'rio'))['grants']).toMatchObject([{ role: 'reviewer', desks: ['night desk'] }, { role: 'auditor', desks: [] }]);
    expect(await json('list', '--owner', 'WA')).toHaveLength(2);
    expect(await json('list', '--agency', 'ZZ0000101')).toEqual([]);
    expect((await weir('person', 'list')).out).toContain('reviewer of owner WA (night desk)');
  });

  it.each<readonly [string, readonly string[]]>([
    ['a role that is none', ['add', 'X Y', '--login', 'xyz', '--owner', 'WA', '--role', 'king']],
    ['a role of an owner without the owner', ['add', 'X Y', '--login', 'xyz', '--role', 'reviewer']],
    ['an owner that is none', ['add', 'X Y', '--login', 'xyz', '--owner', 'ZZ', '--role', 'reviewer']],
    ['an owner and an agency', ['add', 'X Y', '--login', 'xyz', '--owner', 'WA', '--agency', 'ZZ0000101', '--role', 'reviewer']],
    ['an owner without a role', ['add', 'X Y', '--login', 'xyz', '--owner', 'WA']],
    ['a role of an agency for no ORI', ['add', 'X Y', '--login', 'xyz', '--agency', 'ZZ', '--role', 'agencyUser']],
    ['a login that is taken', ['add', 'X Y', '--login', 'Ada']],
    ['a login that is none', ['add', 'X Y', '--login', 'x y']],
    ['a name that is none', ['add', '', '--login', 'xyz']],
    ['an account that is not there', ['show', 'nobody']],
    ['an account number that is not there', ['unlock', 'A-000000000000']],
    ['a role that is not held', ['take', 'ada', '--owner', 'OR', '--role', 'ownerOfficial']],
    ['an empty reason', ['disable', 'ada', '--why', ' ']],
    ['a token that is not there', ['revoke-token', 'ada', 'T-000000000000']],
  ])('refuses %s, and makes nothing', async (_what, args) => {
    const before = (await json('list') as unknown as unknown[]).length;
    const run = await weir('person', ...args);
    expect(run.exit).toBe(2);
    expect(run.error).toMatch(/^weir: .+\n {6}.+/);
    expect(await json('list')).toHaveLength(before);
  });

  it('gives and takes roles, disables, enables and invites again', async () => {
    expect((await weir('person', 'give', 'rio', '--role', 'operator')).exit).toBe(0);
    expect((await weir('person', 'take', 'rio', '--owner', 'WA', '--role', 'auditor')).exit).toBe(0);
    expect(((await json('show', 'rio'))['grants'] as { role: string }[]).map(({ role }) => role)).toEqual(['reviewer', 'operator']);
    expect((await weir('person', 'disable', 'rio', '--why', 'left')).exit).toBe(0);
    expect((await json('show', 'rio'))['state']).toBe('disabled');
    expect((await weir('person', 'invite', 'rio')).exit).toBe(2);
    expect((await weir('person', 'enable', 'rio')).exit).toBe(0);
    expect((await weir('person', 'invite', 'rio')).out).toMatch(/\/invitation\/.{43}\n/);
    expect((await weir('person', 'unlock', 'rio')).out).toContain('was not locked');
    await database.sql`update account set locked_at = now() where lower(login) = 'rio'`;
    expect((await weir('person', 'unlock', 'rio')).out).toContain('is unlocked');
    expect(await json('tokens', 'rio')).toEqual([]);
    const [row] = await database.sql<{ sealed: string }[]>`select sealed from act where act = 'accountDisabled'`;
    const keys = await openKeys(join(folder, 'keys'), ['00']);
    expect(JSON.parse(keys.unseal('00', row?.sealed ?? ''))).toEqual({ why: 'left' });
    await keys.close();
  });

  it('prints whole addresses where the exchange runs, and says so where it does not', async () => {
    expect(existsSync(join(folder, 'server.json'))).toBe(false);
    expect((await weir('person', 'invite', 'ada')).out).toContain('does not run now');
  });
});
