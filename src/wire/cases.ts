import fc from 'fast-check';
import {
  allDataClasses, allPurposes, courtClasses, inquiryKeys, legacyPurposeCodes, messageKeys, namesOf, outcomes, answerStatuses, reasonCodes, treatments,
  type InquiryKey,
} from '../vocabulary/index.ts';
import {
  emptyExtension,
  type Address, type Answer, type DirectoryAnswer, type DirectoryInquiry, type Extension, type FaultAnswer, type Inquiry, type PersonName,
  type Picture, type RecordData, type Subject, type WireFaultCode,
} from '../model/index.ts';
import { faultStatus } from './numbers.ts';
import { isDay } from './values.ts';

/** Generators of every value that the codecs know, shared by the tests and by the mutation run. All of it is invented. */
const chars = (set: string, least: number, most: number) =>
  fc.array(fc.constantFrom(...Array.from(set)), { minLength: least, maxLength: most }).map((list) => list.join(''));
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const alphanumeric = `${alphabet}0123456789`;

export const oris = chars(alphanumeric, 9, 9);
const places = fc.constantFrom('ZX', 'ZY', 'ZW', 'AK', 'TX', 'WY', 'DC');
const controls = fc.option(fc.oneof(
  chars(`${alphanumeric}*-/<&"'`, 1, 10),
  fc.constantFrom('A1B2C3D4', 'TXT', 'ABTXTCDEFG', 'ABCDEFGHTX', '*', 'A  B', 'TXTTXTTXTT', 'XTXTXTXTXT', 'ABCDEFGHIJ'),
), { nil: null });

const names: fc.Arbitrary<PersonName> = fc.tuple(
  fc.oneof(fc.constantFrom('MARROWBY', 'DE LA CRUX', "O'TALLY", 'ST-ORM', '3RD'), chars(alphabet, 1, 9)).filter((word) => /[A-Z]/.test(word)),
  fc.oneof(fc.constant(''), chars(`${alphabet}-'`, 1, 8)),
  fc.oneof(fc.constant(''), fc.constant('Q'), fc.constant('Q JR'), chars(alphabet, 1, 8)),
).map(([surname, given, middle]) => ({ surname, given, middle: given === '' ? '' : middle }));

