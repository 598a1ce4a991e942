import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { RecordData } from '../model/index.ts';
import type { SourceQuery, SourceResult } from '../exchange/ports.ts';
import { SourceFault } from './fault.ts';

const closed = { additionalProperties: false };
const text = Type.String({ minLength: 1, maxLength: 500 });
const date = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const o = Type.Optional;
const texts = Type.Array(text, { maxItems: 100 });
const base64 = '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$';
const name = Type.Object({ surname: text, given: Type.String({ maxLength: 500 }), middle: Type.String({ maxLength: 500 }) }, closed);
const address = Type.Object({ street: o(text), city: o(text), county: o(text), state: text, zip: o(text) }, closed);
const picture = Type.Object({
  mediaType: Type.Union([Type.Literal('image/png'), Type.Literal('image/jpeg')]), bytes: Type.String({ pattern: base64, minLength: 4 }),
}, closed);

const record = Type.Object({
  licenceStatus: o(Type.Object({ status: text, licenceClass: o(text), issued: o(date), expires: o(date), restrictions: o(texts), endorsements: o(texts) }, closed)),
  licenceNumber: o(Type.Object({ number: text, jurisdiction: text }, closed)),
  name: o(name),
  birthDate: o(date),
  description: o(Type.Object({
    sex: o(Type.Union(['M', 'F', 'U', 'X'].map(letter => Type.Literal(letter as 'M' | 'F' | 'U' | 'X')))),
    height: o(Type.Number({ minimum: 0, maximum: 1000 })), weight: o(Type.Number({ minimum: 0, maximum: 10_000 })), eyes: o(text), hair: o(text),
  }, closed)),
  address: o(address),
  photo: o(picture),
  signature: o(picture),
  ssn: o(text),
  medical: o(texts),
  immigrationDocuments: o(Type.Array(Type.Object({ type: text, number: o(text), expires: o(date) }, closed), { maxItems: 100 })),
  driverHistory: o(Type.Array(Type.Object({
    date, kind: Type.Union([Type.Literal('conviction'), Type.Literal('accident'), Type.Literal('withdrawal'), Type.Literal('reinstatement')]),
    code: Type.String({ maxLength: 500 }), text: Type.String({ maxLength: 500 }), jurisdiction: Type.String({ maxLength: 500 }),
  }, closed), { maxItems: 1000 })),
  vehicleRegistration: o(Type.Object({
    plate: text, plateType: o(text), plateYear: o(text), vin: o(text), make: o(text), model: o(text), style: o(text), colour: o(text), year: o(text), expires: o(date),
  }, closed)),
  registeredOwner: o(Type.Object({ name, address: o(address) }, closed)),
}, closed);

/** What an owner's service may answer with status 200. */
export const httpAnswerSchema = Type.Union([
  Type.Object({ status: Type.Literal('found'), records: Type.Array(record, { minItems: 1, maxItems: 500 }), more: Type.Boolean() }, closed),
  Type.Object({ status: Type.Literal('none') }, closed),
]);

type HttpRecord = Static<typeof record>;

const answer = Compile(httpAnswerSchema);

/** The body of a question: docs/sources.md, "A service over HTTP". */
export function httpQuestion(owner: string, query: SourceQuery): string {
  return JSON.stringify({ owner, key: query.key, subject: query.subject, classes: query.classes, limit: query.limit });
}

/**
 * Reads the body of an answer. The owner's service controls it: whatever is not exactly in the protocol, a class that was
 * not asked for included, is `misconfigured`. Throws a `SourceFault` that repeats nothing of the body.
 */
export function readHttpAnswer(body: string, query: SourceQuery): SourceResult {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new SourceFault('misconfigured', 'the service did not answer in JSON');
  }
  if (!answer.Check(value)) throw new SourceFault('misconfigured', 'the answer of the service is not in the protocol');
  if (value.status === 'none') return { status: 'none' };
  if (value.records.length > query.limit) throw new SourceFault('misconfigured', 'the service answered with more records than it was asked for');
  const wanted = new Set<string>(query.classes);
  const stranger = value.records.flatMap(Object.keys).find(member => !wanted.has(member));
  if (stranger !== undefined) throw new SourceFault('misconfigured', `the service answered with \`${stranger}\`, which it was not asked for`);
  return { status: 'found', records: value.records.map(recordOf), more: value.more };
}

function recordOf({ photo, signature, ...rest }: HttpRecord): RecordData {
  return { ...rest as RecordData, ...pictureOf('photo', photo), ...pictureOf('signature', signature) };
}

function pictureOf(name: 'photo' | 'signature', picture: HttpRecord['photo']): Pick<RecordData, 'photo' | 'signature'> {
  return picture === undefined ? {} : { [name]: { mediaType: picture.mediaType, bytes: Buffer.from(picture.bytes, 'base64') } };
}
