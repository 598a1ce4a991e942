import type { AuthenticationResponseJSON, PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** What a device may do other than right. */
export interface Amiss {
  readonly origin?: string;
  readonly rpId?: string;
  readonly counter?: number;
  readonly userVerified?: boolean;
  readonly challenge?: string;
  readonly crossOrigin?: boolean;
  readonly userHandle?: string;
  readonly badSignature?: boolean;
}

/** A device with one passkey (ES256), as a browser speaks to it. */
export interface Authenticator {
  create(options: PublicKeyCredentialCreationOptionsJSON, amiss?: Amiss): RegistrationResponseJSON;
  get(options: PublicKeyCredentialRequestOptionsJSON, amiss?: Amiss): AuthenticationResponseJSON;
}

/** Makes a software authenticator (WebAuthn level 2, attestation `none`) for pages of an origin. */
export function softwareAuthenticator(origin: string): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' });
  const id = randomBytes(32);
  let counter = 0;
  let user = '';
  const clientData = (type: string, challenge: string, amiss: Amiss): Buffer => Buffer.from(JSON.stringify({ type, challenge: amiss.challenge ?? challenge, origin: amiss.origin ?? origin, crossOrigin: amiss.crossOrigin ?? false }));
  const authData = (rpId: string, amiss: Amiss, attested: Buffer | null): Buffer => {
    counter = amiss.counter ?? counter + 1;
    // User present 1, user verified 4, attested credential data 64
    const flags = 1 | (amiss.userVerified === false ? 0 : 4) | (attested === null ? 0 : 64);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(Buffer.from(amiss.rpId ?? rpId)), Buffer.of(flags), count, ...(attested === null ? [] : [attested])]);
  };
  return {
    create(options, amiss = {}) {
      user = options.user.id;
      const key = cbor(new Map<number, unknown>([[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(jwk.x ?? '', 'base64url')], [-3, Buffer.from(jwk.y ?? '', 'base64url')]]));
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.of(0, id.length), id, key]);
      const attestationObject = cbor(new Map<string, unknown>([['fmt', 'none'], ['attStmt', new Map()], ['authData', authData(options.rp.id ?? '', amiss, attested)]]));
      return {
        id: id.toString('base64url'), rawId: id.toString('base64url'), type: 'public-key', clientExtensionResults: {},
        response: { clientDataJSON: clientData('webauthn.create', options.challenge, amiss).toString('base64url'), attestationObject: attestationObject.toString('base64url'), transports: ['internal'] },
      };
    },
    get(options, amiss = {}) {
      const data = clientData('webauthn.get', options.challenge, amiss);
      const auth = authData(options.rpId ?? '', amiss, null);
      const signature = sign('sha256', Buffer.concat([auth, sha256(data)]), privateKey);
      if (amiss.badSignature === true) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
      return {
        id: id.toString('base64url'), rawId: id.toString('base64url'), type: 'public-key', clientExtensionResults: {},
        response: { clientDataJSON: data.toString('base64url'), authenticatorData: auth.toString('base64url'), signature: signature.toString('base64url'), userHandle: amiss.userHandle ?? user },
      };
    },
  };
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** As much of CBOR (RFC 8949) as a passkey needs: whole numbers, bytes, texts and maps. */
function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof Map) return Buffer.concat([head(5, value.size), ...[...value as Map<unknown, unknown>].flatMap(([key, one]) => [cbor(key), cbor(one)])]);
  throw new Error('a passkey needs no such value');
}

function head(major: number, size: number): Buffer {
  if (size < 24) return Buffer.of(major << 5 | size);
  return size < 256 ? Buffer.of(major << 5 | 24, size) : Buffer.of(major << 5 | 25, size >> 8, size & 255);
}
