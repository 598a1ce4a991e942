import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runVerbs, type VerbRun } from '../../../test/runVerbs.ts';
import { demoPolicies } from '../../../demo/policies/index.ts';
import { addPolicy } from './index.ts';

let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-export-'));
  await writeFile(file('wa.yaml'), demoPolicies().find(({ owner }) => owner === 'WA')?.text ?? '');
});
afterAll(async () => {
  process.exitCode = 0;
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: readonly string[]): Promise<VerbRun> => runVerbs([addPolicy], ['policy', 'export', '--file', file('wa.yaml'), ...args]);

describe('weir policy export', () => {
  it('prints one format, without a database', async () => {
    expect((await run('--as', 'cedar')).out).toMatch(/^\/\/ The policy of WA, version 1,[^]*@rule\("WA-10"\)[^]*forbid \(/);
    expect((await run('--as', 'cedar-schema')).out).toContain('entity Agency');
    expect((JSON.parse((await run('--as', 'json')).out) as { policy: string }).policy).toBe('WA');
    expect((await run('--as', 'yaml')).out).toMatch(/^policy: WA/);
    expect((await run('--as', 'sentences')).out).toMatch(/WA-10 {2}\S/);
    expect((await run('--as', 'smtlib', '--claim', 'wa-c1', '--world', 'possible')).out).toMatch(/^; Claim WA-C1 [^]*\(check-sat\)\n$/);
  });

  it('leaves out what is not in force on the day', async () => {
    expect((await run('--as', 'cedar', '--on', '1999-12-31')).out).not.toContain('@rule');
  });

  it('writes everything to a folder', async () => {
    const told = await run('--out', file('all'));
    expect(told.exit).toBe(0);
    const names = await readdir(file('all'));
    expect(names).toEqual(expect.arrayContaining(['WA-1.cedar', 'weir.cedarschema', 'WA-1.json', 'WA-1.yaml', 'WA-1.txt', 'WA-C1-honoured.smt2', 'WA-C1-possible.smt2']));
    expect(told.out.trim().split('\n')).toHaveLength(names.length);
    expect(await readFile(file('all/WA-C1-honoured.smt2'), 'utf8')).toContain('(set-logic QF_DT)');
  });

  it.each([
    ['no format', []], ['an unknown format', ['--as', 'rego']], ['several files', ['--as', 'smtlib']], ['an unknown world', ['--as', 'smtlib', '--world', 'ours']],
    ['no day', ['--as', 'cedar', '--on', '2026-02-30']], ['an owner and a file', ['WA', '--as', 'cedar']],
  ])('is a usage fault with %s', async (_what, args) => {
    expect((await run(...args)).exit).toBe(2);
  });

  it('names the claims that there are', async () => {
    const missing = await run('--as', 'smtlib', '--claim', 'WA-C99');
    expect(missing).toMatchObject({ exit: 1, error: expect.stringContaining('WA-C1') as string });
  });
});
