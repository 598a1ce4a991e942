import fc from 'fast-check';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint } from './checkpoint.ts';
import { cosignedMessage, formatCosignature } from './cosignature.ts';
import { nodeCrypto } from './nodeCrypto.ts';
import { formatVkey, keyIdOf, noteTypes, signatureLine } from './note.ts';
import { parsePolicy } from './policy.ts';
import { judgeSplit, splitProof } from './split.ts';
import { VerifyError } from './types.ts';

/** A key that signs notes as the standards say, made by Node alone. */
async function keyFor(name: string, type: number): Promise<{ vkey: string; line: (text: string, time?: number) => string }> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const bytes = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const keyId = await keyIdOf(nodeCrypto, name, type, bytes);
  const signed = (key: KeyObject, text: string, time: number): Uint8Array =>
    type === noteTypes.ed25519 ? sign(null, Buffer.from(text), key) : formatCosignature({ time, signature: sign(null, cosignedMessage(time, text), key) });
  return { vkey: await formatVkey(nodeCrypto, name, type, bytes), line: (text, time = 1_800_000_000) => signatureLine(name, keyId, signed(privateKey, text, time)) };
}

const log = await keyFor('weir.example.org/log/wa', noteTypes.ed25519);
const other = await keyFor('weir.example.org/log/or', noteTypes.ed25519);
const one = await keyFor('witness.example.org/1', noteTypes.cosignature);
const two = await keyFor('witness.example.org/2', noteTypes.cosignature);
const policy = parsePolicy(`log ${log.vkey}\nlog ${other.vkey}\nwitness one ${one.vkey}\nwitness two ${two.vkey}\ngroup both all one two\nquorum both\n`);

/** The trees of RFC 6962, section 2.1, by the words of the standard. */
function rootOf(leaves: readonly string[]): Buffer {
  if (leaves.length === 0) return createHash('sha256').digest();
  if (leaves.length === 1) return createHash('sha256').update(Buffer.of(0)).update(leaves[0] ?? '').digest();
  const k = split(leaves.length);
  return createHash('sha256').update(Buffer.of(1)).update(rootOf(leaves.slice(0, k))).update(rootOf(leaves.slice(k))).digest();
}

function proofOf(leaves: readonly string[], m: number, full = false, whole = true): Buffer[] {
  if (m === leaves.length) return whole && !full ? [] : [rootOf(leaves)];
  const k = split(leaves.length);
  if (m <= k) return [...proofOf(leaves.slice(0, k), m, full, whole), rootOf(leaves.slice(k))];
  return [...proofOf(leaves.slice(k), m - k, full, false), rootOf(leaves.slice(0, k))];
}

function split(count: number): number {
  let k = 1;
  while (k * 2 < count) k *= 2;
  return k;
}

function history(count: number, parted = Infinity): string[] {
  return Array.from({ length: count }, (_, at) => (at < parted ? `entry ${at}` : `other entry ${at}`));
}

function textOf(leaves: readonly string[], origin = 'weir.example.org/log/wa'): string {
  return formatCheckpoint({ origin, size: leaves.length, root: rootOf(leaves) });
}

function checkpoint(leaves: readonly string[], ...by: readonly { line: (text: string) => string }[]): string {
  const text = textOf(leaves);
  return `${text}\n${[log, ...by].map(({ line }) => line(text)).join('')}`;
}

