import { isNameOf, legacyPurposeCodes, messageKeys, reasonCodes, type InquiryKey, type SubjectKind, type Words } from '../vocabulary/index.ts';
import type { DirectoryInquiry, Extension, Inquiry, PersonName, Sex, Subject, WireFormat } from '../model/index.ts';
import { fieldsOfKey, optionsOf, type Field } from './fields.ts';
import { reject, type Known } from './reject.ts';
import type { WireSettings } from './settings.ts';
import { capitals, isControl, isDay, isOri, isPlace, parseName } from './values.ts';

/** What one of the three readers found, before anything is judged. Dates are `YYYY-MM-DD`, wildcards `*` and `?`. */
export interface Draft {
  readonly format: WireFormat;
  readonly key: string;
  readonly requester: string;
  readonly destinations: readonly string[];
  readonly control: string | null;
  readonly fields: ReadonlyMap<Field, string>;
  readonly extension: Extension;
  /** The kind of subject where the format states it. */
  readonly kind: string | null;
  /** Where a part stands in the input, for the fault. */
  readonly place: (part: Field | HeaderPart) => string;
}

export type HeaderPart = 'key' | 'requester' | 'destinations' | 'control' | 'subject' | 'extension';

/** Judges a draft: the one place where the rules of the message keys are applied, whatever the format. */
export function assemble(draft: Draft, settings: WireSettings, known: Known): Inquiry | DirectoryInquiry {
  const { place } = draft;
  if (isOri(draft.requester)) known.requester = draft.requester;
  if (draft.control !== null && isControl(draft.control)) known.control = draft.control;
  if (!/^[A-Z]{2,4}$/.test(draft.key)) reject('badHeader', 'the message key is not two to four capital letters', place('key'));
  if (!fieldsOfKey.has(draft.key)) reject('keyNotAllowed', 'this message key is not answered here', place('key'));
  if (known.requester === null) reject('badHeader', 'the sending ORI is not nine capital letters or digits', place('requester'));
  if (draft.control !== null && known.control === null) {
    reject('badHeader', 'the control field is not 1 to 10 printable characters without a period', place('control'));
  }
  return draft.key === 'TQ' ? directory(draft, settings) : inquiry(draft, settings);
}

function directory(draft: Draft, settings: WireSettings): DirectoryInquiry {
  const { fields, place } = draft;
  const [destination, ...others] = draft.destinations;
  if (destination === undefined || others.length > 0 || !isPlace(destination) || destination === 'NL') {
    reject('badDestination', 'TQ goes to one two-letter place, or to the directory', place('destinations'));
  }
  onlyAllowed(draft, 'TQ');
  if (draft.kind !== null && draft.kind !== 'ori' && draft.kind !== 'place') {
    reject('badCombination', `this does not go with TQ: ${optionsOf('TQ')}`, place('subject'));
  }
  const header = { key: 'TQ' as const, requester: draft.requester, destination, control: draft.control };
  const ori = fields.get('ori');
  const where = fields.get('place');
  const type = capitalsOf(fields.get('type')) ?? null;
  if (ori !== undefined) {
    if (fields.size > 1) reject('badCombination', `these fields do not go together: ${optionsOf('TQ')}`, place('ori'));
    if (!/^[A-Za-z0-9]{9}$/.test(ori)) reject('badValue', 'an ORI is nine letters or digits', place('ori'));
    return { ...header, by: { kind: 'ori', ori: capitals(ori) } };
  }
  if (where === undefined) reject('fieldMissing', `a required field is missing: ${optionsOf('TQ')}`, place('subject'));
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9 '-]{0,18}[A-Za-z0-9])$/.test(where)) {
    reject('badValue', 'a place is 2 to 20 letters, digits, spaces, hyphens or apostrophes', place('place'));
  }
  if (type !== null && !/^[A-Z]{2}$/.test(type)) reject('badValue', 'a type of agency is two letters', place('type'));
  if (destination === settings.directoryDestination && type === null) {
    reject('fieldMissing', 'a search by role needs TYP', place('type'));
  }
  return { ...header, by: { kind: 'place', place: capitals(where), type } };
}

function inquiry(draft: Draft, settings: WireSettings): Inquiry {
  const asked = draft.key as InquiryKey;
  const { key, destinations } = addressed(asked, draft, settings);
  onlyAllowed(draft, key);
  const { fields, place } = draft;
  const subject = subjectOf(key, draft, settings, destinations);
  const image = capitalsOf(fields.get('image'));
  if (image !== undefined && image !== 'Y' && image !== 'N') reject('badValue', 'the image request is Y or N', place('image'));
  const { onBehalfOf } = draft.extension;
  return {
    key,
    requester: draft.requester,
    destinations,
    control: draft.control,
    subject,
    // A driver history says only Y (C N6): N there is the same as nothing.
    image: image === undefined || (key === 'KQ' && image === 'N') ? null : image === 'Y',
    reason: oneOf(reasonCodes, draft, 'reason'),
    legacyPurpose: oneOf(legacyPurposeCodes, draft, 'purpose'),
    attention: attentionOf(draft),
    extension: onBehalfOf === draft.requester ? { ...draft.extension, onBehalfOf: null } : draft.extension,
  };
}

