import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, diskError } from '../cases.ts';
import type { Cosigners } from '../types.ts';
import { Bench, checkpointOf, expectedFiles, filesBelow, noWitness, plainRoot, prefix, testSigner, watchedPublishFs } from './cases.ts';
import { Edge, edgeTiles } from './edge.ts';
import { openPublisher } from './publisher.ts';
import { logKey, signCheckpoint } from './signing.ts';

/** What may be there besides: also partial tiles of the checkpoint before. */
const partial = /^(mark|log\/\w+\/checkpoint|log\/\w+\/tile\/[^.]*\.p\/\d+)$/;
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

  it('signs only for logs that grew, tells of them, and leaves no file open', async () => {
    const told: string[] = [];
    const publisher = await bench.open({ onCheckpoints: (list) => void told.push(...list.map(({ log, origin, size }) => `${log} ${origin} ${size}`)) });
    await bench.append(['wa', 'or'], 3);
    await publisher.publish();
    const open = readdirSync('/proc/self/fd').length;
    await publisher.publish();
    for (let turn = 0; turn < 30; turn += 1) {
      await bench.append(['wa'], 1);
      await publisher.publish();
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(told.sort()).toEqual([...Array.from({ length: 31 }, (_, n) => `wa ${prefix}/log/wa ${3 + n}`), `or ${prefix}/log/or 3`].sort());
    expect(readdirSync('/proc/self/fd').length).toBeLessThan(open + 10);
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
      expectFiles(partial);
    }
  });
});

describe('a start', () => {
  async function published(count = 300): Promise<void> {
    const publisher = await bench.open();
    await bench.append(['wa', 'anchor'], count);
    await publisher.publish();
    await bench.close();
  }

  it('makes tiles anew that were lost or altered, and says so; the files are as they were', async () => {
    await published();
    const before = filesBelow(bench.place);
    for (const [spoil, path] of [['remove', 'tile/0/001.p/44'], ['alter', 'tile/0/001.p/44'], ['alter', 'tile/1/000.p/1'], ['alter', 'tile/entries/001.p/44'], ['cut', 'tile/entries/001.p/44'], ['remove', 'tile']] as const) {
      const file = join(bench.place, 'log/wa', path);
      if (spoil === 'remove') rmSync(file, { recursive: true });
      else if (spoil === 'cut') truncateSync(file, 9);
      else writeFileSync(file, readFileSync(file).map((byte, at) => (at === 5 ? byte ^ 1 : byte)));
      const rebuilt: string[] = [];
      await bench.open({ onRebuilt: (log) => void rebuilt.push(log) });
      await bench.close();
      expect({ path, spoil, rebuilt }).toEqual({ path, spoil, rebuilt: ['wa'] });
      expectFiles(partial);
    }
    const after = filesBelow(bench.place);
    for (const [path, bytes] of before) if (!path.endsWith('mark')) expect({ path, same: after.get(path)?.equals(bytes) }).toEqual({ path, same: true });
  });

  it('goes on without a mark, and without a checkpoint', async () => {
    await published();
    for (const lost of ['mark', 'log/wa/checkpoint']) {
      rmSync(join(bench.place, lost));
      const publisher = await bench.open();
      await bench.append(['wa'], 1);
      await publisher.publish();
      await bench.close();
      expectFiles(partial);
      expect(await checkpoint('wa')).toBe(bench.placed.filter(({ log }) => log === 'wa').length);
    }
  });

  it('takes erased entries from their bundles', async () => {
    await published();
    rmSync(join(bench.place, 'private/wa'), { recursive: true });
    rmSync(join(bench.place, 'log/wa/tile/0'), { recursive: true });
    const rebuilt: string[] = [];
    await bench.open({ onRebuilt: (log) => void rebuilt.push(log) });
    expect(rebuilt).toEqual(['wa']);
    expect(await checkpoint('wa')).toBe(300);
  });

  it('is refused where a signed checkpoint or the mark covers more than the write-ahead file has', async () => {
    await published(20);
    const more = new Bench(mkdtempSync(join(root, 'other-')));
    await more.open();
    await more.append(['wa', 'anchor'], 10);
    await more.close();
    const start = (place: string): Promise<unknown> => openPublisher({ place, wal: more.wal, prefix, signer: (log) => Promise.resolve(testSigner(log)), cosigners: noWitness });
    expect(await codeOf(start(bench.place))).toBe('JOURNAL_CORRUPT');
    rmSync(join(bench.place, 'mark'));
    expect(await codeOf(start(bench.place))).toBe('JOURNAL_CORRUPT');
    rmSync(join(bench.place, 'private'), { recursive: true });
    expect(await codeOf(start(bench.place))).toBe('JOURNAL_CORRUPT');
  });

  it('is refused where a signed root is that of another history, and changes nothing', async () => {
    await published(20);
    const other = new Bench(mkdtempSync(join(root, 'other-')));
    await other.open();
    // As many entries, and one of them on another day and so another in the anchor log.
    await other.append(['anchor'], 40, 20_001);
    await other.close();
    rmSync(join(bench.place, 'mark'));
    rmSync(join(bench.place, 'log/wa'), { recursive: true });
    rmSync(join(bench.place, 'private'), { recursive: true });
    const file = join(bench.place, 'log/anchor/checkpoint');
    const signer = testSigner('anchor');
    writeFileSync(file, await signCheckpoint(await logKey(signer), signer.name, { size: 20, root: 'x'.repeat(32) }, 1_000));
    const before = filesBelow(bench.place);
    expect(await codeOf(openPublisher({ place: bench.place, wal: other.wal, prefix, signer: (log) => Promise.resolve(testSigner(log)), cosigners: noWitness }))).toBe('JOURNAL_CORRUPT');
    expect(filesBelow(bench.place)).toEqual(before);
  });
});

