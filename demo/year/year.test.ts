import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkDataset } from '../../src/insight/archive/check.ts';
import { openEngine } from '../../src/insight/archive/engine.ts';
import { readManifest } from '../../src/insight/archive/manifest.ts';
import { sampleArchive } from '../../src/insight/archive/sample.ts';
import { openSession } from '../../src/insight/archive/session.ts';
import { openWriter } from '../../src/insight/archive/writer.ts';
import { leastAgencies } from '../network.ts';
import { groundOf } from './ground.ts';
import { checkYear, defaultYear, ensureDemoYear, planYear, writeYear, YearError, type WriteYearOptions } from './index.ts';
import { ownerYear } from './ownerYear.ts';
import { checkRoom } from './place.ts';
import { rowMaker } from './rows.ts';
import { putSheet } from './writeOwner.ts';

const small: WriteYearOptions = { scale: 4000, agencies: leastAgencies, owners: ['AS', 'OR', 'WA'] };
let archive = '';
beforeAll(async () => {
  archive = await mkdtemp(join(tmpdir(), 'weir-year-'));
});
afterAll(async () => {
  await rm(archive, { recursive: true, force: true });
});

const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'none', (error: unknown) => (error instanceof YearError ? error.code : String(error)));
const rollupOf = async (name: string, owner: string): Promise<unknown> => {
  const session = await openSession({ folder: join(archive, name), owners: [owner], period: { from: 0, to: Date.UTC(2100, 0, 1), text: 'all' } });
  try {
    return await session.query(`select count(*) as n, sum(hash("index", "at", who, context, outcome, subject, "user"))::varchar as h,
      (select sum(hash("index", "at", deadline, "ended", "endedAt", verdict, "decidedBy", reason, decisions, late, "lateRecords", "policyVersion", "reviewMs"))::varchar from reviews) as reviews, (select count(*) from reviews) as held from rows`);
  } finally {
    await session.close();
  }
};

describe('an invented year on the disk', () => {
  it('is as promised, labelled, with its policies and what was planted', async () => {
    const seen: number[] = [];
    const report = await writeYear(archive, { ...small, progress: (done) => seen.push(done) });
    expect([report.rows, report.written, seen.at(-1)]).toEqual([report.owners.reduce((all, { total }) => all + total, 0), report.rows, report.rows]);
    const check = await checkYear(archive, 'year');
    expect([check.findings, check.counted]).toEqual([[], check.promised]);
    expect(check.owners.map(({ owner }) => owner)).toEqual(['AS', 'OR', 'WA']);
    expect((await checkDataset(report.folder)).findings).toEqual([]);
    expect(JSON.parse(await readFile(join(report.folder, 'dataset.json'), 'utf8'))).toMatchObject({ kind: 'invented', lacks: [], label: expect.stringMatching(/^Invented: /) as unknown });
    const versions = JSON.parse(await readFile(join(report.folder, 'owner=WA', 'policies.json'), 'utf8')) as { version: number; hash: string; since: string }[];
    expect(versions.map(({ version, since }) => [version, since])).toEqual([[1, '2025-01-05T00:00:00.000Z'], [2, '2026-04-15T00:00:00.000Z']]);
    const session = await openSession({ folder: report.folder, owners: 'all', period: { from: 0, to: Date.UTC(2100, 0, 1), text: 'all' } });
    const events = await session.query<{ subject: string; hash: string }>(`select subject, hash from events where event = 'policyActivated' and subject like 'WA %' order by "index"`);
    expect(events).toEqual(versions.map(({ version, hash }) => ({ subject: `WA ${version}`, hash })));
    await session.close();
  });

  it('is written once: the same again finds it there, other options are refused, and --again replaces it', async () => {
    expect((await writeYear(archive, small)).written).toBe(0);
    expect(await codeOf(writeYear(archive, { ...small, seed: 9 }))).toBe('YEAR_OTHER');
    const before = await rollupOf('year', 'OR');
    const report = await writeYear(archive, { ...small, again: true, threads: 1 });
    expect(report.written).toBe(report.rows);
    expect(await rollupOf('year', 'OR')).toEqual(before);
  });

  it('takes in further owners', async () => {
    const report = await writeYear(archive, { ...small, owners: ['AS', 'GU'] });
    expect(report.written).toBe(report.owners.find(({ owner }) => owner === 'GU')!.total);
    expect((await checkYear(archive, 'year')).findings).toEqual([]);
  });

  it('goes on where it was broken off, with the same rows', async () => {
    const options = { ...defaultYear, scale: 4000, agencies: leastAgencies };
    await writeYear(archive, { ...small, name: 'broken', owners: ['AS'] });
    const ground = groundOf(planYear(options));
    const engine = await openEngine({ memoryMb: 256 });
    const writer = await openWriter({ folder: join(archive, 'broken') }, 'OR', { engine, monthly: true });
    const maker = rowMaker(ground, ownerYear(ground, 'OR'), writer);
    for (const month of [0, 1, 2, 3, 4]) maker.month(month, (sheet) => putSheet(writer, sheet));
    await writer.seal();
    maker.month(5, (sheet) => putSheet(writer, sheet)); // not sealed: as if it had never been
    await writer.close();
    await engine.close();
    const report = await writeYear(archive, { ...small, name: 'broken', owners: ['AS', 'OR'] });
    expect(report.written).toBeLessThan(report.owners.find(({ owner }) => owner === 'OR')!.total);
    expect(report.written).toBeGreaterThan(0);
    expect((await checkYear(archive, 'broken')).findings).toEqual([]);
    expect(await rollupOf('broken', 'OR')).toEqual(await rollupOf('year', 'OR'));
  });

  it('is found wanting where a row is missing', async () => {
    const manifest = (await readManifest(join(archive, 'broken', 'owner=OR'), 'OR'))!;
    const fewer = { ...manifest, segments: manifest.segments.slice(1) };
    await writeFile(join(archive, 'broken', 'owner=OR', 'manifest.json'), JSON.stringify(fewer));
    const { findings } = await checkYear(archive, 'broken');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.every((text) => text.startsWith('OR: '))).toBe(true);
  });
});

