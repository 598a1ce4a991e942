import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inclusionProof, nodeCrypto, tilePath, verifyInclusion } from '../verify/index.ts';
import { Rebuild } from './fsck/rebuild.ts';
import { treeHash } from './opening/cases.ts';
import { openProofs } from './proofs.ts';

function tilesOf(size: number): (path: string) => Promise<Uint8Array | null> {
  const rebuild = new Rebuild();
  const files = new Map<string, Buffer>();
  for (let i = 0; i < size; i += 1) for (const { level, n, hashes } of rebuild.add(createHash('sha256').update(String(i)).digest().toString('latin1'))) files.set(tilePath(level, n), Buffer.from(hashes.join(''), 'latin1'));
  for (const { level, n, hashes } of rebuild.edge()) files.set(tilePath(level, n, hashes.length), Buffer.from(hashes.join(''), 'latin1'));
  return (path) => Promise.resolve(files.get(path) ?? null);
}

describe('many proofs at one size', () => {
  it('are those that are made one at a time', async () => {
    for (const size of [1, 2, 3, 255, 256, 257, 511, 513, 700, 65_536, 66_001]) {
      const fetch = tilesOf(size);
      const proofs = openProofs(fetch, size);
      for (const index of new Set([0, 1, 127, 128, 255, 256, 300, 511, 512, Math.floor(size / 2), size - 2, size - 1].filter((one) => one >= 0 && one < size))) {
        const wanted = await inclusionProof(nodeCrypto, fetch, index, size);
        expect((await proofs.inclusion(index)).map((one) => Buffer.from(one).toString('hex')), `${index} of ${size}`).toEqual(wanted.map((one) => Buffer.from(one).toString('hex')));
      }
    }
  });

  it('lead from any leaf to the root of any tree', async () => {
    const leaves = Array.from({ length: 1_400 }, (_, i) => createHash('sha256').update(String(i)).digest());
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: leaves.length }), fc.nat(), async (size, pick) => {
      const index = pick % size;
      const proof = await openProofs(tilesOf(size), size).inclusion(index);
      expect(await verifyInclusion(nodeCrypto, { index, size, leaf: leaves[index]!, proof, root: treeHash(leaves.slice(0, size)) })).toBe(true);
    }), { numRuns: 60 });
  });

  it('refuses a leaf that the tree has not, and says which tile is missing', async () => {
    const proofs = openProofs(tilesOf(300), 300);
    for (const index of [-1, 300, 0.5, NaN]) await expect(proofs.inclusion(index)).rejects.toThrow(RangeError);
    await expect(openProofs(() => Promise.resolve(null), 300).inclusion(3)).rejects.toMatchObject({ code: 'missing' });
    expect(() => openProofs(() => Promise.resolve(null), -1)).toThrow(RangeError);
  });
});
