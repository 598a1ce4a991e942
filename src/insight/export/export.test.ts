import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Recorded } from '../../exchange/ports.ts';
import type { Entry } from '../../model/index.ts';
import { sampleArchive, sampleSession, type SampleRow } from '../archive/sample.ts';
import type { ArchiveSession } from '../archive/types.ts';
import { readConditions } from '../statistics/conditions.ts';
import { chooseColumns, exportColumns } from './columns.ts';
import { csvField, csvLine, harmless, unharmed } from './csv.ts';
import { exportSelection, type Exported, type ExportParts, type ExportRequest } from './exportSelection.ts';
import { openPseudonyms } from './pseudonyms.ts';

const hostile = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '"quoted", with comma', 'two\nlines', '\'quoted', 'plain', 'Ünïcødé ☂', ''];
const rows: readonly SampleRow[] = [
  ...hostile.map((_, n): SampleRow => ({ at: `2026-03-${String(n + 1).padStart(2, '0')}`, ori: `WA00000${String(n).padStart(2, '0')}`, subject: `s${n % 3}`, subjectName: `n${n % 3}`, user: `u${n % 2}`, userName: n === 4 ? 'n1' : `un${n}`, self: n === 4, sex: 'F' })),
  { at: '2026-04-01T13:00:00Z', ori: 'WA0000500', status: 'held', held: true, released: [], wanted: ['photo', 'name'], review: { verdict: 'releasedInPart', after: 90, decidedBy: 'clock', reason: 'lapsed', released: ['photo'], records: 2 } },
  { at: '2026-04-01T14:00:00Z', ori: 'WA0000501', status: 'held', held: true, released: [], wanted: ['photo'] },
  { at: '2026-04-02', status: 'refused', policyVersion: null, policyHash: null, wanted: ['photo', 'address'], behalf: { ori: 'WAICE0001' } },
  { at: '2026-04-03', type: 'redelivery' },
  { at: '2026-04-04', owner: 'OR', rules: ['OR-1', 'OR-2'], subject: 's1' },
];
let base: string;
let session: ArchiveSession;
let out: string;
let recorded: Entry[];
let parts: ExportParts;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'weir-export-'));
  session = await sampleSession(await sampleArchive(join(base, 'archive'), rows), { from: Date.UTC(2026, 0, 1), to: Date.UTC(2027, 0, 1), text: '2026' });
});
afterAll(async () => {
  await session.close();
  await rm(base, { recursive: true });
});
let n = 0;
beforeEach(() => {
  out = join(base, `out-${(n += 1)}`);
  recorded = [];
  parts = {
    session, engine: 'weir-test', now: Date.UTC(2026, 11, 1),
    names: { organisation: () => null, agency: (ori) => hostile[Number(ori.slice(7))] ?? null, rule: () => null },
    recorder: { append: (entries) => { recorded.push(...entries); return Promise.resolve(entries.map((entry, at): Recorded => ({ sequence: at, receipt: { log: 'anchor', index: 40 + at, entry: entry.id, hash: 'h', token: 't' } }))); } },
  };
});

const request = (more: Partial<ExportRequest> = {}): ExportRequest => ({ where: [], columns: null, format: 'csv', link: false, who: 'State auditor', why: 'Audit 2026-14', expires: null, licence: null, out, ...more });
const made = (more: Partial<ExportRequest> = {}): Promise<Exported> => exportSelection(parts, request(more));
const codeOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'made', (error: unknown) => (error as { code?: unknown }).code ?? (error as Error).message);
const leftovers = async (): Promise<string[]> => (await readdir(base)).filter((name) => name.includes('.part-'));
const text = (name: string): Promise<string> => readFile(join(out, name), 'utf8');

