import { availableParallelism } from 'node:os';

import { hash, verify } from '@node-rs/argon2';
import { dictionary } from '@zxcvbn-ts/language-common';

import { AccountError } from './errors.ts';
import { few } from './few.ts';
import { newSecret } from './secrets.ts';

/** Argon2id with 19 MiB, two passes, one lane: OWASP's first choice. In KiB. */
const costs = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

/**
 * Whoever is not signed in can have us hash. It runs on the four threads that also sync the journal: hashing takes two of them at most and leaves a processor free, or a flood of sign-ins would hold up
 * every query. Some hundred wait for a few seconds; more are refused.
 */
const turns = few(Math.max(1, Math.min(2, availableParallelism() - 1)), 128);

/** Longest password that is looked at, in characters: whoever is not signed in makes us hash it. */
export const longestPassword = 256;

/**
 * Refuses a password that is short or easy to guess; no rule of composition (NIST SP 800-63B, 5.1.1.2). `own` are words of the account: login, name, e-mail address.
 * Throws `ACCOUNT_PASSWORD_SHORT`, `ACCOUNT_PASSWORD_COMMON` or, past 256 characters, `ACCOUNT_FIELD`.
 */
export function checkPassword(given: string, own: readonly string[], length: number): void {
  const password = normal(given);
  const size = Array.from(password).length;
  if (size > longestPassword) throw new AccountError('ACCOUNT_FIELD', `a password has ${longestPassword} characters at most`, 'Take a shorter one.');
  if (size < length) throw new AccountError('ACCOUNT_PASSWORD_SHORT', `the password has fewer than ${length} characters`, 'Take a longer one; a few words that do not belong together are easy to keep in mind.');
  if (isCommon(password.toLowerCase(), own)) {
    throw new AccountError('ACCOUNT_PASSWORD_COMMON', 'the password is one that is tried first', 'Take one that is not on lists of common passwords, is no sequence or repetition, and does not hold the login or name.');
  }
}

/** The hash to keep, with its costs and salt in it. Rejects with `ACCOUNT_BUSY`. */
export async function hashPassword(password: string): Promise<string> {
  return await inTurn(() => hash(normal(password), costs));
}

/** Whether it is the password. Costs the same where there is none, so that time does not tell which logins there are. Rejects with `ACCOUNT_BUSY` where too many are being looked at. */
export async function isPassword(kept: string | null, password: string): Promise<boolean> {
  if (Array.from(password).length > longestPassword) return false;
  const against = kept ?? await dummy();
  const is = await inTurn(() => verify(against, normal(password)));
  return is && kept !== null;
}

/** Made before it is needed: the first unknown login would take twice as long. */
export async function warmUp(): Promise<void> {
  await dummy();
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = await turns.run(work);
  if (turn === null) throw new AccountError('ACCOUNT_BUSY', 'too many people sign in at this moment', 'Try again in some seconds.');
  return turn.done;
}

let made: Promise<string> | null = null;

function dummy(): Promise<string> {
  return (made ??= hash(newSecret(), costs));
}

/** Typed on different keyboards, a letter may come composed or not. */
function normal(password: string): string {
  return password.normalize('NFKC');
}

let words: ReadonlySet<string> | null = null;

/** On the list, two of the list together, one of it with digits or signs around it, a repetition, a sequence, or made of the account's own words. */
function isCommon(password: string, own: readonly string[]): boolean {
  words ??= new Set(dictionary['passwords-common']);
  const list = words;
  const core = password.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  if (list.has(password) || list.has(core) || core.length < 4) return true;
  const letters = Array.from(password);
  if (letters.some((_letter, at) => at > 0 && list.has(letters.slice(0, at).join('')) && list.has(letters.slice(at).join('')))) return true;
  return isRepeated(letters) || isSequence(letters) || isOwn(password, own);
}

/** `abcabcabcabc`, `aaaaaaaaaaaa`: a short piece again and again. */
function isRepeated(letters: readonly string[]): boolean {
  return [1, 2, 3, 4, 5, 6].some((length) => length * 2 <= letters.length && letters.every((letter, at) => letter === letters[at % length]));
}

/** Steps of one, up or down, but for two of them. */
function isSequence(letters: readonly string[]): boolean {
  const steps = letters.slice(1).map((letter, at) => (letter.codePointAt(0) ?? 0) - (letters[at]?.codePointAt(0) ?? 0));
  return [1, -1].some((step) => steps.filter((one) => one !== step).length <= 2);
}

/** What is left without the account's own words is too little. */
function isOwn(password: string, own: readonly string[]): boolean {
  const pieces = [...own, 'weir'].flatMap((text) => {
    const word = text.normalize('NFKC').toLowerCase();
    return [word, ...word.split(/[^\p{L}\p{N}]+/u)];
  }).filter((word) => word.length >= 3).sort((a, b) => b.length - a.length);
  let left = password;
  for (const piece of pieces) left = left.replaceAll(piece, '');
  return left !== password && left.replace(/[^\p{L}\p{N}]/gu, '').length < 8;
}
