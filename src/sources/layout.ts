import { sql, type RawBuilder } from 'kysely';
import type { Address, HistoryEvent, Picture, RecordData } from '../model/index.ts';
import type { DataClass } from '../vocabulary/index.ts';
import { nonsense } from './fault.ts';
import type { AddressMapping, ColumnRef, DriverMapping, HistoryMapping, Mapping, NameMapping, PictureMapping, VehicleMapping } from './mappingSchema.ts';
import { columnOf, dateOf, listOf, nameOf, numberOf, sexOf, textOf } from './values.ts';

export type Row = readonly unknown[];
export type Dialect = 'postgres' | 'mysql';
type Draft = { -readonly [K in keyof RecordData]: RecordData[K] };
type Put = (row: Row, draft: Draft, owner: string) => void;
type Pick = (expression: RawBuilder<unknown>) => number;

/** The columns that some classes need, and how a row of them becomes a record. */
export interface Layout {
  readonly columns: readonly RawBuilder<unknown>[];
  /** Reads a row whose columns begin at 1. Throws a `SourceFault` where a value cannot be what the mapping says. */
  read(row: Row, owner: string): RecordData;
}

/** Which table a kind of subject is looked up in. */
export type Section = 'driver' | 'vehicle';

/** The classes that each table can carry. */
export const sectionClasses: Readonly<Record<Section, readonly DataClass[]>> = {
  driver: [
    'licenceStatus', 'licenceNumber', 'name', 'birthDate', 'description', 'address', 'photo', 'signature', 'ssn', 'medical',
    'immigrationDocuments', 'driverHistory',
  ],
  vehicle: ['vehicleRegistration', 'registeredOwner'],
};

/**
 * Lays out the columns of exactly `classes`: what is not asked for is not in the statement (nothing withheld is ever
 * fetched), and what is not mapped is not held. The table has the alias `d`.
 */
export function layout(mapping: Mapping, section: Section, classes: readonly DataClass[], dialect: Dialect): Layout {
  const columns: RawBuilder<unknown>[] = [];
  const pick: Pick = expression => columns.push(expression);
  const puts = classes.map(dataClass => section === 'driver' ? driverPut(dataClass, mapping, dialect, pick) : vehiclePut(dataClass, mapping.vehicle, pick)).filter(put => put !== null);
  return {
    columns,
    read(row, owner) {
      const draft: Draft = {};
      for (const put of puts) put(row, draft, owner);
      return draft;
    },
  };
}

/** A reference to a column of the table that is looked up. */
export function d(ref: ColumnRef): RawBuilder<unknown> {
  return sql.ref(`d.${columnOf(ref)}`);
}

function driverPut(dataClass: DataClass, mapping: Mapping, dialect: Dialect, pick: Pick): Put | null {
  const driver = mapping.driver;
  if (driver === undefined) return null;
  switch (dataClass) {
    case 'licenceNumber': return licenceNumber(driver, pick);
    case 'licenceStatus': return licenceStatus(driver, pick);
    case 'name': return driver.name === undefined ? null : put('name', nameReader(driver.name, pick));
    case 'birthDate': return put('birthDate', reader(driver.birthDate, dateOf, pick));
    case 'description': return description(driver, pick);
    case 'address': return driver.address === undefined ? null : put('address', addressReader(driver.address, pick));
    case 'photo': return driver.photo === undefined ? null : put('photo', pictureReader(driver.photo, mapping, pick));
    case 'signature': return driver.signature === undefined ? null : put('signature', pictureReader(driver.signature, mapping, pick));
    case 'ssn': return put('ssn', reader(driver.ssn, textOf, pick));
    case 'medical': return put('medical', reader(driver.medical, listOf, pick));
    case 'immigrationDocuments': return immigrationDocuments(driver, pick);
    case 'driverHistory': return mapping.history === undefined ? null : put('driverHistory', historyReader(mapping.history, driver, mapping, dialect, pick));
    case 'vehicleRegistration':
    case 'registeredOwner': return null;
  }
}

function vehiclePut(dataClass: DataClass, vehicle: VehicleMapping | undefined, pick: Pick): Put | null {
  if (vehicle === undefined) return null;
  if (dataClass === 'vehicleRegistration') return vehicleRegistration(vehicle, pick);
  if (dataClass !== 'registeredOwner' || vehicle.registeredOwner === undefined) return null;
  const name = nameReader(vehicle.registeredOwner.name, pick);
  const address = vehicle.registeredOwner.address === undefined ? nothing : addressReader(vehicle.registeredOwner.address, pick);
  return (row, draft) => {
    const person = name(row);
    const home = address(row);
    if (person !== undefined) draft.registeredOwner = home === undefined ? { name: person } : { name: person, address: home };
  };
}