describe('a text in a spreadsheet', () => {
  it.each(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])('is no formula though it begins with %j', (sign) => {
    expect(harmless(`${sign}cmd`)).toBe(`'${sign}cmd`);
    expect(parse(csvLine([`${sign}cmd|' /C calc'!A0`]), { record_delimiter: '\r\n' })).toEqual([[`'${sign}cmd|' /C calc'!A0`]]);
  });

  it('comes back whole, and numbers are never touched', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (any) => {
      expect(unharmed(harmless(any))).toBe(any);
      expect(parse(csvLine([any, 'end']), { record_delimiter: '\r\n' })[0]).toEqual([harmless(any), 'end']);
    }));
    expect([-1, 1.5, -0.5, 12n, true, null].map(csvField)).toEqual(['-1', '1.5', '-0.5', '12', 'true', '']);
  });
});

describe('an export', () => {
  it('is on the record, with its size and the hash of what was asked, before anything is written', async () => {
    const order: string[] = [];
    parts = { ...parts, recorder: { append: async (entries) => { order.push(...(await readdir(base)).filter((name) => name.includes('.part-'))); for (const folder of [...order]) expect(await readdir(join(base, folder))).toEqual([]); recorded.push(...entries); return entries.map((entry, at): Recorded => ({ sequence: at, receipt: { log: 'anchor', index: at, entry: entry.id, hash: 'h', token: 't' } })); } } };
    const { hash } = await made({ link: true });
    expect(recorded.map((entry) => (entry.type === 'system' ? [entry.event, entry.subject, entry.hash, entry.detail] : null))).toEqual([
      ['exported', 'OR', hash, { dataset: 'sample', rows: 1, format: 'csv', columns: 44, linked: 'yes' }], ['exported', 'WA', hash, { dataset: 'sample', rows: 15, format: 'csv', columns: 44, linked: 'yes' }],
    ]);
    expect(createHash('sha256').update(await text('asked.json')).digest('hex')).toBe(hash);
    expect(JSON.stringify(recorded)).not.toContain('auditor');
  });

  it('is not, where it cannot be recorded', async () => {
    parts = { ...parts, recorder: { append: () => Promise.reject(new Error('no ledger')) } };
    expect(await codeOf(made())).toBe('no ledger');
    parts = { ...parts, recorder: { append: () => Promise.resolve([]) } };
    expect(await codeOf(made())).toBe('EXPORT_RECORD');
    expect(await leftovers()).toEqual([]);
    expect(await stat(out).catch(() => null)).toBeNull();
  });

  it('appears whole, only for its owner, or not at all', async () => {
    await made();
    expect((await readdir(out)).sort()).toEqual(['asked.json', 'datapackage.json', 'invented-entries.csv', 'manifest.json']);
    expect((await stat(out)).mode & 0o777).toBe(0o700);
    expect(await codeOf(made())).toBe('EXPORT_FOLDER');
    await writeFile(join(base, 'a-file'), '');
    expect(await codeOf(made({ out: join(base, 'a-file') }))).toBe('EXPORT_FOLDER');
    expect(await codeOf(made({ out: join(base, 'a-file', 'x') }))).toBe('EXPORT_FOLDER');
    expect(await codeOf(made({ out: join(base, 'no', 'x') }))).toBe('EXPORT_FOLDER');
    const broken: ArchiveSession = { ...session, columns: () => Promise.reject(new Error('the disk failed')) };
    const many = recorded.length;
    expect(await codeOf(exportSelection({ ...parts, session: broken }, request({ out: join(base, 'b') })))).toBe('the disk failed');
    expect(recorded.length).toBeGreaterThan(many);
    const fewer: ArchiveSession = { ...session, columns: () => Promise.resolve() };
    expect(await codeOf(exportSelection({ ...parts, session: fewer }, request({ out: join(base, 'b') })))).toBe('EXPORT_ROWS');
    expect(await leftovers()).toEqual([]);
    expect(await stat(join(base, 'b')).catch(() => null)).toBeNull();
  });

  it('says the same in each format', async () => {
    const names = exportColumns.map(({ name }) => name).filter((name) => !['subject', 'subjectName', 'user', 'userName'].includes(name));
    const read: Record<string, unknown>[][] = [];
    for (const format of ['csv', 'jsonl', 'parquet'] as const) {
      out = join(base, `all-${format}`);
      await made({ format, columns: ['all'] });
      read.push(await (format === 'csv' ? fromCsv() : format === 'jsonl' ? fromLines() : fromParquet(join(out, 'invented-entries.parquet'))));
    }
    expect(read[0]).toHaveLength(16);
    expect(Object.keys(read[0]?.[0] ?? {})).toEqual(names);
    expect(read[1]).toEqual(read[0]);
    expect(read[2]).toEqual(read[0]);
    expect(read[0]?.slice(1, 1 + hostile.length).map((row) => row['agencyName'])).toEqual(hostile);
    expect(read[0]?.[0]).toMatchObject({ owner: 'OR', rules: 'OR-1;OR-2' });
    expect(read[0]?.at(-1)).toMatchObject({ owner: 'WA', status: 'refused', released: '', policyVersion: null, behalfAgency: 'WAICE0001', delegated: true, decided: 'photo:deny;address:deny' });
  });

  it('takes only what was asked for', async () => {
    expect((await made({ where: readConditions(['status=refused']).where })).rows).toBe(1);
    out = join(base, 'march');
    expect((await made({ where: readConditions(['month=2026-03', 'agency!=WA0000000', 'owner=WA']).where, columns: ['at', 'agency'], format: 'jsonl' })).rows).toBe(hostile.length - 1);
    expect((await text('invented-entries.jsonl')).split('\n')[0]).toBe('{"at":"2026-03-02T12:00:00.000Z","agency":"WA0000001"}');
    out = join(base, 'nothing');
    expect((await made({ where: readConditions(['component=HSI']).where })).rows).toBe(0);
    expect((await text('invented-entries.csv')).split('\r\n')).toHaveLength(2);
  });

  it('has what was given late beside what was given at once', async () => {
    await made({ format: 'jsonl', where: readConditions(['status=held']).where, columns: ['agency', 'status', 'released', 'records', 'held', 'verdict', 'decidedBy', 'reviewReason', 'releasedLate', 'reviewSeconds'] });
    expect((await text('invented-entries.jsonl')).trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
      { agency: 'WA0000500', status: 'held', released: '', records: 2, held: true, verdict: 'releasedInPart', decidedBy: 'clock', reviewReason: 'lapsed', releasedLate: 'photo', reviewSeconds: 90 },
      { agency: 'WA0000501', status: 'held', released: '', records: 0, held: true, verdict: null, decidedBy: null, reviewReason: null, releasedLate: null, reviewSeconds: null },
    ]);
    out = `${out}-late`;
    await made({ format: 'jsonl', where: readConditions(['status=held', 'released=photo']).where, columns: ['agency'] });
    expect((await text('invented-entries.jsonl')).trim()).toBe('{"agency":"WA0000500"}');
  });

  it('shows what it holds: files, hashes, columns, period, who and why', async () => {
    const { files } = await made({ expires: '2027-03-31', where: readConditions(['party!=border']).where });
    const manifest = JSON.parse(await text('manifest.json')) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      weirExport: 1, notice: expect.stringContaining('INVENTED') as string, dataset: { name: 'sample', kind: 'invented' }, query: { owners: ['OR', 'WA'], period: { from: '2026-01-01', to: '2026-12-31', timeZone: 'UTC' }, where: ['party!=border'] },
      rows: 16, rowsByOwner: { OR: 1, WA: 15 }, newest: '2026-04-04T12:00:00.000Z', who: 'State auditor', why: 'Audit 2026-14', expires: '2027-03-31', pseudonyms: null, files,
    });
    for (const { path, sha256, bytes } of files) {
      expect(createHash('sha256').update(await readFile(join(out, path))).digest('hex')).toBe(sha256);
      expect((await stat(join(out, path))).size).toBe(bytes);
    }
    const fields = (JSON.parse(await text('datapackage.json')) as { resources: { schema: { fields: { name: string }[] } }[] }).resources[0]?.schema.fields.map(({ name }) => name);
    expect(fields).toEqual((await text('invented-entries.csv')).split('\r\n')[0]?.split(','));
  });

  it('refuses what nobody could read later', async () => {
    for (const wrong of [{ who: ' ' }, { why: '' }, { who: 'a\nb' }, { why: 'x'.repeat(501) }, { expires: '2026-13-01' }, { expires: '2020-01-01' }, { expires: 'soon' }, { licence: '\u0000' }]) expect(await codeOf(made(wrong)), JSON.stringify(wrong)).toBe('EXPORT_REQUEST');
    for (const columns of [['nothing'], [], ['subject']]) expect(await codeOf(made({ columns })), columns.join()).toBe('ARCHIVE_QUESTION');
    expect(recorded).toEqual([]);
    expect(chooseColumns(['subject', 'owner'], true).map(({ name }) => name)).toEqual(['owner', 'subject']);
  });
});

