import { readdir, readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addPolicy } from '../src/cli/policy/index.ts';
import { findingCodes } from '../src/policy/findings.ts';

/**
 * Each policy of `samples/bad` has a text beside it: exactly what `weir policy check` prints of it, from the root of the package.
 * `WEIR_WRITE_SAMPLES=1 npx vitest run test/samples.test.ts` writes the texts anew; read the difference before it is committed.
 */
const folder = 'samples/bad';
const root = new URL('../', import.meta.url);
const files = (await readdir(new URL(folder, root))).filter((file) => file.endsWith('.yaml')).sort();
const renew = process.env['WEIR_WRITE_SAMPLES'] === '1';

afterEach(() => { process.exitCode = 0; });

async function check(file: string): Promise<{ text: string; exit: number }> {
  let text = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((part) => { text += String(part); return true; });
  try {
    const program = new Command('weir').option('--data <dir>').option('--json').option('--quiet').exitOverride();
    addPolicy(program);
    await program.parseAsync(['policy', 'check', `${folder}/${file}`], { from: 'user' });
  } finally {
    spy.mockRestore();
  }
  return { text, exit: Number(process.exitCode) };
}

describe('the bad samples', () => {
  it.each(files)('%s has the messages that stand beside it', async (file) => {
    const { text, exit } = await check(file);
    const beside = new URL(`${folder}/${file.replace(/yaml$/, 'txt')}`, root);
    if (renew) await writeFile(beside, text);
    expect(text).toBe(await readFile(beside, 'utf8'));
    expect(exit).toBe(text.includes(': error: ') ? 1 : 0);
    expect(text, 'a bad sample has something wrong').toMatch(/: (error|warning): /);
  });

  it('begin with a line that says what is wrong, and have no text of a sample that is gone', async () => {
    for (const file of files) expect(await readFile(new URL(`${folder}/${file}`, root), 'utf8')).toMatch(/^# .+[.?]\n/);
    expect((await readdir(new URL(folder, root))).filter((file) => file.endsWith('.txt')).map((file) => file.replace(/txt$/, 'yaml')).sort()).toEqual(files);
  });

  it('show every error that can be written down in a short file', async () => {
    const texts = await Promise.all(files.map((file) => readFile(new URL(`${folder}/${file.replace(/yaml$/, 'txt')}`, root), 'utf8')));
    const shown = new Set([...texts.join('').matchAll(/\[(\w+)\]$/gm)].map((m) => m[1]));
    const errors = Object.entries(findingCodes).filter(([, { severity }]) => severity === 'error').map(([code]) => code);
    expect(errors.filter((code) => !shown.has(code)).sort()).toEqual(['notUtf8', 'tooDeep', 'tooLarge', 'tooMany']);
  });
});
