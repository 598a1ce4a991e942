import type { DirectoryInquiry, Inquiry } from '../model/index.ts';
import { emptyExtension } from '../model/index.ts';
import { assemble, type Draft } from './assemble.ts';
import { fieldOf, prefixes, type Field } from './fields.ts';
import { reject, type Known } from './reject.ts';
import type { WireSettings } from './settings.ts';
import { dayOfLegacy, isControl, isOri, trimSpaces } from './values.ts';
import { fromWire } from './wildcards.ts';

/**
 * Reads one legacy text message (reference sections 2.1, 2.2). Control characters may stand anywhere and are dropped;
 * the period after the control field and after the last field may be missing; fields come in any order, each at most once.
 */
export function readLegacy(text: string, settings: WireSettings, known: Known): Inquiry | DirectoryInquiry {
  const line = trimSpaces(text.replace(controls, ''));
  const { parts, control, rest } = splitHeader(line, known);
  const [key = '', requester = '', ...destinations] = parts;
  return assemble(
    { format: 'legacy', key, requester, destinations, control, fields: fieldsOf(rest, settings), extension: emptyExtension, kind: null, place },
    settings,
    known,
  );
}

const controls = /[\u0000-\u001f\u007f-\u009f]+/g;

const place: Draft['place'] = (part) => (part in prefixes ? prefixes[part as Field] : part);

interface Header {
  /** Key, sender and destinations. */
  readonly parts: readonly string[];
  readonly control: string | null;
  /** What follows `TXT`. */
  readonly rest: string;
}

function splitHeader(line: string, known: Known): Header {
  const parts: string[] = [];
  let at = 0;
  // The sending ORI may itself begin with TXT: the state code of Texas and a T.
  while (parts.length < 2 || !line.startsWith('TXT', at)) {
    if (parts.length >= 2 && line.charAt(at) === '*') {
      const controlled = splitControl(line, at + 1);
      known.control = controlled.control;
      return { parts, ...controlled };
    }
    const period = line.indexOf('.', at);
    if (period < 0) reject(parts.length < 3 ? 'badHeader' : 'noText', 'TXT was not found after the header', 'header');
    // Key, sender and at most five destinations, with one to spare so that the fault can say what is wrong.
    if (parts.length === 8) reject('badHeader', 'the header has too many parts', 'header');
    parts.push(line.slice(at, period));
    if (parts.length === 2 && isOri(parts[1] ?? '')) known.requester = parts[1] ?? null;
    at = period + 1;
  }
  return { parts, control: null, rest: line.slice(at + 3) };
}

/** After `*`: 1 to 10 characters, then a period or not, then `TXT` (S X1, X2). */
function splitControl(line: string, from: number): { readonly control: string; readonly rest: string } {
  const window = line.slice(from, from + 64);
  const period = window.indexOf('.');
  if (period >= 0 && period <= 10 && window.startsWith('TXT', period + 1)) return controlled(window.slice(0, period), line.slice(from + period + 4));
  const text = window.indexOf('TXT', 1);
  if (text < 0) reject('noText', 'TXT was not found after the control field', 'header');
  return controlled(window.slice(0, text), line.slice(from + text + 3));
}

function controlled(control: string, rest: string): { readonly control: string; readonly rest: string } {
  // Checked again where all formats are; here so that nothing else fails first.
  if (!isControl(control)) reject('badHeader', 'the control field is not 1 to 10 printable characters without a period', 'control');
  return { control, rest };
}

function fieldsOf(text: string, settings: WireSettings): ReadonlyMap<Field, string> {
  const fields = new Map<Field, string>();
  const elements = text.split('.', settings.maxFields + 1);
  if (elements.length > settings.maxFields) reject('tooLarge', 'the message has too many fields', 'TXT');
  // The last element has no closing period; one that is there leaves an empty piece behind.
  if (trimSpaces(elements.at(-1) ?? '') === '') elements.pop();
  for (const element of elements) {
    const [, prefix = '', value = ''] = /^ *([A-Z]{2,4})\/([^/]*)$/.exec(element) ?? reject('malformed', 'a field is not a prefix, a slash and a value', 'TXT');
    const field = fieldOf.get(prefix) ?? reject('badCombination', 'this prefix is not known', prefix);
    if (fields.has(field)) reject('malformed', 'this field is given twice', prefix);
    fields.set(field, valueOf(field, trimSpaces(value), settings));
  }
  return fields;
}

function valueOf(field: Field, value: string, settings: WireSettings): string {
  if (value === '') reject('badValue', 'a field without a value is left out', prefixes[field]);
  if (field === 'birthDate') {
    return dayOfLegacy(value, settings.yearPivot) ?? reject('badBirthDate', 'the date of birth is neither mmddyy nor ccyymmdd', 'DOB');
  }
  return field === 'plate' ? fromWire(value, settings) : value;
}