/** Puts a value under its class where there is one. */
function put<K extends keyof RecordData>(name: K, read: (row: Row) => RecordData[K] | undefined): Put {
  return (row, draft) => {
    const value = read(row);
    if (value !== undefined) draft[name] = value;
  };
}

function nothing(): undefined {
  return undefined;
}

/** A function that reads one column, or nothing where it is not mapped. */
function reader<T>(ref: ColumnRef | undefined, convert: (value: unknown, ref: ColumnRef) => T | undefined, pick: Pick): (row: Row) => T | undefined {
  if (ref === undefined) return nothing;
  const at = pick(d(ref));
  return row => convert(row[at], ref);
}

type Members<T> = { readonly [K in keyof T]?: (row: Row) => T[K] | undefined };

/** Collects the members that are there. */
function members<T extends object>(readers: Members<T>): (row: Row, into: Partial<T>) => Partial<T> {
  const entries = Object.entries(readers) as [keyof T, (row: Row) => T[keyof T] | undefined][];
  return (row, into) => {
    for (const [name, read] of entries) {
      const value = read(row);
      if (value !== undefined) into[name] = value;
    }
    return into;
  };
}

function licenceNumber(driver: DriverMapping, pick: Pick): Put {
  const read = reader(driver.key, textOf, pick);
  return (row, draft, owner) => {
    const number = read(row);
    if (number !== undefined) draft.licenceNumber = { number, jurisdiction: owner };
  };
}

type Status = NonNullable<RecordData['licenceStatus']>;

function licenceStatus(driver: DriverMapping, pick: Pick): Put | null {
  const m = driver.licenceStatus;
  if (m === undefined) return null;
  const status = reader(m.status, textOf, pick);
  const rest = members<Omit<Status, 'status'>>({
    licenceClass: reader(m.licenceClass, textOf, pick), issued: reader(m.issued, dateOf, pick), expires: reader(m.expires, dateOf, pick),
    restrictions: reader(m.restrictions, listOf, pick), endorsements: reader(m.endorsements, listOf, pick),
  });
  return (row, draft) => {
    const word = status(row);
    if (word !== undefined) draft.licenceStatus = { status: word, ...rest(row, {}) };
  };
}

type Description = NonNullable<RecordData['description']>;

function description(driver: DriverMapping, pick: Pick): Put | null {
  const m = driver.description;
  if (m === undefined) return null;
  const read = members<Description>({
    sex: reader(m.sex, sexOf, pick), height: reader(m.height, numberOf, pick), weight: reader(m.weight, numberOf, pick),
    eyes: reader(m.eyes, textOf, pick), hair: reader(m.hair, textOf, pick),
  });
  return (row, draft) => {
    const value = read(row, {});
    for (const _ in value) { // at least one member is there
      draft.description = value;
      return;
    }
  };
}

function immigrationDocuments(driver: DriverMapping, pick: Pick): Put | null {
  const m = driver.immigrationDocuments;
  if (m === undefined) return null;
  const type = reader(m.type, textOf, pick);
  const rest = members<{ number: string; expires: string }>({ number: reader(m.number, textOf, pick), expires: reader(m.expires, dateOf, pick) });
  return (row, draft) => {
    const word = type(row);
    if (word !== undefined) draft.immigrationDocuments = [{ type: word, ...rest(row, {}) }];
  };
}

type Registration = NonNullable<RecordData['vehicleRegistration']>;

function vehicleRegistration(m: VehicleMapping, pick: Pick): Put {
  const plate = reader(m.plate, textOf, pick);
  const rest = members<Omit<Registration, 'plate'>>({
    plateType: reader(m.plateType, textOf, pick), plateYear: reader(m.plateYear, textOf, pick), vin: reader(m.vin, textOf, pick),
    make: reader(m.make, textOf, pick), model: reader(m.model, textOf, pick), style: reader(m.style, textOf, pick),
    colour: reader(m.colour, textOf, pick), year: reader(m.year, textOf, pick), expires: reader(m.expires, dateOf, pick),
  });
  return (row, draft) => {
    const number = plate(row);
    if (number !== undefined) draft.vehicleRegistration = { plate: number, ...rest(row, {}) };
  };
}

function nameReader(m: NameMapping, pick: Pick): (row: Row) => RecordData['name'] {
  const surname = reader(m.surname, textOf, pick);
  const given = reader(m.given, textOf, pick);
  const middle = reader(m.middle, textOf, pick);
  return row => nameOf(surname(row), given(row), middle(row));
}

