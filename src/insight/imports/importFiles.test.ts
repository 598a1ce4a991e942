import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleSession } from '../archive/sample.ts';
import { bytesOf, partsOf, testOris, testSealer } from './cases.ts';
import { importFiles } from './importFiles.ts';
import { withImport } from './open.ts';
import { reportLines, reportOf, type ImportReport } from './report.ts';
import type { Reason } from './reasons.ts';
import { sampleLog, sampleMapping, spoilings } from './sampleLog.ts';
import type { ImportSession } from './session.ts';

let folder: string;
let archive: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-import-'));
  archive = join(folder, 'archive');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = async (name: string, bytes: Buffer | string): Promise<string> => {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
};
const run = <T = ImportReport>(mapping: string, work: (session: ImportSession) => Promise<T>): Promise<T> => withImport(partsOf(mapping, archive), work);
const imported = async (mapping: string, ...paths: string[]): Promise<ImportReport> => run(mapping, async (session) => {
  await importFiles(session, paths);
  return reportOf({ dataset: 'test', owner: 'WA', dryRun: false, by: 'x', lacks: session.state.lacks }, session.state.sources, 5);
});
const countsOf = (report: ImportReport): Map<Reason, number> => new Map([
  ...[...report.skipped, ...report.duplicates, ...report.refused, ...report.remarks].map(({ reason, count }): [Reason, number] => [reason, count]), ['archived', report.lines.archived],
]);
const rowsOf = async (): Promise<readonly { index: number }[]> => {
  const session = await sampleSession(join(archive, 'test'));
  try {
    return await session.query<{ index: number }>('SELECT * FROM rows ORDER BY "index"');
  } finally {
    await session.close();
  }
};

describe('every line is accounted for', () => {
  it('whatever was spoiled, however the file is cut, packed or stopped', async () => {
    await fc.assert(fc.asyncProperty(
      fc.integer({ min: 30, max: 2_000 }), fc.integer({ min: 2, max: 30 }), fc.integer(), fc.subarray([...spoilings], { minLength: 1 }), fc.boolean(), fc.integer({ min: 0, max: 3 }),
      async (lines, every, seed, ways, packed, stops) => {
        await rm(archive, { recursive: true, force: true });
        const log = sampleLog({ lines, every, ways, seed, oris: testOris, longest: 4_096 }, true);
        const bytes = bytesOf(log);
        const path = await put(`log-${packed ? 'gz' : 'csv'}`, packed ? gzipSync(bytes) : bytes);
        const mapping = `${sampleMapping}longest: 4096\n`;
        for (let stop = 0; stop < stops; stop += 1) await run(mapping, (session) => importFiles(session, [path], { stopped: () => true }));
        const report = await imported(mapping, path);
        const counts = countsOf(report);
        for (const reason of new Set([...log.expected.keys(), ...counts.keys()])) {
          if (reason === 'unknownOri') expect(report.unplaced.most).toEqual([{ ori: 'OR9990000', lines: counts.get(reason) }]);
          else expect([reason, counts.get(reason) ?? 0]).toEqual([reason, log.expected.get(reason) ?? 0]);
        }
        expect(report.lines.read).toBe(lines);
        expect(report.lines.read).toBe(report.lines.skipped + report.lines.archived + report.lines.duplicates + report.lines.refused);
        expect((await rowsOf()).map(({ index }) => index)).toEqual(log.archived);
      },
    ), { numRuns: 4 });
  });

  it('and the report says where the first ones are', async () => {
    const path = await put('a.csv', `${['DATE,TIME,ORI,DST,TRAN,PUR,CASE,USER,NAM,DOB,SEX,OLN,IMQ,STAT,N,NO', '20250101,000000.000,,WA,DL,,,,,,,,,HIT,1,1', '20250101,000000.000,WA0010100,WA,DL,9,,,,,,L1,,HIT,1,2'].join('\r\n')}\r\n`);
    const report = await imported(sampleMapping, path);
    expect(report.refused).toMatchObject([{ reason: 'missingOri', count: 1, first: [{ file: 1, line: 2 }] }]);
    expect(report.remarks).toMatchObject([{ reason: 'unknownPurpose', first: [{ file: 1, line: 3 }] }]);
    expect(reportLines(report).join('\n')).toContain('line 2');
  });
});

