import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatVkey, keyIdOf, noteTypes } from '../verify/note.ts';
import { nodeCrypto } from '../verify/nodeCrypto.ts';
import { parseToken, verifyReceipt } from '../verify/receipt.ts';
import { codeOf } from './cases.ts';
import type { ReceiptSigner } from './receipts.ts';
import { issueReceipts } from './receipts.ts';
import { leafHash, plainRecord, sealedHead } from './record.ts';
import type { Placed } from './types.ts';

const prefix = 'weir.example.org';
const now = Date.parse('2026-03-01T12:00:00.000Z');
const { privateKey } = generateKeyPairSync('ed25519');
const publicKey = Buffer.from((createPublicKey(privateKey).export({ format: 'jwk' }) as { x: string }).x, 'base64url');
const name = `${prefix}/receipts`;
const keyId = Buffer.from(await keyIdOf(nodeCrypto, name, noteTypes.ed25519, publicKey));
const vkey = await formatVkey(nodeCrypto, name, noteTypes.ed25519, publicKey);
let signatures = 0;
const signer: ReceiptSigner = { name, publicKey, keyId, sign: (message) => { signatures += 1; return sign(null, message, privateKey); } };

/** A batch over two owners' logs and the anchor log. */
function batch(count: number): readonly Placed[] {
  return Array.from({ length: count }, (_, n): Placed => {
    const log = ['zy', 'anchor', 'zx'][n % 3]!;
    const record = log === 'anchor' ? plainRecord(1, JSON.stringify({ n })) : Buffer.concat([sealedHead('other', log.toUpperCase(), 1, Buffer.alloc(32, n + 1)), Buffer.alloc(80)]);
    return { sequence: 100 + n, log, index: 7 + Math.floor(n / 3), id: `e-${n}-Ö`, record, leaf: leafHash(record) };
  });
}

it('every receipt of a batch of any size verifies, under one signature', async () => {
  for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 257]) {
    signatures = 0;
    const placed = batch(count);
    const receipts = issueReceipts(placed, { prefix, signer, now });
    expect([receipts.length, signatures]).toEqual([count, 1]);
    for (const [place, { log, index, entry, hash, token }] of receipts.entries()) {
      expect({ log, index, entry }).toEqual({ log: placed[place]!.log, index: placed[place]!.index, entry: placed[place]!.id });
      expect(await verifyReceipt(nodeCrypto, { vkey, origin: `${prefix}/log/${log}`, index, entry, hash, token })).toEqual({ time: now });
      expect(parseToken(token)).toMatchObject({ place, count, time: now });
    }
  }
});

it('the hash is the commitment, and in the anchor log the leaf hash', () => {
  const [sealed, plain] = issueReceipts(batch(2), { prefix, signer, now });
  expect(sealed?.hash).toBe('01'.repeat(32));
  expect(plain?.hash).toBe(Buffer.from(leafHash(plainRecord(1, '{"n":1}')), 'latin1').toString('hex'));
});

it('a receipt for anything else than what was placed does not verify', async () => {
  const receipts = issueReceipts(batch(9), { prefix, signer, now });
  const other = issueReceipts(batch(9), { prefix, signer, now: now + 1 });
  await fc.assert(fc.asyncProperty(fc.nat(8), fc.constantFrom('log', 'index', 'entry', 'hash', 'token', 'neighbour', 'batch'), async (place, what) => {
    const good = receipts[place]!;
    const wrong = {
      log: { ...good, log: `${good.log}x` }, index: { ...good, index: good.index + 1 }, entry: { ...good, entry: `${good.entry}x` }, hash: { ...good, hash: 'ab'.repeat(32) },
      token: { ...good, token: good.token.slice(0, -43) }, neighbour: { ...good, token: receipts[(place + 1) % 9]!.token }, batch: { ...good, token: `${other[place]!.token.slice(0, 24)}${good.token.slice(24)}` },
    }[what];
    expect(await codeOf(verifyReceipt(nodeCrypto, { vkey, origin: `${prefix}/log/${wrong.log}`, index: wrong.index, entry: wrong.entry, hash: wrong.hash, token: wrong.token }))).toMatch(/^(malformed|badSignature|notIncluded)$/);
  }), { numRuns: 60 });
});

it('an empty batch has no receipts and costs no signature', () => {
  signatures = 0;
  expect(issueReceipts([], { prefix, signer, now })).toEqual([]);
  expect(signatures).toBe(0);
});
