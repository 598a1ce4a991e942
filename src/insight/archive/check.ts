import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ownerFolder, ownersOf, readDataset } from './dataset.ts';
import { openEngine, sqlFile } from './engine.ts';
import { filesOf, isMonth, monthOf, readManifest, type Manifest, type Segment } from './manifest.ts';
import { dictionaryNames, rollupKey, tables, type TableName } from './schema.ts';
import { monthStretch } from './stretches.ts';
import { ArchiveError } from './types.ts';
import { readWords } from './writer.ts';
import { monthText } from './cover.ts';

/** Something of an archive that is not as it must be. */
export interface Finding {
  /** Two letters, or `anchor`. */
  readonly owner: string;
  /** A file, or `manifest.json`. */
  readonly file: string;
  readonly what: string;
}

export interface Checked {
  readonly files: number;
  /** Of owners. */
  readonly rows: number;
  /** Of the anchor log. */
  readonly events: number;
  readonly findings: readonly Finding[];
}

export interface CheckOptions {
  readonly onProgress?: (done: number, total: number) => void;
  /** How many entries the ledger has of each log, asked once the manifests are read, so that it cannot be behind them; null where nothing is to be compared. */
  readonly heads?: () => Promise<ReadonlyMap<string, number> | null>;
}

/**
 * Reads all of a data set and holds it against itself: sizes and rows of files, each index once and in order, days and months where their names say, words that are in the dictionaries, each
 * rollup against its rows, each year against its months, held requests and their verdicts against their rows, and how far each owner is against the ledger. Throws only where the data set itself cannot be read.
 */
export async function checkDataset(folder: string, { onProgress, heads }: CheckOptions = {}): Promise<Checked> {
  await readDataset(folder);
  const parts: (readonly [owner: string, own: string, manifest: Manifest])[] = [];
  const findings: Finding[] = [];
  for (const owner of [...await ownersOf(folder), 'anchor']) {
    const own = owner === 'anchor' ? join(folder, 'anchor') : ownerFolder(folder, owner);
    try {
      const manifest = await readManifest(own, owner);
      if (manifest !== null) parts.push([owner, own, manifest]);
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      findings.push({ owner, file: 'manifest.json', what: error.message });
    }
  }
  const sizes = (await heads?.()) ?? null;
  const total = parts.reduce((sum, [, , { segments }]) => sum + segments.length, 0);
  const engine = await openEngine();
  let [done, rows, events] = [0, 0, 0];
  try {
    const connection = await engine.connect();
    for (const [owner, own, manifest] of parts) {
      const check = new OwnerCheck(connection, own, owner, manifest);
      await check.files();
      await check.dictionaries();
      for (const segment of manifest.segments) {
        await check.segment(segment);
        if (owner === 'anchor') events += segment.rows;
        else rows += segment.rows;
        onProgress?.((done += 1), total);
      }
      check.order();
      await check.years();
      await check.reviews();
      const head = sizes?.get(owner.toLowerCase());
      if (head !== undefined && manifest.next > head) check.find('manifest.json', `it goes to index ${manifest.next}, and the ledger has ${head} entries: the archive is of another ledger, or the ledger lost its newest entries`);
      findings.push(...check.findings);
    }
  } finally {
    await engine.close();
  }
  return { files: parts.reduce((sum, [, , manifest]) => sum + filesOf(manifest).size, 0), rows, events, findings };
}

class OwnerCheck {
  readonly findings: Finding[] = [];
  readonly #connection: DuckDBConnection;
  readonly #folder: string;
  readonly #owner: string;
  readonly #manifest: Manifest;
  readonly #words = new Map<string, number>();

  constructor(connection: DuckDBConnection, folder: string, owner: string, manifest: Manifest) {
    this.#connection = connection;
    this.#folder = folder;
    this.#owner = owner;
    this.#manifest = manifest;
  }

