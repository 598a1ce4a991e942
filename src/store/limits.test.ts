import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memoryLimits } from '../../test/exchangeParts.ts';
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts';
import type { LimitClaim, LimitReading } from '../exchange/ports.ts';
import { sampleEntry } from '../ledger/samples.ts';
import type { Entry, EntryLimit } from '../model/index.ts';
import { windowOf } from '../policy/index.ts';
import { connect, type Sql } from './connect.ts';
import type { JournalReader } from './journalReader.ts';
import { postgresLimits, usedCounters } from './limits.ts';

let postgres: TestPostgres;
let sql: Sql;
beforeAll(async () => {
  postgres = await startTestPostgres({ migrate: true });
  sql = postgres.sql;
});
afterAll(() => postgres.stop());
beforeEach(() => sql`truncate limit_counter, limit_journal`);

const now = Date.now();
const today = windowOf('day', now);
const claim = (over: Partial<LimitClaim> = {}): LimitClaim => ({ rule: 'ZY-40', key: 'zx-police', window: today.name, endsAt: today.endsAt, max: 3, classes: ['photo'], ...over });
const taken = async (): Promise<Record<string, number>> => Object.fromEntries(
  (await sql<{ rule: string; key: string; span: string; taken: number }[]>`select rule, key, span, taken from limit_counter order by 1, 2, 3`).map((row) => [`${row.rule} ${row.key} ${row.span}`, row.taken]));
const all = (readings: readonly (readonly LimitReading[])[]) => readings.flat();

describe('a counter', () => {
  it('is taken until its maximum and tells what it was before', async () => {
    const limits = postgresLimits(sql);
    const readings = [await limits.take('ZY', [claim()]), await limits.take('ZY', [claim()]), await limits.take('ZY', [claim()]), await limits.take('ZY', [claim()])];
    expect(all(readings)).toEqual([{ used: 0, taken: true }, { used: 1, taken: true }, { used: 2, taken: true }, { used: 3, taken: false }]);
    limits.giveBack('ZY', [claim()]);
    expect(await limits.take('ZY', [claim()])).toEqual([{ used: 2, taken: true }]);
  });

  it('is one for each owner, limit, organisation and window', async () => {
    const limits = postgresLimits(sql);
    const next = windowOf('day', today.endsAt);
    for (const one of [claim({ max: 1 }), claim({ max: 1, key: 'other' }), claim({ max: 1, rule: 'ZY-41' }), claim({ max: 1, window: next.name, endsAt: next.endsAt })]) {
      expect(await limits.take('ZY', [one])).toEqual([{ used: 0, taken: true }]);
      expect(await limits.take('ZY', [one])).toEqual([{ used: 1, taken: false }]);
    }
    expect(await limits.take('ZX', [claim({ max: 1 })])).toEqual([{ used: 0, taken: true }]);
    expect(await usedCounters(sql, 'ZY', new Date(now))).toHaveLength(4);
    expect(await usedCounters(sql, 'ZY', new Date(today.endsAt))).toEqual([{ rule: 'ZY-40', key: 'zx-police', window: next.name, used: 1 }]);
  });

  it('is not taken where another that is used up leaves nothing of what it counts', async () => {
    const limits = postgresLimits(sql);
    await limits.take('ZY', [claim({ max: 1 })]);
    const both = [claim({ max: 1 }), claim({ rule: 'ZY-41', classes: ['photo'] })];
    expect(await limits.take('ZY', both)).toEqual([{ used: 1, taken: false }, { used: 0, taken: false }]);
    expect(await limits.take('ZY', [claim({ max: 1 }), claim({ rule: 'ZY-41', classes: ['photo', 'address'] })])).toEqual([{ used: 1, taken: false }, { used: 0, taken: true }]);
  });

  it('counts as the counters in memory do, whatever is asked and given back', async () => {
    const one = fc.record({ rule: fc.constantFrom('L1', 'L2', 'L3'), key: fc.constantFrom('a', '*'), max: fc.integer({ min: 1, max: 4 }), classes: fc.subarray<LimitClaim['classes'][number]>(['photo', 'address', 'registeredOwner'], { minLength: 1 }) });
    const step = fc.record({ owner: fc.constantFrom('ZY', 'ZX'), claims: fc.uniqueArray(one, { minLength: 1, maxLength: 4, selector: ({ rule, key }) => `${rule} ${key}` }), back: fc.boolean() });
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), fc.boolean(), async (steps, atOnce) => {
      await sql`truncate limit_counter`;
      const [limits, oracle] = [postgresLimits(sql), memoryLimits()];
      const run = async (book: typeof oracle | typeof limits, { owner, claims, back }: (typeof steps)[number]): Promise<readonly LimitReading[]> => {
        const readings = await book.take(owner, claims.map((each) => claim(each)));
        if (back && !atOnce) book.giveBack(owner, claims.map((each) => claim(each)).filter((_each, n) => readings[n]?.taken));
        // What is given back is not waited for: a question right after it may come before it, and is then refused.
        if (!atOnce) await limits.idle();
        return readings;
      };
      const found = [];
      const expected = [];
      if (atOnce) found.push(...await Promise.all(steps.map((each) => run(limits, each))));
      else for (const each of steps) found.push(await run(limits, each));
      for (const each of steps) expected.push(await run(oracle, each));
      expect(found).toEqual(expected);
    }), { numRuns: 60 });
  });

  it('is not waited for without end, and what comes too late is given back', async () => {
    const limits = postgresLimits(sql, { patience: 100 });
    await limits.take('ZY', [claim()]);
    const other = connect(postgres.url, { max: 1 });
    const late = await other.begin(async (tx) => {
      await tx`select 1 from limit_counter for update`;
      return { failed: await limits.take('ZY', [claim()]).then(() => false, () => true) };
    });
    expect(late.failed).toBe(true);
    await limits.idle();
    expect(Object.values(await taken())).toEqual([1]);
    await other.end();
  });

  it('rejects where the database is away, and works again after', async () => {
    const broken = postgresLimits(connect('postgres://nobody@127.0.0.1:1/none', { max: 1 }));
    await expect(broken.take('ZY', [claim()])).rejects.toThrow();
    broken.giveBack('ZY', [claim()]);
    await broken.idle();
  });
});

