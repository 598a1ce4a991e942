import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runVerbs, type VerbRun } from '../../../test/runVerbs.ts';
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { demoPolicies } from '../../../demo/policies/index.ts';
import { checkPolicy, windowOf } from '../../policy/index.ts';
import { addVocabulary } from '../vocabulary.ts';
import { findingLines } from './findingLines.ts';
import { addPolicy } from './index.ts';

let folder: string;
let postgres: TestPostgres;
const washington = demoPolicies().find(({ owner }) => owner === 'WA')!.text;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-policy-cli-'));
  postgres = await startTestPostgres({ migrate: true });
  vi.stubEnv('DATABASE_URL', postgres.url);
  await writeFile(file('wa.yaml'), washington);
  await writeFile(file('bad.yaml'), washington.replace('treat: { photo: reduced }', 'treat: { photo: county }'));
  await writeFile(file('ice.yaml'), 'level: federal\ndepartment: DHS\ncomponent: [ICE, ERO]\nhomeState: none\nmission: immigrationEnforcement\nprogram287g: none\ncriminalJustice: yes\n');
});
afterEach(() => { process.exitCode = 0; });
afterAll(async () => {
  vi.unstubAllEnvs();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs one command line and gives what it printed and its exit code. */
const run = (...args: readonly string[]): Promise<VerbRun> => runVerbs([addPolicy, addVocabulary], ['--data', file('data'), ...args]);

describe('weir policy', () => {
  it('checks files without a database: exit code 1, the place, a pointer and the mend', async () => {
    expect((await run('policy', 'check', file('wa.yaml'))).exit).toBe(0);
    const bad = await run('policy', 'check', file('wa.yaml'), file('bad.yaml'));
    expect(bad.exit).toBe(1);
    expect(bad.out).toMatch(/bad\.yaml:27:23: error: `county` does not fit `photo` \[treatmentNotValid\]\n {4} +treat: \{ photo: county \}\n {4} {22}\^\n {4}use one of `reduced`/);
    const json = JSON.parse((await run('--json', 'policy', 'check', file('bad.yaml'))).out) as { files: { ok: boolean }[] };
    expect(json.files[0]?.ok).toBe(false);
    expect((await run('policy', 'check', file('absent.yaml'))).exit).toBe(2);
  });

  it('shows nothing of a file that a terminal would obey', () => {
    const text = 'policy: "\u001b[31mZY\u0007"\nversion: 1\neffective: 2026-01-01\nrules: []\n';
    expect(findingLines('f', text, checkPolicy(text).findings).join('')).not.toMatch(/[\p{Cc}]/u);
  });

  it('asks a file offline and explains', async () => {
    const refused = await run('policy', 'ask', '--file', file('wa.yaml'), '--attributes', file('ice.yaml'), '--class', 'photo,name');
    expect(refused).toMatchObject({ exit: 0, out: expect.stringContaining("Rule WA-10: ICE, with all its parts, needs a judge's warrant. This request stated no warrant.") as string });
    const given = await run('policy', 'ask', '--file', file('wa.yaml'), '--attributes', file('ice.yaml'), '--class', 'photo', '--warrant', 'courtConfirmed', '--court', 'articleThree');
    expect(given.out).toMatch(/^Given in full\. Rule WA-4/);
    expect((await run('policy', 'ask', '--file', file('wa.yaml'), '--attributes', file('ice.yaml'), '--class', 'phto')).exit).toBe(2);
    expect((await run('policy', 'ask', '--file', file('wa.yaml'))).exit).toBe(2);
  });

  it('refuses attributes that no agency can have', async () => {
    await writeFile(file('odd.yaml'), 'level: county\ndepartment: DHS\n');
    expect((await run('policy', 'ask', '--file', file('wa.yaml'), '--attributes', file('odd.yaml'))).exit).toBe(2);
  });

  it('activates, shows, lists and explains a policy of the store', async () => {
    expect((await run('policy', 'show', 'WA')).exit).toBe(1);
    expect((await run('policy', 'activate', file('wa.yaml'), '--dry-run')).exit).toBe(0);
    expect((await run('policy', 'list')).out).toContain('No policy is in force');
    const done = await run('policy', 'activate', file('wa.yaml'), '--author', 'privacy office');
    expect(done).toMatchObject({ exit: 0, out: expect.stringContaining('Activated version 1 of WA') as string });
    expect((await run('policy', 'show', 'wa')).out).toBe(washington);
    expect((await run('policy', 'show', 'WA', '--words')).out).toContain('WA-2  Give photos and signatures to state, local, tribal or territorial criminal-justice agencies.');
    expect((await run('policy', 'list')).out).toMatch(/WA +1 +in force +2025-11-19 .* privacy office/);
    expect((await run('policy', 'explain', 'WA-11')).out).toContain('Rests on: RCW 43.17.425');
    await writeFile(file('again.yaml'), washington.replace('by: licensingPrivacyDesk', 'by: otherDesk'));
    expect(await run('policy', 'activate', file('again.yaml'))).toMatchObject({ exit: 1, error: expect.stringContaining('not above') as string });
    expect((await run('policy', 'ask', '--owner', 'WA', '--as', 'WA0170000')).error).toContain('registry does not know');
  });

  it('shows how far the limits are used', async () => {
    expect((await run('policy', 'limits', 'OR')).exit).toBe(1);
    const window = windowOf('day', Date.now());
    const unused = await run('policy', 'limits', 'WA');
    expect(unused.out).toContain(`WA-40  Each federal agency sees at most 50 photos a day\n    in ${window.name}, until ${new Date(window.endsAt).toISOString().slice(0, 16)}Z: 0 of 50 by every organisation`);
    const rows = [['hsi', 50], ['ice-ero', 7]].map(([key, taken]) => ({ owner: 'WA', rule: 'WA-40', key, span: window.name, ends_at: new Date(window.endsAt), taken }));
    await postgres.sql`insert into limit_counter ${postgres.sql(rows)}`;
    expect((await run('policy', 'limits', 'wa')).out).toMatch(/50 of 50 {2}hsi {2}used up\n {5}7 of 50 {2}ice-ero\n/);
    const json = JSON.parse((await run('--json', 'policy', 'limits', 'WA')).out) as { limits: { counters: unknown[] }[] };
    expect(json.limits[0]?.counters).toEqual([{ organisation: 'hsi', used: 50, usedUp: true }, { organisation: 'ice-ero', used: 7, usedUp: false }]);
  });

  it('prints the schema, and explains findings', async () => {
    expect(JSON.parse((await run('policy', 'schema')).out)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
    expect((await run('policy', 'explain', 'anchor')).out).toContain('anchor (error)');
  });
});

describe('weir vocabulary', () => {
  it('prints a word, a list, and everything', async () => {
    expect((await run('vocabulary', 'courtConfirmed')).out).toContain('the owner confirmed it with the court');
    expect((await run('vocabulary', 'mission')).out).toContain('immigrationEnforcement');
    const all = JSON.parse((await run('--json', 'vocabulary')).out) as Record<string, object>;
    expect(Object.keys(all)).toEqual(expect.arrayContaining(['data', 'for', 'warrant', 'inference', 'constraints']));
    expect((await run('vocabulary', 'nonsense')).exit).toBe(1);
  });
});
