import { join } from 'node:path';
import type { Cover } from './cover.ts';
import { ownerFolder } from './dataset.ts';
import { sqlFiles } from './engine.ts';
import type { Manifest, ReviewFile, Segment } from './manifest.ts';
import { dictionaryNames, noneSql, rollupKey, tables, type TableName } from './schema.ts';
import type { Period } from './types.ts';

/** What a session reads: the files of each owner that cover its period. */
export interface Ground {
  readonly folder: string;
  readonly owners: ReadonlyMap<string, { readonly manifest: Manifest; readonly cover: Cover }>;
  readonly anchor: Manifest | null;
  readonly period: Period;
}

/** The table that holds what is counted from rows at the edges of the period. */
export const edgesTable = 'rollupEdges';

/** The statements of the views, by their names. `rollup` and `totals` want `edgesTable` where `edgesSql` gives a statement. */
export function viewsSql(ground: Ground): Readonly<Record<TableName | 'totals', string>> {
  const edges = edgesSql(ground) === null ? [] : [edgesTable];
  return {
    rows: union('rows', [columnsFrom('rows', segmentFiles(ground, 'whole')), partSql(ground)]),
    rollup: union('rollup', [columnsFrom('rollup', rollupFiles(ground, 'whole')), ...edges.map((table) => `SELECT ${namesOf('rollup')} FROM "${table}"`)]),
    totals: union('rollup', [...yearsSql(ground), totalsFrom(rollupFiles(ground, 'beside')), ...edges.map((table) => `SELECT ${totalNames} FROM "${table}"`)]),
    reviews: reviewsView(ground),
    ...dictionaryViews(ground),
    events: union('events', [ground.anchor === null ? null : columnsFrom('events', ground.anchor.segments.map(({ name }) => join(ground.folder, 'anchor', `${name}.parquet`)))]),
  };
}

/** The statement that counts the rows at the edges; null where the period has none. */
export function edgesSql(ground: Ground): string | null {
  const part = partSql(ground);
  if (part === null) return null;
  return `SELECT CAST(date_trunc('month', "at") AS DATE) AS "month", ${keyNames}, count(*) AS "n", CAST(sum("records") AS BIGINT) AS "records", owner FROM (${part}) GROUP BY ALL`;
}

/** Every file of the owners that the views name, with its size. */
export function filesNamed(ground: Ground): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [owner, { manifest, cover }] of ground.owners) {
    const folder = ownerFolder(ground.folder, owner);
    for (const { name, bytes, rollupBytes } of [...cover.whole, ...cover.part]) found.set(join(folder, `${name}.parquet`), bytes).set(join(folder, `${name}.rollup.parquet`), rollupBytes);
    for (const { year } of cover.years) found.set(join(folder, `${year.name}.rollup.parquet`), year.bytes);
    for (const { name, bytes } of Object.values(manifest.dictionaries)) found.set(join(folder, `${name}.parquet`), bytes);
    for (const { name, bytes } of reviewsOf(manifest, ground.period)) found.set(join(folder, `${name}.reviews.parquet`), bytes);
  }
  for (const { name, bytes } of ground.anchor?.segments ?? []) found.set(join(ground.folder, 'anchor', `${name}.parquet`), bytes);
  return found;
}

const keyNames = rollupKey.map((name) => `"${name}"`).join(', ');
const totalNames = `${keyNames}, "n", "records", owner`;

function namesOf(table: TableName): string {
  return [...tables[table].columns.map(({ name }) => `"${name}"`), ...(table === 'events' ? [] : ['owner'])].join(', ');
}

function union(table: TableName, parts: readonly (string | null)[]): string {
  const found = parts.filter((part) => part !== null);
  return found.length > 0 ? found.join(' UNION ALL ') : noneSql(table);
}

function columnsFrom(table: TableName, files: readonly string[]): string | null {
  return files.length === 0 ? null : `SELECT ${namesOf(table)} FROM ${sqlFiles(files, { owner: table !== 'events' })}`;
}

function totalsFrom(files: readonly string[]): string | null {
  return files.length === 0 ? null : `SELECT ${totalNames} FROM ${sqlFiles(files, { owner: true })}`;
}

function partSql(ground: Ground): string | null {
  const from = columnsFrom('rows', segmentFiles(ground, 'part'));
  return from === null ? null : `${from} WHERE "at" >= ${momentSql(ground.period.from)} AND "at" < ${momentSql(ground.period.to)}`;
}

/** One statement for all rollups of years of which the same months count: over a list of columns nothing must be grouped. */
function yearsSql({ folder, owners }: Ground): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const [owner, { cover }] of owners) {
    for (const { year, months } of cover.years) {
      const list = months.map((month) => String(month).padStart(2, '0')).join();
      groups.set(list, [...(groups.get(list) ?? []), join(ownerFolder(folder, owner), `${year.name}.rollup.parquet`)]);
    }
  }
  return [...groups].map(([list, files]) => {
    const [n, records] = ['m', 'r'].map((letter) => list.split(',').map((month, at) => (at === 0 ? `CAST("${letter}${month}" AS BIGINT)` : `"${letter}${month}"`)).join(' + '));
    return `SELECT ${keyNames}, ${n ?? ''} AS "n", ${records ?? ''} AS "records", owner FROM ${sqlFiles(files, { owner: true })} WHERE ${n ?? ''} > 0`;
  });
}

function segmentFiles({ folder, owners }: Ground, which: 'whole' | 'part'): readonly string[] {
  return [...owners].flatMap(([owner, { cover }]) => cover[which].map(({ name }: Segment) => join(ownerFolder(folder, owner), `${name}.parquet`)));
}

function rollupFiles({ folder, owners }: Ground, which: 'whole' | 'beside'): readonly string[] {
  return [...owners].flatMap(([owner, { cover }]) => cover[which].map(({ name }: Segment) => join(ownerFolder(folder, owner), `${name}.rollup.parquet`)));
}

/** By the time of the request, whenever the verdict was. */
function reviewsView(ground: Ground): string {
  const files = [...ground.owners].flatMap(([owner, { manifest }]) => reviewsOf(manifest, ground.period).map(({ name }) => join(ownerFolder(ground.folder, owner), `${name}.reviews.parquet`)));
  const from = columnsFrom('reviews', files);
  return union('reviews', [from === null ? null : `${from} WHERE "at" >= ${momentSql(ground.period.from)} AND "at" < ${momentSql(ground.period.to)}`]);
}

function reviewsOf({ reviews = [] }: Manifest, { from, to }: Period): readonly ReviewFile[] {
  return reviews.filter(({ year }) => Date.UTC(year, 0, 1) < to && Date.UTC(year + 1, 0, 1) > from);
}

function dictionaryViews({ folder, owners }: Ground): Readonly<Record<(typeof dictionaryNames)[number], string>> {
  const view = (name: (typeof dictionaryNames)[number]): string => {
    const files = [...owners].flatMap(([owner, { manifest }]) => {
      const file = manifest.dictionaries[name];
      return file === undefined ? [] : [join(ownerFolder(folder, owner), `${file.name}.parquet`)];
    });
    return union(name, [columnsFrom(name, files)]);
  };
  return { attributes: view('attributes'), requesters: view('requesters'), contexts: view('contexts'), outcomes: view('outcomes') };
}

function momentSql(at: number): string {
  return `make_timestamp(${at * 1000})`;
}