describe('under 64 concurrent askers over two exchanges', () => {
  it('never lets one over, and exactly the maximum where more is wanted', async () => {
    const pools = [connect(postgres.url, { max: 8 }), connect(postgres.url, { max: 8 })];
    const books = pools.map((pool) => postgresLimits(pool, { patience: 60_000 }));
    const claimsOf = (n: number): readonly LimitClaim[] => {
      const perAgency = claim({ rule: 'AGENCY', key: `org-${n % 5}`, max: 23, classes: ['photo'] });
      const perOwner = claim({ rule: 'OWNER', key: '*', max: 101, classes: ['photo', 'address'] });
      const other = claim({ rule: 'OTHER', key: `org-${n % 3}`, max: 40, classes: ['address'] });
      // In different orders: the store must not let two wait for each other.
      return [[perAgency, perOwner], [perOwner, other], [other], [perOwner, perAgency, other]][n % 4] ?? [];
    };
    let asked = 0;
    const granted = new Map<string, number[]>();
    await Promise.all(Array.from({ length: 64 }, async (_one, worker) => {
      for (let i = 0; i < 15; i += 1) {
        const claims = claimsOf(asked++);
        const readings = await books[worker % 2]!.take('ZY', claims);
        readings.forEach((reading, n) => {
          if (!reading.taken) return;
          const place = `${claims[n]!.rule} ${claims[n]!.key}`;
          granted.set(place, [...(granted.get(place) ?? []), reading.used]);
        });
      }
    }));
    const upTo = (max: number) => Array.from({ length: max }, (_one, n) => n);
    for (const [place, used] of granted) {
      const max = { AGENCY: 23, OWNER: 101, OTHER: 40 }[place.split(' ')[0]!]!;
      expect({ place, used: used.sort((a, b) => a - b) }).toEqual({ place, used: upTo(used.length) });
      expect(used.length).toBeLessThanOrEqual(max);
    }
    expect(granted.get('OWNER *')?.length).toBe(101);
    expect([0, 1, 2].map((n) => granted.get(`OTHER org-${n}`)?.length)).toEqual([40, 40, 40]);
    expect(Object.fromEntries([...granted].map(([place, used]) => [`${place} ${today.name}`, used.length]))).toEqual(Object.fromEntries(Object.entries(await taken()).filter(([, n]) => n > 0)));
    for (const pool of pools) await pool.end();
  });
});