describe('two checkpoints of one log', () => {
  it('say the same, whoever cosigned them', async () => {
    const found = await judgeSplit(nodeCrypto, policy, checkpoint(history(7), one, two), checkpoint(history(7), two), null);
    expect(found).toMatchObject({ verdict: 'same', a: { size: 7, by: ['one', 'two'], quorum: true }, b: { size: 7, by: ['two'], quorum: false } });
  });

  it('are consistent by a proof, in either order, and from nothing without one', async () => {
    for (const [m, n] of [[1, 2], [3, 7], [4, 7], [6, 8], [8, 300], [255, 257]] as const) {
      const [older, newer, proof] = [checkpoint(history(m)), checkpoint(history(n)), proofOf(history(n), m)];
      expect((await judgeSplit(nodeCrypto, policy, older, newer, proof)).verdict).toBe('consistent');
      expect((await judgeSplit(nodeCrypto, policy, newer, older, proof)).verdict).toBe('consistent');
    }
    expect((await judgeSplit(nodeCrypto, policy, checkpoint([]), checkpoint(history(9)), null)).verdict).toBe('consistent');
  });

  it('are two histories where one size has two roots, and the words name who saw which', async () => {
    const found = await judgeSplit(nodeCrypto, policy, checkpoint(history(7), one), checkpoint(history(7, 5), two), null);
    expect(found).toMatchObject({ verdict: 'twoHistories', origin: 'weir.example.org/log/wa', a: { by: ['one'], quorum: false }, b: { by: ['two'], quorum: false } });
    const words = found.words.join(' ');
    for (const part of [rootOf(history(7)).toString('base64'), rootOf(history(7, 5)).toString('base64'), 'one', 'two', 'weir.example.org/log/wa']) expect(words).toContain(part);
  });

  it('say of a witness that cosigned both that it is worth nothing', async () => {
    const found = await judgeSplit(nodeCrypto, policy, checkpoint(history(7), one), checkpoint(history(7, 5), one, two), null);
    expect(found.words.at(-1)).toContain('one cosigned both');
  });

  it('are two histories at different sizes too: the proof of the larger one convicts', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.nat(39), async (m, more, parted) => {
      const n = m + more;
      const prefix = Math.min(parted, m - 1);
      const shown = history(n, prefix);
      const older = checkpoint(history(m), one);
      const newer = checkpoint(shown, two);
      // What the holder of the larger tree can make of it.
      expect((await judgeSplit(nodeCrypto, policy, older, newer, proofOf(shown, m, true))).verdict).toBe('twoHistories');
      expect((await judgeSplit(nodeCrypto, policy, newer, older, proofOf(shown, m, true))).verdict).toBe('twoHistories');
      // And never of two trees of one history.
      expect((await judgeSplit(nodeCrypto, policy, older, checkpoint(history(n)), proofOf(history(n), m, true))).verdict).toBe('consistent');
    }), { numRuns: 200 });
  });

  it('are judged by the tiles of the larger one', async () => {
    for (const [m, n] of [[1, 2], [4, 7], [5, 9], [8, 16], [13, 200], [128, 200]] as const) {
      for (const parted of [Infinity, m - 1]) {
        const shown = history(n, parted);
        const tile = Buffer.concat(shown.map((leaf) => rootOf([leaf])));
        const fetch = (path: string): Promise<Uint8Array | null> => Promise.resolve(path === `tile/0/000.p/${n}` ? tile : null);
        const proof = await splitProof(nodeCrypto, fetch, m, n);
        const found = await judgeSplit(nodeCrypto, policy, checkpoint(history(m)), checkpoint(shown), proof);
        expect(found.verdict, `${m} ${n}`).toBe(parted === Infinity ? 'consistent' : 'twoHistories');
      }
    }
  });

  it('are not convicted by a proof that does not fit', async () => {
    const [older, newer] = [checkpoint(history(5)), checkpoint(history(9))];
    const right = proofOf(history(9), 5);
    expect((await judgeSplit(nodeCrypto, policy, older, newer, null)).verdict).toBe('unproved');
    for (const proof of [[], right.slice(1), right.toReversed(), [...right, Buffer.alloc(32)], proofOf(history(9, 3), 5), proofOf(history(10), 5), [Buffer.alloc(31)], Array.from({ length: 200 }, () => Buffer.alloc(32))]) {
      expect((await judgeSplit(nodeCrypto, policy, older, newer, proof)).verdict).toBe('unproved');
    }
  });

  it('one bit of a right proof or of a convicting one makes it worth nothing', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), fc.boolean(), fc.nat(), async (m, more, parted, at) => {
      const shown = history(m + more, parted ? 0 : Infinity);
      const proof = proofOf(shown, m, parted).map((hash) => Buffer.from(hash));
      fc.pre(proof.length > 0);
      const hash = proof[at % proof.length]!;
      hash[at % 32]! ^= 1 << (at % 8);
      expect((await judgeSplit(nodeCrypto, policy, checkpoint(history(m)), checkpoint(shown), proof)).verdict).toBe('unproved');
    }), { numRuns: 200 });
  });
});

describe('what is no pair of checkpoints', () => {
  async function codeOf(a: string, b: string): Promise<string> {
    return judgeSplit(nodeCrypto, policy, a, b, null).then(() => 'none', (error: unknown) => (error instanceof VerifyError ? error.code : 'other'));
  }

  it('is refused', async () => {
    const good = checkpoint(history(7), one);
    const forged = good.replace('\n7\n', '\n8\n');
    const crossed = textOf(history(7), 'weir.example.org/log/or');
    expect(await codeOf(good, 'nonsense')).toBe('malformed');
    expect(await codeOf(good, forged)).toBe('badSignature');
    expect(await codeOf(forged, good)).toBe('badSignature');
    expect(await codeOf(good, `${crossed}\n${other.line(crossed)}`)).toBe('malformed');
    expect(await codeOf(good, `${crossed}\n${log.line(crossed)}`)).toBe('unsigned');
    expect(await codeOf(good, `${textOf(history(7))}\n${one.line(textOf(history(7)))}`)).toBe('unsigned');
    const nothing = formatCheckpoint({ origin: 'weir.example.org/log/wa', size: 0, root: rootOf(history(1)) });
    expect(await codeOf(good, `${nothing}\n${log.line(nothing)}`)).toBe('malformed');
  });
});
