import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../model/index.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { formatVkey, noteTypes } from '../../verify/note.ts';
import type { TrustPolicy } from '../../verify/policy.ts';
import { parsePolicy } from '../../verify/policy.ts';
import { verifyReport } from '../../verify/subjects.ts';
import { fsck } from '../fsck/index.ts';
import { openKeys, openLedger, openReader } from '../index.ts';
import type { Keys, Ledger, LedgerReader } from '../index.ts';
import { firstSequence } from '../pruned.ts';
import { sampleEntry } from '../samples.ts';
import { closeEpochs, followFacts, makeReport, readFacts, readWithheld, treeOfFiles } from '../subjects/index.ts';
import { erase, eraseEntry, holdEntry, liftEntry, planErasure, planPrune, prune, retentionOf } from './index.ts';
import type { ErasureItem } from './index.ts';

const dayMs = 86_400_000;
const begin = Date.parse('2024-01-10T12:00:00.000Z');
const prefix = 'ledger.weir.example';

/** A real ledger in a folder of its own, with a clock that the test sets. */
class Place {
  now = begin;
  readonly clock = { now: () => this.now };
  readonly root: string;
  readonly journal: string;
  readonly place: string;
  keys!: Keys;
  ledger!: Ledger;
  reader!: LedgerReader;

  constructor(root: string) {
    this.root = root;
    this.journal = join(root, 'journal');
    this.place = join(root, 'ledger');
  }

  async open(): Promise<void> {
    this.keys = await openKeys(join(this.root, 'keys'), ['ZY'], { clock: this.clock });
    this.ledger = await openLedger({
      journal: this.journal, place: this.place, prefix, defaultPrefix: prefix, keys: this.keys, clock: this.clock, publishMs: 60_000,
      cosigners: { configured: false, cosign: () => Promise.resolve({ lines: [], quorum: false }) },
    });
    this.reader = openReader({ journal: this.journal, place: this.place, days: this.keys.days });
  }

  async close(): Promise<void> {
    await this.ledger.close();
    await this.keys.close();
  }

  async decide(count: number, size: 'small' | 'full'): Promise<void> {
    const tag = this.keys.tag('ZY', { kind: 'licence', number: 'ZYL1' });
    for (let n = 0; n < count; n += 1) await this.ledger.append([{ ...sampleEntry(n, size), id: `${this.now}-${n}-${size}/ZY`, at: new Date(this.now).toISOString(), subjectTag: tag }]);
  }

  /** Three days with two disclosures and two others each, all closed and published. */
  async fill(): Promise<void> {
    for (const at of [0, 1, 2]) {
      this.now = begin + at * dayMs;
      await this.decide(2, 'full');
      await this.decide(2, 'small');
      await this.ledger.publish();
    }
    this.now = begin + 3 * dayMs;
    await this.closeDays();
  }

  async closeDays(): Promise<void> {
    await closeEpochs({ owner: 'ZY', reader: this.reader, keys: this.keys, place: this.place, facts: await this.facts(), now: this.now }, this.ledger);
    await this.ledger.publish();
    await this.ledger.sync();
  }

  readonly facts = () => readFacts(this.reader, null);

  async plan(): Promise<readonly ErasureItem[]> {
    return await planErasure({ place: this.place, keys: join(this.root, 'keys'), owners: ['ZY'], facts: await this.facts(), retention: (owner) => retentionOf({}, owner), now: this.now });
  }

  erase(plan: readonly ErasureItem[], days: { destroy: Keys['days']['destroy'] } = this.keys.days, appender: { append(entries: readonly Entry[]): Promise<unknown> } = this.ledger) {
    return erase(plan, { place: this.place, days, facts: followFacts(this.reader), now: this.now }, appender);
  }

