/** Reads times by a form that people write down: `YYYY-MM-DD HH:mm:ss`. */

/** A time as it stands in a log. Milliseconds since 1970 as if the clock ran in UTC; `offset` in milliseconds where the text says it, else NaN. */
export interface ReadTime {
  local: number;
  offset: number;
}

/** False where the text is not of the form, or is no time of the calendar. */
export type TimeReader = (text: string, into: ReadTime) => boolean;

/** The parts of a form. Small and capital letters differ: `MM` is the month, `mm` the minute. */
export const timeTokens = ['YYYY', 'YY', 'MMM', 'MM', 'M', 'DDD', 'DD', 'D', 'HH', 'H', 'hh', 'h', 'mm', 'ss', 'SSS', 'A', 'Z'] as const;
type Token = (typeof timeTokens)[number];

/** `iso`, `unix` (seconds), `unixMs`, or tokens with anything between. Throws a RangeError that says what is missing. */
export function timeReader(form: string): TimeReader {
  if (form === 'unix' || form === 'unixMs') return epoch(form === 'unix' ? 1_000 : 1);
  if (form === 'iso') return iso;
  const parts = partsOf(form);
  const has = (...tokens: readonly Token[]): boolean => parts.some((part) => typeof part === 'object' && tokens.includes(part.token));
  if (!has('YYYY', 'YY')) throw new RangeError('the form of a time says no year: YYYY or YY');
  if (!has('DDD') && !(has('MMM', 'MM', 'M') && has('DD', 'D'))) throw new RangeError('the form of a time says no day: MM with DD, or DDD for the day of the year');
  if (has('hh', 'h') !== has('A')) throw new RangeError('hh and h go from 1 to 12 and need A for AM or PM; HH goes from 0 to 23');
  return (text, into) => read(text, parts, into);
}

/** Whether the text itself says how far its clock is from UTC. */
export function saysOffset(form: string): boolean {
  return form === 'unix' || form === 'unixMs' || (form !== 'iso' && partsOf(form).some((part) => typeof part === 'object' && part.token === 'Z'));
}

type Part = string | { readonly token: Token };

function partsOf(form: string): readonly Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < form.length;) {
    const token = timeTokens.find((one) => form.startsWith(one, at));
    // A T between day and time stands for itself, and so does any other letter that is no token.
    parts.push(token === undefined ? form.charAt(at) : { token });
    at += token?.length ?? 1;
  }
  return parts;
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const hour = 3_600_000;
const minute = 60_000;

function read(text: string, parts: readonly Part[], into: ReadTime): boolean {
  let at = 0;
  let [year, month, date, ofYear, hours, minutes, seconds, thousandths] = [NaN, 1, 1, 0, 0, 0, 0, 0];
  let afternoon = -1;
  into.offset = NaN;
  for (const part of parts) {
    if (typeof part === 'string') {
      if (text[at] !== part) return false;
      at += 1;
      continue;
    }
    switch (part.token) {
      case 'YYYY': year = digits(text, at, 4); at += 4; break;
      case 'YY': year = 2000 + digits(text, at, 2); at += 2; break;
      case 'MM': month = digits(text, at, 2); at += 2; break;
      case 'DD': date = digits(text, at, 2); at += 2; break;
      case 'DDD': ofYear = digits(text, at, 3); at += 3; if (!(ofYear >= 1)) return false; break;
      case 'HH': hours = digits(text, at, 2); at += 2; break;
      case 'hh': hours = digits(text, at, 2); at += 2; break;
      case 'mm': minutes = digits(text, at, 2); at += 2; break;
      case 'ss': seconds = digits(text, at, 2); at += 2; break;
      case 'MMM': month = months.indexOf(text.slice(at, at + 3).toUpperCase()) + 1; at += 3; break;
      case 'M': case 'D': case 'H': case 'h': {
        const width = isDigit(text.charCodeAt(at + 1)) ? 2 : 1;
        const value = digits(text, at, width);
        at += width;
        if (part.token === 'M') month = value;
        else if (part.token === 'D') date = value;
        else hours = value;
        break;
      }
      case 'SSS': {
        let width = 0;
        while (width < 9 && isDigit(text.charCodeAt(at + width))) width += 1;
        if (width === 0) return false;
        thousandths = Math.floor(digits(text, at, width) * 10 ** (3 - width) + 1e-9);
        at += width;
        break;
      }
      case 'A': {
        const word = text.slice(at, at + 2).toUpperCase();
        if (word !== 'AM' && word !== 'PM') return false;
        afternoon = word === 'PM' ? 1 : 0;
        at += 2;
        break;
      }
      case 'Z': {
        const width = zoneWidth(text, at);
        into.offset = offsetOf(text.slice(at, at + width));
        if (Number.isNaN(into.offset)) return false;
        at += width;
        break;
      }
    }
  }
  if (at !== text.length) return false;
  if (afternoon >= 0) {
    if (!(hours >= 1 && hours <= 12)) return false;
    hours = (hours % 12) + 12 * afternoon;
  }
  return settle(into, year, month, date, ofYear, hours, minutes, seconds, thousandths);
}

/** A leap second is the first of the next minute. */
function settle(into: ReadTime, year: number, month: number, date: number, ofYear: number, hours: number, minutes: number, seconds: number, thousandths: number): boolean {
  if (!(year >= 1 && month >= 1 && month <= 12 && date >= 1 && hours >= 0 && hours <= 23 && minutes >= 0 && minutes <= 59 && seconds >= 0 && seconds <= 60)) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (ofYear > 0 ? ofYear > (leap ? 366 : 365) : date > daysIn(month, leap)) return false;
  const start = ofYear > 0 ? Date.UTC(year, 0, ofYear) : Date.UTC(year, month - 1, date);
  into.local = start + hours * hour + minutes * minute + seconds * 1000 + thousandths;
  return true;
}

function daysIn(month: number, leap: boolean): number {
  if (month === 2) return leap ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** NaN where one of them is no digit: every comparison with it fails. */
function digits(text: string, from: number, width: number): number {
  let value = 0;
  for (let at = from; at < from + width; at += 1) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) return NaN;
    value = value * 10 + code - 0x30;
  }
  return value;
}

function zoneWidth(text: string, at: number): number {
  if (text[at] === 'Z' || text[at] === 'z') return 1;
  return text[at + 3] === ':' ? 6 : 5;
}

function offsetOf(text: string): number {
  if (text === 'Z' || text === 'z') return 0;
  const found = /^([+-])(\d\d):?(\d\d)$/.exec(text);
  if (found === null || Number(found[2]) > 14 || Number(found[3]) > 59) return NaN;
  const value = Number(found[2]) * hour + Number(found[3]) * minute;
  return found[1] === '-' ? -value : value;
}

const isoForm = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|z|[+-]\d\d:?\d\d)?)?$/;

function iso(text: string, into: ReadTime): boolean {
  const found = isoForm.exec(text);
  if (found === null) return false;
  into.offset = found[8] === undefined ? NaN : offsetOf(found[8]);
  if (found[8] !== undefined && Number.isNaN(into.offset)) return false;
  return settle(into, Number(found[1]), Number(found[2]), Number(found[3]), 0, Number(found[4] ?? 0), Number(found[5] ?? 0), Number(found[6] ?? 0), Number((found[7] ?? '').padEnd(3, '0').slice(0, 3)));
}

function epoch(unit: number): TimeReader {
  return (text, into) => {
    if (!/^\d{1,14}(?:\.\d{1,9})?$/.test(text)) return false;
    into.local = Math.floor(Number(text) * unit);
    into.offset = 0;
    return true;
  };
}
