import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { Sealer } from '../../exchange/ports.ts';
import { randomPool } from '../randomPool.ts';
import { KeyError } from './errors.ts';
import { hmacSha256 } from './hmac.ts';
import type { OwnerKeys } from './ownerKeys.ts';
import { canonicalSubject } from './subject.ts';

/** A sealer that can also open what it sealed: for the owner's own readings. */
export interface OwnerSealer extends Sealer {
  /** The plain text; throws `KEY_UNSEAL` where this owner's key did not seal it, or a byte of it was altered. */
  unseal(owner: string, sealed: string): string;
  /** The key by which an epoch's index of subjects is blinded, 32 bytes; `day` as `2026-11-22` (docs/ledger-formats.md, "Index of subjects"). */
  epochKey(owner: string, day: string): Buffer;
}

const sealVersion = 1;
const nonceBytes = 12;
const markBytes = 16;
const cipher = 'aes-256-gcm';
const versionByte = Buffer.of(sealVersion);

/** Tags and seals with keys that are in memory, so neither ever waits. Throws `KEY_OPEN` for an owner whose keys are not. */
export function sealerOver(keys: ReadonlyMap<string, OwnerKeys>): OwnerSealer {
  const of = (owner: string): OwnerKeys => {
    const found = keys.get(owner);
    if (found === undefined) throw new KeyError('KEY_OPEN', 'the key of this owner is not loaded');
    return found;
  };
  const nonces = randomPool(nonceBytes);
  const macs = new Map<string, (text: string) => string>();
  return {
    tag: (owner, subject) => {
      let mac = macs.get(owner);
      if (mac === undefined) macs.set(owner, (mac = hmacSha256(of(owner).tag.export())));
      return mac(canonicalSubject(subject));
    },
    seal: (owner, plain) => {
      const nonce = nonces();
      const sealing = createCipheriv(cipher, of(owner).seal, nonce).setAAD(Buffer.from(owner));
      const body = sealing.update(plain, 'utf8');
      sealing.final();
      return Buffer.concat([versionByte, nonce, body, sealing.getAuthTag()]).toString('base64');
    },
    unseal: (owner, sealed) => {
      const bytes = Buffer.from(sealed, 'base64');
      if (bytes.length < 1 + nonceBytes + markBytes || bytes[0] !== sealVersion) throw new KeyError('KEY_UNSEAL', 'this is not a sealed text of a known version');
      const opening = createDecipheriv(cipher, of(owner).seal, bytes.subarray(1, 1 + nonceBytes), { authTagLength: markBytes });
      opening.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(bytes.length - markBytes));
      const plain = opening.update(bytes.subarray(1 + nonceBytes, bytes.length - markBytes));
      try {
        opening.final();
      } catch {
        throw new KeyError('KEY_UNSEAL', 'the sealed text was altered, or another owner sealed it');
      }
      return plain.toString('utf8');
    },
    epochKey: (owner, day) => createHmac('sha256', of(owner).tag).update(`weir-epoch/v1\n${day}`).digest(),
  };
}