/** Destinations in order without repeats. A region on DQ or RQ makes the key DQG or RQG (C N5, N9). */
function addressed(asked: InquiryKey, draft: Draft, settings: WireSettings): { readonly key: InquiryKey; readonly destinations: readonly string[] } {
  const at = draft.place('destinations');
  const most = messageKeys[asked].maxDestinations;
  if (draft.destinations.length === 0) reject('badDestination', 'no destination is given', at);
  if (draft.destinations.length > most) reject('badDestination', `${asked} goes to at most ${most} ${most === 1 ? 'destination' : 'destinations'}`, at);
  const destinations = [...new Set(draft.destinations)];
  const region = destinations.some((code) => settings.regionCodes.includes(code));
  const key = !region ? asked : asked === 'DQ' ? 'DQG' : asked === 'RQ' ? 'RQG' : asked;
  const { broadcast, regional } = messageKeys[key];
  if (region && !regional) reject('badDestination', `${asked} does not go to a region`, at);
  for (const code of destinations) {
    if (!isPlace(code) && !settings.regionCodes.includes(code)) reject('badDestination', 'a destination is two capital letters or the code of a region', at);
    if (code === 'NL' && (!broadcast || destinations.length > 1)) {
      reject('badDestination', broadcast ? 'NL stands alone' : `${asked} does not go to all owners`, at);
    }
  }
  return { key, destinations };
}

function onlyAllowed(draft: Draft, key: string): void {
  const allowed = fieldsOfKey.get(key);
  for (const field of draft.fields.keys()) {
    if (allowed?.has(field) !== true) reject('badCombination', `this field does not go with ${key}: ${optionsOf(key)}`, draft.place(field));
  }
}

function subjectOf(key: InquiryKey, draft: Draft, settings: WireSettings, destinations: readonly string[]): Subject {
  const { fields, place } = draft;
  const kinds = messageKeys[key].subjects;
  const given = kinds.filter((kind) => fields.has(mainField[kind]));
  const [kind] = given;
  if (kind === undefined || (draft.kind !== null && draft.kind !== kind)) {
    // JSON says what its subject is; what is wrong then is the kind, not a field.
    if (draft.kind !== null) reject('badCombination', `this subject does not go with ${key}: ${optionsOf(key)}`, place('subject'));
    reject('fieldMissing', `a required field is missing: ${optionsOf(key)}`, place('subject'));
  }
  const parts: Record<SubjectKind, readonly Field[]> = {
    licence: ['licence'], person: ['name', 'birthDate', 'sex'], name: ['name'], owner: ['name'],
    plate: ['plate', 'plateYear', 'plateType'], vin: ['vin', 'make', 'vehicleYear'], partialPlate: ['plate', 'plateType'],
  };
  for (const field of subjectFields) {
    if (fields.has(field) && !parts[kind].includes(field)) reject('badCombination', `these fields do not go together: ${optionsOf(key)}`, place(field));
  }
  switch (kind) {
    case 'licence':
      return { kind, number: licenceNumber(draft, settings, destinations) };
    case 'person':
      return { kind, name: nameOf(draft, settings), birthDate: birthDateOf(draft), sex: sexOf(key, draft, settings) };
    case 'name':
    case 'owner':
      return { kind, name: nameOf(draft, settings) };
    case 'plate':
      return plateOf(key, draft, settings);
    case 'vin':
      return { kind, vin: matching(draft, 'vin', vin) ?? '', make: matching(draft, 'make', make), year: yearOf(draft, 'vehicleYear') };
    case 'partialPlate':
      return { kind, pattern: patternOf(draft, settings), plateType: matching(draft, 'plateType', plateType) };
  }
}

const mainField: Readonly<Record<SubjectKind, Field>> = {
  licence: 'licence', person: 'name', name: 'name', plate: 'plate', vin: 'vin', owner: 'name', partialPlate: 'plate',
};
const subjectFields: readonly Field[] = ['licence', 'name', 'birthDate', 'sex', 'plate', 'plateYear', 'plateType', 'vin', 'make', 'vehicleYear'];

const plain = /^[A-Za-z0-9]{1,10}$/;
const vin = /^[A-Za-z0-9]{1,20}$/;
const make = /^[A-Za-z0-9]{1,24}$/;
const plateType = /^[A-Za-z0-9]{2}$/;
const sizes: Partial<Record<Field, string>> = {
  plate: 'a plate is 1 to 10 letters or digits', vin: 'a vehicle number is 1 to 20 letters or digits',
  make: 'a make is 1 to 24 letters or digits', plateType: 'a plate type is two letters or digits',
};

