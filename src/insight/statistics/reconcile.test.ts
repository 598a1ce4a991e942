import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBenchLedger } from '../../../bench/ledgerFolder.ts';
import { immigration, inquiry, police, policyOf, world } from '../../../test/exchangeParts.ts';
import { leafChecker } from '../../cli/stats/leafCheck.ts';
import { createExchange } from '../../exchange/index.ts';
import { openKeys, openReader, type LedgerReader, type OpenedRecord } from '../../ledger/index.ts';
import type { DecisionEntry, Entry } from '../../model/index.ts';
import { encodeInquiry } from '../../wire/index.ts';
import { followLedger } from '../archive/follow.ts';
import { openSession } from '../archive/session.ts';
import type { ArchiveSession } from '../archive/types.ts';
import { readPeriod } from '../period.ts';
import { inventedDecisions, inventedVerdicts, testNames } from './cases.ts';
import { drawCells } from './cells.ts';
import { readBy, readConditions } from './conditions.ts';
import { checkCells, reconcile } from './reconcile.ts';
import type { StatQuery } from './types.ts';

const period = readPeriod('2026-03..2026-04', 0);
let data: string;
let reader: LedgerReader;
let total: number;
let closeKeys: () => Promise<void>;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'weir-reconcile-'));
  const { ledger, close } = await openBenchLedger(data, { publishMs: 20, anchorMs: 3_600_000 });
  await throughExchange(ledger);
  const decisions = inventedDecisions(1_800, { from: Date.UTC(2026, 2, 20), to: Date.UTC(2026, 3, 12) });
  const later = [...inventedVerdicts(decisions)];
  // Each verdict stands where its time comes, or after the last request.
  const invented: Entry[] = decisions.flatMap(({ entry }) => [...later.splice(0, later.findIndex(({ at }) => at > entry.at)), entry]).concat(later);
  for (let at = 0; at < invented.length; at += 200) {
    await ledger.append([...invented.slice(at, at + 200), { type: 'redelivery', v: 1, id: `r-${at}`, at: '2026-04-11T00:00:00.000Z', inquiry: 'q', requester: police, credential: null, owner: 'ZY' } satisfies Entry]);
  }
  total = ledger.status().size;
  await close();
  const keys = await openKeys(join(data, 'keys'), ['ZX', 'ZY', 'ZW']);
  closeKeys = () => keys.close();
  reader = openReader({ journal: join(data, 'journal'), place: join(data, 'ledger'), days: keys.days });
  await followLedger(reader, join(data, 'archive'), { until: total, engine: 'weir-test', now: () => Date.UTC(2026, 4, 5) });
});
afterAll(async () => {
  await closeKeys();
  await rm(data, { recursive: true });
});

const query = (by: string, where: readonly string[] = []): StatQuery => ({ by: readBy(by), where: readConditions(where).where, compare: false, limit: null });
const opened = (archive: string): Promise<ArchiveSession> => openSession({ folder: join(data, archive, 'ledger'), owners: 'all', period, memoryMb: 256 });
const within = async <T>(archive: string, work: (session: ArchiveSession) => Promise<T>): Promise<T> => {
  const session = await opened(archive);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
};

