import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { verifyInclusion } from '../../verify/merkle.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { parseTilePath } from '../../verify/tilePath.ts';
import { inclusionProof } from '../../verify/tiles.ts';
import { treeHash } from './cases.ts';
import { proofMaker } from './proofs.ts';

const leaves = Array.from({ length: 1_400 }, () => randomBytes(32));

/** Tiles of the tree over the first `size` leaves. */
function filesOf(size: number): (path: string) => Promise<Buffer | null> {
  return (path) => {
    const name = parseTilePath(path);
    if (name === null || name.level === 'entries') return Promise.resolve(null);
    const each = 256 ** name.level;
    const hashes = Array.from({ length: name.width }, (_, i) => {
      const start = (name.n * 256 + i) * each;
      return start + each <= size ? treeHash(leaves.slice(start, start + each)) : null;
    });
    return Promise.resolve(hashes.includes(null) ? null : Buffer.concat(hashes as Buffer[]));
  };
}

it('makes proofs that lead from any leaf to the root of any tree, as the tiles\' own walk does', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: leaves.length }), fc.nat(), async (size, pick) => {
    const index = pick % size;
    const proof = await proofMaker(filesOf(size), size).proof(index);
    expect(await verifyInclusion(nodeCrypto, { index, size, leaf: leaves[index]!, proof, root: treeHash(leaves.slice(0, size)) })).toBe(true);
    expect(proof.map((hash) => hash.toString('hex'))).toEqual((await inclusionProof(nodeCrypto, filesOf(size), index, size)).map((hash) => Buffer.from(hash).toString('hex')));
  }), { numRuns: 60 });
});

it('says which tile is missing, and knows no leaf outside of the tree', async () => {
  await expect(proofMaker(() => Promise.resolve(null), 300).proof(0)).rejects.toMatchObject({ code: 'missing' });
  for (const index of [-1, 300, 0.5]) await expect(proofMaker(filesOf(300), 300).proof(index)).rejects.toBeInstanceOf(RangeError);
});
