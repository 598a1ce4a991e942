import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realLedger } from '../../../test/realLedger.ts';
import { diskError, watchedFs } from '../../ledger/cases.ts';
import type { LedgerReader, OpenedRecord } from '../../ledger/index.ts';
import { readMark } from '../../ledger/publish/mark.ts';
import { sampleEntry } from '../../ledger/samples.ts';
import type { DecisionEntry, Entry } from '../../model/index.ts';
import { ledgerPlaces, readLedgerFolder } from '../../server/compose/ledgerFolder.ts';
import { followedTo, followLedger, type FollowOptions } from './follow.ts';
import { rowMaker, tagBits } from './fromLedger.ts';
import { ownerFolder } from './dataset.ts';
import { readManifest } from './manifest.ts';
import { sampleSession } from './sample.ts';
import type { ArchiveRow, OwnerWriter } from './types.ts';

let archive: string;
beforeEach(async () => {
  archive = await mkdtemp(join(tmpdir(), 'weir-follow-'));
});
afterEach(() => rm(archive, { recursive: true, force: true }));

const now = (): number => Date.UTC(2026, 2, 2);
const folderOf = (): string => join(archive, 'ledger');
const follow = (entries: readonly OpenedRecord[], more: Partial<FollowOptions> = {}): ReturnType<typeof followLedger> =>
  followLedger(readerOf(entries), archive, { until: entries.length, engine: 'weir', now, sealEvery: 7, ...more });

/** A ledger in memory: entries of two owners and of the anchor log, in turn. What is null was erased. */
function ledgerOf(count: number, change: (entry: DecisionEntry, n: number) => DecisionEntry | null = (entry) => entry): OpenedRecord[] {
  const sizes = new Map<string, number>();
  const found: OpenedRecord[] = [];
  for (let sequence = 0; sequence < count; sequence += 1) {
    const owner = sequence % 3 === 0 ? 'ZX' : 'ZY';
    const at = new Date(Date.UTC(2026, 1, 27) + sequence * 5_400_000).toISOString();
    const anchor = sequence % 5 === 4;
    const log = anchor ? 'anchor' : owner.toLowerCase();
    const index = sizes.get(log) ?? 0;
    sizes.set(log, index + 1);
    const entry: Entry | null = anchor ? { type: 'system', v: 1, id: `s-${sequence}`, at, event: 'started', subject: '', hash: null, detail: { n: 1 } }
      : change({ ...sampleEntry(sequence, 'full'), owner, at, subjectTag: sequence.toString(16).padStart(64, '1') }, sequence);
    if (entry !== null) found.push({ sequence, log, index, entry, seed: null, fields: [] });
  }
  return found;
}

function readerOf(entries: readonly OpenedRecord[]): LedgerReader {
  return {
    // eslint-disable-next-line @typescript-eslint/require-await
    entries: async function* (from: number, { end = Infinity } = {}) {
      for (const one of entries) if (one.sequence >= from && one.sequence < end) yield one;
    },
    // eslint-disable-next-line @typescript-eslint/require-await
    range: async function* (log: string, from: number, to: number) {
      for (const one of entries) if (one.log === log && one.index >= from && one.index < to) yield one;
    },
  } as unknown as LedgerReader;
}

/** All that the archive says, and that each index is there once. */
async function dump(): Promise<unknown> {
  const session = await sampleSession(folderOf());
  try {
    const rows = await session.query<{ subject: bigint | null }>('SELECT owner, index, "at", type, r.ori, context, outcome, records, subject FROM rows LEFT JOIN requesters r USING (owner) WHERE who IS NULL OR who = r.id ORDER BY owner, index');
    const events = await session.query('SELECT index, "at", event, detail FROM events ORDER BY index');
    const totals = await session.query('SELECT owner, sum(n) AS n FROM totals GROUP BY ALL ORDER BY ALL');
    return { rows: rows.map((row) => ({ ...row, subject: String(row.subject) })), events, totals };
  } finally {
    await session.close();
  }
}

