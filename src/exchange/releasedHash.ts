import { hash } from 'node:crypto';
import type { RecordData } from '../model/index.ts';

/**
 * SHA-256, hexadecimal, of the records that leave: JSON with sorted keys and no spaces, pictures as the SHA-256 of their bytes.
 * Whoever holds the answer can work it out again and hold it against the entry.
 */
export function releasedHash(records: readonly RecordData[]): string {
  return hash('sha256', `[${records.map((record) => objectText(record, recordKeys)).join(',')}]`, 'hex');
}

function canonical(value: unknown, name?: string): string {
  if (typeof value === 'string') return plain.test(value) ? `"${value}"` : JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (value instanceof Uint8Array) return `"${hash('sha256', value, 'hex')}"`;
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one)).join(',')}]`;
  return objectText(value, name === undefined ? [] : (innerKeys[name] ?? []));
}

/** `known` are the keys that such an object may have, sorted: to write by the list is cheaper than to sort. Any other key, and it is sorted. */
function objectText(value: object, known: readonly string[]): string {
  const object = value as Readonly<Record<string, unknown>>;
  let text = '';
  let seen = 0;
  for (const key of known) {
    const member = object[key];
    if (member === undefined) continue;
    text += `${seen === 0 ? '' : ','}"${key}":${canonical(member, key)}`;
    seen += 1;
  }
  let keys = 0;
  for (const key in object) if (object[key] !== undefined) keys += 1;
  return keys === seen ? `{${text}}` : sortedText(object);
}

function sortedText(object: Readonly<Record<string, unknown>>): string {
  const members = Object.keys(object).sort().filter((key) => object[key] !== undefined).map((key) => `${JSON.stringify(key)}:${canonical(object[key], key)}`);
  return `{${members.join(',')}}`;
}

/** What JSON writes as it is. */
const plain = /^[ !#-[\]-~]*$/;

const recordKeys: readonly (keyof RecordData)[] = [
  'address', 'birthDate', 'description', 'driverHistory', 'immigrationDocuments', 'licenceNumber', 'licenceStatus', 'medical', 'name', 'photo', 'registeredOwner',
  'signature', 'ssn', 'vehicleRegistration',
];

const innerKeys: Readonly<Partial<Record<string, readonly string[]>>> = {
  address: ['city', 'county', 'state', 'street', 'zip'],
  description: ['eyes', 'hair', 'height', 'sex', 'weight'],
  licenceNumber: ['jurisdiction', 'number'],
  licenceStatus: ['endorsements', 'expires', 'issued', 'licenceClass', 'restrictions', 'status'],
  name: ['given', 'middle', 'surname'],
  photo: ['bytes', 'mediaType'],
  registeredOwner: ['address', 'name'],
  signature: ['bytes', 'mediaType'],
  vehicleRegistration: ['colour', 'expires', 'make', 'model', 'plate', 'plateType', 'plateYear', 'style', 'vin', 'year'],
};
