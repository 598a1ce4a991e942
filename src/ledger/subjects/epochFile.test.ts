import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../verify/bytes.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { areLeaves, entriesUnder, rootOfLeaves, verifyLeaves } from '../../verify/subjectIndex.ts';
import { leafHash, rootOfInclusion, splitPoint } from '../../verify/merkle.ts';
import { EpochIndex, epochPath, keepEpoch, makeEpoch } from './epochFile.ts';
import { Pairs } from './pairs.ts';

let place = '';
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'weir-epochs-'));
});
afterAll(() => rm(place, { recursive: true }));

const blindOf = (n: number): string => createHash('sha256').update(`tag ${n}`).digest('hex');
const root = (hex: string): Uint8Array => Buffer.from(hex, 'hex');

/** Entry by entry the numbers of its tags. */
async function kept(entries: readonly (readonly number[])[], from = 0, day = '2026-03-01'): Promise<EpochIndex> {
  const pairs = new Pairs();
  entries.forEach((tags, offset) => [...new Set(tags)].forEach((tag) => pairs.add(Buffer.from(blindOf(tag), 'hex'), offset)));
  const made = makeEpoch({ owner: 'ZY', day, from, to: from + entries.length }, pairs);
  await keepEpoch(place, made);
  return EpochIndex.open(place, made.facts);
}

/** RFC 6962, section 2.1, as it is written there. */
function treeHash(leaves: readonly string[]): Buffer {
  if (leaves.length === 0) return createHash('sha256').digest();
  if (leaves.length === 1) return createHash('sha256').update(`\0${leaves[0] ?? ''}`).digest();
  const k = splitPoint(leaves.length);
  return createHash('sha256').update(Buffer.of(1)).update(treeHash(leaves.slice(0, k))).update(treeHash(leaves.slice(k))).digest();
}

const days = fc.array(fc.array(fc.nat(150), { maxLength: 4 }), { maxLength: 300 });