  async report(to = '2024-01-12') {
    const made = await makeReport({
      owner: 'ZY', subjects: [{ kind: 'licence', number: 'ZYL1' }], from: '2024-01-10', to, who: 'R-1', reader: this.reader, keys: this.keys, epochs: this.place,
      facts: await this.facts(), withheld: await readWithheld(this.reader, 'ZY', null), tree: (log, covering) => treeOfFiles(this.place, log, covering, 2_000), now: this.now,
    }, this.ledger);
    const vkeys = await Promise.all(['zy', 'anchor'].map(async (log) => `log ${await formatVkey(nodeCrypto, `${prefix}/log/${log}`, noteTypes.ed25519, (await this.keys.signer(log, `${prefix}/log/${log}`)).publicKey)}\n`));
    const policy: TrustPolicy = parsePolicy(`${vkeys.join('')}quorum none\n`);
    return await verifyReport(nodeCrypto, policy, JSON.parse(JSON.stringify(made)));
  }
}

let at: Place;
beforeEach(async () => {
  at = new Place(await mkdtemp(join(tmpdir(), 'weir-retention-')));
  await at.open();
});
afterEach(async () => {
  await at.close();
  await rm(at.root, { recursive: true });
});

const named = (items: readonly ErasureItem[]): readonly string[] => items.map(({ day, kind, kept }) => `${day} ${kind}${kept === null ? '' : ` ${kept.by}`}`);

describe('erasure when the time is over', () => {
  it('takes others after 400 days and disclosures after 1,827, and leaves every proof valid', async () => {
    await at.fill();
    expect((await at.report()).entries.length).toBe(12);
    at.now = Date.parse('2025-02-13T12:00:00Z');
    expect(await at.plan()).toEqual([]);
    at.now = Date.parse('2025-02-14T12:00:00Z');
    expect(named(await at.plan())).toEqual(['2024-01-10 other']);
    await at.erase(await at.plan());
    expect(await at.plan()).toEqual([]);
    expect(existsSync(join(at.place, 'private/zy/2024-01-10/o'))).toBe(false);
    expect(existsSync(join(at.place, 'private/zy/2024-01-10/d'))).toBe(true);
    expect(existsSync(join(at.root, 'keys/owners/ZY/2024-01-10.o.key'))).toBe(false);
    await at.ledger.publish();
    const first = await at.report();
    expect(first.erased).toEqual([2, 3]);
    expect(first.entries.length).toBe(10);
    at.now = Date.parse('2029-01-11T12:00:00Z');
    // Of the days on which only reports were made no index was closed.
    expect(named(await at.plan())).toEqual(['2024-01-10 disclosure', '2024-01-10 index', '2024-01-11 other', '2024-01-12 other', '2024-01-13 other index', '2025-02-14 other index']);
    await at.erase(await at.plan());
    await at.ledger.publish();
    const second = await at.report();
    expect(second.erasedDays).toEqual(['2024-01-10']);
    expect(second.entries.map(({ index }) => index)).toEqual([4, 5, 8, 9]);
    expect(await at.reader.entry('zy', 0)).toBe('erased');
    await at.ledger.sync();
    const { findings } = await fsck({ journal: at.journal, ledger: at.place, days: at.keys.days });
    expect(findings).toEqual([]);
  });

  it.each(['announced', 'announced, not told', 'key destroyed', 'before anything'] as const)('is taken up again where the process ended: %s', async (step) => {
    await at.fill();
    at.now = Date.parse('2030-01-01T12:00:00Z');
    const plan = await at.plan();
    expect(plan.length).toBe(9);
    const crash = new Error('the process ended');
    const days = { destroy: async (...args: Parameters<Keys['days']['destroy']>) => {
      if (step === 'key destroyed') await at.keys.days.destroy(...args);
      throw crash;
    } };
    const appender = { append: async (entries: readonly Entry[]) => {
      if (step === 'before anything') throw crash;
      await at.ledger.append(entries);
      if (step === 'announced, not told') throw crash;
    } };
    await expect(at.erase(plan, days, appender)).rejects.toBe(crash);
    const before = await at.facts();
    expect(before.erasures.length).toBe(step === 'before anything' ? 0 : 1);
    expect(existsSync(join(at.place, 'private/zy/2024-01-10/d'))).toBe(true);
    expect(existsSync(join(at.root, 'keys/owners/ZY/2024-01-10.d.key'))).toBe(step !== 'key destroyed');
    await at.close();
    await at.open();
    const again = await at.plan();
    expect(again[0]).toMatchObject({ day: '2024-01-10', kind: 'disclosure', announced: step !== 'before anything' });
    await at.erase(again);
    expect(await at.plan()).toEqual([]);
    const said = (await at.facts()).erasures.map(({ day, kind }) => `${day} ${kind}`);
    expect(said.length).toBe(9);
    expect(new Set(said).size).toBe(9);
    for (const left of ['private/zy/2024-01-10', 'epochs/zy/2024-01-10']) expect(existsSync(join(at.place, left))).toBe(false);
    expect(await at.keys.days.find('ZY', Date.parse('2024-01-10') / dayMs, 'disclosure')).toBeNull();
  });

  it('erases nothing under a hold, also one that is set while it runs, and all once it is lifted', async () => {
    await at.fill();
    at.now = Date.parse('2030-01-01T12:00:00Z');
    const plan = await at.plan();
    await at.ledger.append([holdEntry({ owner: 'ZY', from: '2024-01-11', to: '2024-01-11', order: '26-CV-7', kind: 'disclosure' }, at.now)]);
    const gone = await at.erase(plan);
    expect(named(gone)).not.toContain('2024-01-11 disclosure');
    expect(named(gone)).not.toContain('2024-01-11 index');
    expect(named(gone)).toContain('2024-01-11 other');
    expect(named(await at.plan())).toEqual(['2024-01-11 disclosure hold', '2024-01-11 index hold']);
    expect(await at.erase(await at.plan())).toEqual([]);
    const facts = await at.facts();
    expect(() => liftEntry(facts, 'h-00000000', '26-CV-8', at.now)).toThrow(expect.objectContaining({ code: 'RETENTION_INPUT' }) as Error);
    await at.ledger.append([liftEntry(facts, facts.holds[0]!.id, '26-CV-8', at.now)]);
    expect(named(await at.erase(await at.plan()))).toEqual(['2024-01-11 disclosure', '2024-01-11 index']);
  });

  it('keeps a day whose index was never closed', async () => {
    await at.decide(2, 'full');
    await at.ledger.publish();
    at.now = Date.parse('2030-01-01T12:00:00Z');
    expect(named(await at.plan())).toEqual(['2024-01-10 disclosure index']);
    expect(await at.erase(await at.plan())).toEqual([]);
  });
});

