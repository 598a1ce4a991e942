import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { runVerbs, type VerbRun } from '../../../test/runVerbs.ts';
import { listPolicies } from '../../store/policies.ts';
import { addPolicy } from './index.ts';

/** `weir policy activate` is no way around those who approve. */
const policy = (owner: string, version: number): string => `policy: ${owner}\nversion: ${version}\neffective: 2026-01-01\nrules:\n  - { id: ${owner}-1, deny: { data: all } }\n`;

let folder: string;
let postgres: TestPostgres;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-activate-approved-'));
  postgres = await startTestPostgres({ migrate: true });
  vi.stubEnv('DATABASE_URL', postgres.url);
  await postgres.sql`insert into person (id, name) values ('U-AAAAAAAAAAAA', 'Avery Approver')`;
  await postgres.sql`insert into account (id, person, kind, login) values ('A-AAAAAAAAAAAA', 'U-AAAAAAAAAAAA', 'local', 'avery'), ('A-BBBBBBBBBBBB', 'U-AAAAAAAAAAAA', 'persona', 'invented')`;
});
afterAll(async () => {
  process.exitCode = 0;
  vi.unstubAllEnvs();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

async function activate(owner: string, version: number, ...more: readonly string[]): Promise<VerbRun> {
  const file = join(folder, `${owner}-${version}.yaml`);
  await writeFile(file, policy(owner, version));
  return runVerbs([addPolicy], ['--data', join(folder, 'data'), 'policy', 'activate', file, ...more]);
}

async function give(role: string, scope: string, account = 'A-AAAAAAAAAAAA'): Promise<void> {
  await postgres.sql`insert into role_grant (account, role, scope, source, given_by) values (${account}, ${role}, ${scope}, 'machine', 'operator')`;
}

async function versions(owner: string): Promise<readonly number[]> {
  return (await listPolicies(postgres.sql, owner)).map(({ version }) => version).sort();
}

describe('weir policy activate, where others approve', () => {
  it.each([['policyApprover', 'WA'], ['privacyApprover', 'OR']])('takes the first policy, and no other once there is a %s', async (role, owner) => {
    await give(role, `owner ${owner}`);
    expect((await activate(owner, 1)).exit).toBe(0);
    const second = await activate(owner, 2);
    expect([second.exit, second.out]).toEqual([1, '']);
    expect(second.error).toContain('weir change apply');
    expect((await activate(owner, 2, '--override', 'no time')).exit).toBe(1);
    expect(await versions(owner)).toEqual([1]);
    expect((await activate(owner, 2, '--dry-run')).exit).toBe(0);
  });

  it('takes one where nobody approves: another role, one that was taken away, one of an invented person', async () => {
    await give('policyAuthor', 'owner CO');
    await give('policyApprover', 'owner CO');
    await give('privacyApprover', 'owner CO', 'A-BBBBBBBBBBBB');
    await postgres.sql`update role_grant set ended_at = now(), ended_by = 'test' where scope = 'owner CO' and role = 'policyApprover'`;
    for (const version of [1, 2]) expect((await activate('CO', version)).exit).toBe(0);
    expect(await versions('CO')).toEqual([1, 2]);
  });
});
