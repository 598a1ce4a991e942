import Type, { type Static } from 'typebox';
import { allPurposes, answerStatuses, courtClasses, inquiryKeys, namesOf } from '../../vocabulary/index.ts';

const closed = { additionalProperties: false };
const columnName = Type.String({ minLength: 1, maxLength: 128, description: 'a column by its name; in JSON the path to a member, as in requester.ori; in messages a column of the line in front' });

const columnSchema = Type.Union([
  columnName,
  Type.Object({
    column: columnName,
    values: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'what the log writes, and what it means here: {"17": trafficEnforcement}. Capitals and small letters are the same' })),
    otherwise: Type.Optional(Type.String({ description: 'what any other word means; without it, it is counted as unknown' })),
    empty: Type.Optional(Type.String({ description: 'what nothing means' })),
  }, closed),
  Type.Object({ constant: Type.String({ minLength: 1, maxLength: 128 }) }, closed),
], { description: 'a column, a column with the meaning of its values, or the same for every line' });

const optional = Type.Optional(columnSchema);

const nameSchema = Type.Union([
  Type.Object({
    full: columnName,
    order: Type.Optional(Type.Union([Type.Literal('surnameFirst'), Type.Literal('givenFirst')], { description: 'where there is no comma: surnameFirst (default), or givenFirst' })),
  }, closed),
  Type.Object({ surname: columnName, given: Type.Optional(columnName), middle: Type.Optional(columnName) }, closed),
], { description: 'a name in one column (LAST,FIRST MIDDLE), or in several' });

const subjectSchema = Type.Union([
  Type.Object({ kind: Type.Literal('licence'), number: columnName }, closed),
  Type.Object({ kind: Type.Literal('person'), name: nameSchema, birthDate: Type.Optional(columnName), birthDateForm: Type.Optional(Type.String()), sex: optional }, closed),
  Type.Object({ kind: Type.Literal('plate'), plate: columnName, plateYear: Type.Optional(columnName), plateType: Type.Optional(columnName) }, closed),
  Type.Object({ kind: Type.Literal('vin'), vin: columnName, make: Type.Optional(columnName), year: Type.Optional(columnName) }, closed),
  Type.Object({ kind: Type.Literal('partialPlate'), pattern: columnName, plateType: Type.Optional(columnName) }, closed),
], { description: 'of whom or what was asked. Only a keyed tag is kept. The first whose main column holds something counts' });

const presentSchema = Type.Union([
  columnName,
  Type.Object({
    column: columnName,
    absent: Type.Optional(Type.Array(Type.String(), { description: 'words that mean that there is none, such as N/A' })),
    grade: Type.Optional(Type.Union([Type.Literal('stated'), Type.Literal('numbered')], { description: 'numbered (default): the column holds its number; stated: it only says that there is one' })),
  }, closed),
], { description: 'a column that holds something where there is one. The value itself is not kept' });

const timeSchema = Type.Object({
  columns: Type.Array(columnName, { minItems: 1, maxItems: 4, description: 'one column, or several that are read with a space between' }),
  form: Type.String({ minLength: 2, maxLength: 60, description: 'iso, unix, unixMs, or tokens: YYYY YY MM M MMM DD D DDD HH H hh h mm ss SSS A Z' }),
  zone: Type.Optional(Type.String({ maxLength: 60, description: 'America/Los_Angeles, UTC, -08:00. Needed where the text does not say it' })),
  overlap: Type.Optional(Type.Union([Type.Literal('first'), Type.Literal('second'), Type.Literal('order')], { description: 'which of two moments an hour is that the clocks went through twice: first (default), second, or the one that keeps the order of the lines' })),
  earliest: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', description: 'the first day that is possible; 1990-01-01 where it is not given' })),
  latest: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', description: 'the last day that is possible; tomorrow where it is not given' })),
}, closed);

const separator = Type.String({ minLength: 1, maxLength: 1 });

