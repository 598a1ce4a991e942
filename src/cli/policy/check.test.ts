import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runVerbs, type VerbRun } from '../../../test/runVerbs.ts';
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { activatePolicy } from '../../store/policies.ts';
import { addPolicy } from './index.ts';

let folder: string;
let postgres: TestPostgres;
const file = (name: string) => join(folder, name);
const text = (version: number, rules: string) => `policy: WA\nversion: ${version}\neffective: 2026-01-01\nexpires: 2027-12-31\nrules:\n${rules}`;
const narrow = text(1, '  - { id: WA-1, release: { data: name, to: { level: state } } }\n');
const wide = text(2, '  - { id: WA-1, release: { data: name, to: { level: [state, tribal] } } }\n  - { id: WA-2, release: { data: name, to: { level: state }, for: fraud } }\n');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-check-'));
  await writeFile(file('narrow.yaml'), narrow);
  await writeFile(file('wide.yaml'), wide);
});
afterEach(() => { process.exitCode = 0; });
afterAll(async () => { await rm(folder, { recursive: true, force: true }); });

/** Runs one command line and gives what it printed and its exit code. */
const run = (...args: readonly string[]): Promise<VerbRun> => runVerbs([addPolicy], ['--data', file('data'), 'policy', 'check', ...args]);

describe('weir policy check', () => {
  it('looks at everybody without a database, in the order of the text', async () => {
    vi.stubEnv('DATABASE_URL', 'postgres://nobody@127.0.0.1:1/none');
    const { out, exit } = await run(file('wide.yaml'));
    expect(out).toMatch(/wide\.yaml:7:5: notice: .*`WA-2`: rule `WA-1` gives the same to the same \[changesNothing\]/);
    expect(out).not.toContain('widensAccess');
    expect(exit).toBe(0);
    vi.unstubAllEnvs();
  });

  it('says beside another file what is newly given', async () => {
    const { out } = await run(file('wide.yaml'), '--against', file('narrow.yaml'));
    expect(out).toMatch(/wide\.yaml:6:5: warning: rule `WA-1` newly gives names, .*\(tribal\).* \[widensAccess\]\n {4} +- \{ id: WA-1/);
    expect((await run(file('narrow.yaml'), '--against', file('wide.yaml'))).out).not.toContain('widensAccess');
    expect((await run(file('wide.yaml'), '--against', file('absent.yaml'))).exit).toBe(2);
  });

  describe('with a store', () => {
    beforeAll(async () => {
      postgres = await startTestPostgres({ migrate: true });
      vi.stubEnv('DATABASE_URL', postgres.url);
    });
    afterAll(async () => {
      vi.unstubAllEnvs();
      await postgres.stop();
    });

    it('says what the policy in force does not give, and whom the registry does not have', async () => {
      expect((await run(file('wide.yaml'), '--against', 'WA')).exit).toBe(1);
      await activatePolicy(postgres.sql, narrow, { author: 'privacy office', at: new Date() });
      const { files } = JSON.parse((await run('--json', file('wide.yaml'), '--against', 'wa', '--with-registry')).out) as { files: { findings: { code: string; line: number; message: string }[] }[] };
      const found = files[0]?.findings.map(({ code, line }) => `${line} ${code}`);
      expect(found).toEqual(expect.arrayContaining(['6 widensAccess', '6 matchesNobodyNow', '7 changesNothing']));
      expect(files[0]?.findings.find(({ code }) => code === 'widensAccess')?.message).toContain('nobody in the registry gains by it');
    });
  });
});
