import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, collect, temporaryFolder } from './cases.ts';
import type { Holder } from './lock.ts';
import { claimLock, takeLock } from './lock.ts';
import { readRecords } from './read.ts';
import { leafHash } from './record.ts';
import { verifyWal } from './verify.ts';
import { openWal } from './wal.ts';
import { sampleRecord } from './walSamples.ts';
import { transpile } from '../../test/transpile.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
let remove: () => void;
beforeEach(() => ({ folder, remove } = temporaryFolder()));
afterEach(() => remove());

/** Compiles the room for processes of its own, which cannot read TypeScript on every Node. Returns the folder with `src`. */
function compiled(): string {
  const out = join(dirname(folder), 'built');
  transpile(out, readdirSync(join(root, 'src/ledger')).filter((name) => /^[a-zA-Z]+\.ts$/.test(name)).map((name) => `src/ledger/${name}`));
  return out;
}

describe('the lock', () => {
  it('is held by one journal of a folder at a time, also within a process, and names the holder', async () => {
    const wal = await openWal({ folder });
    await expect(openWal({ folder })).rejects.toMatchObject({ code: 'JOURNAL_LOCKED', message: expect.stringContaining(String(process.pid)) as string });
    await wal.close();
    const next = await openWal({ folder });
    expect(await codeOf(openWal({ folder }))).toBe('JOURNAL_LOCKED');
    await next.close();
  });

  it('of a process that was killed is taken over, and of one that runs is not', async () => {
    const built = compiled();
    const script = `import { openWal } from ${JSON.stringify(pathToFileURL(join(built, 'src/ledger/wal.js')).href)};
      await openWal({ folder: ${JSON.stringify(folder)} }); console.log('open'); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    await expect(openWal({ folder })).rejects.toMatchObject({ code: 'JOURNAL_LOCKED', message: expect.stringContaining(String(holder.pid)) as string });
    const gone = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await gone;
    const wal = await openWal({ folder });
    expect(wal.healthy).toBe(true);
    await wal.close();
  });

  it('of a process number that another process has now is taken over', async () => {
    await (await openWal({ folder })).close();
    const lock = readdirSync(folder).filter((name) => name.startsWith('lock.')).at(-1)!;
    const holder = JSON.parse(readFileSync(join(folder, lock), 'utf8')) as Record<string, unknown>;
    writeFileSync(join(folder, lock), JSON.stringify({ ...holder, pid: process.ppid, start: '1', released: false }));
    await (await openWal({ folder })).close();
  });

  it('of another machine is never taken over', async () => {
    await (await openWal({ folder })).close();
    const lock = readdirSync(folder).filter((name) => name.startsWith('lock.')).at(-1)!;
    const holder = JSON.parse(readFileSync(join(folder, lock), 'utf8')) as Record<string, unknown>;
    writeFileSync(join(folder, lock), JSON.stringify({ ...holder, pid: 4_000_000, host: 'elsewhere.example', released: false }));
    expect(await codeOf(openWal({ folder }))).toBe('JOURNAL_LOCKED');
    writeFileSync(join(folder, lock), 'not a lock');
    expect(await codeOf(openWal({ folder }))).toBe('JOURNAL_LOCKED');
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
    const wal = await openWal({ folder, retryDelay: 1 });
    await wal.append([sampleRecord(0)]);
    const lock = readdirSync(folder).filter((name) => name.startsWith('lock.')).at(-1)!;
    const holder = JSON.parse(readFileSync(join(folder, lock), 'utf8')) as Record<string, unknown>;
    // As a process that cannot see this one finds it: in another container of the same name.
    writeFileSync(join(folder, lock), JSON.stringify({ ...holder, space: 'pid:[1]' }));
    const taker = await openWal({ folder });
    const before = readFileSync(join(folder, '000000000000.wal'));
    expect(await codeOf(wal.append([sampleRecord(1)]))).toBe('JOURNAL_WRITE');
    expect(wal.healthy).toBe(false);
    expect(readFileSync(join(folder, '000000000000.wal')).equals(before)).toBe(true);
    expect((await taker.append([sampleRecord(2)]))[0]!.sequence).toBe(1);
    await wal.close();
    await taker.close();
  });

  it('is let go where the journal cannot be opened', async () => {
    await (await openWal({ folder })).close();
    const segment = join(folder, '000000000000.wal');
    const good = readFileSync(segment);
    writeFileSync(segment, 'junk');
    expect(await codeOf(openWal({ folder }))).toBe('JOURNAL_CORRUPT');
    writeFileSync(segment, good);
    const wal = await openWal({ folder });
    await wal.append([sampleRecord(0)]);
    await wal.close();
  });
});

describe('a process that is killed under load', () => {
  it('leaves everything that it was told, in its place', async () => {
    const built = compiled();
    const at = (name: string): string => JSON.stringify(pathToFileURL(join(built, `src/ledger/${name}.js`)).href);
    const script = `import { writeSync } from 'node:fs'; import { openWal } from ${at('wal')}; import { sampleRecord } from ${at('walSamples')};
      const wal = await openWal({ folder: ${JSON.stringify(folder)}, segmentBytes: 300_000, check: 'last' });
      let number = wal.size;
      const appender = async (log) => { for (;;) {
        const given = sampleRecord(number++, { log });
        for (const { sequence, index, leaf } of await wal.append([given])) writeSync(1, sequence + ' ' + log + ' ' + index + ' ' + Buffer.from(leaf, 'latin1').toString('hex') + '\\n');
      } };
      for (let i = 0; i < 64; i += 1) void appender(['zy', 'anchor', 'zx'][i % 3]);`;
    const told: string[] = [];
    for (let round = 0; round < 8; round += 1) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      child.stdout.setEncoding('latin1').on('data', (part: string) => (text += part));
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await pause(20 + 17 * round);
      const gone = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await gone;
      told.push(...text.split('\n').slice(0, -1));
    }
    const wal = await openWal({ folder });
    await wal.close();
    const { damage, segments } = await verifyWal(folder);
    expect(damage).toEqual([]);
    expect(segments).toBeGreaterThan(1);
    const stored = (await collect(readRecords(folder))).map(({ sequence, log, index, record }) => `${sequence} ${log} ${index} ${Buffer.from(leafHash(record), 'latin1').toString('hex')}`);
    expect(told.length).toBeGreaterThan(64);
    expect(new Set(told).size).toBe(told.length);
    for (const line of told) expect(stored[Number(line.split(' ')[0])]).toBe(line);
  });
});
