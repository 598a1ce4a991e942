import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { addRegistry } from './index.ts';

interface Ran {
  readonly exit: number;
  readonly text: string;
  readonly errors: string;
}

let postgres: TestPostgres;
let folder: string;
beforeAll(async () => {
  postgres = await startTestPostgres({ migrate: true });
  folder = await mkdtemp(join(tmpdir(), 'weir-registry-verbs-'));
  vi.stubEnv('DATABASE_URL', postgres.url);
  await writeFile(file('agencies.csv'), 'ori,name,agency_type,state,county\nCO0990000,Juniper County Sheriff,County,CO,JUNIPER\nCO0990100,Springfield Police,City,CO,JUNIPER\nCO099,Short,City,CO,\n');
  await writeFile(file('list-2025-07-18.csv'), 'state,agency,support_type,signed\nCO,Juniper County Sheriff,Jail Enforcement Model,2025-02-01\nCO,Nowhere Police,Task Force Model,2025-02-01\n');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => { process.exitCode = undefined; });

const file = (name: string): string => join(folder, name);

async function run(...words: string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => { out.push(String(text)); return true; }),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => { err.push(String(text)); return true; }),
  ];
  try {
    const program = new Command('weir').option('--data <dir>').option('--json').option('--quiet').exitOverride();
    addRegistry(program);
    await program.parseAsync(['registry', ...words, '--data', join(folder, 'data'), '--quiet'], { from: 'user' });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return { exit: Number(process.exitCode ?? 0), text: out.join(''), errors: err.join('') };
}

const json = async (...words: string[]): Promise<Record<string, unknown>> => JSON.parse((await run(...words, '--json')).text) as Record<string, unknown>;

describe('weir registry, in the order of a first day', () => {
  it('says that nothing is there yet', async () => {
    expect(await run('show')).toMatchObject({ exit: 1 });
    expect(await json('lookup', 'CO0990000')).toEqual({ found: false, version: 0 });
  });

  it('tries an import without changing anything', async () => {
    expect(await json('import', 'fbi', file('agencies.csv'), '--dry-run')).toMatchObject({ rows: 3, added: 2, reasons: { badOri: 1 }, version: null, dryRun: true });
    expect(await json('versions')).toEqual([]);
  });

  it('imports, and writes the report', async () => {
    const ran = await run('import', 'fbi', file('agencies.csv'), '--report', file('not-taken.csv'), '--note', 'the first list');
    expect(ran).toMatchObject({ exit: 0, errors: '' });
    expect(ran.text).toContain('version 1');
    expect(await readFile(file('not-taken.csv'), 'utf8')).toBe('line,reason,what,candidates\n4,badOri,"CO099",""\n');
    expect(await json('versions')).toMatchObject([{ version: 1, note: 'the first list', counts: { offices: 2 } }]);
    expect(await json('import', 'fbi', file('agencies.csv'))).toMatchObject({ unchanged: 2, version: null });
  });

  it('suggests, confirms and looks up', async () => {
    expect(await json('import', '287g', file('list-2025-07-18.csv'))).toMatchObject({ added: 1, reasons: { unmatched: 1 }, version: 2 });
    expect(await json('lookup', 'co0990000', '--on', '2025-06-01')).toMatchObject({ attributes: { program287g: { value: ['undeclared'] } } });
    const [suggestion] = await json('suggestions', '--state', 'CO') as unknown as { id: string }[];
    expect(await run('confirm', '--by', 'records desk')).toMatchObject({ exit: 2 });
    expect(await run('confirm', '000000000000', '--by', 'records desk')).toMatchObject({ exit: 2 });
    await writeFile(file('right.txt'), `${String(suggestion?.id)}  program287g jail  and so on\n`);
    expect(await json('confirm', '--file', file('right.txt'), '--by', 'records desk', '--on', '2025-08-01')).toMatchObject({ version: 3 });
    const looked = await run('lookup', 'CO0990000', '--on', '2025-06-01');
    expect(looked.text).toMatch(/program287g +jail +program287g jail co0990000 -> us\/dhs\/ice, 2025-02-01 to open \(287\(g\) list list-2025-07-18\.csv of 2025-07-18, matched by name; confirmed by records desk on 2025-08-01\)/);
    expect((await run('suggestions')).text).toContain('No suggestion');
  });

  it('certifies towards one owner', async () => {
    expect(await json('certify', 'CO0990100', 'permissibleUse', '--owner', 'ny', '--since', '2025-01-01', '--until', '2025-12-31')).toMatchObject({ organisation: 'co0990100', version: 4 });
    expect(await json('lookup', 'CO0990100', '--owner', 'NY', '--on', '2025-12-31')).toMatchObject({ attributes: { certified: { value: ['permissibleUse'] } } });
    expect(await json('lookup', 'CO0990100', '--owner', 'CO', '--on', '2025-12-31')).toMatchObject({ attributes: { certified: { value: ['none'] } } });
    expect(await run('certify', 'nobody', 'permissibleUse', '--owner', 'NY', '--until', '2999-12-31')).toMatchObject({ exit: 2 });
    expect(await run('certify', 'CO0990100', 'none', '--owner', 'NY', '--until', '2999-12-31')).toMatchObject({ exit: 2 });
  });

  it('tells what changed, finds and shows', async () => {
    expect(await json('diff')).toMatchObject({ from: 3, to: 4, changes: 1 });
    expect(await json('diff', '1', '3')).toMatchObject({ from: 1, to: 3, affiliations: { added: [{ confirmed: true }] } });
    expect(await json('diff', '0', '1')).toMatchObject({ offices: { added: [{ ori: 'CO0990000' }, { ori: 'CO0990100' }] } });
    expect(await run('diff', '9')).toMatchObject({ exit: 2 });
    expect(await json('find', 'SPRING', 'police')).toMatchObject({ found: 1, rows: [{ ori: 'CO0990100' }] });
    expect(await run('find', 'zebra')).toMatchObject({ exit: 1 });
    expect(await json('show')).toMatchObject({ version: 4, offices: 2, levels: { county: 1, municipal: 1 }, kinds: { program287g: 1 }, suggestions: 0 });
    expect((await run('show', 'co0990000')).text).toContain('affiliations (1)');
    expect(await run('show', 'nobody')).toMatchObject({ exit: 1 });
    expect(await json('lookup', 'CO0990000', '--at', '1')).toMatchObject({ version: 1, attributes: { program287g: { value: ['none'] } } });
  });

  it('refuses files that are no lists in one sentence', async () => {
    await writeFile(file('sheet.xlsx'), 'PK\u0003\u0004');
    await writeFile(file('other.csv'), 'a,b\n1,2\n');
    for (const path of [file('sheet.xlsx'), file('other.csv')]) {
      const ran = await run('import', 'fbi', path);
      expect(ran).toMatchObject({ exit: 2, text: '' });
      expect(ran.errors.split('\n')).toHaveLength(3);
    }
    expect(await run('import', 'fbi', file('missing.csv'))).toMatchObject({ exit: 3 });
  });
});
