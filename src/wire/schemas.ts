import Type, { type TSchema } from 'typebox';
import {
  allDataClasses, answerStatuses, courtClasses, inquiryKeys, legacyPurposeCodes, messageKeys, namesOf, outcomes, purposes, reasonCodes, treatments,
} from '../vocabulary/index.ts';
import type { WireFaultCode } from '../model/index.ts';
import { faultStatus } from './numbers.ts';
import { freeTextPattern } from './values.ts';

/**
 * The JSON forms as JSON Schema, for the API description. The reader does not run them: it checks by hand and agrees
 * with them (schemas.test.ts). Patterns are the widest that any setting allows.
 */
const words = <const T extends string>(list: readonly T[], description?: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...list], ...(description === undefined ? {} : { description }) });
const maybe = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const closed = { additionalProperties: false } as const;

const ori = Type.String({ pattern: '^[A-Z0-9]{9}$', description: 'an ORI' });
const control = Type.String({ pattern: '^[!-\\-/-~](?:[ -\\-/-~]{0,8}[!-\\-/-~])?$', description: 'given back exactly' });
const freeText = Type.String({ pattern: freeTextPattern });
const day = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', description: 'a day of the calendar' });
const year = Type.String({ pattern: '^(?:19|20)\\d\\d$' });
const plateType = Type.String({ pattern: '^[A-Za-z0-9]{2}$' });
const letters = (most: number) => Type.String({ pattern: `^[A-Za-z0-9]{1,${most}}$` });
const letter = (codes: readonly string[]) => Type.String({ pattern: `^[${codes.join('')}${codes.join('').toLowerCase()}]$` });

const namePart = (pattern: string) => Type.String({ pattern, maxLength: 4096 });
const name = Type.Object({
  surname: namePart('^[^,]*[A-Za-z][^,]*$'),
  given: maybe(namePart('^[^,]*$')),
  middle: maybe(namePart('^[^,]*$')),
}, { ...closed, description: 'at most 30 characters as LAST,FIRST MIDDLE' });

const subject = Type.Union([
  Type.Object({ kind: Type.Literal('licence'), number: Type.String({ minLength: 1, maxLength: 20 }) }, closed),
  Type.Object({ kind: Type.Literal('person'), name, birthDate: day, sex: maybe(letter(['M', 'F', 'U', 'X'])) }, closed),
  Type.Object({ kind: Type.Literal('name'), name }, closed),
  Type.Object({ kind: Type.Literal('owner'), name }, closed),
  Type.Object({
    kind: Type.Literal('plate'), plate: letters(10), plateYear: maybe(Type.String({ pattern: '^(?:(?:19|20)\\d\\d|[Nn][Xx])$' })), plateType: maybe(plateType),
  }, closed),
  Type.Object({ kind: Type.Literal('vin'), vin: letters(20), make: maybe(letters(24)), year: maybe(year) }, closed),
  Type.Object({ kind: Type.Literal('partialPlate'), pattern: Type.String({ pattern: '^[A-Za-z0-9*?]{1,10}$' }), plateType: maybe(plateType) }, closed),
]);

/** A query about a driver or a vehicle. */
export const inquirySchema = Type.Object({
  key: words(inquiryKeys, 'the message key'),
  requester: ori,
  destinations: Type.Array(Type.String({ pattern: '^[A-Z0-9]{2}$' }), { minItems: 1, maxItems: 5, description: 'owners, NL for all, or a region for DQG and RQG' }),
  control: maybe(control),
  subject,
  image: maybe(Type.Boolean({ description: 'whether a picture is wanted' })),
  reason: maybe(letter(reasonCodes)),
  legacyPurpose: maybe(letter(legacyPurposeCodes)),
  attention: maybe(Type.String({ pattern: '^[!-\\-0-~](?:[ -\\-0-~]{0,28}[!-\\-0-~])?$' })),
  purpose: maybe(words(namesOf(purposes))),
  warrant: maybe(Type.Object({
    number: maybe(freeText), documentHash: maybe(Type.String({ pattern: '^[0-9A-Fa-f]{64}$' })), court: maybe(words(namesOf(courtClasses))),
  }, closed)),
  caseNumber: maybe(freeText),
  user: maybe(freeText),
  onBehalfOf: maybe(ori),
  wants: maybe(Type.Array(words(allDataClasses), { minItems: 1 })),
}, { ...closed, title: 'Inquiry' });

/** A question to the directory of agencies. */
export const directoryInquirySchema = Type.Object({
  key: Type.Literal('TQ'),
  requester: ori,
  destination: Type.String({ pattern: '^[A-Z]{2}$' }),
  control: maybe(control),
  by: Type.Union([
    Type.Object({ kind: Type.Literal('ori'), ori: Type.String({ pattern: '^[A-Za-z0-9]{9}$' }) }, closed),
    Type.Object({
      kind: Type.Literal('place'),
      place: Type.String({ pattern: "^[A-Za-z0-9](?:[A-Za-z0-9 '-]{0,18}[A-Za-z0-9])$" }),
      type: maybe(Type.String({ pattern: '^[A-Za-z]{2}$' })),
    }, closed),
  ]),
}, { ...closed, title: 'DirectoryInquiry' });

