import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { defaultSignIn } from '../../people/accounts/index.ts';
import { signInOnRecord } from './signIn.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the settings of sign-in, as the entry of a start has them', () => {
  it('are the defaults where the file says nothing', () => {
    expect(signInOnRecord({})).toEqual({
      sessionHours: 12, idleMinutes: 30, failures: 5, withinMinutes: 15, idleDays: 90, passwordLength: defaultSignIn.passwordLength, tokenDays: 90, notice: sha256(defaultSignIn.notice),
    });
  });

  it('are those of the file, by its names, and of a notice only the hash', () => {
    const notice = 'A notice that has been written for a test.';
    expect(signInOnRecord({ signIn: { sessionHours: 8, withinMinutes: 30, notice } })).toMatchObject({ sessionHours: 8, idleMinutes: 30, withinMinutes: 30, notice: sha256(notice) });
  });
});