describe('the same file', () => {
  const small = (seed: number): Buffer => bytesOf(sampleLog({ lines: 200, every: 7, ways: ['duplicate', 'badTime'], seed, oris: testOris }));

  it('is imported once', async () => {
    const path = await put('a.csv', small(1));
    const first = await imported(sampleMapping, path);
    const rows = await rowsOf();
    expect(await run(sampleMapping, (session) => importFiles(session, [path]))).toMatchObject([{ state: 'already' }]);
    expect(await rowsOf()).toEqual(rows);
    expect(rows).toHaveLength(first.lines.archived);
  });

  it('given twice in one run is an error, and nothing is written', async () => {
    await expect(imported(sampleMapping, await put('a.csv', small(1)), await put('b.csv', small(1)))).rejects.toMatchObject({ code: 'IMPORT_FILE' });
  });

  it('that was cut short is gone on with before any other', async () => {
    const [a, b] = [await put('a.csv', small(1)), await put('b.csv', small(2))];
    await run(sampleMapping, (session) => importFiles(session, [a], { stopped: () => true }));
    await expect(imported(sampleMapping, b)).rejects.toMatchObject({ code: 'IMPORT_STATE' });
    const both = await imported(sampleMapping, a, b);
    expect(both.files.map(({ from, lines, state }) => [from, lines, state])).toEqual([[0, 200, 'whole'], [200, 200, 'whole']]);
    expect((await rowsOf()).length).toBe(both.lines.archived);
  });
});

