import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runVerbs, type VerbRun } from '../../../test/runVerbs.ts';
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { openStore } from '../../store/index.ts';
import { importContent } from '../../registry/index.ts';
import { affiliation, smallContent, withRows } from '../../registry/cases.ts';
import { addPolicy } from './index.ts';

const head = (version: number) => `policy: ZY\nversion: ${version}\neffective: 2026-01-01\nrules:\n`;
const open = '  - { id: ZY-1, release: { data: [name, address, photo] } }\n';
const held = '  - { id: ZY-2, hold: { data: photo, to: { program287g: [jail, taskForce] }, review: { by: desk, within: 4h, onTimeout: deny } } }\n';
const judged = "  - { id: ZY-3, deny: { data: [address, photo], to: { component: ICE }, unless: { warrant: courtConfirmed } } }\n";
const limits = 'limits:\n  - { id: ZY-L, data: name, per: agency, max: 50/day, beyond: hold }\n';

let folder: string;
let postgres: TestPostgres;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-difference-cli-'));
  postgres = await startTestPostgres({ migrate: true });
  vi.stubEnv('DATABASE_URL', postgres.url);
  await writeFile(file('one.yaml'), `${head(1)}${open}${held}${judged}`);
  await writeFile(file('two.yaml'), `${head(2)}${open}${held}`);
  await writeFile(file('limited.yaml'), `${head(3)}${open}${limits}`);
  await writeFile(file('other.yaml'), `${head(1).replace('ZY', 'ZX')}${open}`);
  await writeFile(file('ice.yaml'), 'level: federal\ndepartment: DHS\ncomponent: [ICE, ERO]\nhomeState: none\nmission: immigrationEnforcement\nprogram287g: none\ncriminalJustice: yes\n');
  const store = await openStore({ data: file('data'), say: () => undefined });
  try {
    await importContent(store.sql, smallContent, 'the first');
    await importContent(store.sql, withRows({ affiliations: [affiliation('program287g', 'co/juniper', 'us/dhs/ice', { detail: 'jail' })] }), 'an agreement');
  } finally {
    await store.stop();
  }
});
afterEach(() => { process.exitCode = 0; });
afterAll(async () => {
  vi.unstubAllEnvs();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: readonly string[]): Promise<VerbRun> => runVerbs([addPolicy], ['--data', file('data'), '--quiet', 'policy', ...args]);

describe('weir policy diff', () => {
  it('compares two files without a database: exit code 1, what is newly given first', async () => {
    const found = await run('diff', file('one.yaml'), file('two.yaml'));
    expect(found).toMatchObject({ exit: 1, error: '' });
    expect(found.out).toMatch(/NEWLY GIVEN by machine\n {2}Agencies that are part of ICE gain\n {4}- home addresses and photos without a warrant that its court confirmed: in full; before: refused\./);
    expect(found.out).toContain('  - ZY-3: ');
    expect((await run('diff', file('one.yaml'), file('one.yaml'))).exit).toBe(0);
  });

  it('compares the policy in force with a file, for the agencies of the registry, and by any path', async () => {
    expect((await run('activate', file('one.yaml'))).exit).toBe(0);
    const found = await run('diff', 'zy', file('two.yaml'), '--paths');
    expect(found).toMatchObject({ exit: 1, error: '' });
    expect(found.out).toMatch(/^ZY: from version 1 \([0-9a-f]{12}\) with registry version 2 to version 2 \([0-9a-f]{12}\) with registry version 2\.\n/);
    expect(found.out).toContain('Body us/dhs/ice and Body us/dhs/ice/hsi gain');
    expect(found.out).toContain('by any path, where data goes wherever it can');
  });

  it('compares two versions of the registry, and two that were activated', async () => {
    const registry = JSON.parse((await run('diff', 'ZY', '--registry', '1..2', '--json')).out) as { different: boolean; organisations: object; changes: { kind: string; names: { organisation: string }[] }[] };
    expect(registry).toMatchObject({ different: true, organisations: { joined: 0, left: 0, changed: 2 } });
    expect(registry.changes[0]).toMatchObject({ kind: 'closed', names: [{ organisation: 'co/juniper' }, { organisation: 'co/juniper/jail' }] });
    expect((await run('activate', file('two.yaml'))).exit).toBe(0);
    expect((await run('diff', 'ZY', '1', '2')).out).toContain('NEWLY GIVEN by machine');
    expect(await run('diff', 'ZY', '1')).toMatchObject({ exit: 1, out: expect.stringContaining('NO LONGER GIVEN by machine') as string });
    expect((await run('diff', 'ZY', '2', '2')).exit).toBe(0);
  });

  it.each([
    [2, ['diff', 'ZY']], [2, ['diff', 'one.yaml']], [2, ['diff', 'ZY', 'absent.yaml']], [1, ['diff', 'ZY', '9']], [2, ['diff', 'ZY', '1', '2', '--registry', '1..2..3']],
    [2, ['diff', 'ZY', '1', '--class', 'phto']], [1, ['diff', 'QQ', '1']],
  ] as const)('exits with %i for %j', async (exit, args) => {
    expect(await run(...args)).toMatchObject({ exit, out: '' });
  });

  it('does not compare two owners', async () => {
    expect((await run('diff', file('one.yaml'), file('other.yaml'))).exit).toBe(2);
    expect((await run('diff', 'ZY', file('other.yaml'))).exit).toBe(2);
  });
});

describe('weir policy table', () => {
  it('shows a file without a database, and the policy in force with the registry', async () => {
    const offline = await run('table', '--file', file('one.yaml'), '--class', 'photo,name');
    expect(offline).toMatchObject({ exit: 0, error: '' });
    expect(offline.out).toContain('for the usual kinds of agency');
    expect(offline.out).not.toContain('ome addresses');
    const page = JSON.parse((await run('table', 'ZY', '--json')).out) as { registry: object; rows: { agencies: number }[] };
    expect(page.registry).toMatchObject({ version: 2 });
    expect(page.rows.reduce((sum, { agencies }) => sum + agencies, 0)).toBe(5);
  });

  it('prints Markdown and HTML', async () => {
    expect((await run('table', 'ZY', '--format', 'markdown')).out).toMatch(/^# What ZY gives to whom\n/);
    expect((await run('table', 'ZY', '--format', 'html')).out).toMatch(/^<!doctype html>\n/);
  });

  it.each([['--format', 'pdf'], ['--rows', '0'], ['--class', 'phto'], ['--registry', '0'], ['--registry', '99']])('refuses %s %s', async (...args) => {
    expect((await run('table', 'ZY', ...args)).exit).toBe(2);
  });

  it('asks for an owner or a file', async () => {
    expect((await run('table')).exit).toBe(2);
  });
});

describe('weir policy ask', () => {
  it('says what would change the outcome', async () => {
    const asked = await run('ask', '--file', file('one.yaml'), '--attributes', file('ice.yaml'), '--class', 'photo,ssn');
    expect(asked.out).toContain('What would change it\n  Photos: it would be given in full with a warrant that its court confirmed.\n  Social Security numbers: nothing that this agency can state or obtain would change it.');
  });

  it('takes limits as used up', async () => {
    const asked = await run('ask', '--file', file('limited.yaml'), '--attributes', file('ice.yaml'), '--class', 'name', '--used-up', 'ZY-L');
    expect(asked.out).toContain('it would be given in full when limit ZY-L counts anew: at most 50 times a day');
    expect((await run('ask', '--file', file('limited.yaml'), '--attributes', file('ice.yaml'), '--used-up', 'ZY-9')).exit).toBe(2);
  });

  it('asks for an agency of the registry', async () => {
    expect((await run('ask', '--owner', 'ZY', '--as', 'COZZ00200', '--class', 'photo')).out).toContain('Rule ZY-2');
  });
});
