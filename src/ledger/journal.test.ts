import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Entry, Receipt } from '../model/index.ts';
import { codeOf, collect, temporaryFolder, watchedFs } from './cases.ts';
import { diskFs } from './files.ts';
import { maxEntryBytes, segmentIndex } from './format.ts';
import { openJournal } from './journal.ts';
import type { StoredEntry } from './read.ts';
import { readEntries } from './read.ts';
import { sampleEntry } from './samples.ts';
import { verifyJournal } from './verify.ts';

let folder: string;
let remove: () => void;
beforeEach(() => ({ folder, remove } = temporaryFolder()));
afterEach(() => remove());

async function stored(): Promise<StoredEntry[]> {
  return await collect(readEntries(folder));
}

function textEntry(subject: string): Entry {
  return { type: 'system', v: 1, id: 'e-text', at: '2026-03-01T12:00:00.000Z', event: 'started', subject, hash: null };
}

describe('group commit', () => {
  it('acknowledges an entry only after its bytes were written and then synced', async () => {
    const log: string[] = [];
    let letThrough: () => void = () => undefined;
    let held = false;
    const fs = watchedFs(async (call) => {
      if (held && call === 'fdatasync') await new Promise<void>((resolve) => (letThrough = resolve));
    }, (call) => void log.push(call));
    const journal = await openJournal({ folder, fs });
    log.length = 0;
    held = true;
    const answer = journal.append([sampleEntry(1)]).then(() => log.push('acknowledged'));
    await pause(50);
    expect(log).toEqual(['write']);
    expect(journal.size).toBe(0);
    held = false;
    letThrough();
    await answer;
    expect(log).toEqual(['write', 'fdatasync', 'acknowledged']);
    expect(journal.size).toBe(1);
    await journal.close();
  });

  it('takes all appends of one turn, and all that come during a sync, to the disk together', async () => {
    let calls: string[] = [];
    const journal = await openJournal({ folder, fs: watchedFs((call) => void calls.push(call)) });
    calls = [];
    const first = Array.from({ length: 100 }, (_, number) => journal.append([sampleEntry(number)]));
    const later = first[0]!.then(() => Promise.all(Array.from({ length: 50 }, (_, number) => journal.append([sampleEntry(100 + number)]))));
    await Promise.all([...first, later]);
    expect(calls).toEqual(['write', 'fdatasync', 'write', 'fdatasync']);
    await journal.close();
  });

  it('numbers entries in the order of the calls, and names the hash of the bytes that it stored', async () => {
    const journal = await openJournal({ folder });
    const texts = ['plain', 'JOSÉ NUÑEZ', '日本 🚗', 'half a pair \ud800', '\u0000\n"\\'];
    const receipts = (await Promise.all(texts.map((text) => journal.append([textEntry(text), sampleEntry(1, 'full')])))).flat();
    await journal.close();
    const found = await stored();
    expect(receipts.map((receipt) => receipt.index)).toEqual(found.map((_, index) => index));
    expect(found).toHaveLength(10);
    for (const [index, one] of found.entries()) {
      expect(one.hash).toBe(createHash('sha256').update(one.bytes).digest('hex'));
      expect(receipts[index]).toEqual({ index, entry: one.entry.id, hash: one.hash });
    }
    expect(found.filter((_, index) => index % 2 === 0).map(({ entry }) => entry)).toEqual(texts.map(textEntry));
  });

  it('keeps the entries of one call in one batch, however many they are', async () => {
    const journal = await openJournal({ folder, maxBatch: 4, maxBatchBytes: 4_000 });
    await Promise.all([journal.append([sampleEntry(0)]), journal.append(Array.from({ length: 56 }, (_, number) => sampleEntry(1 + number))), journal.append([sampleEntry(57)])]);
    await journal.close();
    expect((await verifyJournal(folder)).batches).toBe(3);
    expect((await stored()).map(({ entry }) => entry.id)).toEqual(Array.from({ length: 58 }, (_, number) => `e-${number}`));
  });

  it('goes on after a write that took only part of the bytes', async () => {
    const journal = await openJournal({ folder, fs: { ...diskFs, write: (descriptor, bytes, from, length, position) => diskFs.write(descriptor, bytes, from, Math.min(length, 700), position) } });
    await journal.append([sampleEntry(0), sampleEntry(1), sampleEntry(2)]);
    await journal.close();
    expect((await verifyJournal(folder)).damage).toEqual([]);
    expect(await stored()).toHaveLength(3);
  });
});

