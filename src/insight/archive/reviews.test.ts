import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskError, watchedFs } from '../../ledger/cases.ts';
import type { LedgerReader, OpenedRecord } from '../../ledger/index.ts';
import { sampleEntry } from '../../ledger/samples.ts';
import type { DecisionEntry, OwnerEntry, VerdictEntry } from '../../model/index.ts';
import { checkDataset } from './check.ts';
import { followLedger, type FollowOptions } from './follow.ts';
import { readManifest } from './manifest.ts';
import { rebuildArchive } from './rebuild.ts';
import { sampleSession } from './sample.ts';

let archive: string;
beforeEach(async () => {
  archive = await mkdtemp(join(tmpdir(), 'weir-reviews-'));
});
afterEach(() => rm(archive, { recursive: true, force: true }));

const hour = 3_600_000;
const began = Date.UTC(2025, 11, 31, 20);
const at = (hours: number): string => new Date(began + hours * hour).toISOString();

function asked(n: number, hours: number, ticket: Partial<NonNullable<DecisionEntry['ticket']>> | null, more: Partial<DecisionEntry> = {}): DecisionEntry {
  return { ...sampleEntry(n, 'full'), id: `q-${n}/ZY`, owner: 'ZY', at: at(hours), ticket: ticket === null ? null : { id: `ZY-${n}`, deadline: at(hours + 4), by: 'desk', onTimeout: 'deny', ...ticket }, ...more };
}

function decided(n: number, hours: number, more: Partial<VerdictEntry> = {}): VerdictEntry {
  return {
    type: 'verdict', v: 1, id: `v-${n}-${hours}`, at: at(hours), inquiry: `q-${n}`, ticket: `ZY-${n}`, entry: `q-${n}/ZY`, requester: sampleEntry(n).requester.ori, verdict: 'released', who: 'A-REVIEWER0001', role: 'reviewer', reason: 'lawful',
    decisions: [{ dataClass: 'photo', outcome: 'release', rules: ['ZY-7'], treatment: null, review: null }], released: ['photo'], records: 1, releasedHash: null, policyVersion: 3, policyHash: 'c'.repeat(64), subjectTag: null, recordTags: [], sealed: 'a note', owner: 'ZY', ...more,
  };
}

/** Held around the turn of the year: decided by a person, by the clock, twice, not yet, afterwards; and a verdict on what was never held. */
const entries: readonly OwnerEntry[] = [
  asked(0, 0, {}), asked(1, 1, null), asked(2, 1, {}), decided(0, 2), asked(3, 3, {}, { released: ['name'], records: 2 }), asked(4, 3.5, { exigent: true }, { released: ['photo'], records: 1 }),
  { type: 'act', v: 1, id: 'a', at: at(3.6), act: 'signedIn', who: 'A-REVIEWER0001', role: null, on: null, result: 'done', hash: null, detail: null, sealed: null, owner: 'ZY' },
  decided(2, 5, { verdict: 'refused', who: 'clock', role: null, reason: 'clock', decisions: [{ dataClass: 'photo', outcome: 'deny', rules: ['ZY-7'], treatment: null, review: null }], released: [], records: 0 }),
  asked(5, 6, {}), decided(0, 7, { verdict: 'refused', released: [], records: 0 }), decided(4, 8, { verdict: 'disapproved', released: [], records: 0, decisions: [] }), decided(99, 9), decided(5, 5.5),
];
const log: readonly OpenedRecord[] = entries.map((entry, index) => ({ sequence: index, log: 'zy', index, entry, seed: null, fields: [] }));

const expected = [
  { index: 0, at: began, records: 1, deadline: began + 4 * hour, exigent: false, waits: false, ended: 3, verdict: 'released', decidedBy: 'person', reason: 'lawful', late: ['photo'], lateRecords: 1, policyVersion: 3, reviewMs: 2 * hour },
  { index: 2, at: began + hour, records: 1, deadline: began + 5 * hour, exigent: false, waits: false, ended: 7, verdict: 'refused', decidedBy: 'clock', reason: 'clock', late: [], lateRecords: 0, policyVersion: 3, reviewMs: 4 * hour },
  { index: 4, at: began + 3 * hour, records: 2, deadline: began + 7 * hour, exigent: false, waits: true, ended: null, verdict: null, decidedBy: null, reason: null, late: null, lateRecords: null, policyVersion: null, reviewMs: null },
  { index: 5, at: began + 3.5 * hour, records: 1, deadline: began + 7.5 * hour, exigent: true, waits: false, ended: 10, verdict: 'disapproved', decidedBy: 'person', reason: 'lawful', late: [], lateRecords: 0, policyVersion: 3, reviewMs: 4.5 * hour },
  // The clock was put back between the two: nothing takes less than no time.
  { index: 8, at: began + 6 * hour, records: 1, deadline: began + 10 * hour, exigent: false, waits: false, ended: 12, verdict: 'released', decidedBy: 'person', reason: 'lawful', late: ['photo'], lateRecords: 1, policyVersion: 3, reviewMs: 0 },
];

