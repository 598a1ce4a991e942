import type { DemoPicture } from '../portraits.ts';
import type { Resident } from '../residents/model.ts';

/**
 * Rows in the text format of COPY. Values are all our own, made of letters, digits and plain signs, but are escaped all the
 * same: a backslash or tab in a word list must not become a column.
 */
export function driverRow(r: Resident): string {
  const papers = r.immigration;
  return line(
    r.owner, r.licenceNumber, r.surname, r.given, r.middle, r.birthDate, r.sex, r.height, r.weight, r.eyes, r.hair, r.street, r.city, r.county, r.owner, r.zip,
    r.status, r.licenceClass, r.issued, r.expires, list(r.restrictions), list(r.endorsements), r.ssn, list(r.medical),
    papers?.type ?? null, papers?.number ?? null, papers?.expires ?? null, r.portrait, r.signature,
  );
}

export function vehicleRows(r: Resident): readonly string[] {
  return r.vehicles.map((v) => line(r.owner, v.plate, v.plateType, v.plateYear, v.vin, v.make, v.model, v.style, v.colour, v.year, v.expires, r.licenceNumber));
}

export function historyRows(r: Resident): readonly string[] {
  return r.history.map((h) => line(r.owner, r.licenceNumber, h.date, h.kind, h.code, h.text, h.jurisdiction));
}

export function pictureRow(picture: DemoPicture): string {
  return `${picture.id}\t${picture.mediaType}\t\\\\x${picture.bytes.toString('hex')}`;
}

function list(words: readonly string[]): string | null {
  return words.length === 0 ? null : words.join(',');
}

function line(...values: readonly (string | number | null)[]): string {
  let out = '';
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? null;
    if (i > 0) out += '\t';
    out += value === null ? '\\N' : typeof value === 'number' ? String(value) : special.test(value) ? escape(value) : value;
  }
  return out;
}

const special = /[\\\t\n\r]/;

function escape(value: string): string {
  return value.replace(/[\\\t\n\r]/g, (c) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n' })[c] ?? '\\r');
}
