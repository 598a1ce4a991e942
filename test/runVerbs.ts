import { Command } from 'commander';
import { vi } from 'vitest';
import type { AddVerb } from '../src/cli/verb.ts';

/** What a command line printed, and its exit code. */
export interface VerbRun {
  readonly out: string;
  readonly error: string;
  readonly exit: number;
}

/** Runs a command line in this process, with these verbs on the program. Quicker than `runWeir`, and needs no build. */
export async function runVerbs(verbs: readonly AddVerb[], args: readonly string[]): Promise<VerbRun> {
  const caught = { out: '', error: '' };
  const take = (key: 'out' | 'error') => (text: unknown) => { caught[key] += String(text); return true; };
  const spies = [vi.spyOn(process.stdout, 'write').mockImplementation(take('out')), vi.spyOn(process.stderr, 'write').mockImplementation(take('error'))];
  process.exitCode = 0;
  try {
    const program = new Command('weir').option('--data <dir>').option('--json').option('--quiet').exitOverride();
    for (const add of verbs) add(program);
    await program.parseAsync([...args], { from: 'user' });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return { ...caught, exit: process.exitCode };
}