function readerOf(records: readonly OpenedRecord[], gone: ReadonlySet<number> = new Set()): LedgerReader {
  return {
    // eslint-disable-next-line @typescript-eslint/require-await
    entries: async function* (from: number, { end = Infinity } = {}) {
      for (const one of records) if (one.sequence >= from && one.sequence < end && !gone.has(one.index)) yield one;
    },
    entry: (_: string, index: number) => Promise.resolve(gone.has(index) ? 'erased' : records.find((one) => one.index === index) ?? null),
  } as unknown as LedgerReader;
}

const follow = (until: number, more: Partial<FollowOptions> = {}, reader: LedgerReader = readerOf(log)): ReturnType<typeof followLedger> => followLedger(reader, archive, { until, engine: 'weir', now: () => Date.UTC(2026, 0, 1, 3), ...more });

async function reviews(period?: Parameters<typeof sampleSession>[1]): Promise<unknown[]> {
  const session = await sampleSession(join(archive, 'ledger'), period);
  try {
    return [...await session.query('SELECT "index", "at", records, deadline, exigent, entry IS NOT NULL AS waits, ended, verdict, "decidedBy", reason, late, "lateRecords", "policyVersion", "reviewMs" FROM reviews ORDER BY "index"')];
  } finally {
    await session.close();
  }
}

describe('how held requests ended', () => {
  test('stands beside each of them, once, by its first verdict', async () => {
    await follow(log.length);
    expect(await reviews()).toEqual(expected);
    const session = await sampleSession(join(archive, 'ledger'));
    expect(await session.query('SELECT type, count(*) AS n FROM rows GROUP BY 1 ORDER BY 1')).toEqual([{ type: 'act', n: 1 }, { type: 'decision', n: 6 }, { type: 'verdict', n: 6 }]);
    expect(await session.query('SELECT v."index" FROM reviews v JOIN rows r ON r."index" = v."index" AND r.owner = v.owner WHERE r.outcome IS DISTINCT FROM v.outcome OR r.who IS DISTINCT FROM v.who')).toEqual([]);
    await session.close();
    expect((await checkDataset(join(archive, 'ledger'))).findings).toEqual([]);
    const all = JSON.stringify(await reviews(), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    expect(all).not.toMatch(/REVIEWER|a note|ZY-\d|q-\d/);
  });

  test('is the same wherever the following stopped and went on, and made anew', async () => {
    for (let stop = 1; stop < log.length; stop += 1) {
      await rm(join(archive, 'ledger'), { recursive: true, force: true });
      await follow(stop);
      await follow(log.length);
      expect(await reviews(), String(stop)).toEqual(expected);
    }
    await rm(join(archive, 'ledger'), { recursive: true, force: true });
    await follow(log.length, { sealEvery: 1 });
    expect(await reviews()).toEqual(expected);
    await rebuildArchive(readerOf(log), archive, { until: log.length, engine: 'weir' });
    expect(await reviews()).toEqual(expected);
  });

  test('is of the time of the request, whenever it was decided', async () => {
    await follow(log.length);
    const indices = async (from: number, to: number): Promise<unknown[]> => (await reviews({ from, to, text: '' })).map((one) => (one as { index: number }).index);
    const year = Date.UTC(2026, 0, 1);
    expect(await indices(began, year)).toEqual([0, 2, 4, 5]);
    expect(await indices(year, year + 24 * hour)).toEqual([8]);
    expect((await readManifest(join(archive, 'ledger', 'owner=ZY'), 'ZY'))?.reviews?.map(({ year: of, rows, open }) => [of, rows, open])).toEqual([[2025, 4, 1], [2026, 1, 0]]);
  });

  test('however a following ends', async () => {
    let calls = 0;
    await follow(log.length, { sealEvery: 4, fs: watchedFs(() => void (calls += 1)) });
    for (let fatal = 1; fatal <= calls; fatal += process.env['WEIR_FAULTS'] === 'all' ? 1 : Math.ceil(calls / 8)) {
      await rm(join(archive, 'ledger'), { recursive: true, force: true });
      let done = 0;
      await expect(follow(log.length, { sealEvery: 4, fs: watchedFs(() => { if ((done += 1) >= fatal) throw diskError('ENOSPC'); }) })).rejects.toMatchObject({ code: 'ENOSPC' });
      await follow(log.length);
      expect(await reviews(), String(fatal)).toEqual(expected);
      expect((await checkDataset(join(archive, 'ledger'))).findings).toEqual([]);
    }
  }, 300_000);
});

describe('an archive from before there were verdicts', () => {
  /** As it was written then: nothing of reviews in the manifest. */
  async function older(until: number): Promise<void> {
    await follow(until);
    const path = join(archive, 'ledger', 'owner=ZY', 'manifest.json');
    const { reviews: _, ...manifest } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    await writeFile(path, JSON.stringify(manifest));
  }

  test('is read as it is, and learns at the next following which requests wait', async () => {
    await older(3);
    expect(await reviews()).toEqual([]);
    await follow(log.length);
    expect(await reviews()).toEqual(expected);
    expect((await checkDataset(join(archive, 'ledger'))).findings).toEqual([]);
  });

  test('takes a request that was erased since for one that never ends', async () => {
    await older(3);
    await follow(log.length, {}, readerOf(log, new Set([0])));
    expect((await reviews())[0]).toMatchObject({ index: 0, waits: false, ended: null, verdict: null });
    expect((await reviews()).slice(1)).toEqual(expected.slice(1));
  });
});
