import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from '../model/index.ts';
import { collect } from './cases.ts';
import { prepareReady } from './entry/prepare.ts';
import { decisionAt, memoryKeys } from './opening/cases.ts';
import { deletePrivateDay, writePrivate } from './private.ts';
import { pruneWal } from './prune.ts';
import { firstSequence } from './pruned.ts';
import { publishFs } from './publish/fs.ts';
import { writeMark } from './publish/mark.ts';
import type { LedgerReader } from './reader.ts';
import { openReader } from './reader.ts';
import { dayOf } from './record.ts';
import type { DayKeys, OpenedRecord, Placed } from './types.ts';
import type { Wal } from './wal.ts';
import { openWal } from './wal.ts';

const count = 90;
let root: string;
let journal: string;
let place: string;
let days: DayKeys;
let wal: Wal;
let placed: Placed[];
let reader: LedgerReader;

/** Entries of two owners and the anchor log in turn, over three days. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'weir-reader-'));
  [journal, place] = [join(root, 'journal'), join(root, 'ledger')];
  await mkdir(place);
  days = memoryKeys();
  placed = [];
  wal = await openWal({ folder: journal, segmentBytes: 16_384, onCommit: (batch) => void placed.push(...batch) });
  for (let n = 0; n < count; n += 1) {
    const at = `2026-01-0${1 + Math.floor(n / 30)}T10:00:00.000Z`;
    await wal.append([await prepareReady(entryOf(n, at), days, { now: () => Date.parse(at) })]);
  }
  reader = openReader({ journal, place, days });
});
afterEach(async () => {
  await wal.close();
  await rm(root, { recursive: true });
});

function entryOf(n: number, at: string): Entry {
  if (n % 3 === 0) return { type: 'system', v: 1, id: `s-${n}`, at, event: 'started', subject: '', hash: null, detail: null };
  return decisionAt(n, at, { owner: n % 3 === 1 ? 'ZX' : 'ZY', ...(n % 2 === 0 ? { records: 0, released: [] } : {}) });
}

/** Moves what stands before a sequence into private files, and out of the write-ahead file as far as whole segments go. */
async function prune(before: number): Promise<number> {
  await writePrivate(place, placed.slice(0, before));
  await writeMark(publishFs, place, { sequence: before, logs: new Map() });
  await pruneWal(journal, before);
  return await firstSequence(journal);
}

const sequences = async (records: AsyncIterable<OpenedRecord>): Promise<number[]> => (await collect(records)).map(({ sequence }) => sequence);
const from = (start: number, end = count): number[] => Array.from({ length: Math.max(0, end - start) }, (_, n) => start + n);

describe('entries', () => {
  it('come in the order of the write-ahead file, and from private files where that was cut', async () => {
    expect(await sequences(reader.entries(0))).toEqual(from(0));
    const first = await prune(70);
    expect(first).toBeGreaterThan(20);
    for (const start of [0, 1, 17, first - 1, first, first + 1, 89, 90]) expect(await sequences(reader.entries(start)), String(start)).toEqual(from(start));
    expect(await sequences(reader.entries(5, { end: 12 }))).toEqual(from(5, 12));
    expect(await sequences(reader.entries(5, { end: 80 }))).toEqual(from(5, 80));
  });

  it('are those that were recorded, each in its log and place', async () => {
    await prune(70);
    for (const { sequence, log, index, entry, fields } of await collect(reader.entries(0))) {
      expect([log, index]).toEqual([placed[sequence]!.log, placed[sequence]!.index]);
      expect(entry.id).toBe(placed[sequence]!.id);
      expect(fields).toHaveLength(log === 'anchor' ? 0 : 12);
    }
  });

  it('are chosen by their text before they are parsed', async () => {
    await prune(70);
    const seen: number[] = [];
    const where = (text: Buffer, sequence: number): boolean => {
      seen.push(sequence);
      return text.includes('"id":"q-7/ZY"') || text.includes('"id":"s-9"');
    };
    expect(await sequences(reader.entries(0, { where }))).toEqual([7, 9]);
    expect(seen).toEqual(from(0));
  });

  it('that were erased are passed over, by a lost key as by a deleted file', async () => {
    await prune(70);
    await days.destroy('ZX', dayOf(Date.parse('2026-01-01')), 'disclosure');
    await deletePrivateDay(place, 'zy', dayOf(Date.parse('2026-01-02')), 'other');
    const gone = from(0).filter((n) => (n % 3 === 1 && n % 2 === 1 && n < 30) || (n % 3 === 2 && n % 2 === 0 && n >= 30 && n < 60));
    const first = await firstSequence(journal);
    expect(await sequences(reader.entries(0))).toEqual(from(0).filter((n) => !gone.includes(n) || (n % 3 === 2 && n >= first)));
  });
});

describe('one log', () => {
  it('has its entries by leaf index, in private files or only in the write-ahead file', async () => {
    const check = async (): Promise<void> => {
      for (const index of [0, 1, 14, 15, 29]) {
        const found = await reader.entry('zx', index);
        expect(found).toMatchObject({ log: 'zx', index, entry: { id: placed[index * 3 + 1]!.id } });
      }
      expect(await reader.entry('zx', 30)).toBeNull();
      expect(await reader.entry('qq', 0)).toBeNull();
      expect((await collect(reader.range('zx', 3, 28))).map(({ index }) => index)).toEqual(from(3, 28));
      expect((await collect(reader.range('zx', 3, 1e9, { where: (text) => text.includes('"id":"q-16/ZY"') }))).map(({ index }) => index)).toEqual([5]);
      expect([...await reader.days('zx')]).toEqual([['2026-01-01', { from: 0, to: 10 }], ['2026-01-02', { from: 10, to: 20 }], ['2026-01-03', { from: 20, to: 30 }]]);
    };
    await check();
    await prune(70);
    await check();
    await prune(0);
    await check();
  });

  it('says which entry was erased', async () => {
    await prune(90);
    await days.destroy('ZX', dayOf(Date.parse('2026-01-01')), 'disclosure');
    expect(await reader.entry('zx', 0)).toBe('erased');
    expect(await reader.entry('zx', 1)).toMatchObject({ index: 1 });
    expect((await collect(reader.range('zx', 0, 4))).map(({ index }) => index)).toEqual([1, 3]);
  });

  it('does not hide that a record was altered', async () => {
    const stored = placed.find(({ log }) => log === 'zy')!;
    const altered = Buffer.from(stored.record);
    altered[altered.length - 1]! ^= 1;
    await writePrivate(place, [{ ...stored, record: altered }]);
    await expect(reader.entry('zy', 0)).rejects.toMatchObject({ code: 'ENTRY_ALTERED' });
  });
});