describe('what names a person', () => {
  it('stands nowhere in the archive or the report', async () => {
    const markers = ['MARKERNAME', 'MARKERGIVEN', 'MARKEROLN1', 'MARKERUSER', 'MARKERCASE', 'MARKERBAD'];
    const line = (rest: string): string => `20250101,000000.000,WA0010100,WA,DL,,MARKERCASE9,MARKERUSER,"MARKERNAME,MARKERGIVEN Q",19800101,F,${rest}`;
    const path = await put('a.csv', [
      'DATE,TIME,ORI,DST,TRAN,PUR,CASE,USER,NAM,DOB,SEX,OLN,IMQ,STAT,N,NO', line('MARKEROLN1,Y,HIT,1,1'), line(',Y,HIT,1,2'), line(',Y,MARKERBAD,1,3'), 'MARKERNAME', `"MARKERNAME`,
      '20250101,000000.000,MARKERBAD,WA,DL,,,,,,,,,HIT,1,4', '20250101,000000.000,WA0010100,WA,MARKERBAD,,,,,,,,,HIT,1,5', '20250101,000000.000,WA0010100,WA,DL,MARKERBAD,,,,,,,,HIT,1,6', line(',Y,HIT,1,2'), '# MARKERNAME',
    ].join('\n'));
    const report = await imported(sampleMapping, path);
    expect(report.lines).toMatchObject({ archived: 3, duplicates: 1, refused: 5 });
    const all = [JSON.stringify(report), ...reportLines(report)];
    for (const entry of await readdir(archive, { recursive: true, withFileTypes: true })) if (entry.isFile()) all.push(await readFile(join(entry.parentPath, entry.name), 'latin1'));
    for (const marker of [...markers, '19800101', '1980-01-01']) for (const text of all) expect(text.includes(marker)).toBe(false);
    const session = await sampleSession(join(archive, 'test'));
    const rows = await session.query('SELECT * FROM rows JOIN contexts ON rows.context = contexts.id JOIN outcomes ON rows.outcome = outcomes.id JOIN requesters ON who = requesters.id');
    await session.close();
    for (const marker of markers) expect(JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(marker);
    expect(rows[0]).toMatchObject({ sex: null, caseNumber: 'numbered', ori: 'WA0010100', organisation: 'wa/seabeck', released: ['licenceStatus', 'licenceNumber', 'name', 'birthDate', 'description', 'address', 'photo'] });
    expect(rows[1]).toMatchObject({ sex: 'F' });
  });
});

describe('tags', () => {
  it('are those that the ledger makes, and flags those of a live query', async () => {
    await imported(sampleMapping, await put('a.csv', ['DATE,TIME,ORI,DST,TRAN,PUR,CASE,USER,NAM,DOB,SEX,OLN,IMQ,STAT,N,NO',
      '20250101,000000.000,WA0010100,WA,DL,,,u1,,,,k2093177,,HIT,1,1', '20250101,000001.000,WA0010100,WA,DL,,,"Hollow, Tamsin","HOLLOW,TAMSIN B",19800102,F,,,HIT,1,2', '20250101,000002.000,WA0010200,WA,DL,,,Tamsin Hollow,"HOLLOW,BRAM",19800102,M,,,HIT,1,3'].join('\n')));
    const session = await sampleSession(join(archive, 'test'));
    const rows = await session.query('SELECT CAST(subject AS VARCHAR) subject, CAST("user" AS VARCHAR) "user", "userName" = "subjectName" AS same, self, "sameSurname", sex FROM rows ORDER BY "index"');
    await session.close();
    const tag = (of: Parameters<typeof testSealer.tag>[1]): string => BigInt(`0x${testSealer.tag('WA', of).slice(0, 16)}`).toString();
    expect(rows).toEqual([
      { subject: tag({ kind: 'licence', number: 'K2093177' }), user: tag({ kind: 'user', ori: 'WA0010100', user: 'U1' }), same: null, self: null, sameSurname: null, sex: null },
      {
        subject: tag({ kind: 'person', name: { surname: 'HOLLOW', given: 'TAMSIN', middle: 'B' }, birthDate: '1980-01-02', sex: 'F' }),
        user: tag({ kind: 'user', ori: 'WA0010100', user: 'HOLLOW, TAMSIN' }), same: true, self: true, sameSurname: true, sex: 'F',
      },
      {
        subject: tag({ kind: 'person', name: { surname: 'HOLLOW', given: 'BRAM', middle: '' }, birthDate: '1980-01-02', sex: 'M' }),
        user: tag({ kind: 'user', ori: 'WA0010200', user: 'TAMSIN HOLLOW' }), same: false, self: false, sameSurname: true, sex: 'M',
      },
    ]);
  });
});

describe('bad input', () => {
  it.each([
    ['a file that is not there', () => Promise.resolve(join(folder, 'nowhere')), 'IMPORT_FILE'],
    ['a folder', () => Promise.resolve(folder), 'IMPORT_FILE'],
    ['no header', () => put('a.csv', 'MARKER,1,2\n'), 'IMPORT_FILE'],
    ['gzip that is cut off', () => put('a.gz', gzipSync(bytesOf(sampleLog({ lines: 5_000, every: 9, ways: ['blank'], seed: 1, oris: testOris }))).subarray(0, 4_000)), 'IMPORT_FILE'],
    ['another log', () => put('a.csv', `DATE,TIME,ORI,DST,TRAN,PUR,CASE,USER,NAM,DOB,SEX,OLN,IMQ,STAT,N,NO\n${'x,y\n'.repeat(30_000)}`), 'IMPORT_HOPELESS'],
  ])('%s', async (_, path, code) => {
    const error: unknown = await imported(sampleMapping, await path()).then(() => null, (found: unknown) => found);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain('MARKER');
    expect(await rowsOf().catch(() => [])).toEqual([]);
  });

  it('a file that is another one leaves no trace, and the next is imported', async () => {
    await expect(imported(sampleMapping, await put('x.csv', 'A,B\n1,2\n'))).rejects.toMatchObject({ code: 'IMPORT_FILE' });
    const good = await imported(sampleMapping, await put('a.csv', bytesOf(sampleLog({ lines: 20, every: 9, ways: ['blank'], seed: 1, oris: testOris }))));
    expect(good.files).toMatchObject([{ file: 'a.csv', lines: 20, state: 'whole' }]);
  });

  it('an empty file has no lines', async () => {
    expect((await imported(sampleMapping, await put('a.csv', ''))).lines.read).toBe(0);
  });

  it('a mapping that lacks other things needs another data set', async () => {
    await imported(sampleMapping, await put('a.csv', bytesOf(sampleLog({ lines: 20, every: 9, ways: ['blank'], seed: 1, oris: testOris }))));
    await expect(imported(sampleMapping.replace(/user: USER\n/, ''), await put('b.csv', 'x'))).rejects.toMatchObject({ code: 'IMPORT_DATASET' });
  });
});
