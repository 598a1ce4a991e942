import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson, cellsOf, licences, readAggregate, sha256, type Aggregate, type Cell } from '../../publish/index.ts';
import { sampleArchive, sampleSession, type SampleRow } from '../archive/sample.ts';
import type { ArchiveSession, Lack } from '../archive/types.ts';
import { readPeriod } from '../period.ts';
import type { InsightWorld } from '../world.ts';
import { attack, recovered } from './attack.ts';
import type { ReleaseErrorCode } from './errors.ts';
import { ReleaseError } from './errors.ts';
import { prepareRelease, type PrepareAsked } from './prepare.ts';
import { chance } from './samples.ts';

const ice = { ori: 'WAICE0001', attributes: { level: 'federal', component: ['ICE'], department: 'DHS', mission: ['immigrationEnforcement'] } } as const;
const october: readonly SampleRow[] = [
  { at: '2026-10-03', times: 60, purpose: 'trafficEnforcement', released: ['photo', 'name'] }, { at: '2026-10-04', times: 4, purpose: 'theft', released: ['name'] },
  { at: '2026-10-05', times: 30, ...ice, status: 'refused', released: [] }, { at: '2026-10-06', times: 3, ...ice, status: 'held', held: true, released: [] },
  { at: '2026-10-07', times: 5, type: 'opening' },
];
const world = { policy: () => Promise.resolve(null), versions: () => Promise.resolve([]) } as unknown as InsightWorld;
const now = Date.parse('2026-12-20');
let folder: string;
let sessions: ArchiveSession[];
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'weir-release-')); sessions = []; });
afterAll(async () => {
  for (const session of sessions) await session.close();
  await rm(folder, { recursive: true, force: true });
});

async function sample(name: string, rows: readonly SampleRow[], period = '2026-10', lacks: readonly Lack[] = []): Promise<ArchiveSession> {
  const session = await sampleSession(await sampleArchive(join(folder, name), rows, { lacks, name: 'sample' }), readPeriod(period, now));
  sessions.push(session);
  return session;
}

function asked(session: ArchiveSession, more: Partial<PrepareAsked> = {}): PrepareAsked {
  return { session, world, owner: 'WA', by: 'Privacy office', threshold: 10, licence: licences[0] ?? { name: '', title: '', path: '' }, earlier: [], checkpoints: [], engine: '0.1.0', now, ...more };
}

const prepared = async (session: ArchiveSession, more: Partial<PrepareAsked> = {}): Promise<Aggregate> => (await prepareRelease(asked(session, more), { random: chance(1) })).aggregate;
const hashed = (aggregate: Aggregate): { aggregate: Aggregate; hash: string } => ({ aggregate, hash: sha256(canonicalJson(aggregate)) });
const cellAt = (aggregate: Aggregate, at: string): Cell | undefined => aggregate.tables.flatMap((table) => [...cellsOf(aggregate, table)]).find(({ position }) => position === at)?.cell;

async function codeOf(work: Promise<unknown>): Promise<ReleaseErrorCode | null> {
  return work.then(() => null, (error: unknown) => { if (error instanceof ReleaseError) return error.code; throw error; });
}

describe('the aggregate of a release', () => {
  it('counts each request once, in its group, and hides what is small', async () => {
    const aggregate = await prepared(await sample('one', october));
    expect(cellAt(aggregate, 'requests 2026-10 * *')).toBe(97);
    const counted = { 'requests 2026-10 immigration *': 33, 'requests 2026-10 ownState *': 64, 'requests 2026-10 immigration refused': 30, 'released 2026-10 ownState name': 64, 'purposes 2026-10 ownState trafficEnforcement': 60, 'requests 2026-10 tribal held': 0 };
    for (const [at, n] of Object.entries(counted)) expect([n, { hidden: 'protects' }], at).toContainEqual(cellAt(aggregate, at));
    for (const at of ['requests 2026-10 immigration held', 'holds 2026-10 immigration *', 'purposes 2026-10 ownState theft']) expect(cellAt(aggregate, at), at).toHaveProperty('hidden');
    expect(recovered(await attack([aggregate]), 10)).toEqual([]);
    expect(readAggregate(canonicalJson(aggregate)).aggregate).toEqual(aggregate);
    expect(aggregate).toMatchObject({ version: 1, owner: 'WA', dataset: { kind: 'invented' }, newest: '2026-10-07', archivedTo: 102, corrects: null });
  });

  it('follows earlier releases: other months stand apart, a total over months is safe, a correction names what it corrects', async () => {
    const session = await sample('two', [...october, { at: '2026-11-03', times: 50, released: ['photo'] }, { at: '2026-11-04', times: 2, ...ice, status: 'held', held: true, released: [] }], '2026-10');
    const first = hashed(await prepared(session));
    const both = hashed(await prepared(await session.over(readPeriod('2026-10..2026-11', now)), { earlier: [first] }));
    expect(both.aggregate).toMatchObject({ version: 2, earlier: [{ version: 1, hash: first.hash }], corrects: null });
    const late = await sample('late', [...october, { at: '2026-11-03', times: 50, released: ['photo'] }, { at: '2026-11-04', times: 2, ...ice, status: 'held', held: true, released: [] }, { at: '2026-10-20', times: 25, purpose: 'theft', released: ['name'] }]);
    const corrected = await prepared(late, { earlier: [first, both] });
    expect(corrected).toMatchObject({ version: 3, corrects: 1 });
    expect(recovered(await attack([first.aggregate, both.aggregate, corrected]), 10)).toEqual([]);
  });

  it('is refused where the archive no longer counts what was published', async () => {
    const first = hashed(await prepared(await sample('before', october)));
    const other = await sample('after', [{ at: '2026-10-02', times: 15, ...ice }, ...october]);
    expect(await codeOf(prepareRelease(asked(other, { earlier: [first] })))).toBe('RELEASE_HISTORY');
    expect(await codeOf(prepareRelease(asked(other, { owner: 'OR', earlier: [first] })))).toBe('RELEASE_HISTORY');
  });

  it('is refused for half a month, a month that is not over, a threshold below 10', async () => {
    const session = await sample('odd', october);
    expect(await codeOf(prepareRelease(asked(await session.over(readPeriod('2026-10-03', now)))))).toBe('RELEASE_QUESTION');
    expect(await codeOf(prepareRelease(asked(session, { now: Date.parse('2026-10-30') })))).toBe('RELEASE_QUESTION');
    for (const threshold of [9, 0, NaN, 10.5]) expect(await codeOf(prepareRelease(asked(session, { threshold })))).toBe('RELEASE_QUESTION');
  });

  it('says what a log lacks, and gives no table of it', async () => {
    const aggregate = await prepared(await sample('lacking', october, '2026-10', ['purpose', 'status', 'decisions']));
    expect(aggregate.tables.map(({ id }) => id)).toEqual(['requests', 'released']);
    expect(aggregate.leftOut.map(({ table }) => table)).toEqual(['purposes', 'holds']);
    expect(cellAt(aggregate, 'requests 2026-10 immigration *')).toBe(33);
  });

  it('of a month without a request is all zeros', async () => {
    const aggregate = await prepared(await sample('empty', october, '2026-09'));
    expect(aggregate.tables.flatMap((table) => [...cellsOf(aggregate, table)]).every(({ cell }) => cell === 0)).toBe(true);
  });
});