describe('erasure of one entry by order', () => {
  const order = { index: 5, order: '26-EX-3', walDays: 7 };

  it('waits until the write-ahead file no longer has it, then takes that entry and no other', async () => {
    await at.fill();
    const base = { place: at.place, journal: at.journal, owner: 'ZY', ...order };
    await expect(eraseEntry({ ...base, facts: await at.facts(), now: at.now }, at.ledger)).rejects.toMatchObject({ code: 'RETENTION_WAL' });
    at.now += 30 * dayMs;
    await at.decide(1, 'small');
    await at.ledger.sync();
    expect(await prune({ journal: at.journal, place: at.place, walDays: 7, now: at.now }, at.ledger)).not.toBeNull();
    const before = (await at.facts()).erasures.length;
    expect(await eraseEntry({ ...base, facts: await at.facts(), now: at.now }, at.ledger)).toEqual({ day: '2024-01-11', kind: 'disclosure' });
    expect((await at.facts()).erasures.slice(before)).toMatchObject([{ kind: 'entry', index: 5, day: '2024-01-11' }]);
    expect(await at.reader.entry('zy', 5)).toBe('erased');
    expect(await at.reader.entry('zy', 4)).toMatchObject({ index: 4 });
    await at.ledger.publish();
    const report = await at.report();
    expect(report.erased).toEqual([5]);
    expect(report.entries.length).toBe(11);
    await at.ledger.sync();
    expect((await fsck({ journal: at.journal, ledger: at.place, days: at.keys.days })).findings).toEqual([]);
    await expect(eraseEntry({ ...base, facts: await at.facts(), now: at.now }, at.ledger)).rejects.toMatchObject({ code: 'RETENTION_ENTRY' });
  });

  it('is refused under a hold, before the index is closed, for no entry and without an order', async () => {
    await at.decide(2, 'full');
    await at.ledger.publish();
    const base = { place: at.place, journal: at.journal, owner: 'ZY', walDays: 7, index: 1, order: '26-EX-3', now: at.now };
    const nothing = { append: () => Promise.reject(new Error('nothing may be recorded')) };
    await expect(eraseEntry({ ...base, facts: await at.facts() }, nothing)).rejects.toMatchObject({ code: 'RETENTION_OPEN' });
    await expect(eraseEntry({ ...base, index: 99, facts: await at.facts() }, nothing)).rejects.toMatchObject({ code: 'RETENTION_ENTRY' });
    await expect(eraseEntry({ ...base, order: 'because', facts: await at.facts() }, nothing)).rejects.toMatchObject({ code: 'RETENTION_INPUT' });
    await at.ledger.append([holdEntry({ owner: 'ZY', from: '2024-01-01', to: '2024-12-31', order: '26-CV-7', kind: 'all' }, at.now)]);
    await expect(eraseEntry({ ...base, facts: await at.facts() }, nothing)).rejects.toMatchObject({ code: 'RETENTION_HELD' });
  });
});

