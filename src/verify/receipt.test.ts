import { sign } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { flipped, naivePath, naiveRoot, randomEntries, testKey } from './cases.ts';
import type { TestKey } from './cases.ts';
import { concat, fromBase64url, toBase64url, toHex, utf8 } from './bytes.ts';
import { commitmentOf, fieldHash, saltsOf } from './commitment.ts';
import { nodeCrypto } from './nodeCrypto.ts';
import { noteTypes } from './note.ts';
import { formatToken, parseToken, receiptLeaf, receiptNote, verifyReceipt } from './receipt.ts';
import type { ReceiptClaim } from './receipt.ts';
import { VerifyError } from './types.ts';
import { webCrypto } from './webCrypto.ts';

const time = 1_795_000_000_123;
const hashes = randomEntries(5);
let key: TestKey;
let receipts: readonly ReceiptClaim[];

beforeAll(async () => {
  key = await testKey('weir.example.org/receipts');
  const claims = hashes.map((hash, i) => ({ vkey: key.vkey, origin: `weir.example.org/log/${i % 2 === 0 ? 'wa' : 'or'}`, index: 100 + i, entry: `01HV${String(i)}`, hash: toHex(hash) }));
  const leaves = claims.map(({ origin, index, entry }, i) => utf8(receiptLeaf(origin, index, hashes[i] ?? new Uint8Array(), entry, time)));
  const signature = sign(null, utf8(receiptNote(key.name, leaves.length, naiveRoot(leaves))), key.secret);
  receipts = claims.map((claim, place) => ({ ...claim, token: formatToken({ place, count: leaves.length, time, keyId: key.keyId, signature, proof: naivePath(place, leaves) }) }));
});

const codeOf = async (claim: ReceiptClaim): Promise<string> => await verifyReceipt(nodeCrypto, claim).then(() => 'good', (error: unknown) => (error instanceof VerifyError ? error.code : String(error)));
const one = (): ReceiptClaim => receipts[3] ?? { vkey: '', origin: '', index: 0, entry: '', hash: '', token: '' };
const changed = (claim: ReceiptClaim, change: (bytes: Uint8Array) => Uint8Array): ReceiptClaim => ({ ...claim, token: toBase64url(change(fromBase64url(claim.token) ?? new Uint8Array())) });

describe('a receipt', () => {
  it('of each entry of a batch is good, and says when', async () => {
    for (const receipt of receipts) expect(await verifyReceipt(nodeCrypto, receipt)).toEqual({ time });
    expect(await verifyReceipt(webCrypto, one())).toEqual({ time });
  });

  it('is refused when any one bit of its token is changed', async () => {
    const bits = (fromBase64url(one().token) ?? new Uint8Array()).length * 8;
    for (let bit = 0; bit < bits; bit += 1) {
      expect(await codeOf(changed(one(), (bytes) => flipped(bytes, bit))), `bit ${String(bit)}`).not.toBe('good');
    }
  });

  it('is refused when anything beside the token is changed', async () => {
    const codes = await Promise.all([
      { ...one(), index: 104 }, { ...one(), entry: '01HV4' }, { ...one(), origin: 'weir.example.org/log/wa' }, { ...one(), hash: toHex(flipped(hashes[3] ?? new Uint8Array(), 7)) }, { ...one(), token: receipts[2]?.token ?? '' },
    ].map(codeOf));
    expect(codes).toEqual(Array.from({ length: 5 }, () => 'badSignature'));
  });

  it('is of the key of this exchange, for its logs only', async () => {
    const other = await testKey('weir.example.org/receipts');
    const foreign = await testKey('other.example.org/receipts');
    const log = await testKey('weir.example.org/log/or');
    const witness = await testKey('weir.example.org/receipts', noteTypes.cosignature);
    expect(await codeOf({ ...one(), vkey: other.vkey })).toBe('unsigned');
    expect(await codeOf({ ...one(), vkey: foreign.vkey })).toBe('unsigned');
    expect(await codeOf({ ...one(), origin: 'weir.example.org.evil.example/log/or' })).toBe('unsigned');
    expect(await codeOf({ ...one(), vkey: log.vkey })).toBe('malformed');
    expect(await codeOf({ ...one(), vkey: witness.vkey })).toBe('malformed');
  });

  it('cannot take a line more or less out of its members', async () => {
    expect(await codeOf({ ...one(), entry: `${one().entry}\n1` })).toBe('malformed');
    expect(await codeOf({ ...one(), origin: `${one().origin}\n1` })).toBe('malformed');
    for (const index of [-1, 0.5, 2 ** 53, Number.NaN]) expect(await codeOf({ ...one(), index })).toBe('malformed');
    for (const hash of ['', one().hash.toUpperCase(), one().hash.slice(2), `${one().hash}00`]) expect(await codeOf({ ...one(), hash })).toBe('malformed');
  });

  it('has a token of its format', async () => {
    const cut = (length: number): string => toBase64url((fromBase64url(one().token) ?? new Uint8Array()).slice(0, length));
    for (const token of ['', 'A', '=', cut(84), cut(86), `${one().token}AA`, `${one().token}=`, ` ${one().token}`, 'A'.repeat(5_000_000)]) expect(await codeOf({ ...one(), token }), token.slice(0, 20)).toBe('malformed');
    expect(await codeOf({ ...one(), token: cut(85) })).toBe('notIncluded');
    expect(await codeOf(changed(one(), (bytes) => concat(bytes, new Uint8Array(32))))).toBe('notIncluded');
    fc.assert(fc.property(fc.nat(), fc.nat(), fc.maxSafeNat(), fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 32 }), (place, count, at, proof) => {
      const token = { place, count, time: at, keyId: key.keyId, signature: new Uint8Array(64).fill(7), proof };
      expect(parseToken(formatToken(token))).toEqual(token);
    }));
  });
});

describe('a commitment', () => {
  it('is the hash of the hashes of its fields, each with a salt of the seed', async () => {
    const seed = new Uint8Array(32).fill(9);
    const [a = '', b = ''] = await saltsOf(nodeCrypto, seed, 2);
    expect([a, b]).toEqual((await saltsOf(webCrypto, seed, 5)).slice(0, 2));
    // openssl enc -aes-256-ctr -K 0909… -iv 00… of zeros.
    expect(a + b).toBe('3fb865a2e2740494ffff67a03e830ea37dfd0479b0f94dc5e7e35632788e2f3b');
    const hash = await fieldHash(nodeCrypto, a, 'day', '{"day":"2026-11-22"}');
    expect(hash).toBe(toHex(nodeCrypto.sha256(utf8(`${a}\nday\n{"day":"2026-11-22"}`))));
    const other = await fieldHash(nodeCrypto, b, 'time', '{}');
    expect(await commitmentOf(nodeCrypto, [{ name: 'day', hash }, { name: 'time', hash: other }])).toEqual(nodeCrypto.sha256(utf8(`weir-entry/v1\nday ${hash}\ntime ${other}\n`)));
    expect(await commitmentOf(nodeCrypto, [{ name: 'time', hash: other }, { name: 'day', hash }])).not.toEqual(await commitmentOf(nodeCrypto, [{ name: 'day', hash }, { name: 'time', hash: other }]));
  });
});