describe('held against the journal', () => {
  const limit = (over: Partial<EntryLimit> = {}): EntryLimit => ({ rule: 'ZY-40', key: 'zx-police', window: today.name, used: 0, max: 3, counted: true, ...over });
  const entry = (n: number, ...limits: readonly EntryLimit[]): Entry => ({ ...sampleEntry(n), limits });
  const started: Entry = { type: 'system', v: 1, id: 'first', at: new Date(now).toISOString(), event: 'started', subject: '1', hash: null, detail: null };
  const read = (entries: readonly Entry[]): JournalReader => ({
    get size() { return entries.length; },
    async *read(from, { end, where }) {
      await Promise.resolve();
      for (const [index, entry] of entries.entries()) if (index >= from && index < end && where(Buffer.from(JSON.stringify(entry)), index)) yield { index, entry };
    },
  });
  const place = `ZY-40 zx-police ${today.name}`;

  it('gives back at the start what was taken and never recorded', async () => {
    const journal = [started, entry(1, limit())];
    await postgresLimits(sql).start(read([started]));
    const limits = postgresLimits(sql);
    for (let i = 0; i < 3; i += 1) await limits.take('ZY', [claim()]);
    expect(await taken()).toEqual({ [place]: 3 });
    await postgresLimits(sql).start(read(journal));
    expect(await taken()).toEqual({ [place]: 1 });
  });

  it('keeps while it runs what was taken and is not recorded yet, and settles each entry once', async () => {
    const limits = postgresLimits(sql);
    const journal: Entry[] = [started];
    await limits.start(read(journal));
    for (let i = 0; i < 3; i += 1) await limits.take('ZY', [claim()]);
    journal.push(entry(1, limit(), limit({ rule: 'ZY-41', counted: false })), entry(2, limit({ used: 1 })));
    await limits.catchUp(read(journal));
    await limits.catchUp(read(journal));
    await Promise.all([limits.catchUp(read(journal)), postgresLimits(sql).catchUp(read(journal))]);
    expect(await sql`select rule, taken, settled from limit_counter`).toEqual([{ rule: 'ZY-40', taken: 3, settled: 2 }]);
  });

  it('is rebuilt whole where the database lost it, and entries of before there were limits say nothing', async () => {
    const old = Object.fromEntries(Object.entries(sampleEntry(9)).filter(([name]) => name !== 'limits')) as unknown as Entry;
    const past = windowOf('day', now - 20 * 86_400_000);
    const journal = [started, old, entry(1, limit(), limit({ key: '*', rule: 'ZY-42' })), entry(2, limit({ window: past.name })), entry(3, limit({ used: 1 })), entry(4, limit({ counted: false }))];
    await postgresLimits(sql).start(read(journal));
    expect(await taken()).toEqual({ [place]: 2, [`ZY-42 * ${today.name}`]: 1 });
    await sql`truncate limit_counter, limit_journal`;
    await postgresLimits(sql).catchUp(read(journal));
    expect(await taken()).toEqual({ [place]: 2, [`ZY-42 * ${today.name}`]: 1 });
  });

  it('follows a journal that was put back to an older copy', async () => {
    const journal = [started, entry(1, limit()), entry(2, limit({ used: 1 }))];
    await postgresLimits(sql).start(read(journal));
    await postgresLimits(sql).start(read([...journal.slice(0, 2), entry(7), entry(8)]));
    expect(await taken()).toEqual({ [place]: 1 });
    await postgresLimits(sql).start(read(journal.slice(0, 1)));
    expect(await taken()).toEqual({ [place]: 0 });
  });

  it('sets nothing back where another exchange counts here too', async () => {
    const other: Entry = { ...started, id: 'other' };
    const limits = postgresLimits(sql);
    await limits.start(read([started]));
    await limits.take('ZY', [claim()]);
    await postgresLimits(sql).start(read([other]));
    expect(await taken()).toEqual({ [place]: 1 });
    await postgresLimits(sql).start(read([other, entry(1, limit()), entry(2, limit())]));
    expect(await taken()).toEqual({ [place]: 2 });
  });

  it('forgets windows that are long past', async () => {
    const limits = postgresLimits(sql);
    const past = windowOf('hour', now - 8 * 86_400_000);
    await limits.take('ZY', [claim(), claim({ rule: 'ZY-43', window: past.name, endsAt: past.endsAt })]);
    await limits.catchUp(read([started]));
    expect(await taken()).toEqual({ [place]: 1 });
  });
});
