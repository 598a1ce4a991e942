import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Receipt } from '../model/index.ts';
import type { FsCall } from './cases.ts';
import { codeOf, collect, diskError, temporaryFolder, watchedFs } from './cases.ts';
import type { FileJournal } from './journal.ts';
import { openJournal } from './journal.ts';
import { readEntries } from './read.ts';
import { sampleEntry } from './samples.ts';
import { verifyJournal } from './verify.ts';

let folder: string;
let remove: () => void;
beforeEach(() => ({ folder, remove } = temporaryFolder()));
afterEach(() => remove());

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(1);
}

/** Small files, so that new ones are made all the time. */
const options = { segmentBytes: 5_000, retryDelay: 1 };

/** Opens a journal, appends ten entries in turn, trying each again until it is acknowledged, and closes. */
async function session(given: Parameters<typeof openJournal>[0], receipts: Receipt[]): Promise<void> {
  let journal: FileJournal | null = null;
  while (journal === null) {
    try {
      journal = await openJournal(given);
    } catch (error) {
      expect((error as { code: string }).code).toBe('JOURNAL_WRITE');
    }
  }
  for (let number = 0; number < 10;) {
    try {
      receipts.push(...(await journal.append([sampleEntry(number), sampleEntry(number)])));
      number += 1;
    } catch (error) {
      expect((error as { code: string }).code).toBe('JOURNAL_WRITE');
      const open = journal;
      await until(() => open.healthy);
    }
  }
  await journal.close();
}

/** Everything that was acknowledged is there, unaltered, each index once. */
async function holds(place: string, receipts: readonly Receipt[]): Promise<void> {
  expect((await verifyJournal(place)).damage).toEqual([]);
  const stored = await collect(readEntries(place));
  expect(new Set(receipts.map((receipt) => receipt.index)).size).toBe(receipts.length);
  for (const { index, entry, hash } of receipts) expect({ index, entry: stored[index]?.entry.id, hash: stored[index]?.hash }).toEqual({ index, entry, hash });
}

/** How many calls to the disk a session makes where nothing fails. */
async function callsOfSession(): Promise<number> {
  let calls = 0;
  await session({ folder, ...options, fs: watchedFs(() => void (calls += 1)) }, []);
  rmSync(folder, { recursive: true });
  return calls;
}

describe('each call to the disk fails in turn', { timeout: 300_000 }, () => {
  for (const how of ['fails and was not done', 'fails though it was done'] as const) {
    it(`and ${how}: the journal recovers by itself, nothing acknowledged is lost, no index is given twice`, async () => {
      const total = await callsOfSession();
      expect(total).toBeGreaterThan(60);
      for (let failing = 0; failing < total; failing += 1) {
        let calls = -1;
        const strike = (): void => {
          calls += 1;
          if (calls === failing) throw diskError('EIO');
        };
        const fs = how === 'fails and was not done' ? watchedFs(strike) : watchedFs(() => undefined, strike);
        const receipts: Receipt[] = [];
        await session({ folder, ...options, fs }, receipts);
        expect(calls).toBeGreaterThanOrEqual(failing);
        await holds(folder, receipts);
        expect(receipts).toHaveLength(20);
        rmSync(folder, { recursive: true });
      }
    });

    it(`and ${how}, and the process ends there: the next one finds all that was acknowledged`, async () => {
      const total = await callsOfSession();
      for (let failing = 8; failing < total; failing += 1) {
        let calls = -1;
        let dead = false;
        const strike = (): void => {
          calls += 1;
          if (calls >= failing) {
            dead = true;
            throw diskError('EIO');
          }
        };
        const fs = how === 'fails and was not done' ? watchedFs(strike) : watchedFs(() => { if (dead) throw diskError('EIO'); }, strike);
        const receipts: Receipt[] = [];
        const journal = await openJournal({ folder, ...options, fs }).catch(() => null);
        if (journal !== null) {
          for (let number = 0; number < 10 && journal.healthy; number += 1) await journal.append([sampleEntry(number), sampleEntry(number)]).then((given) => receipts.push(...given), () => undefined);
        }
        // What the next process would find, had this one been killed now.
        const left = `${folder}-left`;
        cpSync(folder, left, { recursive: true });
        for (const name of readdirSync(left)) if (name.startsWith('lock')) rmSync(join(left, name));
        await holds(left, receipts);
        await session({ folder: left, ...options }, receipts);
        await holds(left, receipts);
        await journal?.close();
        rmSync(folder, { recursive: true });
        rmSync(left, { recursive: true });
      }
    });
  }
});

