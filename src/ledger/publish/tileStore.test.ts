import { mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bench } from './cases.ts';
import { readLogFile } from './tileStore.ts';

let root: string;
let bench: Bench;
const read = (path: string, log = 'wa'): Promise<Buffer | null> => readLogFile(bench.place, log, path);
const stored = (path: string): Buffer => readFileSync(join(bench.place, 'log/wa', path));

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'weir-publish-'));
  bench = new Bench(root);
  const publisher = await bench.open();
  await bench.append(['wa'], 300);
  await publisher.publish();
  await bench.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('gives the files of a log', async () => {
  for (const path of ['checkpoint', 'tile/0/000', 'tile/0/001.p/44', 'tile/1/000.p/1', 'tile/entries/000', 'tile/entries/001.p/44']) expect(await read(path)).toEqual(stored(path));
});

it('cuts a partial tile that has no file from the whole one or a larger one', async () => {
  expect(await read('tile/0/000.p/7')).toEqual(stored('tile/0/000').subarray(0, 7 * 32));
  expect(await read('tile/0/001.p/43')).toEqual(stored('tile/0/001.p/44').subarray(0, 43 * 32));
  expect(await read('tile/entries/000.p/255')).toEqual(stored('tile/entries/000').subarray(0, 255 * 34));
  expect(await read('tile/entries/001.p/1')).toEqual(stored('tile/entries/001.p/44').subarray(0, 34));
});

it('has nothing that is not there yet', async () => {
  for (const path of ['tile/0/001', 'tile/0/001.p/45', 'tile/0/002', 'tile/1/000', 'tile/1/000.p/2', 'tile/2/000.p/1', 'tile/entries/001', 'cosigned']) expect(await read(path)).toBeNull();
  expect(await read('checkpoint', 'or')).toBeNull();
});

describe('what anybody may ask', () => {
  it.each([
    '', '/', '..', '../wa/checkpoint', '/etc/passwd', 'tile/0/../0/000', 'tile/0/000/', 'tile//000', 'tile/0/0', 'tile/0/0000', 'tile/00/000', 'tile/0/x000/000', 'tile/64/000', 'tile/-1/000', 'tile/0/000.p/0',
    'tile/0/000.p/256', 'tile/0/000.p/07', 'tile/0/000.p', 'tile/0/000.p/../000', 'tile/entries/000\0', 'tile\\0\\000', 'tile/0/%2e%2e', 'checkpoint.tmp', 'fresh.tmp', 'checkpoint/', 'Checkpoint', '../../mark', 'tile/0/000\n',
  ])('%j leads nowhere', async (path) => {
    expect(await read(path)).toBeNull();
  });

  it.each(['..', '.', '', 'wa/../wa', 'WA', '../log/wa', 'wa\0', 'wa/'])('nor does the log %j', async (log) => {
    expect(await read('checkpoint', log)).toBeNull();
  });
});

it('takes a file that is shorter or longer than its name says as not there', async () => {
  const path = join(bench.place, 'log/wa/tile/0/000');
  const whole = readFileSync(path);
  truncateSync(path, 8_191);
  expect([await read('tile/0/000'), await read('tile/0/000.p/7')]).toEqual([null, null]);
  writeFileSync(path, Buffer.concat([whole, Buffer.alloc(32)]));
  expect(await read('tile/0/000')).toBeNull();
  writeFileSync(path, whole);
  const entries = join(bench.place, 'log/wa/tile/entries/000');
  renameSync(entries, `${entries}.kept`);
  writeFileSync(entries, readFileSync(`${entries}.kept`).subarray(0, 300 * 2));
  expect(await read('tile/entries/000')).toBeNull();
});