describe('pruning the write-ahead file', () => {
  it('takes only segments that are old and synced, and says so first', async () => {
    await at.fill();
    const base = { journal: at.journal, place: at.place, walDays: 7 };
    expect((await planPrune({ ...base, now: at.now })).segments).toBe(0);
    at.now += 5 * dayMs;
    await at.decide(1, 'small');
    const later = at.now + 2.5 * dayMs;
    // The mark lies before what was written since.
    expect((await planPrune({ ...base, now: later + 100 * dayMs })).segments).toBeGreaterThan(0);
    const plan = await planPrune({ ...base, now: later });
    expect(plan.segments).toBeGreaterThan(0);
    expect(plan.before).toBeLessThan(await planPrune({ ...base, now: later + 100 * dayMs }).then((one) => one.before + 1));
    await expect(prune({ ...base, now: later }, { append: () => Promise.reject(new Error('no')) })).rejects.toThrow('no');
    expect(await firstSequence(at.journal)).toBe(0);
    await prune({ ...base, now: later }, at.ledger);
    expect(await firstSequence(at.journal)).toBe(plan.before);
    expect((await at.report()).entries.length).toBe(12);
  });

  it('takes nothing without a mark', async () => {
    await at.fill();
    await rm(join(at.place, 'mark'), { force: true });
    expect(await planPrune({ journal: at.journal, place: at.place, walDays: 1, now: at.now + 100 * dayMs })).toEqual({ before: 0, segments: 0 });
  });
});

describe('for how long entries are kept', () => {
  it('takes the owner\'s setting, then the default', () => {
    expect(retentionOf({}, 'ZY')).toEqual({ otherDays: 400, disclosureDays: 1827 });
    expect(retentionOf({ default: { otherDays: 500 }, ZY: { disclosureDays: 3000 } }, 'ZY')).toEqual({ otherDays: 500, disclosureDays: 3000 });
  });

  it.each([{ default: { otherDays: 365 } }, { ZY: { disclosureDays: 100 } }, { ZY: { otherDays: 366.5 } }])('is never less than a year: %j', (settings) => {
    expect(() => retentionOf(settings, 'ZY')).toThrow(expect.objectContaining({ code: 'RETENTION_SHORT' }) as Error);
  });

  it('names no person in a hold', () => {
    for (const order of ['', 'Alex Sample', 'sample', 'x'.repeat(80)]) {
      expect(() => holdEntry({ owner: 'ZY', from: '2024-01-01', to: '2024-01-02', order, kind: 'all' }, begin)).toThrow(expect.objectContaining({ code: 'RETENTION_INPUT' }) as Error);
    }
    expect(() => holdEntry({ owner: 'ZY', from: '2024-01-03', to: '2024-01-02', order: '1', kind: 'all' }, begin)).toThrow(expect.objectContaining({ code: 'RETENTION_INPUT' }) as Error);
  });
});