const expected = (entries: readonly OpenedRecord[]): unknown => {
  const owners = entries.filter(({ entry }) => entry.type !== 'system').map(({ index, entry }) => {
    const { owner, at, subjectTag } = entry as DecisionEntry;
    return { owner, index, at: Date.parse(at), type: 'decision', ori: 'ZX0010000', context: 0, outcome: 0, records: 1, subject: String(tagBits(subjectTag)) };
  }).sort((a, b) => (a.owner < b.owner ? -1 : a.owner > b.owner ? 1 : a.index - b.index));
  const events = entries.filter(({ entry }) => entry.type === 'system').map(({ index, entry }) => ({ index, at: Date.parse(entry.at), event: 'started', detail: '{"n":1}' }));
  return { rows: owners, events, totals: ['ZX', 'ZY'].map((owner) => ({ owner, n: owners.filter((one) => one.owner === owner).length })) };
};

describe('following', () => {
  test('archives each entry of each log once, goes on where it stood, and passes over what was erased', async () => {
    const entries = ledgerOf(60, (entry, n) => (n === 7 || n === 59 ? null : entry));
    expect(await follow(entries.slice(0, 20))).toMatchObject({ sequence: 20, owners: ['ZX', 'ZY'], erasures: 0 });
    expect(await follow(entries, { until: 60 })).toMatchObject({ sequence: 60 });
    expect(await follow(entries, { until: 60 })).toMatchObject({ sequence: 60, entries: 0, events: 0 });
    expect(await dump()).toEqual(expected(entries));
  });

  test('the tags of entries that the ledger erases later are taken away, once', async () => {
    const entries = ledgerOf(20);
    await follow(entries);
    const said = (sequence: number, index: number, event: 'erased' | 'epochClosed', subject: string, detail: Record<string, string | number>): OpenedRecord =>
      ({ sequence, log: 'anchor', index, seed: null, fields: [], entry: { type: 'system', v: 1, id: `e-${sequence}`, at: '2026-03-01T00:00:00.000Z', event, subject, hash: null, detail } });
    const later = [
      ...entries, said(20, 4, 'erased', 'ZY 2026-02-26', { kind: 'entry', index: 8, order: 'x' }), said(21, 5, 'erased', 'ZY 2026-02-27', { kind: 'disclosure', keepDays: 1 }), said(22, 6, 'erased', 'ZY 2026-02-27', { kind: 'index', keepDays: 1 }),
      // The index of the day goes by when entries were written, and has one of them less than their times say.
      said(23, 7, 'epochClosed', 'ZX 2026-02-27', { from: 0, to: 2, tags: 1 }), said(24, 8, 'erased', 'ZX 2026-02-27', { kind: 'disclosure', keepDays: 1 }),
    ];
    expect(await follow(later, { until: 25 })).toMatchObject({ events: 5, erasures: 3 });
    const session = await sampleSession(folderOf());
    const left = await session.query<{ owner: string; index: number }>('SELECT owner, index FROM rows WHERE subject IS NULL ORDER BY owner, index');
    const ofDay = entries.filter(({ entry }) => entry.type !== 'system' && entry.owner === 'ZY' && entry.at < '2026-02-28').map(({ index }) => index);
    expect(entries.filter(({ entry }) => entry.type !== 'system' && entry.owner === 'ZX' && entry.at < '2026-02-28').length).toBeGreaterThan(2);
    expect(left).toEqual([...[0, 1].map((index) => ({ owner: 'ZX', index })), ...[...new Set([...ofDay, 8])].sort((a, b) => a - b).map((index) => ({ owner: 'ZY', index }))]);
    await session.close();
  });

  test('stops where it is told to, with what it read sealed', async () => {
    const entries = ledgerOf(40);
    const stop = new AbortController();
    const first = await follow(entries, { signal: stop.signal, onProgress: (sequence) => { if (sequence === 13) stop.abort(); } });
    expect([first.sequence, await followedTo(folderOf())]).toEqual([13, 13]);
    await follow(entries);
    expect(await dump()).toEqual(expected(entries));
  });

  test('only one follows', async () => {
    const entries = ledgerOf(10);
    const slow = readerOf(entries);
    let second: Promise<unknown> = Promise.resolve();
    const reader = { ...slow, entries: async function* (from: number) {
      second = followLedger(slow, archive, { until: 10, engine: 'weir', now });
      await expect(second).rejects.toMatchObject({ code: 'ARCHIVE_LOCKED' });
      yield* slow.entries(from);
    } };
    await followLedger(reader, archive, { until: 10, engine: 'weir', now });
    expect(await dump()).toEqual(expected(entries));
  });
});

