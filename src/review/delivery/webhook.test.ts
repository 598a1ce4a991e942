import { describe, expect, it } from 'vitest';
import { newWebhookSecret, signWebhook, verifyWebhook } from './webhook.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const now = 1_790_000_000_000;
const body = '{"specversion":"1.0"}';

describe('the signature of a webhook', () => {
  it('is that of Standard Webhooks: the example of its reference libraries', () => {
    // test vector of github.com/standard-webhooks/standard-webhooks
    const headers = signWebhook('msg_p5jXN8AQM9LWM0D4loKWxJek', '{"test": 2432232314}', [secret], 1_614_265_330_000);
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('is good for what was signed, with any of several secrets', () => {
    const other = newWebhookSecret();
    const headers = signWebhook('msg_1', body, [other, secret], now);
    for (const one of [secret, other]) expect(verifyWebhook(headers, body, one, now)).toEqual({ ok: true, id: 'msg_1', timestamp: now / 1000 });
    expect(verifyWebhook(headers, Buffer.from(body), secret, now)).toMatchObject({ ok: true });
  });

  it('is not good for anything else', () => {
    const headers = signWebhook('msg_1', body, [secret], now);
    const why = (change: Record<string, string | undefined>, text = body, key = secret, at = now): string => {
      const found = verifyWebhook({ ...headers, ...change }, text, key, at);
      return found.ok ? 'ok' : found.why;
    };
    expect(why({}, `${body} `)).toBe('signature');
    expect(why({ 'webhook-id': 'msg_2' })).toBe('signature');
    expect(why({ 'webhook-timestamp': String(now / 1000 + 1) })).toBe('signature');
    expect(why({}, body, newWebhookSecret())).toBe('signature');
    expect(why({ 'webhook-signature': 'v1,' })).toBe('signature');
    expect(why({ 'webhook-signature': headers['webhook-signature']!.replace('v1,', 'v2,') })).toBe('signature');
    expect(why({ 'webhook-signature': undefined })).toBe('headers');
    expect(why({ 'webhook-timestamp': '1e9' })).toBe('headers');
    expect(why({ 'webhook-id': 'a.b' })).toBe('headers');
    expect(why({}, body, 'whsec_short')).toBe('secret');
    expect(why({}, body, 'no secret')).toBe('secret');
  });

  it('is not taken again: not later, not early, and not twice', () => {
    const headers = signWebhook('msg_1', body, [secret], now);
    expect(verifyWebhook(headers, body, secret, now + 300_000)).toMatchObject({ ok: true });
    expect(verifyWebhook(headers, body, secret, now + 301_000)).toEqual({ ok: false, why: 'tooOld' });
    expect(verifyWebhook(headers, body, secret, now - 301_000)).toEqual({ ok: false, why: 'tooNew' });
    expect(verifyWebhook(headers, body, secret, now, (id) => id === 'msg_1')).toEqual({ ok: false, why: 'replayed' });
  });
});