describe('pseudonyms', () => {
  const linked = async (to: string): Promise<Record<string, string>[]> => {
    out = join(base, to);
    await made({ format: 'jsonl', link: true, columns: ['owner', 'subject', 'subjectName', 'user', 'userName'] });
    return (await text('invented-entries.jsonl')).trim().split('\n').map((line) => JSON.parse(line) as Record<string, string>);
  };

  it('are the same for one person within an export, and nowhere else', async () => {
    const [first, second] = [await linked('link-1'), await linked('link-2')];
    const wa = first.filter(({ owner }) => owner === 'WA');
    expect(new Set(wa.map(({ subject }) => subject)).size).toBe(4);
    expect(wa[0]?.['subject']).toBe(wa[3]?.['subject']);
    expect(wa[0]?.['subject']).not.toBe(wa[1]?.['subject']);
    // A name that was asked about and a name that asked are of one kind; a thing and a user are not.
    expect(wa[4]?.['userName']).toBe(wa[4]?.['subjectName']);
    expect(first.at(-1)?.['subject']).toBeNull();
    const all = (rows: readonly Record<string, string | null>[]): Set<string> => new Set(rows.flatMap((row) => [row['subject'], row['subjectName'], row['user'], row['userName']]).filter((one) => typeof one === 'string'));
    for (const one of all(second)) expect(all(first).has(one)).toBe(false);
    // The same tag of two owners is no link.
    expect(first.find(({ owner }) => owner === 'OR')?.['subject']).not.toBe(wa[1]?.['subject']);
  });

  it('differ by kind and key, and are none where there is no tag', () => {
    const [a, b] = [openPseudonyms(Buffer.alloc(32, 1)), openPseudonyms(Buffer.alloc(32, 2))];
    const tags = BigUint64Array.of(7n, 0n, 7n, 2n ** 64n - 1n);
    const [first, none, again, last] = a.of('WA', 'thing', tags);
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect([none, again]).toEqual([null, first]);
    expect(new Set([first, last, a.of('WA', 'user', tags)[0], a.of('OR', 'thing', tags)[0], b.of('WA', 'thing', tags)[0]]).size).toBe(5);
    expect(a.of('WA', 'thing', new BigInt64Array(tags.buffer))[3]).toBe(last);
  });
});

async function fromCsv(): Promise<Record<string, unknown>[]> {
  const types = new Map(exportColumns.map(({ name, type }) => [name, type]));
  return parse<Record<string, unknown>>(await text('invented-entries.csv'), { record_delimiter: '\r\n', columns: true, cast: (value, { header, column, quoting }) => {
    if (header) return value;
    if (value === '' && !quoting) return null;
    const type = types.get(String(column));
    return type === 'integer' ? Number(value) : type === 'boolean' ? value === 'true' : unharmed(value);
  } });
}

async function fromLines(): Promise<Record<string, unknown>[]> {
  return (await text('invented-entries.jsonl')).trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function fromParquet(path: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const read = await connection.runAndReadAll(`select * replace (strftime("at", '%Y-%m-%dT%H:%M:%S.%gZ') as "at") from '${path}'`);
  const found = read.getRowObjects().map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value])));
  connection.closeSync();
  instance.closeSync();
  return found;
}