describe('however a following ends, each entry is archived exactly once', () => {
  for (const when of ['before', 'after'] as const) {
    test(`at every call to the disk: the fault comes ${when} the call did its work`, async () => {
      const [entries, more] = [ledgerOf(12), ledgerOf(16)];
      let calls = 0;
      await follow(entries, { fs: watchedFs(() => void (calls += 1)) });
      expect(calls).toBeGreaterThan(40);
      // Each is two followings: a few spread over all calls, another few before than after; all of them with WEIR_FAULTS=all.
      const step = process.env['WEIR_FAULTS'] === 'all' ? 1 : Math.ceil(calls / 4);
      for (let fatal = step === 1 || when === 'before' ? 1 : Math.ceil(step / 2); fatal <= calls; fatal += step) {
        await rm(folderOf(), { recursive: true, force: true });
        let at = 0;
        const fail = (): void => {
          at += 1;
          if (at >= fatal) throw diskError('ENOSPC');
        };
        await expect(follow(entries, { fs: watchedFs(when === 'before' ? fail : () => undefined, when === 'after' ? fail : () => undefined) })).rejects.toMatchObject({ code: 'ENOSPC' });
        await follow(more);
        expect(await dump()).toEqual(expected(more));
      }
    }, 900_000);
  }
});

test('a ledger of the exchange is archived as it is', async () => {
  const ledger = await realLedger(100);
  try {
    const places = ledgerPlaces(ledger.data);
    const { reader, keys } = await readLedgerFolder(places, {});
    const until = (await readMark(places.ledger))?.sequence ?? 0;
    expect(until).toBeGreaterThan(100);
    expect(await followLedger(reader, archive, { until, engine: 'weir' })).toMatchObject({ entries: 100, owners: ['ZX', 'ZY'], sequence: until });
    expect((await readManifest(ownerFolder(folderOf(), 'ZY'), 'ZY'))?.next).toBe(80);
    await keys.close();
  } finally {
    ledger.remove();
  }
});

test('a row has the marks of its entry and nothing that names a person', () => {
  const made: unknown[] = [];
  const take = (word: unknown): number => made.push(word) - 1;
  const writer = { words: () => ({ attributes: [], requesters: [], contexts: [], outcomes: [] }), attributes: take, requester: take, context: take, outcome: take } as unknown as OwnerWriter;
  const row = rowMaker(writer);
  const entry: DecisionEntry = {
    ...sampleEntry(1, 'full'), subjectTag: `0123456789abcdef${'f'.repeat(48)}`, ticket: { id: 't', deadline: '', by: 'desk', onTimeout: 'deny' }, limits: [{ rule: 'ZY-40', key: '*', window: '2026', used: 5, max: 5, counted: false }],
    marks: { user: 'a'.repeat(64), userName: null, subjectName: `${'0'.repeat(16)}1`, self: false, sameSurname: null, sex: 'X' },
  };
  expect(row(entry, 12)).toEqual({
    index: 12, at: Date.parse(entry.at), type: 'decision', who: 1, behalf: null, context: 2, outcome: 3, records: 1, subject: 0x0123_4567_89ab_cdefn, subjectName: 1n, user: 0xaaaa_aaaa_aaaa_aaaan, userName: null, self: false, sameSurname: null, sex: 'X',
  } satisfies ArchiveRow);
  expect(made[3]).toMatchObject({ held: true, usedUp: ['ZY-40'] });
  expect(JSON.stringify(made)).not.toMatch(/f{40}|q-1|e-1|"t"/);
  expect(row({ type: 'redelivery', v: 1, id: '', at: entry.at, inquiry: '', requester: 'ZX0010000', credential: null, owner: 'ZY' }, 13)).toMatchObject({ type: 'redelivery', who: 1, context: null, subject: null });
});
