import { allDataClasses, courtClasses, dataClasses, purposes, type DataClass } from '../vocabulary/index.ts';
import { emptyExtension, type DirectoryInquiry, type Extension, type Inquiry, type StatedWarrant } from '../model/index.ts';
import { assemble, wordOf, type Draft, type HeaderPart } from './assemble.ts';
import type { Field } from './fields.ts';
import { parseJson, pointerStep, type JsonValue } from './jsonText.ts';
import { reject, type Known } from './reject.ts';
import type { WireSettings } from './settings.ts';
import { isFreeText, isOri } from './values.ts';

/**
 * Reads the JSON form of an inquiry or of a question to the directory. What it takes agrees with `inquirySchema`, and it
 * checks besides what a schema cannot say: days of the calendar, and which subject goes with which key.
 */
export function readJson(text: string, settings: WireSettings, known: Known): Inquiry | DirectoryInquiry {
  const value = parseJson(text, settings);
  if (!isMap(value)) reject('malformed', 'the JSON is not an object', '');
  const key = text_(value, 'key', '', 'badHeader') ?? reject('badHeader', 'the message key is missing', '/key');
  return assemble(key === 'TQ' ? directoryDraft(value, known) : inquiryDraft(key, value, known), settings, known);
}

const inquiryMembers = new Set([
  'key', 'requester', 'destinations', 'control', 'subject', 'image', 'reason', 'legacyPurpose', 'attention',
  'purpose', 'warrant', 'caseNumber', 'user', 'onBehalfOf', 'wants',
]);

function inquiryDraft(key: string, message: JsonMap, known: Known): Draft {
  const header = headerOf(message, known);
  onlyMembers(message, inquiryMembers, '');
  const destinations = listOf(message.get('destinations') ?? null, '/destinations');
  const fields = new Map<Field, string>();
  const subject = message.get('subject') ?? null;
  if (subject === null) reject('fieldMissing', 'the subject is missing', '/subject');
  if (!isMap(subject)) reject('malformed', 'this is not an object', '/subject');
  const kind = subjectInto(fields, subject);
  const image = message.get('image') ?? null;
  if (image !== null && typeof image !== 'boolean') reject('malformed', 'this is neither true nor false', '/image');
  if (image !== null) fields.set('image', image ? 'Y' : 'N');
  putInto(fields, message, { reason: 'reason', legacyPurpose: 'purpose', attention: 'attention' }, '');
  return { format: 'json', key, ...header, destinations, fields, kind, extension: extensionOf(message), place: placeOf(kind) };
}

function directoryDraft(message: JsonMap, known: Known): Draft {
  const header = headerOf(message, known);
  onlyMembers(message, new Set(['key', 'requester', 'destination', 'control', 'by']), '');
  const destination = text_(message, 'destination', '', 'malformed');
  const by = message.get('by') ?? null;
  if (by === null) reject('fieldMissing', 'it is missing what to look for', '/by');
  if (!isMap(by)) reject('malformed', 'this is not an object', '/by');
  const fields = new Map<Field, string>();
  const kind = text_(by, 'kind', '/by', 'malformed');
  onlyMembers(by, new Set(kind === 'ori' ? ['kind', 'ori'] : ['kind', 'place', 'type']), '/by');
  putInto(fields, by, kind === 'ori' ? { ori: 'ori' } : { place: 'place', type: 'type' }, '/by');
  return {
    format: 'json', key: 'TQ', ...header, destinations: destination === null ? [] : [destination], fields,
    kind: kind ?? '', extension: emptyExtension,
    place: (part) => (part === 'destinations' ? '/destination' : part === 'subject' ? '/by' : isHeader(part) ? `/${part}` : `/by/${part}`),
  };
}

function headerOf(message: JsonMap, known: Known): { readonly requester: string; readonly control: string | null } {
  const requester = text_(message, 'requester', '', 'badHeader') ?? '';
  // Known before anything else can fail, so that the fault finds its way back.
  if (isOri(requester)) known.requester = requester;
  return { requester, control: text_(message, 'control', '', 'badHeader') };
}

/** The members of each kind of subject, and the field that each fills. */
const subjectMembers: ReadonlyMap<string, Readonly<Record<string, Field>>> = new Map<string, Readonly<Record<string, Field>>>([
  ['licence', { number: 'licence' }],
  ['person', { birthDate: 'birthDate', sex: 'sex' }],
  ['name', {}],
  ['owner', {}],
  ['plate', { plate: 'plate', plateYear: 'plateYear', plateType: 'plateType' }],
  ['vin', { vin: 'vin', make: 'make', year: 'vehicleYear' }],
  ['partialPlate', { pattern: 'plate', plateType: 'plateType' }],
]);

function subjectInto(fields: Map<Field, string>, subject: JsonMap): string {
  const kind = text_(subject, 'kind', '/subject', 'malformed') ?? reject('fieldMissing', 'the kind of the subject is missing', '/subject/kind');
  const members = subjectMembers.get(kind) ?? reject('badValue', 'this is no kind of subject', '/subject/kind');
  const named = kind === 'person' || kind === 'name' || kind === 'owner';
  onlyMembers(subject, new Set(['kind', ...(named ? ['name'] : []), ...Object.keys(members)]), '/subject');
  if (named) fields.set('name', nameText(subject.get('name') ?? null));
  putInto(fields, subject, members, '/subject');
  return kind;
}