describe('a disk that stays bad', () => {
  async function failingAt(call: FsCall, code: 'EIO' | 'ENOSPC'): Promise<void> {
    let bad = false;
    const failures: string[] = [];
    let recoveries = 0;
    const journal = await openJournal({
      folder, ...options, segmentBytes: 1_000_000,
      fs: watchedFs((asked) => { if (bad && asked === call) throw diskError(code); }),
      onFailure: (error) => void failures.push(error.code),
      onRecovery: () => void (recoveries += 1),
    });
    const before = await journal.append([sampleEntry(0)]);
    bad = true;
    const caught = Array.from({ length: 5 }, (_, number) => codeOf(journal.append([sampleEntry(number)])));
    expect(await Promise.all(caught)).toEqual(Array.from({ length: 5 }, () => 'JOURNAL_WRITE'));
    expect([journal.state, journal.healthy, journal.size]).toEqual(['failed', false, 1]);
    expect(await codeOf(journal.append([sampleEntry(9)]))).toBe('JOURNAL_WRITE');
    await until(() => failures.length >= 3);
    expect([journal.state, recoveries]).toEqual(['failed', 0]);
    bad = false;
    await until(() => journal.healthy);
    expect([journal.state, journal.failure, recoveries]).toEqual(['open', null, 1]);
    const after = await journal.append([sampleEntry(10)]);
    expect(after[0]!.index).toBe(1);
    await journal.close();
    await holds(folder, [...before, ...after]);
    expect((await verifyJournal(folder)).entries).toBe(2);
  }

  it('refuses at once, says so, and takes entries again when a full disk has room', () => failingAt('write', 'ENOSPC'));
  it('refuses at once, says so, and takes entries again when syncs work again', () => failingAt('fdatasync', 'EIO'));

  it('rejects all that waited behind the batch that failed', async () => {
    let bad = false;
    const journal = await openJournal({ folder, ...options, maxBatch: 2, fs: watchedFs((asked) => { if (bad && asked === 'fdatasync') throw diskError('EIO'); }) });
    bad = true;
    const codes = await Promise.all(Array.from({ length: 9 }, (_, number) => codeOf(journal.append([sampleEntry(number)]))));
    expect(codes).toEqual(Array.from({ length: 9 }, () => 'JOURNAL_WRITE'));
    expect(journal.size).toBe(0);
    bad = false;
    await until(() => journal.healthy);
    // What waited counts no longer.
    const receipts = (await Promise.all(Array.from({ length: 9 }, (_, number) => journal.append([sampleEntry(number)])))).flat();
    await journal.close();
    await holds(folder, receipts);
  });

  it('closes while it is bad, and lets the folder go', async () => {
    let bad = false;
    const journal = await openJournal({ folder, ...options, fs: watchedFs((asked) => { if (bad && asked !== 'close') throw diskError('EIO'); }) });
    await journal.append([sampleEntry(0)]);
    bad = true;
    expect(await codeOf(journal.append([sampleEntry(1)]))).toBe('JOURNAL_WRITE');
    await journal.close();
    expect(journal.state).toBe('closed');
    const next = await openJournal({ folder, ...options });
    expect(next.size).toBeGreaterThanOrEqual(1);
    await next.close();
  });

  it('does not come back on a folder that is gone, or that holds another journal now', async () => {
    let bad = false;
    let failures = 0;
    const journal = await openJournal({ folder, ...options, segmentBytes: 1_000_000, fs: watchedFs((asked) => { if (bad && asked === 'write') throw diskError('EIO'); }), onFailure: () => void (failures += 1) });
    await journal.append([sampleEntry(0)]);
    bad = true;
    await codeOf(journal.append([sampleEntry(1)]));
    rmSync(folder, { recursive: true });
    bad = false;
    await until(() => failures >= 4);
    expect(journal.healthy).toBe(false);

    const other = await openJournal({ folder });
    const receipts = [...(await other.append([sampleEntry(5)])), ...(await other.append([sampleEntry(6)]))];
    await other.close();
    const seen = failures;
    await until(() => failures >= seen + 3);
    expect(journal.healthy).toBe(false);
    await holds(folder, receipts);
    await journal.close().catch(() => undefined);
  });

  it('makes the new file that it could not make before it goes on, even where the next batch would fit the old one', async () => {
    let renames = 0;
    let bad = false;
    const journal = await openJournal({
      folder, ...options,
      fs: watchedFs(() => undefined, (asked) => {
        if (asked === 'rename') renames += 1;
        // The name of the new file is there; whether it is durable is not known.
        if (bad && asked === 'syncFolder' && renames > 0) {
          bad = false;
          throw diskError('EIO');
        }
      }),
    });
    const receipts = [...(await journal.append([sampleEntry(0), sampleEntry(1)]))];
    renames = 0;
    bad = true;
    expect(await codeOf(journal.append([sampleEntry(2), sampleEntry(3)]))).toBe('JOURNAL_WRITE');
    await until(() => journal.healthy);
    receipts.push(...(await journal.append([{ type: 'system', v: 1, id: 'e-small', at: '2026-03-01T12:00:00.000Z', event: 'started', subject: '-', hash: null }])));
    receipts.push(...(await journal.append([sampleEntry(5), sampleEntry(6)])));
    await journal.close();
    await holds(folder, receipts);
  });
});
