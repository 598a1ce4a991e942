import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { demoSourceMapping } from '../../../demo/sourceMapping.ts';
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { sampleTables } from '../../sources/sampleRecords.ts';
import { addSource } from './index.ts';

let out = '';
let err = '';
let folder: string;
let database: TestPostgres;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-test-source-'));
  database = await startTestPostgres();
  for (const statement of sampleTables('postgres')) await database.sql.unsafe(statement);
});

afterAll(async () => {
  await database.stop();
  await rm(folder, { recursive: true });
});

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(text => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation(text => ((err += String(text)), true));
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = 0;
});

async function weir(...args: string[]): Promise<number | string | undefined> {
  out = '';
  err = '';
  const program = new Command().option('--data <dir>').option('--json').option('--quiet');
  addSource(program);
  await program.parseAsync(['node', 'weir', 'source', ...args]);
  return process.exitCode ?? undefined;
}

async function file(text: string): Promise<string> {
  const path = join(folder, 'mapping.yaml');
  await writeFile(path, text);
  return path;
}

describe('weir source check', () => {
  it('passes the demonstration\'s mapping', async () => {
    expect(await weir('check', await file(demoSourceMapping('demonstration')))).toBe(0);
    expect(out).toContain('nothing is wrong');
  });

  it('points at the line of what is wrong', async () => {
    const path = await file('owners: [WA]\nconnection: wa\ndialect: postgres\ndriver:\n  table: t\n  keyy: k\n');
    expect(await weir('check', path)).toBe(1);
    expect(out).toContain(`${path}:6:3: `);
  });

  it('says that a file cannot be read', async () => {
    expect(await weir('check', join(folder, 'no-such-file'))).toBe(2);
  });
});

describe('weir source test', () => {
  const test = async (text: string, url: string, ...more: string[]): Promise<number | string | undefined> => {
    vi.stubEnv('WEIR_CONNECTION_DEMO_RECORDS', url);
    return weir('test', await file(text), '--owner', 'WA', '--settings', join(folder, 'no-settings.yaml'), ...more);
  };

  it('tries every kind of look-up', async () => {
    expect(await test(demoSourceMapping('demo-records'), database.url)).toBe(0);
    for (const kind of ['licence', 'person', 'name', 'plate', 'vin', 'owner', 'partialPlate']) expect(out).toMatch(new RegExp(`none +WA by ${kind},`));
  });

  it('names the columns and tables that are missing', async () => {
    const text = demoSourceMapping('demo-records').replace('birthDate: birth_date', 'birthDate: born').replaceAll('table: picture', 'table: pictures');
    expect(await test(text, database.url)).toBe(1);
    expect(out).toContain('driver.birthDate: no column `born` in `driver`');
    expect(out).toContain('driver.photo.table: no table or view `pictures`');
    expect(out).not.toContain('no column `surname`');
    expect(out).toMatch(/misconfigured WA by person/);
  });

  it('cannot reach what is not there, and repeats no password', async () => {
    expect(await test(demoSourceMapping('demo-records'), 'postgres://weir:hunter2@127.0.0.1:1/none')).toBe(3);
    expect(out + err).not.toContain('hunter2');
  });

  it('wants an owner that the file maps, and a connection that is named', async () => {
    expect(await weir('test', await file(demoSourceMapping('demo-records')), '--owner', 'QQ')).toBe(2);
    expect(await test(demoSourceMapping('another'), database.url)).toBe(2);
    expect(err).toContain('WEIR_CONNECTION_ANOTHER');
  });
});
