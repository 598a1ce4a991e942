import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naiveConsistency, naivePath, naiveRoot, randomEntries, testKey, testLog } from './cases.ts';
import { leavesOfBundle, rootOfHashes } from './bulk.ts';
import { formatBundle, parseBundle } from './bundle.ts';
import { concat, toHex } from './bytes.ts';
import { leafHash, verifyConsistency, verifyInclusion } from './merkle.ts';
import { nodeCrypto } from './nodeCrypto.ts';
import { parseTilePath, tilePath } from './tilePath.ts';
import { consistencyProof, inclusionProof, openTiles, rootOfTiles, tileWidthAt } from './tiles.ts';
import { VerifyError } from './types.ts';
import { webCrypto } from './webCrypto.ts';

describe('the path of a tile', () => {
  it.each([[0, 0, 256, 'tile/0/000'], [1, 273, 17, 'tile/1/273.p/17'], ['entries', 1_234_067, 256, 'tile/entries/x001/x234/067'], [0, 999, 1, 'tile/0/999.p/1'], [0, 1000, 255, 'tile/0/x001/000.p/255'], [63, 5, 256, 'tile/63/005']] as const)('%s %i %i is %s', (level, n, width, path) => {
    expect(tilePath(level, n, width)).toBe(path);
    expect(parseTilePath(path)).toEqual({ level, n, width });
  });

  it('is read back, whatever it names', () => {
    fc.assert(fc.property(fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 })), fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (level, n, width) => {
      expect(parseTilePath(tilePath(level, n, width))).toEqual({ level, n, width });
    }));
  });

  it.each([
    '', 'checkpoint', 'tile/', 'tile/0/', 'tile/0/0', 'tile/0/00', 'tile/0/0000', 'tile/00/000', 'tile/64/000', 'tile/-1/000', 'tile/0/x000/000', 'tile/0/001/000', 'tile/0/x001', 'tile/0/000.p/0', 'tile/0/000.p/256', 'tile/0/000.p/01', 'tile/0/000.p/', 'tile/0/000.p',
    '/tile/0/000', 'tile/0/000/', 'tile/0/../000', 'tile/0/000\n', 'tile//000', 'tile/0/000\0', 'TILE/0/000', 'tile/entry/000', 'tile/0/x999/x999/x999/x999/x999/x999/999', 'tile/0/x010/x000/x000/x000/x000/000', 'tile/0/%30%30%30',
  ])('is not %j', (path) => {
    expect(parseTilePath(path)).toBe(null);
  });
});

