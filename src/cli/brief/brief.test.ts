import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addBrief } from './index.ts';

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function run(...args: readonly string[]): Promise<{ readonly exit: unknown; readonly said: { readonly error: string; readonly mend: string | null } }> {
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => { out += String(text); return true; });
  const program = new Command('weir').option('--data <dir>').option('--json').option('--quiet').exitOverride();
  addBrief(program);
  await program.parseAsync(['node', 'weir', ...args, '--json', '--quiet']);
  return { exit: process.exitCode, said: JSON.parse(out) as { error: string; mend: string | null } };
}

describe('weir brief, asked for what cannot be', () => {
  it.each([
    [['brief', 'WA', '--format', 'docx']], [['brief', 'WA', '--format', 'pdf']], [['brief', 'WA', '--out', 'briefing']], [['brief', 'WA', '--out', 'a.html', '--out', 'b.docx']], [['brief', 'Washington']],
  ])('%j: a sentence and what to do, before anything is opened', async (args) => {
    const { exit, said } = await run(...args);
    expect(exit).toBe(2);
    expect(said.error.length).toBeGreaterThan(10);
    expect(said.mend?.length ?? 0).toBeGreaterThan(5);
  });
});
