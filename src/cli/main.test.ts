import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { openStore, type Store } from '../store/index.ts';
import { main } from './main.ts';
import { verbs } from './verbs.ts';

let out = '';
let err = '';
beforeEach(() => {
  out = err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => { out += String(text); return true; });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => { err += String(text); return true; });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
});

/** Runs the command line in this process and returns its exit code. */
async function weir(...argv: string[]): Promise<number> {
  out = err = '';
  process.exitCode = undefined;
  await main(argv);
  return exitCode();
}

function exitCode(): number {
  return typeof process.exitCode === 'number' ? process.exitCode : 0;
}

describe('usage', () => {
  it('tells every verb and the exit codes in the help', async () => {
    for (const argv of [[], ['--help'], ['help']]) {
      expect(await weir(...argv)).toBe(0);
      for (const { name } of verbs) expect(out).toMatch(new RegExp(`^ {2}${name} `, 'm'));
      expect(out).toContain('Exit codes:');
    }
    expect(await weir('--version')).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+/);
    expect(await weir('help', 'agency')).toBe(0);
    expect(out).toContain('enrol');
  });

  it.each([[['agenzy']], [['agency', 'enrole']], [['agency', 'list', '--jsn']], [['store', 'rollback']], [['store', 'rollback', '--to', '0']], [['agency', 'revoke']], [['doctor', '--port', '99999']]])(
    'wrong as in %j is exit code 2', async (argv) => {
      expect(await weir(...argv)).toBe(2);
      expect(err).not.toBe('');
      expect(out).toBe('');
    });

  it('wrong is JSON where JSON is asked for, and a near word is suggested', async () => {
    expect(await weir('agenzy', '--json')).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ exit: 2 });
    await weir('agenzy');
    expect(err).toContain('agency');
  });

  it('of every verb can be read, without touching a data folder', async () => {
    for (const { name } of verbs) {
      expect(await weir(name, '--help'), name).toBe(0);
      expect(out, name).toContain('Usage: weir');
    }
  });
});

