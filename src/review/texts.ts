import { HeldError } from './types.ts';

/** The most characters of a note, a question or an answer. */
export const mostText = 2_000;

/** Free text of a person, trimmed: line feeds and tabs are kept, other control characters are refused, as is more than `mostText`. Throws `HELD_FIELD`. */
export function textOf(field: string, text: unknown, { empty }: { readonly empty: boolean }): string {
  const plain = typeof text === 'string' ? text.replaceAll('\r\n', '\n').trim() : '';
  if (typeof text !== 'string' || (plain === '' && !empty)) throw wrongField(`the ${field} is missing`, `Write the ${field}.`);
  if (plain.length > mostText) throw wrongField(`the ${field} is longer than ${mostText} characters`, 'Make it shorter.');
  // Control characters but line feed and tab, and halves of characters.
  if (/(?![\n\t])[\p{Cc}\p{Cs}]/u.test(plain)) throw wrongField(`the ${field} has characters that are no text`, 'Take them out.');
  return plain;
}

/** Something given is not what it must be. */
export function wrongField(message: string, mend: string): HeldError {
  return new HeldError('HELD_FIELD', message, mend);
}