/** The JSON Schema of a mapping of a log. docs/imports.md explains each member. */
export const mappingSchema = Type.Object({
  log: Type.Literal(1, { description: 'the version of this form' }),
  about: Type.Optional(Type.String({ maxLength: 200, description: 'one line for people: what log this is' })),
  format: Type.Union([Type.Literal('csv'), Type.Literal('jsonl'), Type.Literal('fixed'), Type.Literal('message')]),
  encoding: Type.Optional(Type.Union([Type.Literal('utf-8'), Type.Literal('latin1'), Type.Literal('windows-1252')])),
  csv: Type.Optional(Type.Object({
    delimiter: Type.Optional(separator),
    quote: Type.Optional(Type.Union([separator, Type.Literal('none')])),
    header: Type.Optional(Type.Boolean({ description: 'the first line names the columns (default)' })),
    columns: Type.Optional(Type.Array(columnName, { minItems: 1, maxItems: 1000, description: 'the names of the columns where no header does' })),
    multiline: Type.Optional(Type.Boolean({ description: 'quoted values may run over line ends' })),
  }, closed)),
  fixed: Type.Optional(Type.Object({
    columns: Type.Record(Type.String(), Type.Tuple([Type.Integer({ minimum: 1, maximum: 65_536 }), Type.Integer({ minimum: 1, maximum: 65_536 })]), { description: 'name: [first character from 1, number of characters]' }),
    least: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_536, description: 'how long a line at least is' })),
  }, closed)),
  message: Type.Optional(Type.Object({
    frame: Type.Union([Type.Literal('line'), Type.Literal('blank'), Type.Literal('etx')], { description: 'line: one message a line, after the columns; blank, etx: a line of columns, the message on the next lines, then an empty line or ETX' }),
    columns: Type.Array(columnName, { minItems: 1, maxItems: 50, description: 'the columns in front of the message' }),
    delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 4, description: 'between the columns in front; a space where it is not given' })),
  }, closed)),
  messageFormat: Type.Optional(Type.Union([Type.Literal('legacy'), Type.Literal('niem'), Type.Literal('json')], { description: 'the encoding in which the requests came; legacy where it is not given' })),
  longest: Type.Optional(Type.Integer({ minimum: 64, maximum: 1_048_576, description: 'bytes that an entry has at most; 65536 where it is not given' })),
  skip: Type.Optional(Type.Object({
    first: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000, description: 'lines at the beginning of each file' })),
    comments: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { description: 'how comments begin' })),
    trailers: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { description: 'how trailers begin. A number in one is compared with the lines of entries before it' })),
    where: Type.Optional(Type.Array(Type.Object({ column: columnName, is: Type.Array(Type.String(), { minItems: 1 }) }, closed), { description: 'lines with one of these words in the column are skipped' })),
  }, closed)),
  duplicates: Type.Optional(Type.Object({
    by: Type.Union([Type.Literal('line'), Type.Literal('id'), Type.Literal('none')], { description: 'line: the same line again (default without an id); id: the same id again (default with one)' }),
    within: Type.Optional(Type.Integer({ minimum: 1, maximum: 20_000_000, description: 'how many entries back at least; 1,000,000 where it is not given' })),
  }, closed)),
  id: Type.Optional(columnName),
  time: timeSchema,
  ori: optional,
  onBehalfOf: optional,
  owner: Type.Optional(columnSchema),
  key: optional,
  purpose: optional,
  caseNumber: Type.Optional(presentSchema),
  warrant: Type.Optional(presentSchema),
  court: optional,
  user: Type.Optional(columnName),
  userName: Type.Optional(nameSchema),
  subject: Type.Optional(Type.Array(subjectSchema, { minItems: 1, maxItems: 20 })),
  image: optional,
  status: optional,
  released: Type.Optional(Type.Object({ column: columnName, separator: Type.Optional(separator), values: Type.Optional(Type.Record(Type.String(), Type.String())) }, closed)),
  records: Type.Optional(columnName),
}, { ...closed, $id: 'weir:logMapping:1', title: 'Weir mapping of a log' });

export type Mapping = Static<typeof mappingSchema>;
export type ColumnMapping = Static<typeof columnSchema>;
export type NameMapping = Static<typeof nameSchema>;
export type SubjectMapping = Static<typeof subjectSchema>;
export type PresentMapping = Static<typeof presentSchema>;

/** The words into which values of each member are put. */
export const wordsOf: Readonly<Partial<Record<keyof Mapping, readonly string[]>>> = {
  key: inquiryKeys, purpose: allPurposes, status: namesOf(answerStatuses), court: namesOf(courtClasses), image: ['yes', 'no'],
};
