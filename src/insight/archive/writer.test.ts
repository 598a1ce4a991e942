import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskError, watchedFs } from '../../ledger/cases.ts';
import { createDataset, ownerFolder } from './dataset.ts';
import { sampleArchive, sampleAttributes, sampleSession } from './sample.ts';
import type { ArchiveRow, Dataset, OwnerWriter, RowColumns } from './types.ts';
import { openWriter } from './writer.ts';

let archive: string;
let folder: string;
beforeEach(async () => {
  archive = await mkdtemp(join(tmpdir(), 'weir-writer-'));
  folder = await createDataset(archive, dataset);
});
afterEach(() => rm(archive, { recursive: true, force: true }));

const dataset: Dataset = { weirArchive: 1, name: 'sample', kind: 'imported', label: 'Entries of a test', lacks: [], created: '2026-01-01T00:00:00.000Z', engine: 'weir' };
const row: ArchiveRow = { index: 0, at: Date.UTC(2026, 0, 5), type: 'decision', who: null, behalf: null, context: null, outcome: null, records: 0, subject: null, subjectName: null, user: null, userName: null, self: null, sameSurname: null, sex: null };

function columns(length: number, first: number): RowColumns {
  const ints = (): Int32Array => new Int32Array(length).fill(-1);
  const tags = (): BigUint64Array => new BigUint64Array(length);
  return {
    length, index: Float64Array.from({ length }, (_, n) => first + n), at: Float64Array.from({ length }, (_, n) => Date.UTC(2026, 0, 5) + n), type: Uint8Array.from({ length }, (_, n) => n % 6),
    who: Int32Array.from({ length }, (_, n) => (n % 3) - 1), behalf: ints(), context: ints(), outcome: ints(), records: Int32Array.from({ length }, (_, n) => n), subject: BigUint64Array.from({ length }, (_, n) => BigInt(n) << 40n),
    subjectName: tags(), user: tags(), userName: tags(), flags: Uint8Array.from({ length }, (_, n) => n % 16), sex: Uint8Array.from({ length }, (_, n) => n % 5),
  };
}

describe('columns', () => {
  test('many rows at once are what the same rows one by one are, over the edges of chunks', async () => {
    const writer = await openWriter({ folder }, 'WA');
    for (const ori of ['WA0000001', 'WA0000002']) writer.requester({ ori, organisation: ori, attributes: writer.attributes(sampleAttributes()) });
    writer.add(row);
    writer.addColumns(columns(5_000, 1));
    writer.add({ ...row, index: 5_001, self: false, sex: 'X' });
    await writer.seal();
    await writer.close();
    const session = await sampleSession(folder);
    const rows = await session.query<Record<string, unknown>>('SELECT * FROM rows ORDER BY index');
    expect(rows).toHaveLength(5_002);
    const sexes = [null, 'M', 'F', 'U', 'X'];
    for (const [n, found] of rows.slice(1, 5_001).entries()) {
      const bits = n % 16;
      expect(found).toEqual({
        owner: 'WA', index: n + 1, at: Date.UTC(2026, 0, 5) + n, type: ['decision', 'redelivery', 'opening', 'withheld', 'act', 'verdict'][n % 6], who: n % 3 === 0 ? null : (n % 3) - 1, behalf: null, context: null, outcome: null, records: n,
        subject: n === 0 ? null : BigInt(n) << 40n, subjectName: null, user: null, userName: null, self: (bits & 2) === 0 ? null : (bits & 1) === 1, sameSurname: (bits & 8) === 0 ? null : (bits & 4) === 4, sex: sexes[n % 5],
      });
    }
    expect(rows[5_001]).toMatchObject({ self: false, sameSurname: null, sex: 'X' });
    await session.close();
  });
});

