/** One line of CSV with its line end (RFC 4180, UTF-8). Texts are made harmless to spreadsheets; numbers and booleans stay as they are; null is an empty field. */
export function csvLine(values: readonly (string | number | bigint | boolean | null)[]): string {
  return `${values.map(csvField).join(',')}\r\n`;
}

/** One field. */
export function csvField(value: string | number | bigint | boolean | null): string {
  if (value === null) return '';
  return typeof value === 'string' ? quoted(harmless(value)) : String(value);
}

/**
 * A text that no spreadsheet takes for a formula: what begins with = + - @, a tab, a carriage return or a line feed, or the wide forms of the first four, gets an apostrophe before it.
 * So does what begins with an apostrophe, so that taking one away gives the text back always.
 */
export function harmless(text: string): string {
  return /^[=+\-@\t\r\n'\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;
}

/** What `harmless` was given. */
export function unharmed(text: string): string {
  return text.startsWith('\'') ? text.slice(1) : text;
}

/** Quoted where RFC 4180 wants it. */
export function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
