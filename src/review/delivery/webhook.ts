import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** How far the time of a delivery may lie from the receiver's clock, in seconds. */
export const webhookTolerance = 300;

/** What was found of a delivery. `replayed`: this id was taken before; a sender repeats one that was not acknowledged, so answer 200 and do nothing. */
export type WebhookVerdict =
  | { readonly ok: true; readonly id: string; /** Seconds since 1970. */ readonly timestamp: number }
  | { readonly ok: false; readonly why: 'headers' | 'tooOld' | 'tooNew' | 'signature' | 'secret' | 'replayed' };

/**
 * For receivers: whether a delivery comes from who has the secret, unaltered, and now. The scheme is that of Standard Webhooks 1.0.0 (headers `webhook-id`, `webhook-timestamp`, `webhook-signature`;
 * HMAC-SHA-256 over `id.timestamp.body`), so that any library for it does as well. Pure: `now` in milliseconds; `taken` says which ids were taken before, and the caller keeps the id for
 * ten minutes at least. Whoever is at the other end of the network controls the headers and the body, which is given as it came, byte for byte.
 */
export function verifyWebhook(headers: Readonly<Record<string, string | readonly string[] | undefined>>, body: string | Uint8Array, secret: string, now: number, taken: (id: string) => boolean = () => false): WebhookVerdict {
  const key = keyOf(secret);
  if (key === null) return { ok: false, why: 'secret' };
  const [id, time, signatures] = [headers['webhook-id'], headers['webhook-timestamp'], headers['webhook-signature']];
  if (typeof id !== 'string' || typeof time !== 'string' || typeof signatures !== 'string') return { ok: false, why: 'headers' };
  if (!/^[\x21-\x2d\x2f-\x7e]{1,100}$/.test(id) || !/^\d{1,12}$/.test(time) || signatures.length > 2_000) return { ok: false, why: 'headers' };
  const timestamp = Number(time);
  const expected = macOf(key, id, timestamp, body);
  // Every one is compared, so that the time taken says nothing of which was right.
  const good = signatures.split(' ').map((one) => one.startsWith('v1,') && equal(Buffer.from(one.slice(3), 'base64'), expected)).includes(true);
  if (!good) return { ok: false, why: 'signature' };
  const age = now / 1000 - timestamp;
  if (age > webhookTolerance) return { ok: false, why: 'tooOld' };
  if (age < -webhookTolerance) return { ok: false, why: 'tooNew' };
  return taken(id) ? { ok: false, why: 'replayed' } : { ok: true, id, timestamp };
}

/** The headers of a delivery, signed under each secret. `now` in milliseconds. */
export function signWebhook(id: string, body: string | Uint8Array, secrets: readonly string[], now: number): Readonly<Record<string, string>> {
  const timestamp = Math.floor(now / 1000);
  const signatures = secrets.map((secret) => {
    const key = keyOf(secret);
    if (key === null) throw new Error('a secret of a delivery is none');
    return `v1,${macOf(key, id, timestamp, body).toString('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures.join(' ') };
}

/** A new secret: `whsec_` and 256 random bits in base64. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** 24 to 64 bytes, as the standard has it. */
function keyOf(secret: string): Buffer | null {
  const text = /^whsec_([A-Za-z0-9+/]{32,88}={0,2})$/.exec(secret)?.[1];
  const key = text === undefined ? null : Buffer.from(text, 'base64');
  return key !== null && key.length >= 24 && key.length <= 64 ? key : null;
}

function macOf(key: Buffer, id: string, timestamp: number, body: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