function addressReader(m: AddressMapping, pick: Pick): (row: Row) => Address | undefined {
  const state = reader(m.state, textOf, pick);
  const rest = members<Omit<Address, 'state'>>({
    street: reader(m.street, textOf, pick), city: reader(m.city, textOf, pick), county: reader(m.county, textOf, pick), zip: reader(m.zip, textOf, pick),
  });
  return row => {
    const word = state(row);
    return word === undefined ? undefined : { ...rest(row, {}), state: word };
  };
}

/** Two subqueries rather than a join, so that a key that is not unique cannot multiply the driver. */
function pictureReader(m: PictureMapping, mapping: Mapping, pick: Pick): (row: Row) => Picture | undefined {
  const column = (ref: ColumnRef): RawBuilder<unknown> => {
    if (m.table === undefined || m.key === undefined || m.by === undefined) return d(ref);
    const own = m.partition === undefined || mapping.partition === undefined ? sql`` : sql` and ${sql.ref(`p.${m.partition}`)} = ${d(mapping.partition.column)}`;
    return sql`(select ${sql.ref(`p.${columnOf(ref)}`)} from ${sql.table(m.table)} as p where ${sql.ref(`p.${m.key}`)} = ${d(m.by)}${own} limit 1)`;
  };
  const bytesAt = pick(column(m.bytes));
  const type = m.mediaType;
  const typeAt = type === undefined ? null : pick(column(type));
  return row => {
    const bytes = row[bytesAt];
    if (bytes === null || bytes === undefined) return undefined;
    if (!(bytes instanceof Uint8Array)) throw nonsense(m.bytes, 'bytes');
    const mediaType = type === undefined || typeAt === null ? sniffed(bytes) : textOf(row[typeAt], type);
    if (mediaType !== 'image/png' && mediaType !== 'image/jpeg') throw nonsense(type === undefined ? m.bytes : columnOf(type), 'a PNG or JPEG picture');
    return { mediaType, bytes };
  };
}

function sniffed(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return 'image/png';
  return bytes[0] === 0xff && bytes[1] === 0xd8 ? 'image/jpeg' : undefined;
}

const maxEvents = 1000;
const eventKinds = new Set<string>(['conviction', 'accident', 'withdrawal', 'reinstatement'] satisfies HistoryEvent['kind'][]);

/**
 * The history comes as one JSON value of a subquery bound to the driver's own row, so that one round trip does
 * and the licence number itself need not be fetched. Newest first, at most 1,000 events.
 */
function historyReader(m: HistoryMapping, driver: DriverMapping, mapping: Mapping, dialect: Dialect, pick: Pick): (row: Row) => readonly HistoryEvent[] {
  const h = (ref: ColumnRef): RawBuilder<unknown> => sql.ref(`h.${columnOf(ref)}`);
  const fields = sql.join([m.date, m.kind, m.code, m.text, m.jurisdiction].map(h));
  const list = dialect === 'postgres' ? sql`json_agg(json_build_array(${fields}))` : sql`json_arrayagg(json_array(${fields}))`;
  const own = mapping.partition === undefined ? sql`` : sql` and ${h(mapping.partition.column)} = ${d(mapping.partition.column)}`;
  const at = pick(sql`(select ${list} from ${sql.table(m.table)} as h where ${h(m.by)} = ${d(driver.key)}${own})`);
  return row => {
    const events = jsonList(row[at], m.table).map(event => historyEvent(event, m));
    return events.sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0)).slice(0, maxEvents);
  };
}

function jsonList(value: unknown, table: string): readonly unknown[] {
  if (value === null || value === undefined) return [];
  let list: unknown = value;
  if (typeof value === 'string') {
    try {
      list = JSON.parse(value);
    } catch {
      throw nonsense(table, 'a history that can be read');
    }
  }
  if (!Array.isArray(list)) throw nonsense(table, 'a history that can be read');
  return list;
}

function historyEvent(value: unknown, m: HistoryMapping): HistoryEvent {
  const [date, kind, code, text, jurisdiction] = value as Row;
  const day = dateOf(date, m.date);
  const word = textOf(kind, m.kind);
  if (day === undefined) throw nonsense(columnOf(m.date), 'a date');
  if (word === undefined || !eventKinds.has(word)) throw nonsense(columnOf(m.kind), 'conviction, accident, withdrawal or reinstatement; `values` can say what each word means');
  return {
    date: day, kind: word as HistoryEvent['kind'], code: textOf(code, m.code) ?? '', text: textOf(text, m.text) ?? '',
    jurisdiction: textOf(jurisdiction, m.jurisdiction) ?? '',
  };
}