describe('verbs that use the store', () => {
  let base: string;
  let store: Store;
  beforeAll(async () => {
    base = mkdtempSync(join(tmpdir(), 'weir-cli-'));
    chmodSync(base, 0o711);
    store = await openStore({ data: join(base, 'data'), databaseUrl: null, purpose: 'server', shared: join(base, 'shared'), durable: false });
  });
  afterAll(async () => {
    await store.stop();
    rmSync(base, { recursive: true, force: true });
  });

  async function json(...argv: string[]): Promise<{ exit: number; value: Record<string, unknown> }> {
    const exit = await weir(...argv, '--data', join(base, 'data'), '--json');
    return { exit, value: JSON.parse(out) as Record<string, unknown> };
  }

  it('report missing steps as a finding, and migrate', async () => {
    expect((await json('store', 'status')).exit).toBe(1);
    expect((await json('store', 'migrate')).exit).toBe(0);
    expect(await json('store', 'status')).toMatchObject({ exit: 0, value: { attached: true, pending: [] } });
  });

  it('enrol once, list, and revoke', async () => {
    const files = join(base, 'cad');
    const made = await json('agency', 'enrol', 'wa0170000', '--out', files, '--days', '30');
    expect(made.exit).toBe(0);
    expect(out).not.toContain('PRIVATE');
    expect(readdirSync(files).sort()).toEqual(['WA0170000.crt', 'WA0170000.key', 'authority.crt']);
    expect(statSync(join(files, 'WA0170000.key')).mode & 0o777).toBe(0o600);
    expect((await json('agency', 'enrol', 'wa0170000', '--out', files)).exit).toBe(2);
    expect((await json('agency', 'list', '--ori', 'WA0170000')).value).toMatchObject([{ state: 'good', oris: ['WA0170000'] }]);
    expect((await json('agency', 'list', '--ori', 'OR0170000')).value).toEqual([]);
    expect(await json('agency', 'revoke', String(made.value['fingerprint']).slice(0, 12))).toMatchObject({ exit: 0, value: { changed: true } });
    expect((await json('agency', 'list')).value).toMatchObject([{ state: 'revoked' }]);
    for (const argv of [['enrol'], ['enrol', '../../etc/x', '--out', files], ['enrol', 'WA0170009', '--days', 'x', '--out', files], ['bind', '/nonexistent', 'WA0170000'], ['trust', '/nonexistent']]) {
      expect((await json('agency', ...argv)).exit, argv.join(' ')).toBe(2);
    }
  });

  it('enrol only what the registry knows, once it knows anything', async () => {
    await store.sql.unsafe(`
      insert into registry_version (version, hash, note, organisations, offices, affiliations, certifications) values (1, repeat('0', 64), 'test', 1, 1, 0, 0);
      insert into registry_office (from_version, ori, organisation, name, state, type, active) values (1, 'WA0179900', 'wa/x', 'Invented Police', 'WA', 'PD', true)`);
    const files = join(base, 'known');
    expect((await json('agency', 'enrol', 'WA0179901', '--out', files)).exit).toBe(2);
    expect(existsSync(join(files, 'WA0179901.key'))).toBe(false);
    expect((await json('agency', 'enrol', 'WA0179900', '--out', files)).exit).toBe(0);
    expect((await json('agency', 'enrol', 'WA0179901', '--out', files, '--anyway')).exit).toBe(0);
  });

  it('confirm, list and withdraw a court order', async () => {
    const order = ['--owner', 'wa', '--number', '26-MC-00012'];
    expect((await json('order', 'confirm', ...order, '--court', 'articleThree', '--by', 'desk', '--until', '2099-12-31')).exit).toBe(0);
    expect((await json('order', 'list', '--owner', 'WA')).value).toMatchObject([{ number: '26-MC-00012', court: 'articleThree', expiresAt: '2100-01-01T12:00:00.000Z' }]);
    expect((await json('order', 'withdraw', ...order)).exit).toBe(0);
    expect((await json('order', 'withdraw', ...order)).exit).toBe(2);
    for (const change of [['--court', 'supreme'], ['--court', 'articleThree', '--hash', 'x'], ['--court', 'articleThree', '--until', '2026-02-30']]) {
      expect((await json('order', 'confirm', ...order, ...change)).exit, change.join(' ')).toBe(2);
    }
  });

  it('doctor finds what is wrong', async () => {
    const findings = async (): Promise<Record<string, boolean>> => {
      const { value } = await json('doctor', '--port', '0', '--tls-port', '0');
      return Object.fromEntries((value as unknown as { name: string; ok: boolean }[]).map(({ name, ok }) => [name, ok]));
    };
    expect(Object.values(await findings())).not.toContain(false);
    await json('agency', 'enrol', 'WA0179900', '--out', join(base, 'short'), '--days', '5');
    expect(await findings()).toMatchObject({ agencies: false, schema: true, database: true });
    await json('store', 'rollback', '--to', '0', '--yes');
    expect(await findings()).toMatchObject({ schema: false });
  });

  it('say in one sentence, with exit code 3, that the database is not there', async () => {
    vi.stubEnv('DATABASE_URL', 'postgres://weir:sesame-open@127.0.0.1:1/weir');
    expect(await weir('agency', 'list', '--data', join(base, 'data'))).toBe(3);
    vi.unstubAllEnvs();
    expect(err).toMatch(/^weir: .+\n {6}.+\n$/);
    expect(err).not.toContain('sesame');
  });
});

describe('doctor without a data folder', () => {
  it('makes none', async () => {
    const base = mkdtempSync(join(tmpdir(), 'weir-doctor-'));
    expect(await weir('doctor', '--data', join(base, 'data'), '--port', '0', '--tls-port', '0')).toBe(0);
    expect(readdirSync(base)).toEqual([]);
    rmSync(base, { recursive: true });
  });
});