describe('what a writer refuses', () => {
  let writer: OwnerWriter;
  beforeEach(async () => {
    writer = await openWriter({ folder }, 'WA');
  });
  afterEach(() => writer.close());

  test.each([
    ['an index that was there', { ...row, index: 3 }], ['half an index', { ...row, index: 5.5 }], ['no time', { ...row, index: 5, at: NaN }], ['half a millisecond', { ...row, index: 5, at: 1.5 }],
    ['a word that is not there', { ...row, index: 5, context: 0 }], ['a number of records below 0', { ...row, index: 5, records: -1 }],
    ['a type that is none', { ...row, index: 5, type: 'system' as never }],
  ])('%s', async (_, wrong) => {
    writer.add({ ...row, index: 4 });
    expect(() => writer.add(wrong)).toThrow(expect.objectContaining({ code: 'ARCHIVE_ORDER' }) as Error);
    expect(writer.next).toBe(5);
    await writer.seal();
    const session = await sampleSession(folder);
    expect(await session.query('SELECT index FROM rows')).toEqual([{ index: 4 }]);
    await session.close();
  });

  test('a batch of which one row is wrong, as a whole', () => {
    const batch = columns(3_000, 0);
    batch.index[2_999] = 7;
    batch.who.fill(-1);
    expect(() => writer.addColumns(batch)).toThrow(expect.objectContaining({ code: 'ARCHIVE_ORDER' }) as Error);
    expect(() => writer.addColumns({ ...columns(10, 0), sex: new Uint8Array(9) })).toThrow(expect.objectContaining({ code: 'ARCHIVE_ORDER' }) as Error);
    expect(writer.next).toBe(0);
  });

  test('a second writer, rows while it seals, and anything once it is closed', async () => {
    await expect(openWriter({ folder }, 'WA')).rejects.toMatchObject({ code: 'ARCHIVE_LOCKED' });
    await expect(openWriter({ folder }, '../x')).rejects.toMatchObject({ code: 'ARCHIVE_QUESTION' });
    writer.add(row);
    const sealing = writer.seal();
    expect(() => writer.add({ ...row, index: 1 })).toThrow(expect.objectContaining({ code: 'ARCHIVE_ORDER' }) as Error);
    await sealing;
    await writer.close();
    expect(() => writer.add({ ...row, index: 1 })).toThrow(expect.objectContaining({ code: 'ARCHIVE_ORDER' }) as Error);
  });
});

test('a writer whose disk failed writes no more; opened again it goes on after what was sealed', async () => {
  let fail = false;
  const fs = watchedFs((call) => { if (fail && call === 'rename') throw diskError('EIO'); });
  const writer = await openWriter({ folder }, 'WA', { fs });
  writer.add(row);
  await writer.seal();
  fail = true;
  writer.add({ ...row, index: 1 });
  await expect(writer.seal()).rejects.toMatchObject({ code: 'EIO' });
  fail = false;
  await expect(writer.seal()).rejects.toMatchObject({ code: 'ARCHIVE_ORDER' });
  await writer.close();
  const again = await openWriter({ folder }, 'WA');
  expect(again.next).toBe(1);
  await again.close();
});

test('folders with signs that mean something to the engine are read as they are called', async () => {
  for (const name of ['it\'s [a*b?]', 'env=prod', 'owner=XX', 'type=x']) {
    const odd = join(archive, name);
    await mkdir(odd);
    const made = await sampleArchive(odd, [{ at: '2026-01-05' }, { at: '2026-01-06', owner: 'OR' }]);
    const session = await sampleSession(made);
    expect(await session.query('SELECT owner, type, count(*) AS n FROM rows GROUP BY ALL ORDER BY ALL')).toEqual([{ owner: 'OR', type: 'decision', n: 1 }, { owner: 'WA', type: 'decision', n: 1 }]);
    expect(await session.query('SELECT owner, ori FROM requesters ORDER BY ALL')).toHaveLength(2);
    expect(await session.query('SELECT owner, sum(n) AS n FROM totals GROUP BY ALL ORDER BY ALL')).toEqual([{ owner: 'OR', n: 1 }, { owner: 'WA', n: 1 }]);
    await session.close();
  }
});

test('what is damaged is said to be damaged', async () => {
  const made = await sampleArchive(archive, [{ at: '2026-01-05' }], { name: 'other' });
  const own = ownerFolder(made, 'WA');
  const name = '2026-01-05.000001.parquet';
  const bytes = await readFile(join(own, name));
  await writeFile(join(own, name), bytes.subarray(0, -1));
  await expect(sampleSession(made)).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
  await writeFile(join(own, name), Buffer.alloc(bytes.length, 7));
  await expect(sampleSession(made)).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
  await writeFile(join(own, name), Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(60, 0xff), bytes.subarray(64)]));
  const session = await sampleSession(made);
  await expect(session.query('SELECT index, "at", who FROM rows')).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
  await expect(session.query('SELECT nothing FROM rows')).rejects.not.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
  await session.close();
  await rm(join(own, name));
  await expect(sampleSession(made)).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
  await writeFile(join(own, 'manifest.json'), '{"weirArchiveOwner":1');
  await expect(sampleSession(made)).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
  await expect(openWriter({ folder: made }, 'WA')).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
  await expect(sampleSession(made, undefined, ['OR'])).rejects.toMatchObject({ code: 'ARCHIVE_UNKNOWN' });
  await expect(sampleSession(join(archive, 'nothing'))).rejects.toMatchObject({ code: 'ARCHIVE_UNKNOWN' });
});