describe('the year of the demonstration', () => {
  it('is made where there is none, and left where there is one of any size', async () => {
    expect(await ensureDemoYear(archive, { name: 'demo', scale: 20_000, agencies: leastAgencies, owners: ['AS', 'WY'] })).toBe(true);
    expect(await ensureDemoYear(archive, { name: 'demo', owners: ['AS', 'WY'] })).toBe(false);
    expect((await checkYear(archive, 'demo')).options.scale).toBe(20_000);
  });
});

describe('a year that an older Weir made', () => {
  it('is left as it is by the demonstration, can be counted, and goes on only where it is replaced', async () => {
    const options: WriteYearOptions = { name: 'older', scale: 20_000, agencies: leastAgencies, owners: ['AS'] };
    const { folder } = await writeYear(archive, options);
    const path = join(folder, 'year.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"generator": 2', '"generator": 1'));
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ generator: 1 });
    expect(await ensureDemoYear(archive, options)).toBe(false);
    expect((await checkYear(archive, 'older')).findings).toEqual([]);
    expect(await codeOf(writeYear(archive, options))).toBe('YEAR_OTHER');
    await writeYear(archive, { ...options, again: true });
    expect(await ensureDemoYear(archive, { ...options, owners: ['AS'] })).toBe(false);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ generator: 2 });
  });
});

describe('what cannot be made', () => {
  it.each([
    ['YEAR_OPTION', { scale: 0 }], ['YEAR_OPTION', { scale: 0.5 }], ['YEAR_OPTION', { ending: 'soon' }], ['YEAR_OPTION', { agencies: 3 }], ['YEAR_OPTION', { name: '../elsewhere' }], ['YEAR_OPTION', { name: '' }],
  ] as const)('%s: %o', async (code, options) => {
    expect(await codeOf(writeYear(archive, { ...small, ...options }))).toBe(code);
  });

  it('leaves a data set alone that is something else', async () => {
    await sampleArchive(archive, [{ at: '2026-01-01' }], { name: 'mine', kind: 'imported' });
    expect(await codeOf(writeYear(archive, { ...small, name: 'mine', again: true }))).toBe('YEAR_NAME');
    await sampleArchive(archive, [{ at: '2026-01-01' }], { name: 'other' });
    expect(await codeOf(writeYear(archive, { ...small, name: 'other', again: true }))).toBe('YEAR_NAME');
    expect(await codeOf(checkYear(archive, 'nowhere'))).toBe('YEAR_NONE');
  });

  it('says beforehand where the disk is too small', async () => {
    expect(await codeOf(checkRoom(archive, 1e18))).toBe('YEAR_SPACE');
  });

  it('stops where it is told to', async () => {
    const stop = new AbortController();
    stop.abort(new YearError('YEAR_THREAD', 'told to stop', ''));
    expect(await codeOf(writeYear(archive, { ...small, name: 'stopped', signal: stop.signal }))).toBe('YEAR_THREAD');
  });
});