const days = fc.tuple(fc.integer({ min: 1880, max: 2030 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
  .map(([y, m, d]) => `${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`).filter(isDay);
const years = fc.integer({ min: 1900, max: 2099 }).map(String);
const types = chars(alphanumeric, 2, 2);

function subjectsOf(key: InquiryKey, complete: boolean): fc.Arbitrary<Subject> {
  const or = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => (complete ? value : fc.option(value, { nil: null }));
  const sexes = fc.constantFrom('M' as const, 'F' as const, 'U' as const, 'X' as const);
  const all: Record<Subject['kind'], fc.Arbitrary<Subject>> = {
    licence: chars(`${alphanumeric}*-`, 1, 20).filter((number) => /[A-Z0-9]/.test(number)).map((number) => ({ kind: 'licence', number })),
    person: fc.record({ kind: fc.constant('person' as const), name: names, birthDate: days, sex: key === 'DQG' ? fc.option(sexes, { nil: null }) : or(sexes) }),
    name: fc.record({ kind: fc.constant('name' as const), name: names }),
    owner: fc.record({ kind: fc.constant('owner' as const), name: names }),
    plate: fc.record({ kind: fc.constant('plate' as const), plate: chars(alphanumeric, 1, 10), plateYear: or(fc.oneof(years, fc.constant('NX'))), plateType: or(types) }),
    vin: fc.record({
      kind: fc.constant('vin' as const), vin: chars(alphanumeric, 1, 20), make: fc.option(chars(alphanumeric, 1, 24), { nil: null }), year: fc.option(years, { nil: null }),
    }),
    partialPlate: fc.record({
      kind: fc.constant('partialPlate' as const),
      pattern: fc.tuple(chars(alphanumeric, 2, 5), chars(`${alphanumeric}*?`, 0, 5)).map(([a, b]) => a + b),
      plateType: fc.option(types, { nil: null }),
    }),
  };
  return fc.oneof(...messageKeys[key].subjects.map((kind) => all[kind]));
}

const freeTexts = fc.oneof(fc.constantFrom('26-0417', 'DET R FINCHLEY', 'Åsa Nuñez', 'a <b> & "c"', '案件 7'), chars(`${alphanumeric}abc/.-`, 1, 64));

export const extensions: fc.Arbitrary<Extension> = fc.record({
  purpose: fc.option(fc.constantFrom(...allPurposes), { nil: null }),
  warrant: fc.option(fc.record({
    number: fc.option(freeTexts, { nil: null }),
    documentHash: fc.option(chars('0123456789abcdef', 64, 64), { nil: null }),
    court: fc.constantFrom(...namesOf(courtClasses)),
  }), { nil: null }),
  caseNumber: fc.option(freeTexts, { nil: null }),
  user: fc.option(freeTexts, { nil: null }),
  onBehalfOf: fc.option(oris, { nil: null }),
  wants: fc.option(fc.subarray([...allDataClasses], { minLength: 1 }), { nil: null }),
});

/** Inquiries of one key. `complete`: with all that the network's own formats need. */
export function inquiriesOf(key: InquiryKey, options: { readonly complete: boolean; readonly extended: boolean }): fc.Arbitrary<Inquiry> {
  const facts = messageKeys[key];
  const lists = fc.uniqueArray(facts.regional ? fc.oneof(places, fc.constantFrom('R1', 'R8')) : places, { minLength: 1, maxLength: facts.maxDestinations });
  return fc.record({
    key: fc.constant(key),
    requester: oris,
    destinations: facts.broadcast ? fc.oneof(lists, fc.constant(['NL'])) : lists,
    control: controls,
    subject: subjectsOf(key, options.complete),
    image: !facts.imageAllowed ? fc.constant(null) : key === 'KQ' ? fc.constantFrom(true, null) : fc.constantFrom(true, false, null),
    reason: facts.reasonAllowed ? fc.option(fc.constantFrom(...reasonCodes), { nil: null }) : fc.constant(null),
    legacyPurpose: facts.purposeAllowed ? fc.option(fc.constantFrom(...legacyPurposeCodes), { nil: null }) : fc.constant(null),
    attention: facts.purposeAllowed ? fc.option(fc.constantFrom('DET R FINCHLEY BADGE 0417', 'A', "O'K  B&<C>"), { nil: null }) : fc.constant(null),
    extension: options.extended ? extensions : fc.constant(emptyExtension),
  }).filter(({ extension, requester }) => extension.onBehalfOf !== requester);
}

export const anyInquiry = (options: { readonly complete: boolean; readonly extended: boolean }): fc.Arbitrary<Inquiry> =>
  fc.oneof(...inquiryKeys.map((key) => inquiriesOf(key, options)));

export const directoryInquiries: fc.Arbitrary<DirectoryInquiry> = fc.record({
  key: fc.constant('TQ' as const),
  requester: oris,
  destination: places,
  control: controls,
  by: fc.oneof(
    oris.map((ori) => ({ kind: 'ori' as const, ori })),
    fc.record({ kind: fc.constant('place' as const), place: fc.constantFrom('ARDEN', "ST JOHN'S", 'A1', 'TWENTY CHARACTERS XY'), type: fc.option(fc.constantFrom('PD', 'SO'), { nil: null }) }),
  ),
});

/** Any text that JSON can carry. XML cannot carry all of it, so an answer in NIEM is tested with `xmlTexts`. */
export const anyTexts = fc.string({ unit: 'grapheme', maxLength: 30 });
export const xmlTexts = fc.string({ unit: 'grapheme', maxLength: 30 })
  .map((text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Surrogate}]/gu, ''));
/** What legacy text gives back unchanged. */
export const plainTexts = chars(`${alphanumeric} -`, 1, 20).map((text) => `X${text}X`);

const pictures: fc.Arbitrary<Picture> = fc.record({
  mediaType: fc.constantFrom('image/png' as const, 'image/jpeg' as const), bytes: fc.uint8Array({ maxLength: 300 }),
});

function recordsOf(texts: fc.Arbitrary<string>): fc.Arbitrary<RecordData> {
  const fullName: fc.Arbitrary<PersonName> = fc.record({ surname: texts, given: texts, middle: texts });
  const address: fc.Arbitrary<Address> = fc.record({ street: texts, city: texts, county: texts, state: texts, zip: texts }, { requiredKeys: ['state'] });
  const sex = fc.constantFrom('M' as const, 'F' as const, 'U' as const, 'X' as const);
  return fc.record({
    licenceStatus: fc.record(
      { status: texts, licenceClass: texts, issued: texts, expires: texts, restrictions: fc.array(texts, { maxLength: 3 }), endorsements: fc.array(texts, { maxLength: 3 }) },
      { requiredKeys: ['status'] },
    ),
    licenceNumber: fc.record({ number: texts, jurisdiction: texts }),
    name: fullName,
    birthDate: texts,
    description: fc.record({ sex, height: fc.integer({ min: 20, max: 100 }), weight: fc.integer({ min: 40, max: 600 }), eyes: texts, hair: texts }, { requiredKeys: [] }),
    address,
    photo: pictures,
    signature: pictures,
    ssn: texts,
    medical: fc.array(texts, { maxLength: 3 }),
    immigrationDocuments: fc.array(fc.record({ type: texts, number: texts, expires: texts }, { requiredKeys: ['type'] }), { maxLength: 2 }),
    driverHistory: fc.array(fc.record({
      date: texts, kind: fc.constantFrom('conviction' as const, 'accident' as const, 'withdrawal' as const, 'reinstatement' as const), code: texts, text: texts, jurisdiction: texts,
    }), { maxLength: 3 }),
    vehicleRegistration: fc.record(
      { plate: texts, plateType: texts, plateYear: texts, vin: texts, make: texts, model: texts, style: texts, colour: texts, year: texts, expires: texts },
      { requiredKeys: ['plate'] },
    ),
    registeredOwner: fc.record({ name: fullName, address }, { requiredKeys: ['name'] }),
  }, { requiredKeys: [] });
}

const clocks = fc.record({
  received: fc.integer({ min: 0, max: 4_000_000_000_000 }), sent: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  receiveNumber: fc.integer({ min: 0, max: 99_999 }), sendNumber: fc.integer({ min: 0, max: 99_999 }),
});

export function answersWith(texts: fc.Arbitrary<string>): fc.Arbitrary<Answer> {
  const ids = chars(`${alphanumeric}-`, 1, 20);
  const owners = fc.array(places, { maxLength: 5 });
  const count = fc.integer({ min: 0, max: 56 });
  const ownerAnswer = fc.record({
    owner: places,
    status: fc.constantFrom(...namesOf(answerStatuses)),
    records: fc.array(recordsOf(texts), { maxLength: 2 }),
    more: fc.boolean(),
    classes: fc.array(fc.record({
      dataClass: fc.constantFrom(...allDataClasses), outcome: fc.constantFrom(...namesOf(outcomes)),
      treatment: fc.option(fc.constantFrom(...namesOf(treatments)), { nil: null }), rules: fc.array(ids, { maxLength: 3 }),
    }), { maxLength: 4 }),
    reasons: fc.array(texts, { maxLength: 3 }),
    policyVersion: fc.option(fc.nat(), { nil: null }),
    ticket: fc.option(fc.record({ id: ids, deadline: fc.constant('2026-03-18T18:07:00.000Z'), onTimeout: fc.constantFrom('deny' as const, 'release' as const) }), { nil: null }),
    receipt: fc.option(fc.record({
      log: fc.constantFrom('zy', 'wa'), index: fc.nat(), entry: ids, hash: chars('0123456789abcdef', 64, 64), token: chars('ABCXYZabcxyz0189-_', 1, 300),
    }), { nil: null }),
  });
  return fc.constantFrom(...inquiryKeys).chain((inquiryKey) => fc.record({
    id: ids,
    inquiryKey: fc.constant(inquiryKey),
    key: fc.constant(messageKeys[inquiryKey].answer),
    requester: oris,
    destinations: fc.array(places, { minLength: 1, maxLength: 5 }),
    control: controls,
    clocks,
    answers: fc.array(ownerAnswer, { maxLength: 3 }),
    summary: fc.record({
      asked: count, hit: count, noHit: count, refused: count, held: count, silent: count,
      owners: fc.record({ hit: owners, noHit: owners, refused: owners, held: owners, silent: owners }),
    }),
    merged: fc.boolean(),
    demonstration: fc.boolean(),
  }));
}

export function directoryAnswersWith(texts: fc.Arbitrary<string>): fc.Arbitrary<DirectoryAnswer> {
  return fc.record({
    id: chars(alphanumeric, 1, 20), key: fc.constant('TR' as const), requester: oris, destination: places, control: controls, clocks,
    entries: fc.array(fc.record({ ori: oris, name: texts, type: fc.constantFrom('PD', 'SO'), state: places, active: fc.boolean() }), { maxLength: 5 }),
    more: fc.boolean(), demonstration: fc.boolean(),
  });
}

export function faultsWith(texts: fc.Arbitrary<string>, format: FaultAnswer['format']): fc.Arbitrary<FaultAnswer> {
  return fc.record({
    fault: fc.record({
      code: fc.constantFrom(...(Object.keys(faultStatus) as WireFaultCode[])), message: texts, echo: texts, at: fc.option(texts, { nil: null }),
    }),
    requester: fc.option(oris, { nil: null }), control: controls, clocks, format: fc.constant(format), id: chars(alphanumeric, 1, 20),
  });
}
