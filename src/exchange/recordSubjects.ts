import type { PersonName, RecordData, Subject } from '../model/index.ts';

/**
 * The subjects by whose tags a resident finds an entry again, out of one record as it was given: the licence by its number, the vehicle by plate
 * and by vehicle number (without year, type and make, which a resident need not know), and the person by name and birth date.
 * What was given in a reduced form names nobody exactly and makes no subject: a masked number, a birth year, initials. The owner of a vehicle
 * makes none either, since a name alone is shared by many. Without repeats, in this order. The values are as the source gives them; they are
 * brought to the form that inquiries have.
 */
export function recordSubjects(record: RecordData): readonly Subject[] {
  const subjects: Subject[] = [];
  const number = record.licenceNumber === undefined ? '' : plainCode(record.licenceNumber.number);
  if (number !== '') subjects.push({ kind: 'licence', number });
  const plate = plainCode(record.vehicleRegistration?.plate ?? '');
  if (plate !== '') subjects.push({ kind: 'plate', plate, plateYear: null, plateType: null });
  const vin = plainCode(record.vehicleRegistration?.vin ?? '');
  if (vin !== '') subjects.push({ kind: 'vin', vin, make: null, year: null });
  const name = record.name === undefined ? null : plainName(record.name);
  if (name !== null && record.birthDate !== undefined && isDay.test(record.birthDate)) {
    subjects.push({ kind: 'person', name, birthDate: record.birthDate, sex: null });
  }
  return subjects;
}

const isDay = /^\d{4}-\d{2}-\d{2}$/;

/** A plate or number in capitals and without spaces, as inquiries carry it; empty where it is masked. */
export function plainCode(text: string): string {
  const code = text.replaceAll(/\s/g, '').toUpperCase();
  return code.includes('*') ? '' : code;
}

/** A name in capitals with single spaces, with one word as the given name, as inquiries carry it; null for initials and where there is no surname. */
export function plainName({ surname, given, middle }: PersonName): PersonName | null {
  const last = wordsOf(surname).join(' ');
  const [first = '', ...rest] = wordsOf(`${given} ${middle}`);
  const name = { surname: last, given: first, middle: rest.join(' ') };
  return last === '' || (last.length === 1 && first.length <= 1 && name.middle.length <= 1) ? null : name;
}

function wordsOf(text: string): readonly string[] {
  return text.toUpperCase().split(/\s+/).filter((word) => word !== '');
}