const text = Type.String();
const texts = Type.Array(Type.String());
const instant = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$', description: 'RFC 3339, UTC' });
const clocks = Type.Object({ received: instant, sent: instant, receiveNumber: Type.Integer(), sendNumber: Type.Integer() }, closed);
const fullName = Type.Object({ surname: text, given: text, middle: text }, closed);
const addressType = Type.Object({
  street: Type.Optional(text), city: Type.Optional(text), county: Type.Optional(text), state: text, zip: Type.Optional(text),
}, closed);
const picture = Type.Object({ mediaType: words(['image/png', 'image/jpeg']), base64: Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$' }) }, closed);

const record = Type.Object({
  licenceStatus: Type.Optional(Type.Object({
    status: text, licenceClass: Type.Optional(text), issued: Type.Optional(text), expires: Type.Optional(text),
    restrictions: Type.Optional(texts), endorsements: Type.Optional(texts),
  }, closed)),
  licenceNumber: Type.Optional(Type.Object({ number: text, jurisdiction: text }, closed)),
  name: Type.Optional(fullName),
  birthDate: Type.Optional(text),
  description: Type.Optional(Type.Object({
    sex: Type.Optional(words(['M', 'F', 'U', 'X'])), height: Type.Optional(Type.Number()), weight: Type.Optional(Type.Number()),
    eyes: Type.Optional(text), hair: Type.Optional(text),
  }, closed)),
  address: Type.Optional(addressType),
  photo: Type.Optional(picture),
  signature: Type.Optional(picture),
  ssn: Type.Optional(text),
  medical: Type.Optional(texts),
  immigrationDocuments: Type.Optional(Type.Array(Type.Object({ type: text, number: Type.Optional(text), expires: Type.Optional(text) }, closed))),
  driverHistory: Type.Optional(Type.Array(Type.Object({
    date: text, kind: words(['conviction', 'accident', 'withdrawal', 'reinstatement']), code: text, text, jurisdiction: text,
  }, closed))),
  vehicleRegistration: Type.Optional(Type.Object({
    plate: text, plateType: Type.Optional(text), plateYear: Type.Optional(text), vin: Type.Optional(text), make: Type.Optional(text),
    model: Type.Optional(text), style: Type.Optional(text), colour: Type.Optional(text), year: Type.Optional(text), expires: Type.Optional(text),
  }, closed)),
  registeredOwner: Type.Optional(Type.Object({ name: fullName, address: Type.Optional(addressType) }, closed)),
}, closed);

const ownerAnswer = Type.Object({
  owner: text,
  status: words(namesOf(answerStatuses)),
  records: Type.Array(record),
  more: Type.Boolean({ description: 'more records matched than the cap allows' }),
  classes: Type.Array(Type.Object({
    dataClass: words(allDataClasses), outcome: words(namesOf(outcomes)), treatment: nullable(words(namesOf(treatments))), rules: texts,
  }, closed)),
  reasons: texts,
  policyVersion: nullable(Type.Number()),
  ticket: nullable(Type.Object({ id: text, deadline: text, onTimeout: words(['deny', 'release']) }, closed)),
  receipt: nullable(Type.Object({ log: text, index: Type.Integer({ minimum: 0 }), entry: text, hash: text, token: text }, closed)),
}, closed);

/** The answer to an inquiry. */
export const answerSchema = Type.Object({
  id: text,
  key: words([...new Set(inquiryKeys.map((key) => messageKeys[key].answer))]),
  inquiryKey: words(inquiryKeys),
  requester: text,
  destinations: texts,
  control: nullable(text),
  clocks,
  merged: Type.Boolean(),
  demonstration: Type.Boolean(),
  notice: Type.Optional(text),
  summary: Type.Object({
    asked: Type.Integer(), hit: Type.Integer(), noHit: Type.Integer(), refused: Type.Integer(), held: Type.Integer(), silent: Type.Integer(),
    owners: Type.Object({ hit: texts, noHit: texts, refused: texts, held: texts, silent: texts }, closed),
  }, closed),
  answers: Type.Array(ownerAnswer),
}, { ...closed, title: 'Answer' });

/** The answer of the directory. */
export const directoryAnswerSchema = Type.Object({
  id: text,
  key: Type.Literal('TR'),
  requester: text,
  destination: text,
  control: nullable(text),
  clocks,
  demonstration: Type.Boolean(),
  notice: Type.Optional(text),
  entries: Type.Array(Type.Object({ ori: text, name: text, type: text, state: text, active: Type.Boolean() }, closed)),
  more: Type.Boolean(),
}, { ...closed, title: 'DirectoryAnswer' });

/** A fault, as problem details of RFC 9457. */
export const problemSchema = Type.Object({
  type: text,
  title: text,
  status: Type.Integer(),
  detail: text,
  code: words(Object.keys(faultStatus) as WireFaultCode[]),
  number: Type.String({ description: 'the number of the ER or SM message that says the same' }),
  at: nullable(text),
  echo: Type.String({ maxLength: 100 }),
  id: text,
  requester: nullable(text),
  control: nullable(text),
  clocks,
}, { ...closed, title: 'Problem' });