describe('what fails', () => {
  it('a key: the status says so, what is durable waits, and it is signed later', async () => {
    let down = true;
    const failures: string[] = [];
    const publisher = await bench.open({
      signer: (log) => (down ? Promise.reject(new Error('the key is away')) : Promise.resolve(testSigner(log))), onFailure: (error) => void failures.push(error.code),
    });
    await bench.append(['wa'], 5);
    expect(await codeOf(publisher.publish())).toBe('JOURNAL_WRITE');
    expect([publisher.failure?.code, publisher.status()[0]?.published, failures]).toEqual(['JOURNAL_WRITE', null, ['JOURNAL_WRITE']]);
    await bench.append(['wa'], 5);
    down = false;
    await publisher.publish();
    expect([publisher.failure, await checkpoint('wa')]).toEqual([null, 10]);
    expectFiles();
  });

  it('a key that gives no signature in time, or a wrong one: nothing is shown', async () => {
    let bad: 'wrong' | 'never' = 'wrong';
    const publisher = await bench.open({
      signMs: 20, signer: (log) => Promise.resolve({ ...testSigner(log), sign: () => (bad === 'wrong' ? Promise.resolve(Buffer.alloc(64)) : new Promise<Buffer>(() => undefined)) }),
    });
    await bench.append(['wa'], 5);
    expect(await codeOf(publisher.publish())).toBe('JOURNAL_WRITE');
    bad = 'never';
    expect(await codeOf(publisher.publish())).toBe('JOURNAL_WRITE');
    expect(filesBelow(bench.place).has('log/wa/checkpoint')).toBe(false);
    await bench.close().catch(() => undefined);
  });

  it('a disk for long: what does not fit the memory is read from the write-ahead file, each entry once', async () => {
    let bad = true;
    const publisher = await bench.open({ maxWaiting: 2_000, fs: watchedPublishFs((call) => { if (bad && call === 'write') throw diskError('ENOSPC'); }) });
    for (let turn = 0; turn < 4; turn += 1) {
      await bench.append(['wa', 'or', 'anchor'], 40);
      expect(await codeOf(publisher.publish())).toBe('JOURNAL_WRITE');
    }
    bad = false;
    await publisher.publish();
    await bench.append(['wa'], 3);
    await publisher.publish();
    expect([await checkpoint('wa'), await checkpoint('or')]).toEqual([163, 160]);
    await bench.close();
    expectFiles(partial);
  });
});

