import { chmodSync, copyFileSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, temporaryFolder } from '../cases.ts';
import { dayOf } from '../record.ts';
import { keyProgram } from './cases.ts';
import { openKeys } from './index.ts';
import type { Keys } from './index.ts';

let folder: string;
let remove: () => void;
let now: number;
const opened: Keys[] = [];
beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  now = Date.parse('2026-11-22T12:00:00.000Z');
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  remove();
});

const today = dayOf(Date.parse('2026-11-22'));
const open = async (owners: readonly string[] = ['ZY', 'ZX']): Promise<Keys> => {
  const keys = await openKeys(folder, owners, { clock: { now: () => now } });
  opened.push(keys);
  return keys;
};
const pathOf = (name: string, owner = 'ZY'): string => join(folder, 'owners', owner, name);

describe('a day key', () => {
  it('is made once, for each owner, day and kind another, and is there after a restart', async () => {
    const [a, b] = [await open(), await open()];
    const made = await Promise.all([a, b, a, b].map((keys) => keys.days.ready('ZY', today, 'disclosure')));
    expect(new Set(made.map((key) => key.toString('hex'))).size).toBe(1);
    const others = [await a.days.ready('ZY', today, 'other'), await a.days.ready('ZX', today, 'disclosure'), await a.days.ready('ZY', today + 1, 'disclosure'), made[0]!];
    expect(new Set(others.map((key) => key.toString('hex'))).size).toBe(4);
    expect(await (await open()).days.find('ZY', today, 'disclosure')).toEqual(made[0]);
    expect(readdirSync(join(folder, 'owners', 'ZY'))).toEqual(['2026-11-22.d.key', '2026-11-22.o.key', '2026-11-23.d.key']);
    expect(statSync(pathOf('2026-11-22.d.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(pathOf('2026-11-22.d.key'), 'latin1')).toMatch(/^weir-day-key 1 [A-Za-z0-9+/]+={0,2}\n$/);
  });

  it('is held only after it was asked for, and tomorrow’s is made ahead for those in use', async () => {
    const keys = await open();
    const { days } = keys;
    expect(days.held('ZY', today, 'other')).toBeNull();
    const key = await days.ready('ZY', today, 'other');
    expect(days.held('ZY', today, 'other')).toBe(key);
    await keys.ahead(now);
    expect(days.held('ZY', today + 1, 'other')).toHaveLength(32);
    expect(days.held('ZY', today + 1, 'disclosure')).toBeNull();
    expect(days.held('ZX', today + 1, 'other')).toBeNull();
    await days.ready('ZY', today + 3, 'other');
    expect(days.held('ZY', today, 'other')).toBeNull();
  });

  it('is not found where it never was, and is found as soon as another process made it', async () => {
    const [reader, writer] = [await open(), await open()];
    expect(await reader.days.find('ZY', today, 'other')).toBeNull();
    const key = await writer.days.ready('ZY', today, 'other');
    expect(await reader.days.find('ZY', today, 'other')).toEqual(key);
  });

  it('that is moved to another owner, day or kind is refused', async () => {
    const { days } = await open();
    await days.ready('ZY', today, 'disclosure');
    await days.ready('ZX', today, 'disclosure');
    for (const [name, owner] of [['2026-11-21.d.key', 'ZY'], ['2026-11-22.o.key', 'ZY'], ['2026-11-22.o.key', 'ZX']] as const) copyFileSync(pathOf('2026-11-22.d.key'), pathOf(name, owner));
    copyFileSync(pathOf('2026-11-22.d.key'), pathOf('2026-11-20.d.key', 'ZX'));
    const other = (await open()).days;
    expect(await codeOf(other.find('ZY', today - 1, 'disclosure'))).toBe('KEY_WRAP');
    expect(await codeOf(other.ready('ZY', today, 'other'))).toBe('KEY_WRAP');
    expect(await codeOf(other.find('ZX', today, 'other'))).toBe('KEY_WRAP');
    expect(await codeOf(other.find('ZX', today - 2, 'disclosure'))).toBe('KEY_WRAP');
  });

  it('in a file that is open to others, cut or of another format is refused, and the file left as it is', async () => {
    await (await open()).days.ready('ZY', today, 'other');
    const path = pathOf('2026-11-22.o.key');
    const good = readFileSync(path, 'latin1');
    for (const [bad, code] of [['', 'KEY_FILE'], [good.trimEnd(), 'KEY_FILE'], [good.replace('1', '2'), 'KEY_FILE'], ['weir-day-key 1 AAAA\n', 'KEY_WRAP'], [`${good.slice(0, 60)}\n`, 'KEY_WRAP']] as const) {
      writeFileSync(path, bad);
      expect(await codeOf((await open()).days.find('ZY', today, 'other'))).toBe(code);
      expect(await codeOf((await open()).days.ready('ZY', today, 'other'))).toBe(code);
      expect(readFileSync(path, 'latin1')).toBe(bad);
    }
    writeFileSync(path, good);
    chmodSync(path, 0o644);
    expect(await codeOf((await open()).days.find('ZY', today, 'other'))).toBe('KEY_FILE');
  });
});

describe('a day key that is destroyed', () => {
  it('is gone from the disk and from memory, and is never made again', async () => {
    const { days } = await open();
    await days.ready('ZY', today, 'other');
    expect(await days.find('ZY', today, 'other')).not.toBeNull();
    const bytes = readFileSync(pathOf('2026-11-22.o.key'), 'latin1');
    now += 86_400_000;
    expect(await days.destroy('ZY', today, 'other')).toBe(true);
    expect(await days.destroy('ZY', today, 'other')).toBe(false);
    for (const one of [days, (await open()).days]) {
      expect(one.held('ZY', today, 'other')).toBeNull();
      expect(await one.find('ZY', today, 'other')).toBeNull();
      expect(await codeOf(one.ready('ZY', today, 'other'))).toBe('KEY_GONE');
    }
    // Also not where the file comes back from a backup.
    writeFileSync(pathOf('2026-11-22.o.key'), bytes, { mode: 0o600 });
    expect(await (await open(['ZX'])).days.find('ZY', today, 'other')).toBeNull();
    expect(await codeOf((await open(['ZX'])).days.ready('ZY', today, 'other'))).toBe('KEY_GONE');
    expect(readdirSync(join(folder, 'owners', 'ZY'))).toEqual(['2026-11-22.o.gone', '2026-11-22.o.key']);
    await open(['ZY']);
    expect(readdirSync(join(folder, 'owners', 'ZY'))).toEqual(['2026-11-22.o.gone']);
  });

  it('by another process is forgotten within a minute', async () => {
    const [reader, other] = [await open(), await open()];
    await other.days.ready('ZY', today, 'other');
    now += 3 * 86_400_000;
    expect(await reader.days.find('ZY', today, 'other')).not.toBeNull();
    await other.days.destroy('ZY', today, 'other');
    now += 61_000;
    expect(await reader.days.find('ZY', today, 'other')).toBeNull();
  });

  it('was not of today or later, and of a day that had none nothing is noted', async () => {
    const { days } = await open();
    await days.ready('ZY', today, 'other');
    for (const day of [today, today + 1]) expect(await codeOf(days.destroy('ZY', day, 'other'))).toBe('KEY_DAY');
    expect(await days.destroy('ZY', today - 1, 'other')).toBe(false);
    expect(readdirSync(join(folder, 'owners', 'ZY'))).toEqual(['2026-11-22.o.key']);
    expect(await codeOf(days.destroy('../ZY', today - 1, 'other'))).toBe('KEY_OWNER');
  });
});

it('with a program that keeps the keys, all is there again after a restart, and no file holds a key', async () => {
  const command = keyProgram(folder.replace(/journal$/, ''));
  const first = await openKeys(folder, ['ZY'], { command });
  opened.push(first);
  const key = await first.days.ready('ZY', today, 'other');
  const sealed = first.seal('ZY', 'ANN EXAMPLE');
  const tag = first.tag('ZY', { kind: 'licence', number: 'X1' });
  const { publicKey } = await first.receiptSigner('weir.example.org/receipts');
  const second = await openKeys(folder, ['ZY'], { command });
  opened.push(second);
  expect(await second.days.find('ZY', today, 'other')).toEqual(key);
  expect(second.unseal('ZY', sealed)).toBe('ANN EXAMPLE');
  expect(second.tag('ZY', { kind: 'licence', number: 'X1' })).toBe(tag);
  expect((await second.receiptSigner('weir.example.org/receipts')).publicKey).toEqual(publicKey);
  expect(readdirSync(join(folder, 'owners'))).toEqual(['ZY']);
  expect(readFileSync(join(folder, 'logs', 'receipts.key'), 'latin1')).toMatch(/^weir-wrapped-key 1 /);
  for (const use of ['tag', 'seal']) expect(readFileSync(pathOf(`${use}.key`), 'latin1')).toMatch(/^weir-wrapped-key 1 /);
  // The files of one use in the place of the other.
  copyFileSync(pathOf('tag.key'), pathOf('seal.key'));
  expect(await codeOf(openKeys(folder, ['ZY'], { command }))).toBe('KEY_WRAP');
});

it('keys in files are not silently left behind for a program', async () => {
  await open(['ZY']);
  expect(await codeOf(openKeys(folder, ['ZY'], { command: keyProgram(folder) }))).toBe('KEY_FILE');
});
