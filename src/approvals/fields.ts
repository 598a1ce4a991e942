import { caps } from '../policy/index.ts';
import { ChangeError } from './types.ts';

/** A reason, a comment or a note: what somebody wrote, of at most so many characters, with lines. Whoever sends it controls it. */
export function wordsOf(text: string, what: string, most = 2_000): string {
  const plain = text.replaceAll('\r\n', '\n').trim();
  if (plain === '') throw wrong(`the ${what} is missing`, `Write the ${what} in a sentence or two.`);
  if (plain.length > most) throw wrong(`the ${what} is longer than ${most} characters`, 'Make it shorter.');
  if (/[^\P{Cc}\n\t]|\p{Cs}/u.test(plain)) throw wrong(`the ${what} has control characters`, 'Write it as plain text.');
  return plain;
}

/** A title: one line of at most 200 characters. */
export function titleOf(text: string): string {
  const plain = text.trim();
  if (!/^[^\p{Cc}\p{Cs}]{1,200}$/u.test(plain)) throw wrong('the title is missing, longer than 200 characters or not one line', 'Say in a few words what the change is for.');
  return plain;
}

/** The text of a policy, sound or not: a draft may be wrong, but it must be text of a size that can be checked. */
export function policyTextOf(text: string): string {
  if (Buffer.byteLength(text, 'utf8') > caps.bytes) throw wrong('the text is larger than 1 MiB', 'Make it shorter.');
  if (text.includes('\0') || /\p{Cs}/u.test(text)) throw wrong('the text has characters that are none', 'Send it as UTF-8, without NUL.');
  return text;
}

/** An instant in RFC 3339 UTC, in milliseconds since 1970; null where there is none. */
export function instantOf(text: string | null, what: string): number | null {
  if (text === null) return null;
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isFinite(at)) throw wrong(`the ${what} is not a time`, 'Give it as 2026-05-01T08:00:00Z.');
  return at;
}

/** The name of a rule that a comment is about. */
export function ruleIdOf(text: string | null): string | null {
  if (text === null) return null;
  if (!new RegExp(`^[A-Za-z0-9._-]{1,${caps.idLength}}$`).test(text)) throw wrong('the rule has no such name', 'Give the id of the rule as the text has it, or none.');
  return text;
}

export function wrong(message: string, mend: string): ChangeError {
  return new ChangeError('CHANGE_FIELD', message, mend);
}

/** For a number that there is not, at this owner. */
export function unknown(what: string): ChangeError {
  return new ChangeError('CHANGE_UNKNOWN', `there is no such ${what}`, 'Look at the list: it may have been dropped, or be another owner\'s.');
}