describe('who waits', () => {
  it('for a signature has it at once, and not longer than it wants', async () => {
    const publisher = await bench.open();
    await bench.append(['wa'], 5);
    await publisher.covered('wa', 4, 'signed', 60_000);
    expect(await checkpoint('wa')).toBe(5);
    // Without witnesses there is no quorum to wait for.
    await publisher.covered('wa', 4, 'cosigned', 60_000);
    expect(await codeOf(publisher.covered('wa', 5, 'signed', 1))).toBe('JOURNAL_WITNESS');
    const open = codeOf(publisher.covered('wa', 6, 'signed', 60_000));
    await bench.close();
    expect(await open).toBe('JOURNAL_CLOSED');
  });

  it('for a quorum has it as soon as the witnesses have answered, whatever an earlier one does', async () => {
    const asked: { size: number; answer: (quorum: boolean) => void; proof: (oldSize: number) => Promise<readonly Buffer[]> }[] = [];
    const cosigners: Cosigners = {
      configured: true,
      cosign: (log, { size }, proof) => new Promise((resolve) => {
        asked.push({ size, proof, answer: (quorum) => resolve({ quorum, lines: [`— w.example/${log} ${Buffer.alloc(76, size).toString('base64')}\n`] }) });
      }),
    };
    const publisher = await bench.open({ cosigners });
    await bench.append(['wa'], 3);
    await publisher.publish();
    // The first is never answered. The log's own rounds go on.
    await bench.append(['wa'], 4);
    const waits = publisher.covered('wa', 6, 'cosigned', 60_000);
    await publisher.publish();
    expect([await checkpoint('wa'), asked.map(({ size }) => size), publisher.status()[0]?.cosigned]).toEqual([7, [3, 7], 0]);
    // RFC 6962 section 2.1.3 has this very proof, of four hashes.
    expect(await asked[1]?.proof(3)).toHaveLength(4);
    asked[1]?.answer(true);
    await waits;
    expect(publisher.status()[0]?.cosigned).toBe(7);
    await bench.append(['wa'], 1);
    await publisher.publish();
    // An answer to what is no longer the newest takes nobody's place.
    asked[0]?.answer(true);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([await checkpoint('wa'), await checkpoint('wa', 'cosigned'), publisher.status()[0]?.cosigned]).toEqual([8, 7, 7]);
    asked[2]?.answer(false);
    await expect.poll(() => readFileSync(join(bench.place, 'log/wa/checkpoint'), 'utf8').split('\n').filter((line) => line.startsWith('— '))).toHaveLength(2);
    expect(publisher.status()[0]?.cosigned).toBe(7);
  });
});

it('crosses a whole tile of the second level', () => {
  const edge = new Edge();
  const whole: string[] = [];
  const leaves = Array.from({ length: 65_537 }, (_, n) => hash('sha256', String(n), 'binary'));
  for (const leaf of leaves) edge.append(leaf, (level, n) => { if (level > 0) whole.push(`${level}/${n}`); });
  expect([edge.size, whole, edgeTiles(65_537)]).toEqual([65_537, ['1/0'], [{ level: 0, n: 256, width: 1 }, { level: 2, n: 0, width: 1 }]]);
  const buffers = leaves.map((leaf) => Buffer.from(leaf, 'latin1'));
  expect(Buffer.from(edge.root(), 'latin1')).toEqual(plainRoot(buffers));
  expect(edge.partial(2, 1)).toEqual(plainRoot(buffers.slice(0, 65_536)));
  // As in the example of the specification.
  expect(edgeTiles(70_000)).toEqual([{ level: 0, n: 273, width: 112 }, { level: 1, n: 1, width: 17 }, { level: 2, n: 0, width: 1 }]);
});

it('the edge at any size is loaded from its tiles, and goes on as the one that was never left', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 1_500 }), fc.integer({ min: 0, max: 300 }), async (size, more) => {
    const edge = new Edge();
    for (let n = 0; n < size; n += 1) edge.append(hash('sha256', String(n), 'binary'));
    const loaded = await Edge.load(size, ({ level, width }) => Promise.resolve(Buffer.from(edge.partial(level, width))));
    for (let n = size; n < size + more; n += 1) for (const one of [edge, loaded]) one?.append(hash('sha256', String(n), 'binary'));
    expect([loaded?.size, loaded?.root()]).toEqual([edge.size, edge.root()]);
    for (const { level, width } of edgeTiles(size + more)) expect(loaded?.partial(level, width)).toEqual(edge.partial(level, width));
  }), { numRuns: 60 });
});