const nameMembers = new Set(['surname', 'given', 'middle']);

/** The parts of a name as one text, so that all formats read names by the same rule. */
function nameText(value: JsonValue): string {
  if (value === null) reject('fieldMissing', 'the name is missing', '/subject/name');
  if (!isMap(value)) reject('malformed', 'this is not an object', '/subject/name');
  onlyMembers(value, nameMembers, '/subject/name');
  const part = (name: string): string => {
    const text = text_(value, name, '/subject/name', 'malformed') ?? '';
    if (text.includes(',')) reject('badValue', 'a part of a name has no comma', `/subject/name/${name}`);
    return text;
  };
  const given = part('given');
  const middle = part('middle');
  if (given === '' && middle !== '') reject('badValue', 'a middle name goes with a given name', '/subject/name/middle');
  const rest = [given, middle].filter((text) => text !== '').join(' ');
  return rest === '' ? part('surname') : `${part('surname')},${rest}`;
}

function extensionOf(message: JsonMap): Extension {
  const purpose = text_(message, 'purpose', '', 'malformed');
  const onBehalfOf = text_(message, 'onBehalfOf', '', 'malformed');
  if (onBehalfOf !== null && !isOri(onBehalfOf)) reject('badValue', 'an ORI is nine capital letters or digits', '/onBehalfOf');
  return {
    purpose: purpose === null ? null : wordOf(purposes, purpose, '/purpose'),
    warrant: warrantOf(message.get('warrant') ?? null),
    caseNumber: freeText(message, 'caseNumber', ''),
    user: freeText(message, 'user', ''),
    onBehalfOf,
    wants: wantsOf(message.get('wants') ?? null),
  };
}

const warrantMembers = new Set(['number', 'documentHash', 'court']);

function warrantOf(value: JsonValue): StatedWarrant | null {
  if (value === null) return null;
  if (!isMap(value)) reject('malformed', 'this is not an object', '/warrant');
  onlyMembers(value, warrantMembers, '/warrant');
  const hash = text_(value, 'documentHash', '/warrant', 'malformed');
  if (hash !== null && !/^[0-9A-Fa-f]{64}$/.test(hash)) reject('badValue', 'a fingerprint is 64 hexadecimal digits', '/warrant/documentHash');
  const court = text_(value, 'court', '/warrant', 'malformed');
  return {
    number: freeText(value, 'number', '/warrant'),
    documentHash: hash?.toLowerCase() ?? null,
    court: court === null ? 'notStated' : wordOf(courtClasses, court, '/warrant/court'),
  };
}

function wantsOf(value: JsonValue): readonly DataClass[] | null {
  if (value === null) return null;
  const named = listOf(value, '/wants').map((text, i) => wordOf(dataClasses, text, `/wants/${i}`));
  return inOrder(named, '/wants');
}

/** Vocabulary order without repeats; an empty list says nothing and is refused. */
export function inOrder(named: readonly DataClass[], at: string): readonly DataClass[] {
  if (named.length === 0) reject('badValue', 'an empty list of data classes asks for nothing', at);
  return allDataClasses.filter((one) => named.includes(one));
}

function freeText(from: JsonMap, name: string, at: string): string | null {
  const text = text_(from, name, at, 'malformed');
  if (text !== null && !isFreeText(text)) reject('badValue', 'this is 1 to 64 visible characters, without a space at either end', `${at}/${name}`);
  return text;
}

type JsonMap = ReadonlyMap<string, JsonValue>;

function isMap(value: JsonValue): value is JsonMap {
  return value instanceof Map;
}

function onlyMembers(value: JsonMap, members: ReadonlySet<string>, at: string): void {
  for (const name of value.keys()) {
    if (!members.has(name)) reject('malformed', 'this member is not known here', at + pointerStep(name));
  }
}

/** A member that is a string; missing and null are the same. */
function text_(from: JsonMap, name: string, at: string, code: 'malformed' | 'badHeader'): string | null {
  const value = from.get(name) ?? null;
  if (value !== null && typeof value !== 'string') reject(code, 'this is not a string', `${at}/${name}`);
  return value;
}

function listOf(value: JsonValue, at: string): readonly string[] {
  if (value === null) return [];
  if (!Array.isArray(value)) reject('malformed', 'this is not a list', at);
  return (value as readonly JsonValue[]).map((item, i) => (typeof item === 'string' ? item : reject('malformed', 'this is not a string', `${at}/${i}`)));
}

function putInto(fields: Map<Field, string>, from: JsonMap, members: Readonly<Record<string, Field>>, at: string): void {
  for (const name of Object.keys(members)) {
    const text = text_(from, name, at, 'malformed');
    const field = members[name];
    if (text !== null && field !== undefined) fields.set(field, text);
  }
}

function isHeader(part: string): part is HeaderPart {
  return part === 'key' || part === 'requester' || part === 'destinations' || part === 'control' || part === 'subject' || part === 'extension';
}

/** Where a field stands, as a JSON pointer. */
function placeOf(kind: string): Draft['place'] {
  const members = subjectMembers.get(kind) ?? {};
  return (part) => {
    if (isHeader(part)) return `/${part}`;
    if (part === 'image' || part === 'reason' || part === 'attention') return `/${part}`;
    if (part === 'purpose') return '/legacyPurpose';
    return `/subject/${Object.keys(members).find((name) => members[name] === part) ?? part}`;
  };
}
