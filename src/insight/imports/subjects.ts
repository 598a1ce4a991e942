import { plainCode, plainName } from '../../exchange/recordSubjects.ts';
import type { PersonName, Sex, Subject } from '../../model/index.ts';
import { messageKeys, type InquiryKey } from '../../vocabulary/index.ts';
import type { ColumnMapping, NameMapping, SubjectMapping } from './mappingSchema.ts';
import { timeReader, type ReadTime } from './timeFormat.ts';
import { textColumn, wordColumn, type TextColumn } from './columns.ts';

/** Reads of whom or what was asked. Null where nothing is stated; `bad` where it is and cannot be read. */
export type SubjectReader = (cells: readonly string[], key: InquiryKey) => Subject | null | 'bad';

/** The first of the mapped subjects whose main column holds something. */
export function subjectReader(mapped: readonly SubjectMapping[], place: (column: string) => number): SubjectReader {
  const readers = mapped.map((one) => readerOf(one, place));
  return (cells, key) => {
    for (const read of readers) {
      const found = read(cells, key);
      if (found !== null) return found;
    }
    return null;
  };
}

/** A name out of one column or several, as inquiries carry it; null where there is none. */
export function nameReader(mapped: NameMapping, place: (column: string) => number): (cells: readonly string[]) => PersonName | null {
  if ('full' in mapped) {
    const full = textColumn(mapped.full, place);
    const givenFirst = mapped.order === 'givenFirst';
    return (cells) => nameOf(full(cells), givenFirst);
  }
  const [surname, given, middle] = [textColumn(mapped.surname, place), maybeText(mapped.given, place), maybeText(mapped.middle, place)];
  return (cells) => plainName({ surname: surname(cells), given: given(cells), middle: middle(cells) });
}

/** `LAST,FIRST MIDDLE`; without a comma the surname alone or first, or with `givenFirst` last. */
function nameOf(text: string, givenFirst: boolean): PersonName | null {
  if (text.length > 200) return null;
  const comma = text.indexOf(',');
  if (comma >= 0) return plainName({ surname: text.slice(0, comma), given: text.slice(comma + 1).replaceAll(',', ' '), middle: '' });
  const words = text.split(/\s+/);
  if (!givenFirst) return plainName({ surname: words[0] ?? '', given: words.slice(1).join(' '), middle: '' });
  return plainName({ surname: words.at(-1) ?? '', given: words.slice(0, -1).join(' '), middle: '' });
}

function readerOf(mapped: SubjectMapping, place: (column: string) => number): SubjectReader {
  switch (mapped.kind) {
    case 'licence': return codeReader(mapped.number, place, (number) => ({ kind: 'licence', number }));
    case 'plate': {
      const [year, type] = [maybeText(mapped.plateYear, place), maybeText(mapped.plateType, place)];
      return codeReader(mapped.plate, place, (plate, cells) => ({ kind: 'plate', plate, plateYear: plainCode(year(cells)) || null, plateType: plainCode(type(cells)) || null }));
    }
    case 'vin': {
      const [make, year] = [maybeText(mapped.make, place), maybeText(mapped.year, place)];
      return codeReader(mapped.vin, place, (vin, cells) => ({ kind: 'vin', vin, make: plainCode(make(cells)) || null, year: plainCode(year(cells)) || null }));
    }
    case 'partialPlate': {
      const [pattern, type] = [textColumn(mapped.pattern, place), maybeText(mapped.plateType, place)];
      return (cells) => {
        const text = pattern(cells).replaceAll(/\s/g, '').toUpperCase();
        if (text === '') return null;
        return text.length > 20 ? 'bad' : { kind: 'partialPlate', pattern: text, plateType: plainCode(type(cells)) || null };
      };
    }
    case 'person': return personReader(mapped, place);
  }
}

function codeReader(column: string, place: (column: string) => number, make: (code: string, cells: readonly string[]) => Subject): SubjectReader {
  const read = textColumn(column, place);
  return (cells) => {
    const text = read(cells);
    if (text === '') return null;
    const code = plainCode(text);
    return code === '' || code.length > 40 ? 'bad' : make(code, cells);
  };
}

/** Without a birth date it is a name alone: of a driver, or of the owner of a vehicle where the key asks for that. */
function personReader(mapped: Extract<SubjectMapping, { kind: 'person' }>, place: (column: string) => number): SubjectReader {
  const name = nameReader(mapped.name, place);
  const stated = textColumn('full' in mapped.name ? mapped.name.full : mapped.name.surname, place);
  const birthDate = maybeText(mapped.birthDate, place);
  const readDay = timeReader(mapped.birthDateForm ?? 'YYYY-MM-DD');
  const sex = sexColumn(mapped.sex, place);
  const time: ReadTime = { local: 0, offset: NaN };
  return (cells, key) => {
    if (stated(cells) === '') return null;
    const found = name(cells);
    if (found === null) return 'bad';
    const day = birthDate(cells);
    if (day === '') return { kind: messageKeys[key].subjects.includes('owner') ? 'owner' : 'name', name: found };
    if (!readDay(day, time)) return 'bad';
    return { kind: 'person', name: found, birthDate: new Date(time.local).toISOString().slice(0, 10), sex: sex(cells) };
  };
}

const sexWords: Readonly<Record<string, Sex>> = { M: 'M', F: 'F', U: 'U', X: 'X', MALE: 'M', FEMALE: 'F', UNKNOWN: 'U' };

function sexColumn(mapped: ColumnMapping | undefined, place: (column: string) => number): (cells: readonly string[]) => Sex | null {
  if (mapped === undefined) return () => null;
  const read = wordColumn<Sex>(mapped, place, sexWords);
  return (cells) => read(cells) ?? null;
}

function maybeText(column: string | undefined, place: (column: string) => number): TextColumn {
  return column === undefined ? () => '' : textColumn(column, place);
}
