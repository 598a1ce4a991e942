import { plainCode, plainName } from '../../exchange/recordSubjects.ts';
import type { PersonName, Sex, Subject } from '../../model/index.ts';
import { SubjectsError } from './errors.ts';

/** What a resident gives to find their own entries. */
export interface ResidentGiven {
  readonly licences: readonly string[];
  /** With the two-letter types under which the plate may have been asked for, besides passenger cars (`PC`). */
  readonly plates: readonly { readonly plate: string; readonly types: readonly string[] }[];
  readonly vins: readonly { readonly vin: string; readonly make: string | null; readonly year: string | null }[];
  readonly people: readonly { readonly name: PersonName; readonly birthDate: string }[];
}

const sexes: readonly (Sex | null)[] = [null, 'M', 'F', 'U', 'X'];

/**
 * All subjects under which entries about this resident could stand in the period, each once: an inquiry is found by exactly what was asked by, so a plate
 * is taken with each year and type that goes with it, a person with each sex, and a name with its middle name, its initial and without. Days are
 * `YYYY-MM-DD`. Throws `REPORT` where something given cannot be part of an inquiry.
 */
export function residentSubjects({ licences, plates, vins, people }: ResidentGiven, from: string, to: string): readonly Subject[] {
  const subjects: Subject[] = [];
  for (const licence of licences) subjects.push({ kind: 'licence', number: code(licence, 'licence number') });
  for (const { plate, types } of plates) {
    const text = code(plate, 'plate');
    for (const plateYear of plateYears(from, to)) {
      for (const plateType of [null, ...new Set(['PC', ...types.map((type) => code(type, 'plate type'))])]) subjects.push({ kind: 'plate', plate: text, plateYear, plateType });
    }
  }
  for (const { vin, make, year } of vins) {
    const text = code(vin, 'vehicle number');
    for (const one of make === null ? [null] : [null, code(make, 'make')]) for (const of of year === null ? [null] : [null, year]) subjects.push({ kind: 'vin', vin: text, make: one, year: of });
  }
  for (const { name, birthDate } of people) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(birthDate)) throw new SubjectsError('REPORT', 'a birth date is written YYYY-MM-DD');
    for (const variant of nameVariants(name)) {
      for (const sex of sexes) subjects.push({ kind: 'person', name: variant, birthDate, sex });
      subjects.push({ kind: 'name', name: variant }, { kind: 'owner', name: variant });
    }
  }
  const seen = new Map(subjects.map((subject) => [JSON.stringify(subject), subject]));
  if (seen.size === 0) throw new SubjectsError('REPORT', 'give a licence number, a plate, a vehicle number, or a name with a birth date');
  return [...seen.values()];
}

/** A plate year is the one in which the plate ends: that of the period, the one before, or one of the next two; or `NX`, for none; or it was not given. */
function plateYears(from: string, to: string): readonly (string | null)[] {
  const years: (string | null)[] = [null, 'NX'];
  for (let year = Number(from.slice(0, 4)) - 1; year <= Number(to.slice(0, 4)) + 2; year += 1) years.push(String(year));
  return years;
}

function nameVariants(given: PersonName): readonly PersonName[] {
  const name = plainName(given);
  if (name === null) throw new SubjectsError('REPORT', 'a name has a surname of more than its initial');
  const middles = name.middle === '' ? [''] : [name.middle, name.middle.slice(0, 1), ''];
  return [...new Set(middles)].map((middle) => ({ ...name, middle }));
}

function code(text: string, what: string): string {
  const plain = plainCode(text);
  if (!/^[A-Z0-9-]{1,30}$/.test(plain)) throw new SubjectsError('REPORT', `a ${what} is letters and digits`);
  return plain;
}
