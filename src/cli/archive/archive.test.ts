import { appendFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBenchLedger } from '../../../bench/ledgerFolder.ts';
import { realLedger, type RealLedger } from '../../../test/realLedger.ts';
import { runVerbs, type VerbRun } from '../../../test/runVerbs.ts';
import { readManifest } from '../../insight/archive/manifest.ts';
import { sampleArchive } from '../../insight/archive/sample.ts';
import { sampleEntry } from '../../ledger/samples.ts';
import { addArchive } from './index.ts';

let ledger: RealLedger;
beforeEach(async () => {
  ledger = await realLedger(40);
});
afterEach(() => ledger.remove());

const run = (...args: readonly string[]): Promise<VerbRun> => runVerbs([addArchive], ['--data', ledger.data, 'archive', ...args]);
const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => JSON.parse((await run(...args, '--json')).out) as Record<string, unknown>;

test('an archive from nothing: empty, followed, level, asked, behind, followed again, checked and made anew', async () => {
  expect(await json('list')).toMatchObject({ datasets: [] });
  expect((await run('status')).exit).toBe(2);
  expect(await json('follow')).toMatchObject({ entries: 40, owners: ['ZX', 'ZY'], erasures: 0 });
  expect(await json('follow')).toMatchObject({ entries: 0, events: 0 });
  expect(await json('status')).toMatchObject({ behind: 0, rows: 40, dataset: { kind: 'ledger' } });
  expect(await json('list')).toMatchObject({ datasets: [{ name: 'ledger', entries: 40, owners: ['ZX', 'ZY'], newest: '2026-03-01T12:00:00.000Z' }] });
  expect(await json('sql', 'SELECT owner, sum(n) AS n FROM rollup GROUP BY ALL ORDER BY ALL')).toMatchObject({ rows: [{ owner: 'ZX', n: 8 }, { owner: 'ZY', n: 32 }], more: false, timeZone: 'UTC', kind: 'ledger' });
  const { ledger: open, close } = await openBenchLedger(ledger.data, { publishMs: 20 });
  await open.append([sampleEntry(100)]);
  await close();
  expect((await json('status'))['behind']).toBeGreaterThan(0);
  expect(await json('follow')).toMatchObject({ entries: 1 });
  expect(await run('check')).toMatchObject({ exit: 0 });
  expect(await json('rebuild')).toMatchObject({ entries: 41 });
  expect(readdirSync(join(ledger.data, 'archive'))).toEqual(['ledger']);
  expect(await json('check')).toMatchObject({ ok: true, datasets: [{ rows: 41, findings: [] }] });
  const own = join(ledger.data, 'archive/ledger/owner=ZY');
  appendFileSync(join(own, `${(await readManifest(own, 'ZY'))!.segments[0]!.name}.rollup.parquet`), 'x');
  expect(await run('check')).toMatchObject({ exit: 1 });
  expect(await run('sql', 'SELECT count(*) FROM rows')).toMatchObject({ exit: 1 });
});

test('an archive made anew does not let go of what the ledger has erased, unless that is wanted', async () => {
  await run('follow');
  // What erasing a day does first: its keys are destroyed, and what they sealed cannot be read again.
  const keys = join(ledger.data, 'keys/owners/ZY');
  for (const name of readdirSync(keys).filter((one) => /^\d{4}-/.test(one))) rmSync(join(keys, name));
  const refused = await run('rebuild');
  expect(refused.exit).toBe(3);
  expect(await json('status', '--log', 'ledger')).toMatchObject({ rows: 40 });
  expect(await json('rebuild', '--without-erased')).toMatchObject({ entries: 8 });
  expect(await json('status')).toMatchObject({ rows: 8, behind: 0 });
});

test('invented entries are said to be invented, are chosen first, and a question that is none is refused', async () => {
  await sampleArchive(join(ledger.data, 'archive'), [{ at: '2026-01-05', subject: 'a' }], { name: 'invented', kind: 'invented' });
  await run('follow');
  const { out } = await run('sql', 'SELECT "at", subject, NULL AS none FROM rows');
  expect(out).toMatch(/INVENTED/);
  expect(out).toMatch(/2026-01-05T12:00:00\.000Z/);
  for (const wrong of [['sql', 'DROP VIEW rows'], ['sql', 'SELECT 1', '--period', 'yesterday'], ['sql', 'SELECT 1', '--limit', '0'], ['sql', 'SELECT 1', '--log', 'nothing'], ['sql', 'SELECT 1', '--owner', 'OR'], ['check', '--log', 'nothing']]) {
    expect(await run(...wrong)).toMatchObject({ exit: 2, out: '' });
  }
});

test('without a ledger nothing is followed', async () => {
  rmSync(join(ledger.data, 'journal'), { recursive: true });
  expect((await run('follow')).exit).toBe(3);
});
