import type { Address, Picture, RecordData } from '../model/index.ts';
import { capitals } from './legacyText.ts';
import type { WireSettings } from './settings.ts';
import { printName } from './values.ts';

/** A released record as lines that an officer reads. Prefixes are those of the network where it has them, else our own. */
export function recordLines(record: RecordData, settings: WireSettings): readonly string[] {
  return [
    ...licenceLines(record),
    ...personLines(record),
    ...historyLines(record),
    ...vehicleLines(record),
    ...pictureLines('PHOTO', record.photo, settings),
    ...pictureLines('SIGNATURE', record.signature, settings),
  ];
}

function licenceLines({ licenceNumber, licenceStatus }: RecordData): readonly string[] {
  const lines: string[] = [];
  if (licenceNumber !== undefined) lines.push(line(['OLN', licenceNumber.number], ['OLS', licenceNumber.jurisdiction]));
  if (licenceStatus !== undefined) {
    const { status, licenceClass, issued, expires, restrictions, endorsements } = licenceStatus;
    lines.push(line(['STA', `${status} ${statusWords.get(status) ?? ''}`.trim()], ['CLS', licenceClass], ['ISS', issued], ['EXP', expires]));
    if (restrictions !== undefined && restrictions.length > 0) lines.push(line(['RES', restrictions.join(' ')]));
    if (endorsements !== undefined && endorsements.length > 0) lines.push(line(['END', endorsements.join(' ')]));
  }
  return lines;
}

/** AAMVA D20, in words (C X5). */
const statusWords = new Map([
  ['LIC', 'LICENSED'], ['ELG', 'ELIGIBLE'], ['NEN', 'NOT ELIGIBLE, STATE REASON'], ['NOT', 'NOT ELIGIBLE'], ['RPD', 'REPORTED DECEASED'],
]);

function personLines({ name, birthDate, description, address, ssn, medical, immigrationDocuments }: RecordData): readonly string[] {
  const lines: string[] = [];
  if (name !== undefined) lines.push(line(['NAM', printName(name)]));
  if (birthDate !== undefined) lines.push(line(['DOB', birthDate]));
  if (description !== undefined) {
    const { sex, height, weight, eyes, hair } = description;
    lines.push(line(['SEX', sex], ['HGT', height === undefined ? undefined : feetAndInches(height)], ['WGT', weight?.toString()], ['EYE', eyes], ['HAI', hair]));
  }
  if (address !== undefined) lines.push(line(['ADR', addressText(address)]));
  if (ssn !== undefined) lines.push(line(['SOC', ssn]));
  for (const remark of medical ?? []) lines.push(line(['MED', remark]));
  for (const paper of immigrationDocuments ?? []) lines.push(line(['DOC', paper.type], ['DNO', paper.number], ['EXP', paper.expires]));
  return lines;
}

function historyLines({ driverHistory }: RecordData): readonly string[] {
  if (driverHistory === undefined) return [];
  if (driverHistory.length === 0) return ['HIS/NO ENTRIES'];
  return driverHistory.map(({ date, kind, code, text, jurisdiction }) => line(['HIS', `${date} ${kind} ${code} ${text} ${jurisdiction}`]));
}

function vehicleLines({ vehicleRegistration, registeredOwner }: RecordData): readonly string[] {
  const lines: string[] = [];
  if (vehicleRegistration !== undefined) {
    const { plate, plateType, plateYear, vin, make, model, style, colour, year, expires } = vehicleRegistration;
    lines.push(line(['LIC', plate], ['LIT', plateType], ['LIY', plateYear], ['EXP', expires]));
    if ([vin, make, model, style, colour, year].some((part) => part !== undefined)) {
      lines.push(line(['VIN', vin], ['VMA', make], ['VMO', model], ['VST', style], ['VCO', colour], ['VYR', year]));
    }
  }
  if (registeredOwner !== undefined) {
    lines.push(line(['RON', printName(registeredOwner.name)]));
    if (registeredOwner.address !== undefined) lines.push(line(['ROA', addressText(registeredOwner.address)]));
  }
  return lines;
}

/** `IMG/PHOTO image/png 20480 BYTES`, lines of base64, `IMG/END` (U: how the network encodes pictures was not found). */
function pictureLines(what: string, picture: Picture | undefined, { legacyAnswer }: WireSettings): readonly string[] {
  if (picture === undefined) return [];
  const { bytes, mediaType } = picture;
  if (legacyAnswer.images === 'omit') return [`${what} RELEASED - NOT SENT IN THIS FORMAT - ASK IN XML OR JSON`];
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  const lines = [`IMG/${what} ${mediaType} ${bytes.length} BYTES`];
  for (let at = 0; at < base64.length; at += legacyAnswer.imageLine) lines.push(base64.slice(at, at + legacyAnswer.imageLine));
  return [...lines, 'IMG/END'];
}

/** `PFX/value PFX/value`, without those that are not there. */
function line(...parts: readonly (readonly [string, string | undefined])[]): string {
  return parts.flatMap(([prefix, value]) => (value === undefined ? [] : [`${prefix}/${capitals(value)}`])).join(' ');
}

function addressText({ street, city, county, state, zip }: Address): string {
  const place = [street, city, county === undefined ? undefined : `${county} COUNTY`, zip === undefined ? state : `${state} ${zip}`];
  return place.filter((part) => part !== undefined).join(', ');
}

/** NCIC writes 5 feet 6 inches as 506. */
function feetAndInches(inches: number): string {
  const whole = Math.round(inches);
  return `${Math.floor(whole / 12)}${String(whole % 12).padStart(2, '0')}`;
}
