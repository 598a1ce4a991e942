import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flipped, naiveConsistency, naivePath, naiveRoot, randomEntries, rootOfLeaves } from './cases.ts';
import { toHex, utf8 } from './bytes.ts';
import { emptyRoot, leafHash, nodeHash, rootOfInclusion, splitPoint, verifyConsistency, verifyInclusion } from './merkle.ts';
import { nodeCrypto } from './nodeCrypto.ts';

const entries = randomEntries(130);
const sizes = fc.integer({ min: 1, max: 130 });

describe('hashes of the tree', () => {
  it('are SHA-256 of the prefix and the data, worked out by hand with another tool', async () => {
    expect(toHex(emptyRoot)).toBe(toHex(nodeCrypto.sha256(new Uint8Array())));
    // printf '\0' | sha256sum, and so on.
    expect(toHex(await leafHash(nodeCrypto, new Uint8Array()))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(toHex(await leafHash(nodeCrypto, utf8('weir')))).toBe('faabbd5438ae9a18401032a1138843e7709594ea60896af7ea67e5c9326ddbd0');
    expect(toHex(await nodeHash(nodeCrypto, emptyRoot, emptyRoot))).toBe('a68ee79dc12813d134fd035c7328f7bd5ee68187735f7f0d2e451aea3ff6930f');
    expect([2, 3, 4, 5, 8, 9, 2 ** 40 + 1].map(splitPoint)).toEqual([1, 2, 2, 4, 4, 8, 2 ** 40]);
    expect(rootOfLeaves(await Promise.all(entries.map(async (entry) => await leafHash(nodeCrypto, entry))))).toEqual(naiveRoot(entries));
  });
});

describe('inclusion', () => {
  const claim = async (size: number, index: number): Promise<{ index: number; size: number; leaf: Uint8Array; proof: Uint8Array[]; root: Uint8Array }> => {
    const tree = entries.slice(0, size);
    return { index, size, leaf: await leafHash(nodeCrypto, tree[index] ?? new Uint8Array()), proof: naivePath(index, tree), root: naiveRoot(tree) };
  };

  it('holds for every leaf of every tree of up to 40 leaves, and for no other place', async () => {
    for (let size = 1; size <= 40; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const one = await claim(size, index);
        expect(await verifyInclusion(nodeCrypto, one)).toBe(true);
        for (const other of [index - 1, index + 1, size - 1 - index]) {
          if (other !== index) expect(await verifyInclusion(nodeCrypto, { ...one, index: other })).toBe(false);
        }
      }
    }
  });

  it('is refused when any bit of leaf, path or root is changed, or the path is shorter or longer', async () => {
    await fc.assert(fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, at, bitAt) => {
      const one = await claim(size, at % size);
      const bit = bitAt % 256;
      expect(await verifyInclusion(nodeCrypto, { ...one, leaf: flipped(one.leaf, bit) })).toBe(false);
      expect(await verifyInclusion(nodeCrypto, { ...one, root: flipped(one.root, bit) })).toBe(false);
      expect(await verifyInclusion(nodeCrypto, { ...one, proof: [...one.proof, one.leaf] })).toBe(false);
      if (size > 1) expect(await verifyInclusion(nodeCrypto, { ...one, proof: [...one.proof, one.root].slice(1) })).toBe(false);
      for (const i of one.proof.keys()) {
        expect(await verifyInclusion(nodeCrypto, { ...one, proof: one.proof.map((hash, j) => (i === j ? flipped(hash, bit) : hash)) })).toBe(false);
        expect(await verifyInclusion(nodeCrypto, { ...one, proof: one.proof.filter((_, j) => i !== j) })).toBe(false);
      }
    }), { numRuns: 60 });
  });

  it('is counted exactly above 2^31 and up to 2^53', async () => {
    const leaf = emptyRoot;
    // The last leaf of a tree of 2^52 + 1 leaves has one sibling: the whole tree before it.
    expect(await rootOfInclusion(nodeCrypto, { index: 2 ** 52, size: 2 ** 52 + 1, leaf, proof: [leaf] })).toEqual(await nodeHash(nodeCrypto, leaf, leaf));
    const long = Array.from({ length: 53 }, () => leaf);
    expect(await rootOfInclusion(nodeCrypto, { index: 2 ** 52 - 1, size: Number.MAX_SAFE_INTEGER, leaf, proof: long })).not.toBe(null);
    expect(await rootOfInclusion(nodeCrypto, { index: 2 ** 52 - 1, size: Number.MAX_SAFE_INTEGER, leaf, proof: long.slice(1) })).toBe(null);
  });

  it.each([
    { index: 2 ** 53, size: 2 ** 53 + 2 }, { index: -1, size: 1 }, { index: 1, size: 1 }, { index: 0, size: 0 }, { index: 0.5, size: 1 }, { index: Number.NaN, size: 1 }, { index: 0, size: Number.POSITIVE_INFINITY },
  ])('is refused for %o', async ({ index, size }) => {
    expect(await rootOfInclusion(nodeCrypto, { index, size, leaf: emptyRoot, proof: [] })).toBe(null);
  });

  it('is refused with hashes of another length, and with more of them than any tree has', async () => {
    expect(await rootOfInclusion(nodeCrypto, { index: 0, size: 2, leaf: emptyRoot, proof: [emptyRoot.slice(1)] })).toBe(null);
    expect(await rootOfInclusion(nodeCrypto, { index: 0, size: 1, leaf: new Uint8Array(33), proof: [] })).toBe(null);
    expect(await rootOfInclusion(nodeCrypto, { index: 0, size: 2, leaf: emptyRoot, proof: Array.from({ length: 100_000 }, () => emptyRoot) })).toBe(null);
  });
});

