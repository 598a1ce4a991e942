import { createHash } from 'node:crypto';
import type { SystemEntry } from '../../model/index.ts';
import { defaultSignIn, type SignInSettings } from '../../people/accounts/types.ts';
import type { SettingsFile } from './settings.ts';

/** The settings of sign-in in the file, in the units of the parts; what is left out has the default of the rules. */
export function signInSettings({ signIn = {} }: SettingsFile): Partial<SignInSettings> {
  const { sessionHours, idleMinutes, failures, withinMinutes, idleDays, passwordLength, tokenDays, notice } = signIn;
  const given = {
    sessionFor: sessionHours === undefined ? undefined : sessionHours * 3_600, idleFor: idleMinutes === undefined ? undefined : idleMinutes * 60, failures, within: withinMinutes === undefined ? undefined : withinMinutes * 60,
    idleDays, passwordLength, tokenDays, notice,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** What the settings of sign-in are from this start on, as the entry of the start has them: by their names in the file, the notice by its SHA-256 (hexadecimal). */
export function signInOnRecord(file: SettingsFile): NonNullable<SystemEntry['detail']> {
  const { sessionFor, idleFor, failures, within, idleDays, passwordLength, tokenDays, notice } = { ...defaultSignIn, ...signInSettings(file) };
  return {
    sessionHours: sessionFor / 3_600, idleMinutes: idleFor / 60, failures, withinMinutes: within / 60, idleDays, passwordLength, tokenDays,
    notice: createHash('sha256').update(notice).digest('hex'),
  };
}