  find(file: string, what: string): void {
    this.findings.push({ owner: this.#owner, file, what });
  }

  async files(): Promise<void> {
    for (const [file, bytes] of filesOf(this.#manifest)) {
      const size = await stat(join(this.#folder, file)).then((found) => found.size, () => null);
      if (size === null) this.find(file, 'it is missing');
      else if (size !== bytes) this.find(file, `it has ${size} bytes, not ${bytes}`);
    }
  }

  async dictionaries(): Promise<void> {
    try {
      const words = await readWords(this.#connection, this.#folder, this.#manifest);
      for (const name of dictionaryNames) {
        this.#words.set(name, words[name].length);
        const stated = this.#manifest.dictionaries[name];
        if (stated !== undefined && stated.words !== words[name].length) this.find(`${stated.name}.parquet`, `it has ${words[name].length} words, not ${stated.words}`);
      }
      const beyond = words.requesters.find(({ attributes }) => attributes < 0 || attributes >= words.attributes.length);
      if (beyond !== undefined) this.find(`${this.#manifest.dictionaries.requesters?.name ?? 'requesters'}.parquet`, `${beyond.ori} names attributes that are not there`);
    } catch (error) {
      this.find('the dictionaries', reason(error));
    }
  }

  async segment(segment: Segment): Promise<void> {
    const { name, rows, first, last, oldest, newest } = segment;
    const file = `${name}.parquet`;
    await this.#reading(file, async () => {
      const of = this.#owner === 'anchor' ? 'events' : 'rows';
      const [found] = await this.#ask(`SELECT count(*), min("index"), max("index"), epoch_ms(min("at")), epoch_ms(max("at")), count(DISTINCT "index") FROM ${this.#read(file, of)}`);
      const expected = [rows, first, last, oldest, newest, rows];
      const labels = ['rows', 'as its first index', 'as its last index', 'as its oldest moment', 'as its newest moment', 'different indices'];
      for (const [at, label] of labels.entries()) if (Number(found?.[at]) !== expected[at]) this.find(file, `it has ${String(found?.[at])} ${label}, not ${expected[at] ?? 0}`);
      const [broken] = await this.#ask(`SELECT count(*) FROM (SELECT "index" <= lag("index") OVER (ORDER BY file_row_number) AS wrong FROM read_parquet(${this.#path(file)}, hive_partitioning = false, file_row_number = true)) WHERE wrong`);
      if (Number(broken?.[0]) > 0) this.find(file, `${String(broken?.[0])} rows are not in the order of their index`);
      if (of === 'events') return;
      const { from, to } = isMonth(segment) ? monthStretch(monthOf(segment)) : { from: Date.parse(name.slice(0, 10)), to: Date.parse(name.slice(0, 10)) + 86_400_000 };
      if (oldest < from || newest >= to) this.find(file, 'it has rows of other days than its name says');
      const [strange] = await this.#ask(`SELECT ${[['who', 'requesters'], ['behalf', 'requesters'], ['context', 'contexts'], ['outcome', 'outcomes']].map(([column = '', dictionary = '']) => `count(*) FILTER ("${column}" < 0 OR "${column}" >= ${this.#words.get(dictionary) ?? 0})`).join(' + ')} FROM ${this.#read(file, 'rows')}`);
      if (Number(strange?.[0]) > 0) this.find(file, `${String(strange?.[0])} times it names a word that is in no dictionary`);
    });
    if (this.#owner !== 'anchor') await this.#rollup(segment);
  }

  /** Each index once: segments may overlap in their ranges, where clocks went back, but then hold different indices, which their merging would show. */
  order(): void {
    const { segments, next } = this.#manifest;
    for (const { name, last } of segments) if (last >= next) this.find(`${name}.parquet`, `it has the index ${last}, and the manifest ends at ${next}`);
  }

  async years(): Promise<void> {
    for (const { name, year, months, rows } of this.#manifest.years) {
      const file = `${name}.rollup.parquet`;
      await this.#reading(file, async () => {
        const [count] = await this.#ask(`SELECT count(*) FROM read_parquet(${this.#path(file)}, hive_partitioning = false)`);
        if (Number(count?.[0]) !== rows) this.find(file, `it has ${String(count?.[0])} lines, not ${rows}`);
        for (const month of months) {
          const text = monthText(year, month);
          const own = this.#manifest.segments.filter((one) => monthOf(one) === text).map((one) => this.#path(`${one.name}.rollup.parquet`));
          const column = text.slice(5);
          const keys = rollupKey.map((key) => `"${key}"`).join(', ');
          const yearly = `SELECT ${keys}, "m${column}" AS "n", "r${column}" AS "records" FROM read_parquet(${this.#path(file)}, hive_partitioning = false) WHERE "m${column}" > 0`;
          const monthly = `SELECT ${keys}, CAST(sum("n") AS BIGINT) AS "n", CAST(sum("records") AS BIGINT) AS "records" FROM read_parquet([${own.join(', ')}], hive_partitioning = false) GROUP BY ALL`;
          if (await this.#differ(yearly, monthly)) this.find(file, `its month ${text} is not what the rollup of that month says`);
        }
      });
    }
  }

  /** Each held request as its row has it, each verdict with its row, and no request twice. */
  async reviews(): Promise<void> {
    const { reviews = [], segments } = this.#manifest;
    if (reviews.length === 0) return;
    const rows = `SELECT * FROM ${this.#read(segments.map(({ name }) => `${name}.parquet`), 'rows')}`;
    for (const { name, rows: stated, open, year } of reviews) {
      const file = `${name}.reviews.parquet`;
      await this.#reading(file, async () => {
        const from = this.#read(file, 'reviews');
        const [found] = await this.#ask(`SELECT count(*), count(*) FILTER ("ended" IS NULL), count(DISTINCT "index"), count(*) FILTER (year("at") = ${year}) FROM ${from}`);
        for (const [at, [label, expected]] of ([['requests', stated], ['that wait', open], ['different requests', stated], ['of its year', stated]] as const).entries()) if (Number(found?.[at]) !== expected) this.find(file, `it has ${String(found?.[at])} ${label}, not ${expected}`);
        const same = ['at', 'who', 'behalf', 'context', 'outcome', 'records'].map((column) => `d."${column}" IS NOT DISTINCT FROM v."${column}"`).join(' AND ');
        const [strange] = await this.#ask(`SELECT count(*) FROM ${from} v LEFT JOIN (${rows}) d ON d."index" = v."index" WHERE d."type" IS DISTINCT FROM 'decision' OR NOT (${same})`);
        if (Number(strange?.[0]) > 0) this.find(file, `${String(strange?.[0])} of its requests are not as their rows are`);
        const [odd] = await this.#ask(`SELECT count(*) FROM ${from} v LEFT JOIN (${rows}) d ON d."index" = v."ended" WHERE v."ended" IS NOT NULL AND (d."type" IS DISTINCT FROM 'verdict' OR d."at" <> v."endedAt" OR d."records" <> v."lateRecords")`);
        if (Number(odd?.[0]) > 0) this.find(file, `${String(odd?.[0])} of its verdicts are not as their rows are`);
      });
    }
  }

  async #rollup({ name, rollupRows }: Segment): Promise<void> {
    const file = `${name}.rollup.parquet`;
    await this.#reading(file, async () => {
      const [count] = await this.#ask(`SELECT count(*) FROM ${this.#read(file, 'rollup')}`);
      if (Number(count?.[0]) !== rollupRows) this.find(file, `it has ${String(count?.[0])} lines, not ${rollupRows}`);
      const keys = rollupKey.map((key) => `"${key}"`).join(', ');
      const counted = `SELECT DATE '${name.slice(0, 7)}-01' AS "month", ${keys}, count(*) AS "n", CAST(sum("records") AS BIGINT) AS "records" FROM ${this.#read(`${name}.parquet`, 'rows')} GROUP BY ALL`;
      if (await this.#differ(`SELECT "month", ${keys}, "n", "records" FROM ${this.#read(file, 'rollup')}`, counted)) this.find(file, 'it is not what the rows come to, counted');
    });
  }