describe('limits', () => {
  it('rejects at once with JOURNAL_FULL past the entries that may wait, and keeps those that it took', async () => {
    const journal = await openJournal({ folder, maxQueued: 10 });
    const taken = Array.from({ length: 5 }, (_, number) => journal.append([sampleEntry(number), sampleEntry(number)]));
    expect(await codeOf(journal.append([sampleEntry(9)]))).toBe('JOURNAL_FULL');
    await Promise.all(taken);
    expect(await codeOf(journal.append([sampleEntry(9)]))).toBe('none');
    expect(journal.size).toBe(11);
    await journal.close();
  });

  it('rejects with JOURNAL_FULL past the bytes that may wait', async () => {
    const journal = await openJournal({ folder, maxQueuedBytes: 3_000 });
    const codes = await Promise.all([0, 1, 2].map((number) => codeOf(journal.append([sampleEntry(number)]))));
    expect(codes).toEqual(['none', 'none', 'JOURNAL_FULL']);
    await journal.close();
  });

  it('takes an entry of exactly 65,535 bytes and none of one more', async () => {
    const journal = await openJournal({ folder });
    const room = maxEntryBytes - JSON.stringify(textEntry('')).length;
    expect(await codeOf(journal.append([textEntry('x'.repeat(room))]))).toBe('none');
    expect(await codeOf(journal.append([sampleEntry(0), textEntry('x'.repeat(room + 1))]))).toBe('JOURNAL_TOO_LARGE');
    // Two bytes in UTF-8, one in memory.
    expect(await codeOf(journal.append([textEntry(`${'x'.repeat(room - 1)}é`)]))).toBe('JOURNAL_TOO_LARGE');
    expect(journal.size).toBe(1);
    await journal.close();
    expect((await stored())[0]!.bytes).toHaveLength(maxEntryBytes);
  });

  it('rejects a call that no batch can hold', async () => {
    const journal = await openJournal({ folder });
    const large = textEntry('x'.repeat(60_000));
    expect(await codeOf(journal.append(Array.from({ length: 300 }, () => large)))).toBe('JOURNAL_TOO_LARGE');
    await journal.close();
  });
});

describe('open and close', () => {
  it('finishes what it took, then takes nothing more', async () => {
    const journal = await openJournal({ folder });
    const taken = journal.append([sampleEntry(0)]);
    const closing = journal.close();
    expect(await codeOf(journal.append([sampleEntry(1)]))).toBe('JOURNAL_CLOSED');
    expect(await taken).toHaveLength(1);
    await closing;
    await journal.close();
    expect(journal.state).toBe('closed');
    expect(journal.healthy).toBe(false);
  });

  it('continues where it ended, over many files, in one chain', async () => {
    const receipts: Receipt[] = [];
    let before = '';
    for (let round = 0; round < 4; round += 1) {
      const journal = await openJournal({ folder, segmentBytes: 6_000 });
      expect(journal.size).toBe(receipts.length);
      if (round > 0) expect(journal.lastHash).toBe(before);
      for (let number = 0; number < 7; number += 1) receipts.push(...(await journal.append([sampleEntry(receipts.length)])));
      before = journal.lastHash;
      await journal.close();
    }
    const names = readdirSync(folder).filter((name) => segmentIndex(name) !== null);
    expect(names.length).toBeGreaterThan(4);
    const report = await verifyJournal(folder);
    expect(report).toMatchObject({ entries: 28, first: 0, last: 27, batches: 28, segments: names.length, chain: before, torn: null, damage: [] });
    expect((await stored()).map(({ index, entry, hash }) => ({ index, entry: entry.id, hash }))).toEqual(receipts);
  });

  it('answers an empty call at once', async () => {
    const journal = await openJournal({ folder });
    expect(await journal.append([])).toEqual([]);
    await journal.close();
  });
});
