import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkDataset } from './check.ts';
import { ownerFolder } from './dataset.ts';
import { writeDataPackage } from './datapackage.ts';
import { openEngine, sqlFile, sqlText } from './engine.ts';
import { readManifest, writeManifest, type Manifest } from './manifest.ts';
import { sampleArchive } from './sample.ts';
import { tables, type TableName } from './schema.ts';

let archive: string;
let folder: string;
let own: string;
let manifest: Manifest;
beforeEach(async () => {
  archive = await mkdtemp(join(tmpdir(), 'weir-check-'));
  folder = await sampleArchive(archive, [
    { at: '2025-11-05', times: 20 }, { at: '2025-12-05', ori: 'DCICE0000', times: 10 }, { at: '2026-01-01T23:00:00Z', times: 5, held: true, review: { verdict: 'released', after: 60, released: ['photo'] } }, { at: '2026-01-01T22:00:00Z' }, { at: '2026-01-02', owner: 'OR' },
  ], { sealEvery: 7, compactAt: Date.UTC(2026, 0, 3), events: [{ index: 0, at: 5, event: 'started', subject: '', hash: null, detail: null }] });
  own = ownerFolder(folder, 'WA');
  manifest = (await readManifest(own, 'WA'))!;
});
afterEach(() => rm(archive, { recursive: true, force: true }));

/** The file anew by a statement over what it was, and the manifest with its new size. */
async function alter(file: string, sql: (from: string) => string): Promise<void> {
  const path = join(own, file);
  const engine = await openEngine({ memoryMb: 128 });
  const connection = await engine.connect();
  await copyFile(path, `${path}.before`);
  await connection.run(`COPY (${sql(`read_parquet(${sqlFile(`${path}.before`)}, hive_partitioning = false)`)}) TO ${sqlText(path)} (FORMAT parquet)`);
  await engine.close();
  const bytes = (await readFile(path)).length;
  const name = file.replace(/(?:\.rollup|\.reviews)?\.parquet$/, '');
  if (file.includes('.reviews.')) manifest = { ...manifest, reviews: (manifest.reviews ?? []).map((one) => (one.name === name ? { ...one, bytes } : one)) };
  const sized = manifest.segments.map((one) => (one.name !== name || file.includes('.reviews.') ? one : file.includes('.rollup.') ? { ...one, rollupBytes: bytes } : { ...one, bytes }));
  manifest = { ...manifest, segments: sized, years: manifest.years.map((one) => (one.name === name ? { ...one, bytes } : one)) };
  await writeManifest(own, manifest);
}
const found = async (): Promise<string[]> => (await checkDataset(folder)).findings.map(({ owner, file }) => `${owner} ${file}`);
const first = (): string => manifest.segments[0]!.name;

describe('checking', () => {
  test('an archive as it was written has no finding, compacted or not', async () => {
    expect(await checkDataset(folder)).toEqual({ findings: [], rows: 42, events: 1, files: expect.any(Number) as number });
    expect(manifest.years).toHaveLength(1);
    expect((await checkDataset(folder, { heads: () => Promise.resolve(new Map([['wa', 40]])) })).findings.map(({ owner }) => owner)).toEqual(['WA']);
    expect((await checkDataset(folder, { heads: () => Promise.resolve(new Map([['wa', 41]])) })).findings).toEqual([]);
  });

  test.each<[string, () => Promise<void>, () => string[]]>([
    ['a count in a rollup that is another', () => alter(`${first()}.rollup.parquet`, (from) => `SELECT * REPLACE ("n" + 1 AS "n") FROM ${from}`), () => [`WA ${first()}.rollup.parquet`, `WA ${manifest.years[0]!.name}.rollup.parquet`]],
    ['a row that is gone', () => alter(`${first()}.parquet`, (from) => `SELECT * FROM ${from} WHERE "index" <> 3`), () => [`WA ${first()}.parquet`, `WA ${first()}.parquet`, `WA ${first()}.rollup.parquet`]],
    ['rows in another order', () => alter(`${first()}.parquet`, (from) => `SELECT * FROM ${from} ORDER BY "index" DESC`), () => [`WA ${first()}.parquet`]],
    ['a row twice', () => alter(`${first()}.parquet`, (from) => `SELECT * REPLACE (CASE WHEN "index" = 5 THEN 4 ELSE "index" END AS "index") FROM ${from}`), () => [`WA ${first()}.parquet`, `WA ${first()}.parquet`]],
    ['a word that is in no dictionary', () => alter(`${first()}.parquet`, (from) => `SELECT * REPLACE (CASE WHEN "index" = 5 THEN 900 ELSE "context" END AS "context") FROM ${from}`), () => [`WA ${first()}.parquet`, `WA ${first()}.rollup.parquet`]],
    ['a year that is not its months', () => alter(`${manifest.years[0]!.name}.rollup.parquet`, (from) => `SELECT * REPLACE ("r11" + 1 AS "r11") FROM ${from}`), () => [`WA ${manifest.years[0]!.name}.rollup.parquet`]],
    ['a verdict that has no row', () => alter(`${manifest.reviews![0]!.name}.reviews.parquet`, (from) => `SELECT * REPLACE ("ended" + 1 AS "ended") FROM ${from}`), () => [`WA ${manifest.reviews![0]!.name}.reviews.parquet`]],
    ['a held request that is not as its row is', () => alter(`${manifest.reviews![0]!.name}.reviews.parquet`, (from) => `SELECT * REPLACE (NULL AS "outcome") FROM ${from}`), () => [`WA ${manifest.reviews![0]!.name}.reviews.parquet`]],
    ['a held request twice', () => alter(`${manifest.reviews![0]!.name}.reviews.parquet`, (from) => `SELECT * FROM ${from} UNION ALL SELECT * FROM ${from}`), () => Array.from({ length: 3 }, () => `WA ${manifest.reviews![0]!.name}.reviews.parquet`)],
    ['a file that is missing', () => rm(join(own, `${first()}.parquet`)), () => [`WA ${first()}.parquet`, `WA ${first()}.rollup.parquet`]],
    ['a file of other bytes', () => writeFile(join(own, `${manifest.dictionaries.contexts!.name}.parquet`), 'x'), () => [`WA ${manifest.dictionaries.contexts!.name}.parquet`, 'WA the dictionaries']],
    ['a manifest that cannot be read', () => writeFile(join(own, 'manifest.json'), '{}'), () => ['WA manifest.json']],
    ['an index beyond the end', () => writeManifest(own, { ...manifest, next: 3 }), () => manifest.segments.filter(({ last }) => last >= 3).map(({ name }) => `WA ${name}.parquet`)],
  ])('%s is found', async (_, damage, expected) => {
    await damage();
    const findings = await found();
    for (const one of expected()) expect(findings).toContain(one);
    expect(new Set(findings.map((one) => one.slice(0, 2)))).toEqual(new Set(['WA']));
  });
});

