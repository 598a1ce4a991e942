import type { PersonName } from '../model/index.ts';

/** Checks of single values. Each is linear in the length of what it checks: no pattern here can backtrack. */

const ori = /^[A-Z0-9]{9}$/;
const place = /^[A-Z]{2}$/;
const control = /^[!-\-/-~](?:[ -\-/-~]{0,8}[!-\-/-~])?$/;

/** Capitals of the 26 letters; everything else as it is. Some letters outside ASCII have an ASCII capital (a long s, a dotless i) and must not pass for one. */
export function capitals(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** Nine capital letters or digits. */
export function isOri(text: string): boolean {
  return ori.test(text);
}

/** Two capital letters. */
export function isPlace(text: string): boolean {
  return place.test(text);
}

/**
 * 1 to 10 printable characters of ASCII, no period, no space at either end (length S X2; characters U).
 * A period would end the field in legacy text, and XML drops outer spaces.
 */
export function isControl(text: string): boolean {
  return control.test(text);
}

/** A day of the calendar as `YYYY-MM-DD`, between 1850 and 2100: a birth date outside is a slip. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8));
  return year >= 1850 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `mmddyy` or `ccyymmdd` as `YYYY-MM-DD`, or null. A two-digit year up to `pivot` is 20yy. */
export function dayOfLegacy(text: string, pivot: number): string | null {
  if (/^\d{8}$/.test(text)) return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
  if (!/^\d{6}$/.test(text)) return null;
  const year = text.slice(4);
  return `${Number(year) <= pivot ? '20' : '19'}${year}-${text.slice(0, 2)}-${text.slice(2, 4)}`;
}

/** `YYYY-MM-DD` as `ccyymmdd`. */
export function legacyOfDay(day: string): string {
  return day.slice(0, 4) + day.slice(5, 7) + day.slice(8);
}

/** A name as `LAST,FIRST MIDDLE`, at most 30 characters (C N6); null where it is none. Capitals, single spaces. */
export function parseName(text: string, specials: string): PersonName | null {
  // Before capitals are made: some letters outside ASCII have an ASCII capital.
  for (const character of text) {
    if (!/^[A-Za-z0-9 ,]$/.test(character) && !specials.includes(character)) return null;
  }
  const comma = text.indexOf(',');
  const surname = squeeze(comma < 0 ? text : text.slice(0, comma));
  const rest = comma < 0 ? '' : squeeze(text.slice(comma + 1));
  if (!/[A-Z]/.test(surname) || rest.includes(',')) return null;
  const space = rest.indexOf(' ');
  const name = { surname, given: space < 0 ? rest : rest.slice(0, space), middle: space < 0 ? '' : rest.slice(space + 1) };
  return printName(name).length > 30 ? null : name;
}

function squeeze(text: string): string {
  return text.toUpperCase().split(' ').filter((word) => word !== '').join(' ');
}

/** `LAST,FIRST MIDDLE`, or `LAST` alone. */
export function printName({ surname, given, middle }: PersonName): string {
  if (given === '' && middle === '') return surname;
  return middle === '' ? `${surname},${given}` : `${surname},${given} ${middle}`;
}

/** Text that a person typed and that all formats carry: no control, invisible or direction-changing character. */
export const freeTextPattern =
  '^[!-~\\u00a1-\\u00ac\\u00ae-\\u061b\\u061d-\\u167f\\u1681-\\u180d\\u180f-\\u1fff\\u2010-\\u2027\\u2c00-\\u2fff\\u3001-\\ud7ff]' +
  '(?:[ -~\\u00a1-\\u00ac\\u00ae-\\u061b\\u061d-\\u167f\\u1681-\\u180d\\u180f-\\u1fff\\u2010-\\u2027\\u2c00-\\u2fff\\u3001-\\ud7ff]{0,62}' +
  '[!-~\\u00a1-\\u00ac\\u00ae-\\u061b\\u061d-\\u167f\\u1681-\\u180d\\u180f-\\u1fff\\u2010-\\u2027\\u2c00-\\u2fff\\u3001-\\ud7ff])?$';
const freeText = new RegExp(freeTextPattern);

/** 1 to 64 characters, no space at either end. */
export function isFreeText(text: string): boolean {
  return text.length <= 64 && freeText.test(text);
}

/** Without spaces at either end; a loop, because a pattern for it can take quadratic time. */
export function trimSpaces(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && text.charCodeAt(from) === 0x20) from += 1;
  while (to > from && text.charCodeAt(to - 1) === 0x20) to -= 1;
  return text.slice(from, to);
}
