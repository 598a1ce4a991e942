import { sql, type RawBuilder } from 'kysely';
import type { Finding } from './connector.ts';
import { SourceFault } from './fault.ts';
import type { Dialect } from './layout.ts';
import type { Mapping, PictureMapping } from './mappingSchema.ts';
import { composer } from './composer.ts';

/** The tables and columns that a mapping names and the database does not show to us, each by its place in the mapping. */
export async function inspectMapping(mapping: Mapping, dialect: Dialect, run: (statement: string) => Promise<unknown>): Promise<readonly Finding[]> {
  const compiler = composer(dialect);
  const findings: Finding[] = [];
  const there = async (table: string, selected: RawBuilder<unknown>): Promise<boolean> => {
    try {
      await run(sql`select ${selected} from ${sql.table(table)} as ${sql.ref('d')} where 1 = 0`.compile(compiler).sql);
      return true;
    } catch (error) {
      if (error instanceof SourceFault && error.code === 'misconfigured' && !error.counts) return false;
      throw error;
    }
  };
  for (const { at, table, columns } of tablesOf(mapping)) {
    if (!(await there(table, sql.lit(1)))) {
      findings.push({ at, message: `no table or view \`${table}\` that we may read` });
      continue;
    }
    for (const [place, column] of columns) {
      if (!(await there(table, sql.ref(`d.${column}`)))) findings.push({ at: place, message: `no column \`${column}\` in \`${table}\` that we may read` });
    }
  }
  return findings;
}

interface Named {
  readonly at: string;
  readonly table: string;
  readonly columns: readonly (readonly [string, string])[];
}

function tablesOf(mapping: Mapping): readonly Named[] {
  const named: Named[] = [];
  const partition = mapping.partition === undefined ? [] : [['partition.column', mapping.partition.column] as const];
  const { driver, history, vehicle } = mapping;
  if (driver !== undefined) {
    const { photo, signature, ...rest } = driver;
    const linking: (readonly [string, string])[] = [];
    for (const [name, picture] of [['photo', photo], ['signature', signature]] as const) {
      if (picture === undefined) continue;
      const { own, inDriver } = pictureColumns(`driver.${name}`, picture);
      linking.push(...inDriver);
      if (picture.table !== undefined) named.push({ at: `driver.${name}.table`, table: picture.table, columns: own });
    }
    named.unshift({ at: 'driver.table', table: driver.table, columns: [...partition, ...leaves('driver', rest), ...linking] });
  }
  if (history !== undefined) named.push({ at: 'history.table', table: history.table, columns: [...partition, ...leaves('history', history)] });
  if (vehicle !== undefined) named.push({ at: 'vehicle.table', table: vehicle.table, columns: [...partition, ...leaves('vehicle', vehicle)] });
  return named;
}

function pictureColumns(at: string, picture: PictureMapping): { readonly own: Named['columns']; readonly inDriver: Named['columns'] } {
  const { by, ...rest } = picture;
  const own = leaves(at, rest);
  return picture.table === undefined ? { own: [], inDriver: own } : { own, inDriver: by === undefined ? [] : [[`${at}.by`, by]] };
}

/** Every column under a part of the mapping. `table` names no column, and `values` holds words. */
function leaves(at: string, part: object): (readonly [string, string])[] {
  return Object.entries(part as Record<string, unknown>).flatMap(([name, value]): (readonly [string, string])[] => {
    if (name === 'table') return [];
    const place = `${at}.${name}`;
    if (typeof value === 'string') return [[place, value]];
    if (typeof value !== 'object' || value === null) return [];
    return 'column' in value && typeof value.column === 'string' ? [[place, value.column]] : leaves(place, value);
  });
}
