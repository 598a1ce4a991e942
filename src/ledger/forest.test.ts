import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect, temporaryFolder } from './cases.ts';
import { Forest, emptyRoot, nodeHash } from './forest.ts';
import { pruneWal } from './prune.ts';
import { firstSequence } from './pruned.ts';
import { readRecords } from './read.ts';
import { leafData } from './record.ts';
import { verifyWal } from './verify.ts';
import { openWal } from './wal.ts';
import { sampleRecord } from './walSamples.ts';

const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return sum.digest();
};

/** RFC 6962, section 2.1, as it is written there. */
function naiveRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0]!);
  let k = 1;
  while (2 * k < leaves.length) k *= 2;
  return sha256(Buffer.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

const latin1 = (bytes: Buffer): string => bytes.toString('latin1');
const leaf = (data: Buffer): string => latin1(sha256(Buffer.of(0), data));
const data = (number: number): Buffer => Buffer.from(`entry ${number}`);

describe('the trees of logs', () => {
  it('have the roots of RFC 6962 at each size', () => {
    expect(emptyRoot).toBe(latin1(naiveRoot([])));
    const forest = new Forest();
    const leaves: Buffer[] = [];
    for (let number = 0; number < 140; number += 1) {
      expect(forest.root('wa')).toBe(latin1(naiveRoot(leaves)));
      leaves.push(data(number));
      expect(forest.append('wa', leaf(data(number)))).toBe(number);
      // The compact range: one root for each whole subtree, the largest first.
      const range: string[] = [];
      for (let at = 0, rest = leaves.length; rest > 0;) {
        const width = 2 ** Math.floor(Math.log2(rest));
        range.push(latin1(naiveRoot(leaves.slice(at, at + width))));
        at += width;
        rest -= width;
      }
      expect(forest.range('wa')).toEqual(range);
    }
    expect(forest.root('or')).toBe(emptyRoot);
    expect([forest.size('wa'), forest.size('or'), forest.total]).toEqual([140, 0, 140]);
  });

  it('are encoded as the document says', () => {
    const forest = new Forest();
    for (let number = 0; number < 3; number += 1) forest.append('wa', leaf(data(number)));
    forest.append('anchor', leaf(data(9)));
    const size = (value: number): Buffer => Buffer.from([value, 0, 0, 0, 0, 0, 0, 0]);
    expect(forest.encode()).toEqual(Buffer.concat([
      Buffer.of(6), Buffer.from('anchor'), size(1), Buffer.of(1), Buffer.from(leaf(data(9)), 'latin1'),
      Buffer.of(2), Buffer.from('wa'), size(3), Buffer.of(2), Buffer.from(nodeHash(leaf(data(0)), leaf(data(1))), 'latin1'), Buffer.from(leaf(data(2)), 'latin1'),
    ]));
    expect(new Forest().encode()).toHaveLength(0);
  });

  it('are the same after they were encoded and decoded, and grow on', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('wa', 'or', 'anchor', 'a1'), { maxLength: 80 }), fc.array(fc.constantFrom('wa', 'or', 'zz'), { maxLength: 20 }), (before, after) => {
      const forest = new Forest();
      before.forEach((log, number) => forest.append(log, leaf(data(number))));
      const again = Forest.decode(forest.encode())!;
      after.forEach((log, number) => expect(again.append(log, leaf(data(number)))).toBe(forest.append(log, leaf(data(number)))));
      expect(again.encode()).toEqual(forest.encode());
      expect([...again.sizes()].sort()).toEqual([...forest.sizes()].sort());
      expect(again.total).toBe(before.length + after.length);
      for (const log of forest.sizes().keys()) expect(again.root(log)).toBe(forest.root(log));
    }));
  });

  it('are decoded from nothing but what encoding gives', () => {
    const forest = new Forest();
    for (let number = 0; number < 11; number += 1) forest.append(number % 4 === 0 ? 'anchor' : 'wa', leaf(data(number)));
    const good = forest.encode();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(good.length), (junk, at) => {
      for (const bytes of [Buffer.from(junk), Buffer.concat([good.subarray(0, at), junk]), Buffer.concat([good.subarray(0, at), junk, good.subarray(at + junk.length)]), good.subarray(0, at)]) {
        const found = Forest.decode(bytes);
        if (found !== null) expect(found.encode()).toEqual(bytes);
      }
    }));
    const size = good.indexOf('wa') + 2;
    const hugeSize = Buffer.from(good);
    hugeSize.writeBigUInt64LE(2n ** 60n, size);
    const zero = Buffer.concat([Buffer.of(2), Buffer.from('wa'), Buffer.alloc(9)]);
    for (const bad of [hugeSize, zero, Buffer.concat([good, good]), Buffer.concat([good.subarray(size - 3), good.subarray(0, size - 3)])]) expect(Forest.decode(bad)).toBeNull();
    expect(Forest.decode(good.subarray(size - 3))).not.toBeNull();
  });
});

describe('a write-ahead file', () => {
  it('counts and hashes as a naive tree does, for any mix of logs and sizes, over new files, restarts and pruning', { timeout: 300_000 }, async () => {
    const call = fc.array(fc.record({ log: fc.constantFrom('wa', 'or', 'anchor', 'a1'), bytes: fc.integer({ min: 100, max: 1_500 }) }), { minLength: 1, maxLength: 12 });
    const round = fc.record({ calls: fc.array(call, { maxLength: 6 }), check: fc.constantFrom('all' as const, 'last' as const), segmentBytes: fc.integer({ min: 1, max: 12_000 }), prune: fc.option(fc.nat(60)) });
    await fc.assert(fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 5 }), async (rounds) => {
      const place = temporaryFolder();
      try {
        const logs = new Map<string, Buffer[]>();
        const all: { log: string; index: number; record: Buffer }[] = [];
        for (const { calls, check, segmentBytes, prune } of rounds) {
          const wal = await openWal({ folder: place.folder, check, segmentBytes, maxBatch: 8 });
          await Promise.all(calls.map((records) => wal.append(records.map((one) => {
            const given = sampleRecord(all.length, one);
            const leaves = logs.get(one.log) ?? [];
            all.push({ log: one.log, index: leaves.length, record: given.record });
            logs.set(one.log, [...leaves, leafData(given.record)]);
            return given;
          }))));
          expect([...wal.sizes()].sort()).toEqual([...logs].map(([log, leaves]) => [log, leaves.length]).sort());
          for (const [log, leaves] of logs) expect(wal.root(log)).toBe(latin1(naiveRoot(leaves)));
          await wal.close();
          if (prune !== null) await pruneWal(place.folder, prune);
        }
        const report = await verifyWal(place.folder);
        const first = await firstSequence(place.folder);
        expect(report).toMatchObject({ damage: [], size: all.length, entries: all.length - first });
        for (const [log, leaves] of logs) expect([report.sizes.get(log), report.roots.get(log)]).toEqual([leaves.length, naiveRoot(leaves).toString('base64')]);
        expect(await collect(readRecords(place.folder, first))).toEqual(all.slice(first).map((one, n) => ({ sequence: first + n, ...one })));
      } finally {
        place.remove();
      }
    }), { numRuns: 40 });
  });
});
