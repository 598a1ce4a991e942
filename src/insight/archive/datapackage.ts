import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFs, replaceFile } from '../../ledger/files.ts';
import { ownerFolder, ownersOf, readDataset } from './dataset.ts';
import { readManifest, type Manifest } from './manifest.ts';
import { dictionaryNames, tables, type Column, type ColumnType, type TableName } from './schema.ts';

/** A licence, as a Data Package names it. */
export interface Licence {
  readonly name: string;
  readonly path?: string;
  readonly title?: string;
}

/**
 * Writes `datapackage.json` (Data Package, version 2) of a data set, where it says something else than the one that is there: the files in force now, with the
 * schema of their tables. The licence of an earlier one is kept. Whoever writes a data set calls it at the end; one call at a time.
 */
export async function writeDataPackage(folder: string, licence?: Licence): Promise<void> {
  const dataset = await readDataset(folder);
  const before = await readFile(join(folder, 'datapackage.json'), 'utf8').catch(() => null);
  const licences = licence === undefined ? licencesOf(before) : [licence];
  const descriptor = {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: `weir-archive-${dataset.name}`,
    title: dataset.label,
    description: 'Entries of logs of disclosures, without anything that names a person; each owner has its own log and its own dictionaries. Times are UTC. Rollups of years are left out here: they say what those of their months say.',
    created: dataset.created,
    ...(licences === null ? {} : { licenses: licences }),
    sources: [{ title: dataset.engine }],
    kind: dataset.kind, invented: dataset.kind === 'invented', lacks: dataset.lacks,
    resources: await resourcesOf(folder),
  };
  const text = `${JSON.stringify(descriptor, null, 1)}\n`;
  if (text !== before) await replaceFile(diskFs, folder, 'datapackage.json', Buffer.from(text));
}

/** The schema of one table, as Table Schema has it. References go to the tables of the same owner. */
export function tableSchema(name: TableName, owner: string | null): object {
  const { key, columns } = tables[name];
  const foreignKeys = columns.flatMap(({ name: field, refers }) => (refers === undefined ? [] : [{ fields: [field], reference: { resource: resourceName(refers, owner), fields: ['id'] } }]));
  return { fields: columns.map(field), ...(key.length === 0 ? {} : { primaryKey: key }), ...(foreignKeys.length === 0 ? {} : { foreignKeys }) };
}

const fieldTypes: Readonly<Record<ColumnType, string>> = {
  BIGINT: 'integer', UBIGINT: 'integer', INTEGER: 'integer', BOOLEAN: 'boolean', TIMESTAMP: 'datetime', DATE: 'date', VARCHAR: 'string', 'VARCHAR[]': 'array',
};

function field({ name, type, what, nullable }: Column): object {
  return { name, type: fieldTypes[type], description: what, ...(nullable ? {} : { constraints: { required: true } }) };
}

async function resourcesOf(folder: string): Promise<readonly object[]> {
  const found: object[] = [];
  for (const owner of await ownersOf(folder)) {
    const manifest = await readManifest(ownerFolder(folder, owner), owner);
    if (manifest === null) continue;
    for (const [name, files] of filesByTable(manifest)) if (files.length > 0) found.push(resource(name, owner, files.map((file) => `owner=${owner}/${file}`)));
  }
  const anchor = await readManifest(join(folder, 'anchor'), 'anchor');
  if (anchor !== null && anchor.segments.length > 0) found.push(resource('events', null, anchor.segments.map(({ name }) => `anchor/${name}.parquet`)));
  return found;
}

function filesByTable({ segments, dictionaries, reviews = [] }: Manifest): readonly (readonly [TableName, readonly string[]])[] {
  return [
    ['rows', segments.map(({ name }) => `${name}.parquet`)], ['rollup', segments.map(({ name }) => `${name}.rollup.parquet`)], ['reviews', reviews.map(({ name }) => `${name}.reviews.parquet`)],
    ...dictionaryNames.map((name) => [name, dictionaries[name] === undefined ? [] : [`${dictionaries[name].name}.parquet`]] as const),
  ];
}

function resource(name: TableName, owner: string | null, path: readonly string[]): object {
  return { name: resourceName(name, owner), title: owner === null ? tables[name].what : `${owner}: ${tables[name].what}`, path, format: 'parquet', mediatype: 'application/vnd.apache.parquet', schema: tableSchema(name, owner) };
}

function resourceName(name: TableName, owner: string | null): string {
  return owner === null ? name : `${owner.toLowerCase()}-${name}`;
}

function licencesOf(text: string | null): readonly Licence[] | null {
  try {
    const found = JSON.parse(text ?? 'null') as { readonly licenses?: readonly Licence[] } | null;
    return Array.isArray(found?.licenses) ? found.licenses : null;
  } catch {
    return null;
  }
}