describe('figures and leaves', () => {
  it('are the same, of every table and of cells drawn by chance', async () => {
    await within('archive', async (session) => {
      for (const by of ['', 'party,released', 'month,status', 'rule', 'agency,hour', 'owner,policyVersion', 'organisation:2,program287g', 'weekday,wanted', 'verdict,released', 'decidedBy,reviewTime']) {
        const found = await reconcile(session, reader, query(by, ['status!=unavailable']), { names: testNames });
        expect(found.agrees, by).toBe(true);
        expect(found.differences).toEqual([]);
      }
      const cells = await drawCells(session, 150, 'a seed');
      expect(cells).toHaveLength(150);
      expect(new Set(cells.map(({ by }) => by.length))).toEqual(new Set([0, 1, 2]));
      expect(await drawCells(session, 150, 'a seed')).toEqual(cells);
      const checker = leafChecker(join(data, 'ledger'));
      const checked = await checkCells(session, reader, cells, { check: (record) => checker.check(record) });
      expect(checked).toMatchObject({ agrees: true, even: { opened: total, missing: 0, invented: 0, erased: 0, faulty: 0 } });
      expect(checker.proved).toBe(checked.even.opened);
      expect(cells.filter(({ n }) => n > 0).length).toBeGreaterThan(75);
    });
  });

  it('part where the archive lacks an entry, has one too many, or another outcome', async () => {
    const wrong = async function* (): AsyncGenerator<OpenedRecord> {
      let n = 0;
      for await (const record of reader.entries(0)) {
        n += 1;
        if (n === 300) continue;
        yield n === 301 && record.entry.type === 'decision' ? { ...record, entry: { ...record.entry, status: record.entry.status === 'refused' ? 'answered' : 'refused' } satisfies DecisionEntry } : record;
      }
    };
    await followLedger({ ...reader, entries: wrong }, join(data, 'wrong'), { until: total, engine: 'weir-test', now: () => Date.UTC(2026, 4, 5) });
    await within('wrong', async (session) => {
      const found = await reconcile(session, reader, query('status'), { names: testNames });
      expect(found.agrees).toBe(false);
      expect(found.even).toMatchObject({ missing: 1, invented: 0 });
      expect(found.differences.length).toBeGreaterThanOrEqual(2);
      expect((await checkCells(session, reader, await drawCells(session, 60, 's'), {})).cells.filter(({ verdict }) => verdict === 'differs').length).toBeGreaterThan(1);
    });
  });

  it('part where the archive lacks a verdict, and say apart one that was erased since', async () => {
    let hidden = -1;
    const without = async function* (): AsyncGenerator<OpenedRecord> {
      for await (const record of reader.entries(0)) {
        const { entry } = record;
        const gives = entry.type === 'verdict' && entry.id.startsWith('v-first') && entry.released.includes('photo') && entry.owner === 'ZY' && entry.at < '2026-04-10';
        if (hidden < 0 && gives) hidden = record.index;
        yield gives && record.index === hidden ? { ...record, entry: { ...entry, entry: 'e-another' } } : record;
      }
    };
    await followLedger({ ...reader, entries: without }, join(data, 'unended'), { until: total, engine: 'weir-test', now: () => Date.UTC(2026, 4, 5) });
    expect(hidden).toBeGreaterThan(0);
    await within('unended', async (session) => {
      const found = await reconcile(session, reader, query('verdict'), { names: testNames });
      expect(found).toMatchObject({ agrees: false, even: { missing: 0, invented: 0 } });
      expect(found.differences.map(({ keys: [key], archive, ledger }) => [key, archive.n - ledger.n]).filter(([key]) => key === 'undecided')).toEqual([['undecided', 1]]);
    });
    const erasing: LedgerReader = {
      ...reader,
      async *range(log, from, to) {
        for await (const record of reader.range(log, from, to)) if (log !== 'zy' || record.index !== hidden) yield record;
      },
      entry: (log, index) => (log === 'zy' && index === hidden ? Promise.resolve('erased') : reader.entry(log, index)),
    };
    await within('archive', async (session) => {
      const found = await reconcile(session, erasing, query('verdict'), { names: testNames });
      expect(found).toMatchObject({ agrees: true, even: { verdictsErased: 1, erased: 1, missing: 0, invented: 0 } });
      expect(found.differences.length).toBeGreaterThan(0);
    });
  });

  it('part where only a rollup was changed', async () => {
    await followLedger(reader, join(data, 'bent'), { until: total, engine: 'weir-test', now: () => Date.UTC(2026, 4, 5) });
    const folder = join(data, 'bent', 'ledger', 'owner=ZY');
    const manifest = await readFile(join(folder, 'manifest.json'), 'utf8');
    let changed = manifest;
    for (const name of (await readdir(folder)).filter((one) => one.includes('rollup'))) {
      const before = (await stat(join(folder, name))).size;
      await bend(join(folder, name));
      const after = (await stat(join(folder, name))).size;
      changed = changed.replaceAll(new RegExp(`("(?:rollupBytes|bytes)": ?)${before}\\b`, 'g'), `$1${after}`);
    }
    await writeFile(join(folder, 'manifest.json'), changed);
    await within('bent', async (session) => {
      const found = await reconcile(session, reader, query('month'), { names: testNames });
      expect(found.agrees).toBe(false);
      expect(found.even).toMatchObject({ missing: 0, invented: 0 });
    });
  });

  it('part where an opened entry is not what the log has published', async () => {
    const checker = leafChecker(join(data, 'ledger'));
    const bent: LedgerReader = {
      ...reader,
      async *range(log, from, to) {
        for await (const record of reader.range(log, from, to)) yield record.index === 20 ? { ...record, fields: record.fields.map((field) => (field.name === 'reason' ? { ...field, text: field.text.replace('"purpose":"', '"purpose":"x') } : field)) } : record;
      },
    };
    await within('archive', async (session) => {
      const found = await reconcile(session, bent, query(''), { names: testNames, check: (record) => checker.check(record) });
      expect(found.agrees).toBe(false);
      expect(found.even.faults.map(({ index }) => index)).toEqual([20, 20, 20]);
    });
  });

  it('say apart what was erased since it was archived', async () => {
    const without: LedgerReader = {
      ...reader,
      async *range(log, from, to) {
        for await (const record of reader.range(log, from, to)) if (record.index % 50 !== 0) yield record;
      },
      entry: (log, index) => (index % 50 === 0 ? Promise.resolve('erased') : reader.entry(log, index)),
    };
    await within('archive', async (session) => {
      const found = await reconcile(session, without, query('status'), { names: testNames });
      expect(found).toMatchObject({ agrees: true, even: { missing: 0, invented: 0 } });
      expect(found.even.erased).toBeGreaterThan(20);
      expect(found.differences.every(({ erased }) => erased)).toBe(true);
      // Who only claims that they are erased is found out.
      const lying = await reconcile(session, { ...without, entry: (log, index) => reader.entry(log, index) }, query('status'), { names: testNames });
      expect(lying.agrees).toBe(false);
      expect(lying.even.invented).toBe(found.even.erased);
    });
  });
});