  async #differ(a: string, b: string): Promise<boolean> {
    const [found] = await this.#ask(`SELECT count(*) FROM ((SELECT * FROM (${a}) EXCEPT ALL SELECT * FROM (${b})) UNION ALL (SELECT * FROM (${b}) EXCEPT ALL SELECT * FROM (${a})))`);
    return Number(found?.[0]) > 0;
  }

  /** A file that is missing was reported already. */
  async #reading(file: string, work: () => Promise<void>): Promise<void> {
    if (this.findings.some((one) => one.file === file && one.what === 'it is missing')) return;
    try {
      await work();
    } catch (error) {
      this.find(file, reason(error));
    }
  }

  #path(file: string): string {
    return sqlFile(join(this.#folder, file));
  }

  #read(files: string | readonly string[], table: TableName): string {
    const paths = typeof files === 'string' ? this.#path(files) : `[${files.map((file) => this.#path(file)).join(', ')}]`;
    return `(SELECT ${tables[table].columns.map(({ name }) => `"${name}"`).join(', ')} FROM read_parquet(${paths}, hive_partitioning = false))`;
  }

  async #ask(sql: string): Promise<readonly (readonly unknown[])[]> {
    return (await this.#connection.runAndReadAll(sql)).getRows();
  }
}

function reason(error: unknown): string {
  return `it cannot be read: ${(error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''}`;
}
