/** What ends a message where several stand in one body: ETX, then CR and LF. */
export const endOfMessage = '\u0003\r\n';
export const lineEnd = '\r\n';

/**
 * Text for a line of legacy output: ASCII in capitals, and no control character. What comes from a source of records or from
 * the asker can therefore not begin a line of its own, nor end the message.
 */
export function capitals(text: string): string {
  return ascii(text).toUpperCase();
}

/** The same without capitals, for identifiers. */
export function ascii(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  return text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[\u0000-\u001f\u007f-\u009f\u2400-\u2421\u2028\u2029]/g, ' ').replace(/[^ -~]/gu, '?');
}

/** `licenceStatus` as `LICENCE STATUS`. */
export function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter}`).toUpperCase();
}