/** Five hundred requests on the way of real ones, refusals and holds among them. */
async function throughExchange(journal: Parameters<typeof world>[0] extends infer P ? NonNullable<P> extends { journal?: infer J } ? NonNullable<J> : never : never): Promise<void> {
  let at = Date.UTC(2026, 2, 20);
  const policies = new Map(['ZW', 'ZX', 'ZY'].map((owner) => [owner, policyOf(owner, (input, dataClass) => (
    input.requester.level === 'federal' && dataClass === 'photo' ? { outcome: 'deny', rules: [`${owner}-7`] } : dataClass === 'ssn' ? { outcome: 'hold', review: { by: 'desk', withinSeconds: 60, onTimeout: 'deny' } } : {}))]));
  const { parts } = world({ journal, clock: { now: () => (at += 50 * 60_000) }, policies: { owners: [...policies.keys()], of: (owner) => policies.get(owner) ?? null } });
  const exchange = createExchange(parts);
  for (let n = 0; n < 500; n += 1) {
    const asked = inquiry({ requester: n % 3 === 0 ? immigration : police, destinations: n % 5 === 0 ? ['ZW', 'ZX', 'ZY'] : ['ZY'], image: n % 2 === 0, reason: n % 4 === 0 ? 'T' : null });
    await exchange.handle({ body: Buffer.from(encodeInquiry('json', asked)), format: 'json', credential: { fingerprint: null, oris: null }, idempotencyKey: null });
  }
}

/** One more of the first line. */
async function bend(file: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const columns = (await connection.runAndReadAll(`describe select * from '${file}'`)).getRows().map(([name]) => String(name));
  const counted = columns.includes('n') ? 'n' : columns.find((name) => /^m\d\d$/.test(name)) ?? 'n';
  await connection.run(`create table t as select * replace ("${counted}" + 1 as "${counted}") from '${file}'`);
  await rm(file);
  await connection.run(`copy t to '${file}' (format parquet)`);
  connection.closeSync();
  instance.closeSync();
}
