import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKeys, openLedger, type Keys, type Ledger } from '../../ledger/index.ts';
import { decisionOf } from '../../ledger/journalCases.ts';
import type { Entry } from '../../model/index.ts';
import { packageFolder } from '../../store/index.ts';
import { ledgerPlaces, readLedgerFolder } from '../compose/ledgerFolder.ts';
import { startUpkeep } from './run.ts';
import { doUpkeep } from './work.ts';

const day = 86_400_000;
const began = Date.UTC(2024, 0, 1, 12);
const owners = ['ZX', 'ZY'];
let data = '';
let keys: Keys;
let ledger: Ledger;
let now = began;

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'weir-upkeep-'));
  now = began;
  const { journal, ledger: place, keys: folder } = ledgerPlaces(data);
  keys = await openKeys(folder, owners);
  const cosigners = { configured: false, cosign: () => Promise.resolve({ lines: [], quorum: false }) };
  ledger = await openLedger({ journal, place, prefix: 'test.weir.example', defaultPrefix: '', keys, cosigners, clock: { now: () => now }, publishMs: 20, anchorMs: 60_000, wal: { segmentBytes: 4_096 } });
});
afterEach(async () => {
  await ledger.close();
  await keys.close();
  rmSync(data, { recursive: true, force: true });
});

const options = (): Parameters<typeof doUpkeep>[0] => ({ places: ledgerPlaces(data), settings: {}, owners, now });
const entries = async (): Promise<Entry[]> => {
  const read = await readLedgerFolder(ledgerPlaces(data), {});
  const all: Entry[] = [];
  for await (const { entry } of read.reader.entries(0)) all.push(entry);
  await read.keys.close();
  return all;
};
const events = async (): Promise<string[]> => (await entries()).flatMap((entry) => (entry.type === 'system' ? [entry.event] : []));

describe('the upkeep of a ledger', () => {
  it('closes days that are over, once; prunes what is published; erases what is kept no longer', async () => {
    for (let n = 0; n < 10; n += 1) await ledger.append([decisionOf('ZY', n), decisionOf('ZX', n)]);
    await ledger.publish();
    expect(await doUpkeep(options(), ledger)).toEqual({ closed: 0, erased: 0, pruned: 0, faults: [] });

    now += day;
    expect(await doUpkeep(options(), ledger)).toMatchObject({ closed: 2, erased: 0, faults: [] });
    expect(await doUpkeep(options(), ledger)).toMatchObject({ closed: 0, faults: [] });
    expect((await events()).filter((event) => event === 'epochClosed')).toHaveLength(2);

    now += 10 * day;
    await ledger.append([decisionOf('ZY', 11)]);
    await ledger.publish();
    await ledger.sync();
    expect((await doUpkeep(options(), ledger)).pruned).toBeGreaterThan(0);
    expect((await entries()).filter(({ type }) => type === 'decision')).toHaveLength(21);

    now += 370 * day;
    const kept = { ledger: { retention: { default: { otherDays: 366, disclosureDays: 366 } } } };
    // A clock that was set forward an hour ago: nothing is erased before its time has passed for certain.
    expect(await doUpkeep({ ...options(), sure: now - 370 * day, settings: kept, owners: ['ZY'] }, ledger)).toMatchObject({ erased: 0, faults: [] });
    const { erased, faults } = await doUpkeep({ ...options(), settings: kept, owners: ['ZY'] }, ledger);
    expect(faults).toEqual([]);
    expect(erased).toBeGreaterThan(0);
    expect(await events()).toContain('erased');
    // Ten of the first day, and the one of the eleventh day after, which is over 366 days old only tomorrow; the other owner's are all there.
    expect((await entries()).filter((entry) => entry.type === 'decision' && entry.owner === 'ZY').length).toBeLessThan(11);
    expect((await entries()).filter((entry) => entry.type === 'decision' && entry.owner === 'ZX')).toHaveLength(10);
  });

  it('does nothing that it cannot record, and says so', async () => {
    await ledger.append([decisionOf('ZY', 1)]);
    now += day;
    const { closed, faults } = await doUpkeep(options(), { append: () => Promise.reject(new Error('the disk is full')) });
    expect(closed).toBe(0);
    expect(faults.length).toBeGreaterThan(0);
    expect((await doUpkeep(options(), ledger)).closed).toBe(1);
  });

  it.skipIf(!existsSync(join(packageFolder(), 'dist', 'src', 'server', 'upkeep', 'worker.js')))('runs in a thread of its own (needs the compiled program), and can be broken off', async () => {
    await ledger.append([decisionOf('ZY', 1)]);
    now += day;
    const run = startUpkeep(options(), ledger);
    expect(await run.report).toMatchObject({ closed: 1, faults: [] });
    await run.stop();
    const broken = startUpkeep(options(), ledger);
    await broken.stop();
    await expect(broken.report).rejects.toThrow();
  });
});
