import { fieldsOf, type Cell, type RowKind, type RowOf } from '../rows.ts';

interface Table {
  readonly name: string;
  /** Column and type, in the order of `fieldsOf`. */
  readonly columns: readonly (readonly [name: string, type: string])[];
}

/** The table of each kind of row. Names and types are ours: no input reaches them, so they may stand in a statement's text. */
export const tables: Readonly<Record<RowKind, Table>> = {
  organisations: {
    name: 'registry_organisation',
    columns: [
      ['id', 'text'], ['name', 'text'], ['parent', 'text'], ['level', 'text'], ['department', 'text'], ['component', 'text'], ['home_state', 'text'],
      ['missions', 'text[]'], ['criminal_justice', 'text'], ['audit', 'text'], ['invented', 'boolean'],
    ],
  },
  offices: {
    name: 'registry_office',
    columns: [['ori', 'text'], ['organisation', 'text'], ['name', 'text'], ['state', 'text'], ['county', 'text'], ['type', 'text'], ['active', 'boolean']],
  },
  affiliations: {
    name: 'registry_affiliation',
    columns: [
      ['kind', 'text'], ['from_organisation', 'text'], ['to_organisation', 'text'], ['detail', 'text'], ['since', 'date'], ['until', 'date'],
      ['provenance', 'text'], ['grade', 'text'], ['confirmed', 'boolean'],
    ],
  },
  certifications: {
    name: 'registry_certification',
    columns: [['organisation', 'text'], ['certification', 'text'], ['owner', 'text'], ['since', 'date'], ['until', 'date']],
  },
};

/** The names of the columns of a kind, for a statement. */
export function columnNames(kind: RowKind): string {
  return tables[kind].columns.map(([name]) => name).join(', ');
}

/** Rows out of one list for each field: JSON gives days as `YYYY-MM-DD` and words as they are. */
export function rowsOfColumns<K extends RowKind>(kind: K, columns: readonly (readonly Cell[])[]): RowOf[K][] {
  const fields: readonly string[] = fieldsOf[kind];
  return (columns[0] ?? []).map((_first, place) => {
    const row: Record<string, Cell> = {};
    for (let field = 0; field < fields.length; field++) row[fields[field] as string] = columns[field]?.[place] as Cell;
    return row as unknown as RowOf[K];
  });
}

/** A row as an object with the names of its columns, as `json_to_recordset` reads it. */
export function recordOf<K extends RowKind>(kind: K, row: RowOf[K]): Record<string, Cell> {
  const fields: readonly (keyof RowOf[K] & string)[] = fieldsOf[kind];
  return Object.fromEntries(fields.map((field, place) => [tables[kind].columns[place]?.[0] as string, row[field] as Cell]));
}
