import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inventNetwork } from '../demo/network.ts';
import { demoPolicies } from '../demo/policies/index.ts';
import { buildProgram } from '../src/cli/main.ts';
import { allContexts } from '../src/policy/index.ts';
import { importContent } from '../src/registry/index.ts';
import { activatePolicy } from '../src/store/policies.ts';
import { startTestPostgres, type TestPostgres } from './postgres.ts';

/**
 * Every command of docs/washington.md is run on the network of `npm start`, and prints what stands below it.
 * `WEIR_WRITE_SAMPLES=1 npx vitest run test/washington.test.ts` writes the page anew; read the difference before it is committed.
 */
const file = new URL('../docs/washington.md', import.meta.url);
const renew = process.env['WEIR_WRITE_SAMPLES'] === '1';
const page = await readFile(file, 'utf8');
const blocks = [...page.matchAll(/```console\n([\s\S]*?)```/g)].map(([, text]) => readBlock(text ?? ''));
/** The day on which the page says that its commands were printed. */
const day = new Date(`${/printed on (.+?) on the network/.exec(page)?.[1] ?? ''} 12:00 UTC`);

interface Step {
  readonly command: string;
  readonly printed: string;
}

let folder: string;
let postgres: TestPostgres;
const before = process.cwd();

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'weir-washington-')));
  postgres = await startTestPostgres({ migrate: true });
  vi.stubEnv('DATABASE_URL', postgres.url);
  vi.useFakeTimers({ now: day, toFake: ['Date'] });
  await importContent(postgres.sql, inventNetwork(), 'invented network');
  for (const { text } of demoPolicies()) await activatePolicy(postgres.sql, text, { author: 'demonstration', at: day });
  process.chdir(folder);
}, 240_000);

afterAll(async () => {
  process.chdir(before);
  process.exitCode = 0;
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('docs/washington.md', () => {
  it('prints what the commands print', async () => {
    const ran: Step[][] = [];
    for (const block of blocks) {
      const steps: Step[] = [];
      for (const { command } of block) steps.push({ command, printed: await run(command) });
      ran.push(steps);
    }
    if (renew) {
      let at = 0;
      await writeFile(file, page.replaceAll(/```console\n[\s\S]*?```/g, () => `\`\`\`console\n${writeBlock(ran[at++] ?? [])}\`\`\``));
      return;
    }
    expect(ran).toEqual(blocks);
  }, 240_000);

  it('does its sums: what each agency loses, times the agencies, is what the commands counted', () => {
    const rows = [...page.matchAll(/^\| .+? \| ([\d,]+) [a-zA-Z].*? \| ([\d,]+) \| ([\d,]+) \|/gm)].map((row) => row.slice(1).map((text) => Number(text.replaceAll(',', ''))));
    expect(rows).toHaveLength(4);
    for (const [agencies = 0, each = 0, all = 0] of rows) expect(agencies * each).toBe(all);
    const [block, ...border] = rows.map(([, , all = 0]) => all);
    expect(page).toContain(`250 get less, in ${(block ?? 0).toLocaleString('en-US')};`);
    expect(page).toContain(`1,033 get less, in ${border.reduce((a, b) => a + b, 0).toLocaleString('en-US')};`);
    expect(page).toContain(`${rows.reduce((sum, [agencies = 0]) => sum + agencies, 0).toLocaleString('en-US')} can ask for it as before`);
    expect(allContexts).toHaveLength(7_500);
  });

  it('names rules and claims that are there', async () => {
    const border = await readFile(join(folder, 'border.yaml'), 'utf8');
    const named = new Set([...page.matchAll(/\bWA-C?\d+\b/g)].map(([id]) => id));
    expect([...named].filter((id) => !border.includes(`id: ${id}\n`))).toEqual([]);
    expect(blocks.flat().length).toBeGreaterThan(10);
  });

  it('has an address for every fact of the first section', () => {
    const [, facts = ''] = /## What happened\n([\s\S]*?)\n\n[^|]/.exec(page.replace('\n\n|', '\n|')) ?? [];
    const rows = facts.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| when'));
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) expect(row).toMatch(/<https:\/\/[^>]+>/);
  });
});

function readBlock(text: string): readonly Step[] {
  return text.split(/^\$ /m).slice(1).map((part) => {
    const [command = '', ...rest] = part.split('\n');
    return { command, printed: rest.join('\n').replace(/\n+$/, '') };
  });
}

function writeBlock(steps: readonly Step[]): string {
  return steps.map(({ command, printed }, at) => `$ ${command}\n${printed === '' ? '' : `${printed}\n${at === steps.length - 1 ? '' : '\n'}`}`).join('');
}

/** One line of a shell: words, then where the output goes, or which lines of it are kept. */
async function run(command: string): Promise<string> {
  const [, line = '', target, filter = ''] = /^weir (.*?)(?: > (\S+))?(?: \| (.+))?$/.exec(command) ?? [];
  let out = '';
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((part) => { out += String(part); return true; }),
    vi.spyOn(process.stderr, 'write').mockImplementation((part) => { if (!String(part).startsWith('\r')) out += String(part); return true; }),
  ];
  try {
    const words = line.split(' ');
    await (await buildProgram(words)).parseAsync(words, { from: 'user' });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  if (target !== undefined) await writeFile(join(folder, target), out);
  return target === undefined ? kept(out.split('\n'), filter).join('\n').replace(/\n+$/, '') : '';
}

/** What `grep 'x'`, `grep -v x` and `sed '/x/,$d'` leave. */
function kept(lines: readonly string[], filter: string): readonly string[] {
  if (filter === '') return lines;
  const [, without] = /^grep -v (\w+)$/.exec(filter) ?? [];
  if (without !== undefined) return lines.filter((line) => !line.includes(without));
  const [, only] = /^grep '(.+)'$/.exec(filter) ?? [];
  if (only !== undefined) return lines.filter((line) => new RegExp(only).test(line));
  const [, from] = /^sed '\/(.+)\/,\$d'$/.exec(filter) ?? [];
  if (from === undefined) throw new Error(`not a filter that the page uses: ${filter}`);
  const end = lines.findIndex((line) => new RegExp(from).test(line));
  return end < 0 ? lines : lines.slice(0, end);
}
