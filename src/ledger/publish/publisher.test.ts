import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bench, checkpointOf, expectedFiles, filesBelow } from './cases.ts';

let root: string;
let bench: Bench;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'weir-publish-'));
  bench = new Bench(root);
});
afterEach(async () => {
  await bench.close().catch(() => undefined);
  rmSync(root, { recursive: true, force: true });
});

const checkpoint = (log: string, name?: string): Promise<number> => checkpointOf(bench.place, log, bench.placed, name);

/** All files are there as they must be, and no others but notes and the partial tiles of the checkpoint before. */
function expectFiles(extra: RegExp = /^(mark|log\/\w+\/checkpoint)$/): void {
  const there = filesBelow(bench.place);
  for (const [path, bytes] of expectedFiles(bench.placed, bench.place)) expect({ path, bytes: there.get(path)?.toString('hex') }).toEqual({ path, bytes: bytes.toString('hex') });
  const wanted = expectedFiles(bench.placed, bench.place);
  expect([...there.keys()].filter((path) => !wanted.has(path) && !extra.test(path))).toEqual([]);
}

describe('a round', () => {
  it('writes tiles, bundles, private files and a signed checkpoint, of logs that grew', async () => {
    const publisher = await bench.open();
    await bench.append(['wa', 'anchor'], 3);
    await publisher.publish();
    expect([await checkpoint('wa'), await checkpoint('anchor')]).toEqual([3, 3]);
    expectFiles();
    expect(publisher.status().map(({ log, size, published }) => [log, size, published?.size])).toEqual([['anchor', 3, 3], ['wa', 3, 3]]);
  });

  it('keeps the files right over many rounds, a restart, and a boundary of days', async () => {
    for (let session = 0; session < 4; session += 1) {
      const publisher = await bench.open();
      for (const count of [1, 100, 155, 1, 90]) {
        await bench.append(['wa', 'or'], count, 20_000 + session);
        await publisher.publish();
      }
      expect(await checkpoint('wa')).toBe(bench.placed.filter(({ log }) => log === 'wa').length);
      await bench.close();
      const partial = /^(mark|log\/\w+\/checkpoint|log\/\w+\/tile\/[^.]*\.p\/\d+)$/;
      expectFiles(partial);
    }
  });
});
