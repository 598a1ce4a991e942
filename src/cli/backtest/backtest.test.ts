import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { runVerbs, type VerbRun } from '../../../test/runVerbs.ts';
import { sampleArchive } from '../../insight/archive/sample.ts';
import { policyOf, washingtonRows } from '../../insight/backtest/washingtonSample.ts';
import { ledgerPlaces, readLedgerFolder } from '../../server/compose/ledgerFolder.ts';
import { openStore } from '../../store/index.ts';
import { activatePolicy } from '../../store/policies.ts';
import { settingsOf } from '../ledger/folder.ts';
import { addBacktest } from './index.ts';

const template = (name: string): Promise<string> => readFile(new URL(`../../../templates/${name}.yaml`, import.meta.url), 'utf8');

let folder: string;
let data: string;
let postgres: TestPostgres;
const file = (name: string): string => join(folder, name);
const run = (...args: readonly string[]): Promise<VerbRun> => runVerbs([addBacktest], ['--data', data, 'backtest', ...args, '--period', '2026']);
const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => JSON.parse((await run('--json', '--no-record', ...args)).out) as Record<string, unknown>;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'weir-backtest-cli-')));
  data = join(folder, 'data');
  postgres = await startTestPostgres({ migrate: true });
  vi.stubEnv('DATABASE_URL', postgres.url);
  await (await openStore({ data })).stop();
  await sampleArchive(join(data, 'archive'), washingtonRows, { name: 'year' });
  await mkdir(file('drafts'));
  await mkdir(file('empty'));
  for (const name of ['washington-block', 'washington-border']) await writeFile(file(`${name}.yaml`), await template(name));
  await writeFile(file('drafts/wa.yaml'), await template('washington-block'));
  await activatePolicy(postgres.sql, await template('washington-2019'), { author: 'test', at: new Date() });
});

afterAll(async () => {
  process.exitCode = 0;
  vi.unstubAllEnvs();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('weir backtest', () => {
  it('prints what is newly given first, and records that it was run', async () => {
    const { out, exit } = await run(file('washington-block.yaml'), '--quiet');
    expect(exit).toBe(0);
    expect(out.indexOf('NEWLY GIVEN')).toBeLessThan(out.indexOf('NEWLY REFUSED'));
    expect(out).toContain('INVENTED DATA');
    const { reader } = await readLedgerFolder(ledgerPlaces(data), await settingsOf({ data }));
    const entries: unknown[] = [];
    for await (const { entry } of reader.entries(0)) entries.push(entry);
    expect(entries).toContainEqual(expect.objectContaining({ event: 'backtested', subject: 'WA 1', hash: policyOf('washington-block').hash, detail: expect.objectContaining({ requests: 66, changed: 10, refused: 10 }) as unknown }));
  });

  it('gives the same bytes twice, and counts again from the rows', async () => {
    const [first, second] = [await run('--json', '--no-record', '--full-scan', file('washington-block.yaml')), await run('--json', '--no-record', '--full-scan', file('washington-block.yaml'))];
    expect(first.out).toBe(second.out);
    expect(JSON.parse(first.out)).toMatchObject({ weirBacktest: 1, requests: 66, scan: { requests: 66, differences: [] } });
  });

  it('sees two drafts side by side, and a folder of drafts', async () => {
    expect(await json(file('washington-block.yaml'), '--against', file('washington-border.yaml'))).toMatchObject({ drafts: [{ changed: 10 }, { changed: 16 }], between: { requests: 66 } });
    expect(await json('--all', file('drafts'))).toMatchObject({ owners: [{ owner: 'WA', changed: 10, rows: null }] });
  });

  it('compares with a version of the store, or a file', async () => {
    expect(await json(file('washington-border.yaml'), '--baseline', '1')).toMatchObject({ baseline: { kind: 'policy' }, changed: 16 });
    expect(await json(file('washington-border.yaml'), '--baseline', file('washington-block.yaml'))).toMatchObject({ changed: 6 });
  });

  it.each(['html', 'md', 'json'])('writes a report as %s, once', async (form) => {
    const args = [file('washington-block.yaml'), '--no-record', '--out', file(`report.${form}`)];
    expect((await run(...args)).exit).toBe(0);
    expect(await readFile(file(`report.${form}`), 'utf8')).toContain(form === 'json' ? '"weirBacktest": 1' : 'INVENTED DATA');
    expect((await run(...args)).exit).toBe(2);
  });

  it.each([
    ['no draft', []], ['a draft and a folder', ['washington-block.yaml', '--all', 'drafts']], ['no such file', ['none.yaml']], ['no such day', ['washington-block.yaml', '--as-of', '2026-02-30']],
    ['no time', ['washington-block.yaml', '--minutes-per-review', 'many']], ['a range that falls', ['washington-block.yaml', '--minutes-per-review', '9..3']], ['a form that it does not write', ['washington-block.yaml', '--out', 'report.pdf']],
    ['no such data set', ['washington-block.yaml', '--log', 'none']], ['a folder without drafts', ['--all', 'empty']],
  ])('refuses %s with a sentence', async (_what, args) => {
    const { exit, error, out } = await run('--no-record', ...args.map((arg) => (/\.yaml$|^drafts$|^empty$|^report/.test(arg) ? file(arg) : arg)));
    expect(exit).toBe(2);
    expect(out).toBe('');
    expect(error).toMatch(/^weir: .+\n {6}\S/);
    expect(error).not.toMatch(/ {4}at /);
  });

  it('refuses a draft that is not sound, and an owner that nobody asked', async () => {
    await writeFile(file('bad.yaml'), 'policy: WA\nversion: x\n');
    expect((await run('--no-record', file('bad.yaml'))).exit).toBe(1);
    await writeFile(file('or.yaml'), 'policy: OR\nversion: 1\neffective: 2026-01-01\nrules:\n  - { id: OR-1, deny: { data: all } }\n');
    expect((await run('--no-record', file('or.yaml'))).exit).toBe(2);
    expect((await run('--no-record', file('washington-block.yaml'), '--against', file('or.yaml'))).exit).toBe(2);
    expect((await run('--no-record', file('washington-block.yaml'), '--baseline', '9')).exit).toBe(1);
  });
});
