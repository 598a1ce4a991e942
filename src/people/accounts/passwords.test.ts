import { describe, expect, it } from 'vitest';

import { few } from './few.ts';
import { checkPassword, hashPassword, isPassword } from './passwords.ts';
import { newTotpKey, readTotpKey, totpStep } from './totp.ts';

const own = ['grace.hopper', 'Grace Brewster', 'grace.hopper@example.org'];

describe('a password', () => {
  it.each([
    'copper lantern verge 41', 'correct horse battery staple', 'Nine-Tenths Of A River', 'ŷλώσσα και ουρανός', '🚲🌧️ twelve umbrellas', 'graceful degradation wins',
  ])('may be %s', (password) => {
    expect(() => { checkPassword(password, own, 12); }).not.toThrow();
  });

  it.each(['', 'short', 'elevenchars', '        '])('is too short: %s', (password) => {
    expect(() => { checkPassword(password, own, 12); }).toThrow(expect.objectContaining({ code: 'ACCOUNT_PASSWORD_SHORT' }));
  });

  it.each([
    'password1234', 'passwordpassword', 'Password2026!', 'qwertyuiop12', 'iloveyou1234', '123456789012', '210987654321', 'abcdefghijklm', 'aaaaaaaaaaaa', 'abcabcabcabc', '111111111111', 'letmein!!!!!!!', '!!!!!!!!!!!!',
    'grace.hopper', 'gracehopper12', 'GRACE.HOPPER!', 'gracebrewster', 'hoppergrace99', 'grace.hopper@example.org', 'weirweirweir', 'ｐａｓｓｗｏｒｄ１２３４',
  ])('is tried first: %s', (password) => {
    expect(() => { checkPassword(password, own, 12); }).toThrow(expect.objectContaining({ code: 'ACCOUNT_PASSWORD_COMMON' }));
  });

  it('has an end', () => {
    expect(() => { checkPassword('copper lantern '.repeat(20), own, 12); }).toThrow(expect.objectContaining({ code: 'ACCOUNT_FIELD' }));
  });

  it('is kept as Argon2id with the costs of OWASP, salted, and known again', async () => {
    const [one, two] = [await hashPassword('copper lantern verge 41'), await hashPassword('copper lantern verge 41')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(await isPassword(one, 'copper lantern verge 41')).toBe(true);
    expect(await isPassword(one, 'copper lantern verge 42')).toBe(false);
    expect(await isPassword(null, 'copper lantern verge 41')).toBe(false);
  });

  it('is looked at for some at once; of a flood the rest is refused before anything is hashed', async () => {
    const flood = await Promise.allSettled(Array.from({ length: 200 }, (_, n) => isPassword(null, `guess ${n}`)));
    const refused = flood.filter((one) => one.status === 'rejected');
    expect(refused.every(({ reason }) => (reason as { code?: string }).code === 'ACCOUNT_BUSY')).toBe(true);
    expect(refused.length).toBeGreaterThan(50);
    // Sixty-four people who come at once are no flood; and after it there is room again.
    const crowd = await Promise.allSettled(Array.from({ length: 64 }, (_, n) => isPassword(null, `guess ${n}`)));
    expect(crowd.every(({ status }) => status === 'fulfilled')).toBe(true);
  });
});

describe('a few at once', () => {
  it('never has more than that running, keeps the order, and goes on after a failure', async () => {
    const line = few(2, 3);
    let [running, most] = [0, 0];
    const order: number[] = [];
    const work = (n: number) => async (): Promise<number> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((go) => setTimeout(go, 2));
      running -= 1;
      order.push(n);
      if (n === 1) throw new Error('failed');
      return n;
    };
    const all = await Promise.allSettled(Array.from({ length: 7 }, (_, n) => line.run(work(n))));
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(all.slice(5)).toEqual([{ status: 'fulfilled', value: null }, { status: 'fulfilled', value: null }]);
    expect(await line.run(work(9))).toEqual({ done: 9 });
  });
});

describe('a one-time code', () => {
  it('is of the test vectors of RFC 6238, six digits', () => {
    const key = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    for (const [seconds, code] of [[59, '287082'], [1_111_111_109, '081804'], [1_234_567_890, '005924'], [2_000_000_000, '279037']] as const) {
      expect(totpStep(key, code, seconds * 1_000)).toBe(Math.floor(seconds / 30));
      expect(totpStep(key, code, (seconds + 30) * 1_000)).toBe(Math.floor(seconds / 30));
      expect(totpStep(key, code, (seconds - 30) * 1_000)).toBe(Math.floor(seconds / 30));
      expect(totpStep(key, code, (seconds + 60) * 1_000)).toBeNull();
    }
  });

  it('is nothing else', () => {
    const key = newTotpKey();
    for (const code of ['', '12345', '1234567', 'abcdef', '١٢٣٤٥٦', '12 34', '\u0000']) expect(totpStep(key, code, 0)).toBeNull();
    expect(readTotpKey(`${key.slice(0, 4)} ${key.slice(4)}`.toLowerCase())).toBe(key);
    for (const bad of ['', 'AAAA', 'A'.repeat(200), '0'.repeat(32), `${key}!`]) expect(readTotpKey(bad)).toBeNull();
  });
});
