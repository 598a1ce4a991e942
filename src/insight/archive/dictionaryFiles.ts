import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlFile, sqlText } from './engine.ts';
import type { DictionaryFile } from './manifest.ts';
import { tables, type DictionaryName } from './schema.ts';
import { copyTo, type SegmentPlace } from './segmentFiles.ts';
import { plainRows } from './values.ts';

/** Writes a whole dictionary under a new name, durable but for its name in the folder. */
export async function writeDictionary(place: SegmentPlace, dictionary: DictionaryName, name: string, lines: readonly object[]): Promise<DictionaryFile> {
  const path = join(place.folder, `${name}.parquet`);
  const staged = `words_${name.replaceAll(/[^a-z0-9]/g, '_')}`;
  await place.connection.run(`CREATE TEMP TABLE "${staged}" (place INTEGER, line VARCHAR)`);
  try {
    const appender = await place.connection.createAppender(staged);
    for (const [at, line] of lines.entries()) {
      appender.appendInteger(at);
      appender.appendVarchar(JSON.stringify(line));
      appender.endRow();
    }
    appender.closeSync();
    const structure = JSON.stringify(Object.fromEntries(tables[dictionary].columns.map(({ name: column, type }) => [column, type.endsWith('[]') ? [type.slice(0, -2)] : type])));
    await copyTo(place, `SELECT unnest(word) FROM (SELECT from_json_strict(line, ${sqlText(structure)}) AS word, place FROM "${staged}" ORDER BY place)`, path);
  } finally {
    await place.connection.run(`DROP TABLE "${staged}"`);
  }
  return { name, words: lines.length, bytes: (await stat(path)).size };
}

/** The lines of a dictionary in the order of their ids. */
export async function readDictionary(connection: DuckDBConnection, folder: string, dictionary: DictionaryName, { name }: Pick<DictionaryFile, 'name'>): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const columns = tables[dictionary].columns.map(({ name: column }) => `"${column}"`).join(', ');
  const read = await connection.runAndReadAll(`SELECT ${columns} FROM read_parquet(${sqlFile(join(folder, `${name}.parquet`))}, hive_partitioning = false) ORDER BY id`);
  return plainRows(read.getRows(), read.columnNames(), read.columnTypes()) as Readonly<Record<string, unknown>>[];
}