describe('consistency', () => {
  const claim = (oldSize: number, newSize: number): { oldSize: number; oldRoot: Uint8Array; newSize: number; newRoot: Uint8Array; proof: Uint8Array[] } => {
    const tree = entries.slice(0, newSize);
    return { oldSize, oldRoot: naiveRoot(tree.slice(0, oldSize)), newSize, newRoot: naiveRoot(tree), proof: oldSize === 0 ? [] : naiveConsistency(oldSize, tree) };
  };

  it('holds between every two trees of up to 40 leaves, and not for other sizes', async () => {
    for (let newSize = 0; newSize <= 40; newSize += 1) {
      for (let oldSize = 0; oldSize <= newSize; oldSize += 1) {
        const one = claim(oldSize, newSize);
        expect(await verifyConsistency(nodeCrypto, one), `${String(oldSize)} ${String(newSize)}`).toBe(true);
        if (oldSize > 0) expect(await verifyConsistency(nodeCrypto, { ...one, oldSize: oldSize - 1 })).toBe(false);
        if (oldSize > 0) expect(await verifyConsistency(nodeCrypto, { ...one, newSize: oldSize - 1 })).toBe(false);
      }
    }
  });

  it('is refused when any bit of roots or proof is changed, or a hash is left out or added', async () => {
    await fc.assert(fc.asyncProperty(sizes, sizes, fc.integer({ min: 0, max: 255 }), async (a, b, bit) => {
      const one = claim(Math.min(a, b), Math.max(a, b));
      expect(await verifyConsistency(nodeCrypto, { ...one, oldRoot: flipped(one.oldRoot, bit) })).toBe(false);
      expect(await verifyConsistency(nodeCrypto, { ...one, newRoot: flipped(one.newRoot, bit) })).toBe(false);
      expect(await verifyConsistency(nodeCrypto, { ...one, proof: [...one.proof, emptyRoot] })).toBe(false);
      for (const i of one.proof.keys()) {
        expect(await verifyConsistency(nodeCrypto, { ...one, proof: one.proof.map((hash, j) => (i === j ? flipped(hash, bit) : hash)) })).toBe(false);
        expect(await verifyConsistency(nodeCrypto, { ...one, proof: one.proof.filter((_, j) => i !== j) })).toBe(false);
      }
    }), { numRuns: 60 });
  });

  it('is refused between trees of which an early entry differs', async () => {
    const forged = [new Uint8Array(32), ...entries.slice(1, 100)];
    expect(await verifyConsistency(nodeCrypto, { oldSize: 50, oldRoot: naiveRoot(entries.slice(0, 50)), newSize: 100, newRoot: naiveRoot(forged), proof: naiveConsistency(50, forged) })).toBe(false);
    expect(await verifyConsistency(nodeCrypto, { oldSize: 0, oldRoot: naiveRoot(forged), newSize: 100, newRoot: naiveRoot(forged), proof: [] })).toBe(false);
    expect(await verifyConsistency(nodeCrypto, { oldSize: -1, oldRoot: emptyRoot, newSize: 2 ** 53, newRoot: emptyRoot, proof: [] })).toBe(false);
  });
});