describe('the schema', () => {
  test('the documentation has each column with its type, and no other', async () => {
    const text = await readFile(new URL('../../../docs/archive.md', import.meta.url), 'utf8');
    for (const name of Object.keys(tables) as TableName[]) {
      const from = text.indexOf(`**${name}**`);
      expect(from, name).toBeGreaterThan(0);
      const part = text.slice(from, text.indexOf('\n**', from + 1) > 0 ? text.indexOf('\n**', from + 1) : undefined);
      for (const { name: column, type } of tables[name].columns) {
        const list = type.endsWith('[]');
        expect(part.includes(`\`${column}${list ? '[]' : ''}\``), `${name}.${column}`).toBe(true);
      }
      for (const [, mentioned = ''] of part.matchAll(/^\| ((?:`[^`]+`(?:, )?)+) \| [A-Z]/gm)) {
        for (const [, column = ''] of mentioned.matchAll(/`([^`]+)`/g)) expect(tables[name].columns.some((one) => one.name === column), `${name}.${column} in the documentation`).toBe(true);
      }
    }
    const rowTypes = new Map([...text.slice(text.indexOf('**rows**')).matchAll(/^\| ((?:`[^`]+`(?:, )?)+) \| ([A-Z]+) \|/gm)].flatMap(([, names = '', type = '']) => [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => [name, type] as const)));
    expect(Object.fromEntries(rowTypes)).toEqual(Object.fromEntries(tables.rows.columns.map(({ name, type }) => [name, type])));
  });

  test('files have the columns of the schema, in its order and with its types', async () => {
    const engine = await openEngine({ memoryMb: 128 });
    const connection = await engine.connect();
    const files: [TableName, string][] = [['rows', `${first()}.parquet`], ['rollup', `${first()}.rollup.parquet`], ...(['attributes', 'requesters', 'contexts', 'outcomes'] as const).map((name): [TableName, string] => [name, `${manifest.dictionaries[name]!.name}.parquet`]), ['reviews', `${manifest.reviews![0]!.name}.reviews.parquet`]];
    for (const [name, file] of files) {
      const described = (await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet(${sqlFile(join(own, file))}, hive_partitioning = false)`)).getRows();
      expect(described.map(([column, type]) => [column, type])).toEqual(tables[name].columns.map(({ name: column, type }) => [column, type]));
    }
    await engine.close();
  });

  test('the Data Package names files that are there, says that they are invented, and keeps its licence', async () => {
    const read = async (): Promise<{ invented: boolean; licenses?: unknown; resources: { name: string; path: string[]; schema: { fields: { name: string; type: string }[]; foreignKeys?: { reference: { resource: string } }[] } }[] }> =>
      JSON.parse(await readFile(join(folder, 'datapackage.json'), 'utf8')) as never;
    await writeDataPackage(folder, { name: 'CC0-1.0' });
    await writeDataPackage(folder);
    const { invented, licenses, resources } = await read();
    expect([invented, licenses]).toEqual([true, [{ name: 'CC0-1.0' }]]);
    const names = resources.map(({ name }) => name);
    expect(names).toEqual(['or', 'wa'].flatMap((owner) => ['rows', 'rollup', ...(owner === 'wa' ? ['reviews'] : []), 'attributes', 'requesters', 'contexts', 'outcomes'].map((name) => `${owner}-${name}`)).concat('events'));
    for (const { path, schema } of resources) {
      for (const file of path) await readFile(join(folder, file));
      for (const { reference } of schema.foreignKeys ?? []) expect(names).toContain(reference.resource);
    }
    expect(resources.find(({ name }) => name === 'wa-contexts')?.schema.fields.find(({ name }) => name === 'wanted')).toMatchObject({ type: 'array' });
  });
});
