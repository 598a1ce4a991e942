import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { runVerbs } from '../../../test/runVerbs.ts';
import { directoryOf } from '../../people/scim/index.ts';
import { addDirectory } from './index.ts';

let postgres: TestPostgres;
let folder: string;

beforeAll(async () => {
  postgres = await startTestPostgres({ migrate: true });
  vi.stubEnv('DATABASE_URL', postgres.url);
  folder = await mkdtemp(join(tmpdir(), 'weir-directory-'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

const run = async (...args: readonly string[]) => await runVerbs([addDirectory], ['--data', join(folder, 'data'), '--quiet', 'directory', ...args]);
const issuer = ['--issuer', 'https://login.wa.example.org'];

describe('weir directory', () => {
  it('connects one, lists it without its secret, and revokes it', async () => {
    const file = join(folder, 'groups.yaml');
    await writeFile(file, 'Weir Approvers:\n  - { role: policyApprover, scope: owner WA }\n');
    const made = await run('--json', 'add', '--name', 'Washington people', ...issuer, '--scopes', 'owner WA, agency ZZ0000101', '--groups', file, '--group', 'Desk=reviewer owner WA desk privacyDesk, photoDesk', '--group', 'Desk=agencyUser agency ZZ0000101');
    expect(made.exit).toBe(0);
    const { id, secret, groups, scopes } = JSON.parse(made.out) as { id: string; secret: string; groups: unknown; scopes: unknown };
    expect(scopes).toEqual(['owner WA', 'agency ZZ0000101']);
    expect(groups).toEqual({ 'Weir Approvers': [{ role: 'policyApprover', scope: 'owner WA' }], Desk: [{ role: 'reviewer', scope: 'owner WA', desks: ['privacyDesk', 'photoDesk'] }, { role: 'agencyUser', scope: 'agency ZZ0000101' }] });
    expect(await directoryOf(postgres.sql, secret)).toMatchObject({ id, issuer: 'https://login.wa.example.org/' });
    const list = await run('list');
    expect(list.out).toContain(`${id}  Washington people  owner WA, agency ZZ0000101  0 people`);
    expect(list.out).not.toContain(secret);
    expect((await run('--json', 'list')).out).not.toContain(secret);
    expect((await run('revoke', id)).exit).toBe(0);
    expect(await directoryOf(postgres.sql, secret)).toBeNull();
    expect((await run('list')).out).toContain('REVOKED');
    expect((await run('revoke', id)).exit).toBe(2);
    const acts = await postgres.sql`select act, owner, who, about from act order by id`;
    expect(acts).toMatchObject([{ act: 'directoryMade', owner: 'WA', who: 'operator', about: id }, { act: 'directoryRevoked', owner: 'WA', about: id }]);
  });

  it.each([
    [['--name', '', ...issuer, '--scopes', 'owner WA']], [['--name', 'x', '--issuer', 'login', '--scopes', 'owner WA']], [['--name', 'x', '--issuer', 'ftp://x', '--scopes', 'owner WA']], [['--name', 'x', ...issuer, '--scopes', ' , ']], [['--name', 'x', ...issuer, '--scopes', 'owner Washington']],
    [['--name', 'x', ...issuer, '--scopes', 'machine']], [['--name', 'x', ...issuer, '--scopes', 'owner WA', '--group', 'G=ownerOfficial owner OR']], [['--name', 'x', ...issuer, '--scopes', 'owner WA', '--group', 'G=resident owner WA']],
    [['--name', 'x', ...issuer, '--scopes', 'owner WA', '--group', 'G=king owner WA']], [['--name', 'x', ...issuer, '--scopes', 'owner WA', '--group', 'nothing']], [['--name', 'x', ...issuer, '--scopes', 'owner WA', '--groups', '/nowhere.yaml']],
  ])('is wrong usage: %j', async (args) => expect((await run('add', ...args)).exit).toBe(2));

  it('refuses a file of groups that is not one', async () => {
    const file = join(folder, 'wrong.yaml');
    for (const text of ['- a', 'G: {}', 'G: [{ role: king, scope: owner WA }]', 'G: [', 'G: [{ role: auditor, scope: owner WA, more: 1 }]', '__proto__: [{ role: auditor, scope: owner OR }]\n']) {
      await writeFile(file, text);
      expect((await run('add', '--name', 'x', ...issuer, '--scopes', 'owner WA', '--groups', file)).exit, text).toBe(2);
    }
  });
});
