import type { PostgresType } from 'postgres';

/** A type of PostgreSQL that is kept in arrays: its number, that of its array, and how a value is written and read where text does not do. */
interface Element {
  readonly array: number;
  readonly read?: (text: string) => unknown;
  readonly write?: (value: never) => string;
}

const asNumber: Element['read'] = (text) => Number(text);
const asDate: Element['read'] = (text) => new Date(text);
const dateText = (value: Date | string): string => new Date(value).toISOString();

/** The numbers are fixed in every PostgreSQL (its file `pg_type.dat`). */
const elements: Readonly<Record<string, Element>> = {
  text: { array: 1009 },
  varchar: { array: 1015 },
  name: { array: 1003 },
  uuid: { array: 2951 },
  bigint: { array: 1016 },
  numeric: { array: 1231 },
  smallint: { array: 1005, read: asNumber },
  int: { array: 1007, read: asNumber },
  oid: { array: 1028, read: asNumber },
  real: { array: 1021, read: asNumber },
  double: { array: 1022, read: asNumber },
  boolean: { array: 1000, read: (text) => text === 't', write: (value: boolean) => (value ? 't' : 'f') },
  date: { array: 1182, read: asDate, write: dateText },
  timestamp: { array: 1115, read: asDate, write: dateText },
  timestamptz: { array: 1185, read: asDate, write: dateText },
  json: { array: 199, read: (text) => JSON.parse(text) as unknown, write: (value: unknown) => JSON.stringify(value) },
  jsonb: { array: 3807, read: (text) => JSON.parse(text) as unknown, write: (value: unknown) => JSON.stringify(value) },
};

/**
 * How arrays are written and read. The driver asks each new connection for this, and where the connection is lost during that question its refusal is heard by nobody and ends the process; so the
 * numbers stand here, and a connection opens without a question.
 */
export const arrayTypes: Record<string, PostgresType> = Object.fromEntries(Object.entries(elements).map(([name, { array, read, write }]) => [`${name}Array`, {
  to: array,
  from: [array],
  serialize: (value: unknown) => (Array.isArray(value) ? writeArray(value, write as ((value: unknown) => string) | undefined) : value),
  parse: (text: string) => readArray(text, read),
}]));

function writeArray(values: readonly unknown[], write: ((value: unknown) => string) | undefined): string {
  const parts = values.map((value) => {
    if (value === null) return 'null';
    if (value === undefined) throw new TypeError('an array for the database has an element that is undefined');
    if (Array.isArray(value) && write === undefined) return writeArray(value, write);
    return `"${(write === undefined ? plain(value) : write(value)).replace(/["\\]/g, (c) => `\\${c}`)}"`;
  });
  return `{${parts.join(',')}}`;
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
}

/** `text` is what PostgreSQL writes: `{a,"b c",NULL,{…}}`. Lower bounds (`[0:1]={…}`) are left out. */
export function readArray(text: string, read: ((text: string) => unknown) | undefined): unknown[] {
  let at = text.indexOf('{');
  const value = (word: string, quoted: boolean): unknown => (!quoted && word === 'NULL' ? null : read === undefined ? word : read(word));
  const list = (): unknown[] => {
    const found: unknown[] = [];
    at += 1;
    while (at < text.length && text[at] !== '}') {
      if (text[at] === ',') at += 1;
      else if (text[at] === '{') found.push(list());
      else if (text[at] === '"') found.push(value(quoted(), true));
      else {
        const end = at + (/[,}]/.exec(text.slice(at))?.index ?? text.length - at);
        found.push(value(text.slice(at, end), false));
        at = end;
      }
    }
    at += 1;
    return found;
  };
  const quoted = (): string => {
    let word = '';
    for (at += 1; at < text.length && text[at] !== '"'; at += 1) {
      if (text[at] === '\\') at += 1;
      word += text[at] ?? '';
    }
    at += 1;
    return word;
  };
  return list();
}