function matching(draft: Draft, field: Field, pattern: RegExp): string | null {
  const text = draft.fields.get(field);
  if (text === undefined) return null;
  if (!pattern.test(text)) reject('badValue', sizes[field] ?? 'this value is not of the right form', draft.place(field));
  return capitals(text);
}

/** At most 20 letters or digits, and the specials that every destination of the message takes. */
function licenceNumber(draft: Draft, settings: WireSettings, destinations: readonly string[]): string {
  const text = draft.fields.get('licence') ?? '';
  const { specials, byDestination } = settings.oln;
  const good = text.length >= 1 && text.length <= 20 && Array.from(text).every((character) =>
    /^[A-Za-z0-9]$/.test(character)
    || (character !== '.' && character !== '/' && destinations.every((code) => (byDestination[code] ?? specials).includes(character))));
  if (!good || !/[A-Za-z0-9]/.test(text)) {
    reject('badValue', 'a licence number is 1 to 20 letters or digits, with the special characters that the destination takes', draft.place('licence'));
  }
  return capitals(text);
}

function nameOf(draft: Draft, settings: WireSettings): PersonName {
  const name = parseName(draft.fields.get('name') ?? '', settings.nameSpecials);
  if (name === null) reject('badValue', 'a name is LAST,FIRST MIDDLE with at most 30 letters, digits, spaces, hyphens or apostrophes', draft.place('name'));
  return name;
}

function birthDateOf(draft: Draft): string {
  const day = draft.fields.get('birthDate');
  if (day === undefined || !isDay(day)) reject('badBirthDate', 'the date of birth is missing or is no complete day of the calendar', draft.place('birthDate'));
  return day;
}

const sexes: readonly Sex[] = ['M', 'F', 'U', 'X'];

/** DQG takes name and birth date alone; DQ and KQ need the sex too in the network's own formats (C N4 to N8). */
function sexOf(key: InquiryKey, draft: Draft, settings: WireSettings): Sex | null {
  const sex = oneOf(sexes, draft, 'sex');
  if (sex === null && key !== 'DQG' && settings.completeSubjects.includes(draft.format)) {
    reject('fieldMissing', `a required field is missing: ${optionsOf(key)}`, draft.place('sex'));
  }
  return sex;
}

function plateOf(key: InquiryKey, draft: Draft, settings: WireSettings): Subject {
  const plate = matching(draft, 'plate', plain) ?? '';
  const plateYear = yearOf(draft, 'plateYear');
  const type = matching(draft, 'plateType', plateType);
  if (settings.completeSubjects.includes(draft.format) && (plateYear === null || type === null)) {
    reject('badCombination', `a plate goes with its year and type: ${optionsOf(key)}`, draft.place(plateYear === null ? 'plateYear' : 'plateType'));
  }
  return { kind: 'plate', plate, plateYear, plateType: type };
}

/** Four digits from 1900 on, or for a plate `NX`, non-expiring. */
function yearOf(draft: Draft, field: 'plateYear' | 'vehicleYear'): string | null {
  const text = capitalsOf(draft.fields.get(field));
  if (text === undefined) return null;
  if (!/^(?:19|20)\d\d$/.test(text) && !(field === 'plateYear' && text === 'NX')) {
    reject('badYear', field === 'plateYear' ? 'a plate year is four digits or NX' : 'a year is four digits', draft.place(field));
  }
  return text;
}

function patternOf(draft: Draft, settings: WireSettings): string {
  const text = draft.fields.get('plate') ?? '';
  const letters = text.replace(/[*?]/g, '').length;
  if (!/^[A-Za-z0-9*?]{1,10}$/.test(text) || letters < settings.partialPlateLeast) {
    reject('badValue', `a partial plate is 1 to 10 letters, digits or wildcards, at least ${settings.partialPlateLeast} of them no wildcards`, draft.place('plate'));
  }
  return capitals(text);
}

function oneOf<T extends string>(codes: readonly T[], draft: Draft, field: Field): T | null {
  const text = draft.fields.get(field);
  if (text === undefined) return null;
  const code = codes.find((one) => one === capitals(text));
  if (code === undefined) reject('badValue', `this is none of the codes ${codes.join(' ')}`, draft.place(field));
  return code;
}

/** The name of a requester, at most 30 characters (C N6). */
function attentionOf(draft: Draft): string | null {
  const text = draft.fields.get('attention');
  if (text === undefined) return null;
  if (!/^[!-\-0-~](?:[ -\-0-~]{0,28}[!-\-0-~])?$/.test(text)) {
    reject('badAttention', 'attention is 1 to 30 printable characters without period or slash', draft.place('attention'));
  }
  return capitals(text);
}

function capitalsOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : capitals(text);
}

/** A word of a closed list of the vocabulary. */
export function wordOf<Name extends string>(words: Words<Name>, text: string, at: string): Name {
  if (!isNameOf(words, text)) reject('badValue', 'this word is not in the vocabulary', at);
  return text;
}
