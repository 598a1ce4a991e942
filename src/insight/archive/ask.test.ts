import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAsking, type Asking } from './ask.ts';
import { sampleArchive } from './sample.ts';

let root: string;
let folder: string;
let asking: Asking;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'weir-ask-'));
  const odd = join(root, 'data [*]');
  await mkdir(odd);
  folder = await sampleArchive(odd, [{ at: '2026-01-05', times: 30 }, { at: '2026-02-05' }], { monthly: true });
  asking = await openAsking({ folder, owners: 'all', period: { from: Date.UTC(2026, 0, 1), to: Date.parse('2026-01-05T12:00:10Z'), text: '' }, memoryMb: 256 });
});
afterEach(async () => {
  await asking.close();
  await rm(root, { recursive: true, force: true });
});

test('a statement is answered over the period, with no more rows than are wanted', async () => {
  expect(await asking.ask('SELECT index FROM rows ORDER BY index', 3)).toEqual({ columns: ['index'], rows: [{ index: 0 }, { index: 1 }, { index: 2 }], more: true });
  expect(await asking.ask('WITH t AS (SELECT sum(n) AS n FROM totals) SELECT * FROM t', 10)).toEqual({ columns: ['n'], rows: [{ n: 10 }], more: false });
  expect(await asking.ask('SELECT wanted FROM contexts WHERE false', 10)).toEqual({ columns: ['wanted'], rows: [], more: false });
});

test.each([
  ['no statement', 'SELEC 1'], ['none at all', ''], ['two', 'SELECT 1; SELECT 2'], ['a column that is not there', 'SELECT nothing FROM rows'],
  ['a file elsewhere', 'SELECT * FROM read_text(\'/etc/hostname\')'], ['a list of files', 'SELECT * FROM glob(\'/etc/*\')'], ['a file that is written', 'COPY (SELECT 1) TO \'x.csv\''],
  ['a table', 'CREATE TABLE t AS SELECT 1'], ['a setting', 'SET enable_external_access = true'], ['an extension', 'INSTALL httpfs'], ['another database', 'ATTACH \'x.db\''], ['a view that goes', 'DROP VIEW rows'],
  ['a writing that is explained', 'EXPLAIN ANALYZE COPY (SELECT 1) TO \'x.csv\''],
])('%s is refused, and nothing is written', async (_, sql) => {
  const before = await readdir(folder);
  await expect(asking.ask(sql, 10)).rejects.toMatchObject({ code: 'ARCHIVE_QUESTION' });
  await expect(asking.ask(sql.replaceAll('x.', `${folder}/x.`), 10)).rejects.toMatchObject({ code: 'ARCHIVE_QUESTION' });
  expect(await readdir(folder)).toEqual(before);
  expect((await asking.ask('SELECT count(*) AS n FROM rows', 1)).rows).toEqual([{ n: 10 }]);
});