describe('proofs from tiles', () => {
  it('are those of the definition, and hold', async () => {
    const key = await testKey('weir.example.org/log/wa');
    for (const size of [1, 2, 3, 255, 256, 257, 300, 512, 700]) {
      const entries = randomEntries(size);
      const log = testLog(entries, key.name, [key]);
      expect(await rootOfTiles(nodeCrypto, log.fetch, size)).toEqual(naiveRoot(entries));
      for (const index of new Set([0, 1, 2, 254, 255, 256, 257, 299, 511, 512, size - 2, size - 1].filter((i) => i >= 0 && i < size))) {
        const proof = await inclusionProof(nodeCrypto, log.fetch, index, size);
        expect(proof).toEqual(naivePath(index, entries));
        expect(await verifyInclusion(nodeCrypto, { index, size, leaf: await leafHash(nodeCrypto, entries[index] ?? new Uint8Array()), proof, root: log.root })).toBe(true);
      }
      for (const old of new Set([0, 1, 2, 3, 255, 256, 257, 511, 512, 600, size - 1, size].filter((i) => i >= 0 && i <= size))) {
        expect(await consistencyProof(nodeCrypto, log.fetch, old, size), `${String(old)} ${String(size)}`).toEqual(old === 0 ? [] : naiveConsistency(old, entries));
      }
    }
  });

  it('of a tree of three levels hold, by WebCrypto too', async () => {
    const key = await testKey('weir.example.org/log/wa');
    const entries = randomEntries(66_000);
    const log = testLog(entries, key.name, [key]);
    for (const index of [0, 65_535, 65_536, 65_999]) {
      const proof = await inclusionProof(webCrypto, log.fetch, index, 66_000);
      expect(await verifyInclusion(webCrypto, { index, size: 66_000, leaf: await leafHash(webCrypto, entries[index] ?? new Uint8Array()), proof, root: log.root })).toBe(true);
    }
    for (const old of [1, 256, 65_535, 65_536, 65_537, 65_800]) {
      const proof = await consistencyProof(nodeCrypto, log.fetch, old, 66_000);
      expect(await verifyConsistency(nodeCrypto, { oldSize: old, oldRoot: testLog(entries.slice(0, old), key.name, []).root, newSize: 66_000, newRoot: log.root, proof })).toBe(true);
    }
  });

  it('say which file is missing or too short, and refuse what no tree has', async () => {
    const key = await testKey('weir.example.org/log/wa');
    const log = testLog(randomEntries(300), key.name, [key]);
    const without = async (path: string): Promise<Uint8Array | null> => (path === 'tile/0/000' ? null : await log.fetch(path));
    const short = async (path: string): Promise<Uint8Array | null> => (await log.fetch(path))?.subarray(0, 31) ?? null;
    await expect(inclusionProof(nodeCrypto, without, 5, 300)).rejects.toMatchObject({ code: 'missing', at: 'tile/0/000' });
    await expect(inclusionProof(nodeCrypto, short, 5, 300)).rejects.toBeInstanceOf(VerifyError);
    await expect(inclusionProof(nodeCrypto, log.fetch, 300, 300)).rejects.toBeInstanceOf(RangeError);
    await expect(consistencyProof(nodeCrypto, log.fetch, 301, 300)).rejects.toBeInstanceOf(RangeError);
    await expect(openTiles(nodeCrypto, log.fetch, 300).subtree(0, 301)).rejects.toBeInstanceOf(RangeError);
    expect(() => openTiles(nodeCrypto, log.fetch, 2 ** 53)).toThrow(RangeError);
    // The example of the specification.
    expect([tileWidthAt(0, 273, 70_000), tileWidthAt(1, 0, 70_000), tileWidthAt(1, 1, 70_000), tileWidthAt(2, 0, 70_000)]).toEqual([112, 256, 17, 1]);
  });
});

describe('whole tiles at once', () => {
  const { bulk: _bulk, ...slow } = nodeCrypto;

  it('hash as one by one', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ minLength: 32, maxLength: 32 })), { maxLength: 300 }), async (entries) => {
      const bundle = formatBundle(entries);
      expect(parseBundle(bundle)).toEqual(entries);
      expect(toHex(await leavesOfBundle(nodeCrypto, bundle) ?? new Uint8Array())).toBe(toHex(await leavesOfBundle(slow, bundle) ?? new Uint8Array()));
    }), { numRuns: 50 });
    for (let count = 1; count <= 256; count *= 2) {
      const hashes = concat(...randomEntries(count));
      expect(toHex(await rootOfHashes(nodeCrypto, hashes))).toBe(toHex(await rootOfHashes(slow, hashes)));
    }
  });

  it('refuse a bundle that ends within an entry', async () => {
    const bundle = formatBundle(randomEntries(3, 40));
    for (const length of [1, 2, 41, 43, 44, 125]) {
      expect(await leavesOfBundle(nodeCrypto, bundle.subarray(0, length))).toBe(null);
      expect(await leavesOfBundle(slow, bundle.subarray(0, length))).toBe(null);
    }
    expect(() => formatBundle([new Uint8Array(65_536)])).toThrow(RangeError);
  });

  it('verify signatures as WebCrypto does, and call no bytes a key', async () => {
    const key = await testKey('a');
    for (const crypto of [nodeCrypto, webCrypto]) {
      expect(await crypto.ed25519(key.publicKey, new Uint8Array(3), new Uint8Array(64))).toBe(false);
      expect(await crypto.ed25519(key.publicKey.slice(1), new Uint8Array(3), new Uint8Array(64))).toBe(false);
      expect(await crypto.ed25519(new Uint8Array(32).fill(255), new Uint8Array(3), new Uint8Array(64))).toBe(false);
      expect(await crypto.ed25519(key.publicKey, new Uint8Array(3), new Uint8Array(63))).toBe(false);
    }
  });
});
