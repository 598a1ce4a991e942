import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false };

/** Identifiers are kept to this alphabet, so that quoting has nothing to do but to keep the case. A table may name its schema. */
const columnName = Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_$]{0,62}$', description: 'the name of a column, as the database writes it' });
const tableName = Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_$]{0,62}(\\.[A-Za-z_][A-Za-z0-9_$]{0,62})?$', description: 'the name of a table or view, with its schema where that is not the default' });

const columnSchema = Type.Union([
  columnName,
  Type.Object({
    column: columnName,
    values: Type.Record(Type.String(), Type.String(), { description: 'what the owner writes, and what it means here: {"1": M, "2": F}' }),
  }, closed),
], { description: 'a column, or a column with the meaning of its values' });

const optional = Type.Optional(columnSchema);

const nameSchema = Type.Object({ surname: columnSchema, given: optional, middle: optional }, closed);

const addressSchema = Type.Object({ street: optional, city: optional, county: optional, state: columnSchema, zip: optional }, closed);

const pictureSchema = Type.Object({
  table: Type.Optional(tableName),
  key: Type.Optional(columnName),
  by: Type.Optional(columnName),
  partition: Type.Optional(columnName),
  bytes: columnName,
  mediaType: optional,
}, { ...closed, description: 'a picture in the driver table, or in a table of its own: the row whose `key` equals the column `by` of the driver' });

const driverSchema = Type.Object({
  table: tableName,
  key: columnName,
  name: Type.Optional(nameSchema),
  birthDate: optional,
  description: Type.Optional(Type.Object({ sex: optional, height: optional, weight: optional, eyes: optional, hair: optional }, closed)),
  address: Type.Optional(addressSchema),
  licenceStatus: Type.Optional(Type.Object({
    status: columnSchema, licenceClass: optional, issued: optional, expires: optional, restrictions: optional, endorsements: optional,
  }, closed)),
  ssn: optional,
  medical: optional,
  immigrationDocuments: Type.Optional(Type.Object({ type: columnSchema, number: optional, expires: optional }, closed)),
  photo: Type.Optional(pictureSchema),
  signature: Type.Optional(pictureSchema),
}, closed);

const historySchema = Type.Object({
  table: tableName, by: columnName, date: columnSchema, kind: columnSchema, code: columnSchema, text: columnSchema, jurisdiction: columnSchema,
}, closed);

const vehicleSchema = Type.Object({
  table: tableName,
  plate: columnSchema,
  plateType: optional, plateYear: optional, vin: optional, make: optional, model: optional, style: optional, colour: optional, year: optional, expires: optional,
  registeredOwner: Type.Optional(Type.Object({ name: nameSchema, address: Type.Optional(addressSchema) }, closed)),
}, closed);

const ownerCode = Type.String({ pattern: '^[A-Z]{2}$', description: 'the two letters of an owner' });

/** The JSON Schema of a mapping file: `docs/sources.md` explains each member. */
export const mappingSchema = Type.Object({
  owners: Type.Union([Type.Literal('all'), Type.Array(ownerCode, { minItems: 1, maxItems: 200, uniqueItems: true })]),
  partition: Type.Optional(Type.Object({ column: columnName }, closed)),
  connection: Type.String({ pattern: '^(env:[A-Za-z_][A-Za-z0-9_]{0,99}|[a-z][a-z0-9-]{0,62})$', description: 'the name of a connection in the settings, or env:NAME' }),
  dialect: Type.Union([Type.Literal('postgres'), Type.Literal('mysql'), Type.Literal('http')]),
  driver: Type.Optional(driverSchema),
  history: Type.Optional(historySchema),
  vehicle: Type.Optional(vehicleSchema),
}, { ...closed, $id: 'weir:sourceMapping:1', title: 'Weir source mapping' });

export type Mapping = Static<typeof mappingSchema>;
export type ColumnRef = Static<typeof columnSchema>;
export type PictureMapping = Static<typeof pictureSchema>;
export type NameMapping = Static<typeof nameSchema>;
export type AddressMapping = Static<typeof addressSchema>;
export type DriverMapping = Static<typeof driverSchema>;
export type HistoryMapping = Static<typeof historySchema>;
export type VehicleMapping = Static<typeof vehicleSchema>;