describe('the index of a day', () => {
  it('has the root of RFC 6962 over the leaves of the document', async () => {
    await fc.assert(fc.asyncProperty(days, fc.nat(1000), async (entries, from) => {
      const index = await kept(entries, from);
      const texts = [...new Set(entries.flat())].map((tag) => blindOf(tag)).sort().map((blind) => {
        const indices = entries.flatMap((tags, offset) => (tags.some((tag) => blindOf(tag) === blind) ? [from + offset] : []));
        return `weir-subject/v1\n${blind}\n${indices.join(' ')}\n`;
      });
      expect(index.facts.tags).toBe(texts.length);
      expect(index.facts.root).toBe(treeHash(texts).toString('hex'));
      index.close();
    }), { numRuns: 40 });
  });

  it('shows of any tags that they are there, with their entries, or are not', async () => {
    await fc.assert(fc.asyncProperty(days, fc.array(fc.nat(200), { minLength: 1, maxLength: 12 }), async (entries, asked) => {
      const index = await kept(entries, 7);
      const { facts } = index;
      const { leaves, hashes } = index.prove(asked.map(blindOf));
      index.close();
      expect(areLeaves(leaves, facts.tags, facts.from, facts.to)).toBe(true);
      expect(await verifyLeaves(nodeCrypto, facts.tags, root(facts.root), leaves, hashes)).toBe(true);
      for (const tag of asked) {
        const wanted = entries.flatMap((tags, offset) => (tags.includes(tag) ? [7 + offset] : []));
        expect(entriesUnder(blindOf(tag), facts.tags, leaves)).toEqual(wanted);
      }
    }), { numRuns: 60 });
  });

  it('shows nothing any more where a leaf or a hash is left out, changed or exchanged', async () => {
    const entries = Array.from({ length: 200 }, (_, n) => [n % 130, (n * 7) % 130]);
    const index = await kept(entries);
    const { facts } = index;
    const { leaves, hashes } = index.prove([blindOf(5), blindOf(60), blindOf(900)]);
    index.close();
    const good = async (shown: typeof leaves, rest: readonly Uint8Array[]): Promise<boolean> =>
      areLeaves(shown, facts.tags, facts.from, facts.to) && await verifyLeaves(nodeCrypto, facts.tags, root(facts.root), shown, rest);
    expect(await good(leaves, hashes)).toBe(true);
    for (const at of leaves.keys()) {
      expect(await good(leaves.toSpliced(at, 1), hashes)).toBe(false);
      expect(await good(leaves.with(at, { ...leaves[at]!, indices: leaves[at]!.indices.slice(1) }), hashes)).toBe(false);
      expect(await good(leaves.with(at, { ...leaves[at]!, place: leaves[at]!.place + 1 }), hashes)).toBe(false);
    }
    for (const at of hashes.keys()) {
      expect(await good(leaves, hashes.toSpliced(at, 1))).toBe(false);
      expect(await good(leaves, hashes.with(at, Buffer.alloc(32)))).toBe(false);
    }
    expect(await good(leaves.toReversed(), hashes)).toBe(false);
    expect(await good(leaves, [...hashes, Buffer.alloc(32)])).toBe(false);
  });

  it('does not take two leaves for neighbours that have others between them', () => {
    const leaf = (place: number, blind: string) => ({ place, blind: blind.repeat(64), indices: [1] });
    expect(entriesUnder('5'.repeat(64), 9, [leaf(3, '4'), leaf(4, '6')])).toEqual([]);
    expect(entriesUnder('5'.repeat(64), 9, [leaf(3, '4'), leaf(5, '6')])).toBeNull();
    expect(entriesUnder('5'.repeat(64), 9, [leaf(1, '6')])).toBeNull();
    expect(entriesUnder('5'.repeat(64), 9, [leaf(0, '6')])).toEqual([]);
    expect(entriesUnder('5'.repeat(64), 9, [leaf(7, '4')])).toBeNull();
    expect(entriesUnder('5'.repeat(64), 9, [leaf(8, '4')])).toEqual([]);
    expect(entriesUnder('5'.repeat(64), 0, [])).toEqual([]);
    expect(entriesUnder('5'.repeat(64), 9, [])).toBeNull();
  });

  it('agrees with an ordinary inclusion proof', async () => {
    const index = await kept(Array.from({ length: 77 }, (_, n) => [n]));
    const wanted = [...index.all()][0]!;
    const { leaves, hashes } = index.prove([wanted.blind]);
    const leaf = await leafHash(nodeCrypto, Buffer.from(`weir-subject/v1\n${wanted.blind}\n${wanted.indices.join(' ')}\n`));
    // The hashes of the first leaf stand from left to right, which for it is from the bottom to the top.
    const made = await rootOfLeaves(nodeCrypto, index.facts.tags, leaves, hashes);
    expect(made === null ? '' : toHex(made)).toBe(index.facts.root);
    expect(toHex(await rootOfInclusion(nodeCrypto, { index: 0, size: index.facts.tags, leaf, proof: hashes }) ?? new Uint8Array())).toBe(index.facts.root);
    index.close();
  });

  it('is refused when any bit of its file is another, by what is read of it', async () => {
    const index = await kept(Array.from({ length: 150 }, (_, n) => [n, n + 1]));
    const { facts } = index;
    index.close();
    const path = epochPath(place, facts.owner, facts.day);
    const whole = await readFile(path);
    for (let at = 0; at < whole.length; at += 13) {
      const altered = Buffer.from(whole);
      altered[at]! ^= 1 << (at % 8);
      await writeFile(path, altered);
      expect(() => {
        const opened = EpochIndex.open(place, facts);
        try {
          if ([...opened.all()].length !== facts.tags) throw new Error('other leaves');
        } finally {
          opened.close();
        }
      }, `byte ${at}`).toThrow(expect.objectContaining({ code: 'EPOCH_DAMAGED' }) as Error);
    }
    await writeFile(path, whole.subarray(0, 300));
    expect(() => EpochIndex.open(place, facts)).toThrow(expect.objectContaining({ code: 'EPOCH_DAMAGED' }) as Error);
    await rm(path);
    expect(() => EpochIndex.open(place, facts)).toThrow(expect.objectContaining({ code: 'EPOCH_DAMAGED' }) as Error);
  });
});
