import { execFile, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, temporaryFolder } from './cases.ts';
import { openJournal } from './journal.ts';
import type { Holder } from './lock.ts';
import { claimLock, takeLock } from './lock.ts';
import { sampleEntry } from './samples.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
let remove: () => void;
beforeEach(() => ({ folder, remove } = temporaryFolder()));
afterEach(() => remove());

/** Compiles the room for processes of its own, which cannot read TypeScript on every Node. Returns the folder with `src` and `bench`. */
function compiled(): string {
  const out = join(dirname(folder), 'built');
  const files = [
    ...readdirSync(join(root, 'src/ledger')).filter((name) => !name.endsWith('.test.ts')).map((name) => `src/ledger/${name}`),
    'src/exchange/errors.ts', 'bench/kills.ts',
  ];
  for (const file of files) {
    const { outputText } = ts.transpileModule(readFileSync(join(root, file), 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true, rewriteRelativeImportExtensions: true },
    });
    const to = join(out, file.replace(/ts$/, 'js'));
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, outputText);
  }
  writeFileSync(join(out, 'package.json'), '{"type":"module"}');
  symlinkSync(join(root, 'node_modules'), join(out, 'node_modules'));
  return out;
}

describe('the lock', () => {
  it('is held by one journal of a folder at a time, also within a process, and names the holder', async () => {
    const journal = await openJournal({ folder });
    await expect(openJournal({ folder })).rejects.toMatchObject({ code: 'JOURNAL_LOCKED', message: expect.stringContaining(String(process.pid)) as string });
    await journal.close();
    const next = await openJournal({ folder });
    expect(await codeOf(openJournal({ folder }))).toBe('JOURNAL_LOCKED');
    await next.close();
  });

  it('of a process that was killed is taken over, and of one that runs is not', async () => {
    const built = compiled();
    const script = `import { openJournal } from ${JSON.stringify(pathToFileURL(join(built, 'src/ledger/journal.js')).href)};
      await openJournal({ folder: ${JSON.stringify(folder)} }); console.log('open'); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    await expect(openJournal({ folder })).rejects.toMatchObject({ code: 'JOURNAL_LOCKED', message: expect.stringContaining(String(holder.pid)) as string });
    const gone = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await gone;
    const journal = await openJournal({ folder });
    expect(journal.healthy).toBe(true);
    await journal.close();
  });

  it('of a process number that another process has now is taken over', async () => {
    await (await openJournal({ folder })).close();
    const lock = readdirSync(folder).filter((name) => name.startsWith('lock.')).at(-1)!;
    const holder = JSON.parse(readFileSync(join(folder, lock), 'utf8')) as Record<string, unknown>;
    writeFileSync(join(folder, lock), JSON.stringify({ ...holder, pid: process.ppid, start: '1', released: false }));
    await (await openJournal({ folder })).close();
  });

  it('of another machine is never taken over', async () => {
    await (await openJournal({ folder })).close();
    const lock = readdirSync(folder).filter((name) => name.startsWith('lock.')).at(-1)!;
    const holder = JSON.parse(readFileSync(join(folder, lock), 'utf8')) as Record<string, unknown>;
    writeFileSync(join(folder, lock), JSON.stringify({ ...holder, pid: 4_000_000, host: 'elsewhere.example', released: false }));
    expect(await codeOf(openJournal({ folder }))).toBe('JOURNAL_LOCKED');
    writeFileSync(join(folder, lock), 'not a lock');
    expect(await codeOf(openJournal({ folder }))).toBe('JOURNAL_LOCKED');
  });

  it('is given to exactly one of many that find the holder dead at the same moment', async () => {
    mkdirSync(folder);
    for (let round = 1; round <= 30; round += 1) {
      const taken = await Promise.allSettled(Array.from({ length: 12 }, () => takeLock(folder)));
      const held = taken.filter((one) => one.status === 'fulfilled');
      expect(held).toHaveLength(1);
      if (round % 2 === 0) await held[0]!.value.release();
      else {
        // As a killed process leaves it.
        const lock = readdirSync(folder).filter((name) => name.startsWith('lock.')).sort((a, b) => Number(a.slice(5)) - Number(b.slice(5))).at(-1)!;
        const holder = JSON.parse(readFileSync(join(folder, lock), 'utf8')) as Record<string, unknown>;
        writeFileSync(join(folder, 'aside'), JSON.stringify({ ...holder, start: '1' }));
        renameSync(join(folder, 'aside'), join(folder, lock));
      }
      expect(readdirSync(folder).length).toBeLessThanOrEqual(3);
    }
  });

  it('is not given to one that looked long ago, though the number it saw is free again', async () => {
    mkdirSync(folder);
    for (let round = 0; round < 4; round += 1) await (await takeLock(folder)).release();
    await takeLock(folder);
    const before = readdirSync(folder).sort();
    expect(before).toEqual(['lock.4', 'lock.5']);
    const late: Holder = { pid: process.pid, start: '1', boot: '', host: '', space: '', released: false };
    expect(await claimLock(folder, 2, late)).toBeNull();
    expect(await claimLock(folder, 5, late)).toBeNull();
    expect(readdirSync(folder).sort()).toEqual(before);
    expect(await claimLock(folder, 6, late)).not.toBeNull();
  });

  it('ends the writing of one that was taken over though it lives, before another byte', async () => {
    const journal = await openJournal({ folder, retryDelay: 1 });
    await journal.append([sampleEntry(0)]);
    const lock = readdirSync(folder).filter((name) => name.startsWith('lock.')).at(-1)!;
    const holder = JSON.parse(readFileSync(join(folder, lock), 'utf8')) as Record<string, unknown>;
    // As a process that cannot see this one finds it: in another container of the same name.
    writeFileSync(join(folder, lock), JSON.stringify({ ...holder, space: 'pid:[1]' }));
    const taker = await openJournal({ folder });
    const before = readFileSync(join(folder, '000000000000.wal'));
    expect(await codeOf(journal.append([sampleEntry(1)]))).toBe('JOURNAL_WRITE');
    expect(journal.healthy).toBe(false);
    expect(readFileSync(join(folder, '000000000000.wal')).equals(before)).toBe(true);
    expect((await taker.append([sampleEntry(2)]))[0]!.index).toBe(1);
    await journal.close();
    await taker.close();
  });

  it('is let go where the journal cannot be opened', async () => {
    await (await openJournal({ folder })).close();
    const segment = join(folder, '000000000000.wal');
    const good = readFileSync(segment);
    writeFileSync(segment, 'junk');
    expect(await codeOf(openJournal({ folder }))).toBe('JOURNAL_CORRUPT');
    writeFileSync(segment, good);
    const journal = await openJournal({ folder });
    await journal.append([sampleEntry(0)]);
    await journal.close();
  });
});

describe('a process that is killed under load', () => {
  it('leaves everything that it was told', async () => {
    const built = compiled();
    const { stdout } = await run(process.execPath, [join(built, 'bench/kills.js'), '--count', '8', '--dir', dirname(folder), '--appenders', '64']);
    expect(stdout).toContain('missing or altered: 0');
  });
});
