import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { openKeys, openLedger } from '../../ledger/index.ts';
import { sampleEntry } from '../../ledger/samples.ts';
import { ledgerPlaces } from '../../server/compose/ledgerFolder.ts';
import { openFolder } from '../../store/folder.ts';
import type { AddVerb } from '../verb.ts';
import { addEpochs } from './epochs.ts';
import { addErase } from './erase.ts';
import { addHold } from './hold.ts';
import { addPrune } from './prune.ts';
import { addResident } from './resident.ts';
import { addRetain } from './retain.ts';
import { addWithhold } from './withhold.ts';

const dayMs = 86_400_000;
const verbs: readonly AddVerb[] = [addEpochs, addErase, addHold, addPrune, addResident, addRetain, addWithhold];
const first = new Date(Date.now() - 3 * dayMs).toISOString().slice(0, 10);
let postgres: TestPostgres;
let folder: string;
let data: string;

/** A ledger that was written over three days, as an exchange leaves it. */
beforeAll(async () => {
  postgres = await startTestPostgres({ migrate: true });
  vi.stubEnv('DATABASE_URL', postgres.url);
  folder = await mkdtemp(join(tmpdir(), 'weir-ledger-verbs-'));
  data = (await openFolder(join(folder, 'data'))).path;
  const places = ledgerPlaces(data);
  let now = Date.parse(`${first}T12:00:00Z`);
  const clock = { now: () => now };
  const keys = await openKeys(places.keys, ['ZY'], { clock });
  const ledger = await openLedger({
    journal: places.journal, place: places.ledger, prefix: null, defaultPrefix: 'demonstration.weir.example', keys, clock,
    cosigners: { configured: false, cosign: () => Promise.resolve({ lines: [], quorum: false }) },
  });
  for (const [number, licence] of ['ZYL1', 'ZYL2', 'ZYL1'].entries()) {
    await ledger.append([{ ...sampleEntry(number, 'full'), at: new Date(now).toISOString(), subjectTag: keys.tag('ZY', { kind: 'licence', number: licence }) }]);
    await ledger.publish();
    now += number * dayMs;
  }
  await ledger.close();
  await keys.close();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => { process.exitCode = undefined; });

async function run(...words: string[]): Promise<{ readonly exit: number; readonly json: Record<string, unknown> & Record<string, unknown>[]; readonly text: string }> {
  const out: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  try {
    const program = new Command('weir').option('--data <dir>').option('--json').option('--quiet').exitOverride();
    for (const add of verbs) add(program);
    await program.parseAsync([...words, '--data', data, '--json', '--quiet'], { from: 'user' });
  } finally {
    spy.mockRestore();
  }
  const text = out.join('');
  return { exit: Number(process.exitCode ?? 0), json: JSON.parse(text) as Record<string, unknown> & Record<string, unknown>[], text };
}

const resident = (out: string, ...more: string[]) => run('resident', '--owner', 'zy', '--from', first, '--request', 'R-2026-17', '--out', join(folder, out), ...more);

describe('the verbs of residents and of retention, in the order of an office', () => {
  it('close the days that are over, once', async () => {
    expect((await run('epochs')).json).toMatchObject([{ owner: 'ZY', days: 0 }]);
    expect((await resident('early.json', '--licence', 'ZYL1')).exit).toBe(2);
    const closed = (await run('epochs', '--close')).json;
    expect(closed.length).toBeGreaterThanOrEqual(2);
    expect(closed[0]).toMatchObject({ day: first, from: 0, to: 2, tags: 2 });
    expect((await run('epochs', '--close')).json).toEqual([]);
  });

  it('find an index that was altered, and make it anew', async () => {
    expect(await run('epochs', '--check')).toMatchObject({ exit: 0, json: { ok: true } });
    const path = join(data, 'ledger/epochs/zy', first);
    const bytes = await readFile(path);
    bytes[20]! ^= 1;
    await writeFile(path, bytes);
    const found = await run('epochs', '--check', '--owner', 'ZY');
    expect(found).toMatchObject({ exit: 1, json: { findings: [{ owner: 'ZY', day: first }] } });
    expect((await resident('damaged.json', '--licence', 'ZYL1')).exit).toBe(1);
    expect(await run('epochs', '--check', '--mend')).toMatchObject({ exit: 0, json: { mended: [`ZY ${first}`] } });
    expect((await run('epochs', '--check')).exit).toBe(0);
  });

  it('make a report and a letter, which name nobody, and never write over one', async () => {
    const given = join(folder, 'given.json');
    await writeFile(given, JSON.stringify({ licences: ['zyl1'], plates: [], vins: [{ vin: '1ABC' }], people: [{ name: { surname: 'SAMPLE', given: 'ALEX', middle: '' }, birthDate: '1980-02-29' }] }));
    expect(await resident('report.json', '--given', given, '--letter', join(folder, 'letter.txt'))).toMatchObject({ exit: 0, json: { entries: 2, withheld: 0, erased: 0 } });
    const report = await readFile(join(folder, 'report.json'), 'utf8');
    const letter = await readFile(join(folder, 'letter.txt'), 'utf8');
    // As words of their own: by chance four letters stand in the hashes, which are base64.
    for (const text of [report, letter]) expect(text).not.toMatch(/(?<![A-Za-z0-9+/])(?:SAMPLE|ZYL1|1980-02-29|1ABC)(?![A-Za-z0-9+/=])/);
    expect(letter).toContain('2 look-ups are shown.');
    expect((await resident('report.json', '--licence', 'ZYL1')).exit).toBe(2);
    expect((await readdir(join(data, 'ledger'), { recursive: true })).join(' ')).not.toMatch(/SAMPLE/i);
  });

  it('withhold an entry, and lift that', async () => {
    const order = ['--owner', 'ZY', '--index', '0', '--order', '26-1-7'];
    const until = new Date(Date.now() + 5 * dayMs).toISOString().slice(0, 10);
    expect((await run('withhold', ...order, '--until', until)).exit).toBe(0);
    expect(await resident('withheld.json', '--licence', 'ZYL1')).toMatchObject({ exit: 0, json: { entries: 1, withheld: 1 } });
    expect((await run('withhold', ...order, '--lift')).exit).toBe(0);
    expect(await resident('lifted.json', '--licence', 'ZYL1')).toMatchObject({ json: { entries: 2, withheld: 0 } });
    for (const bad of [['--until', '2020-01-01'], ['--until', 'soon'], [], ['--until', until, '--lift']]) expect((await run('withhold', ...order, ...bad)).exit).toBe(2);
    expect((await run('withhold', '--owner', 'ZY', '--index', '999', '--order', '1', '--until', until)).exit).toBe(2);
  });

  it('set, show and lift a hold', async () => {
    const set = await run('hold', 'add', '--owner', 'ZY', '--from', first, '--to', first, '--order', '26-2-1');
    expect(set.exit).toBe(0);
    const hold = String(set.json['hold']);
    expect((await run('hold', 'list')).json).toMatchObject([{ id: hold, owner: 'ZY', kind: 'all', liftedAt: null }]);
    expect((await run('erase', '--owner', 'ZY', '--index', '0', '--order', '26-3-1')).exit).toBe(2);
    expect((await run('hold', 'lift', hold, '--order', '26-2-2')).exit).toBe(0);
    expect((await run('hold', 'list')).json).toEqual([]);
    expect((await run('hold', 'lift', hold, '--order', '26-2-2')).exit).toBe(2);
    expect((await run('hold', 'add', '--owner', 'ZY', '--from', first, '--to', '2020-01-01', '--order', '1')).exit).toBe(2);
  });

  it('erase and delete nothing whose time is not over', async () => {
    expect((await run('retain', '--dry-run')).json).toMatchObject({ plan: [] });
    expect((await run('prune')).json).toMatchObject({ segments: 0 });
    expect((await run('erase', '--owner', 'ZY', '--index', '0', '--order', '26-3-1')).json['error']).toContain('write-ahead');
    await writeFile(join(data, 'settings.yaml'), 'ledger:\n  retention:\n    ZY: { otherDays: 30 }\n');
    expect(await run('retain')).toMatchObject({ exit: 2 });
    await rm(join(data, 'settings.yaml'));
  });

  it.each([
    ['--owner', 'XX', '--licence', '1'], ['--owner', 'ZY'], ['--owner', 'ZY', '--licence', '**'], ['--owner', 'ZY', '--licence', '1', '--to', '2199-01-01'], ['--owner', 'ZY', '--licence', '1', '--from', 'then'],
    ['--owner', 'ZY', '--given', '/dev/null'], ['--owner', 'ZY', '--licence', '1', '--request', 'Alex Sample'],
  ])('say what is wrong with %s %s %s %s %s', async (...words) => {
    const ran = await resident(`bad-${words.join('').replaceAll('/', '')}.json`, ...words);
    expect(ran.exit).toBe(2);
    expect(ran.json['error']).toBeTypeOf('string');
  });
});
