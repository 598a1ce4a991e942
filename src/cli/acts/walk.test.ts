import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { runVerbs, type VerbRun } from '../../../test/runVerbs.ts';
import { testRegistry } from '../../insight/imports/cases.ts';
import { openKeys } from '../../ledger/index.ts';
import { insertAct } from '../../people/acts/index.ts';
import { importContent } from '../../registry/index.ts';
import { commandTable } from '../commandTable.ts';
import type { AddVerb } from '../verb.ts';
import { verbs } from '../verbs.ts';

let folder: string;
let database: TestPostgres;
let all: readonly AddVerb[];
const sample = (name: string): string => fileURLToPath(new URL(`../../../samples/imports/${name}`, import.meta.url));
const out = (name: string): string => join(folder, name);
const weir = (...args: string[]): Promise<VerbRun> => runVerbs(all, ['--data', folder, '--quiet', ...args]);
const known = (): Promise<readonly { readonly act: string; readonly who: string; readonly owner: string; readonly about: string | null; readonly sealed: string | null; readonly detail: Record<string, unknown> | null }[]> => database.sql`select act, who, owner, about, sealed, detail from act order by at desc, id desc`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-test-acts-cli-'));
  database = await startTestPostgres({ migrate: true });
  vi.stubEnv('DATABASE_URL', database.url);
  all = await Promise.all(verbs.filter(({ name }) => ['person', 'acts', 'brief', 'export', 'ledger', 'duty', 'import'].includes(name)).map(({ load }) => load()));
  await (await openKeys(join(folder, 'keys'), ['WA', '00'])).close();
  await importContent(database.sql, testRegistry.content, 'test');
  const imported = await weir('import', 'log', sample('table.csv'), '--map', sample('table.yaml'), '--owner', 'wa', '--name', 'sample', '--by', 'Records office');
  if (imported.exit > 1) throw new Error(imported.error);
  await weir('person', 'add', 'Ada Sample', '--login', 'ada', '--owner', 'WA', '--role', 'auditor');
  await insertAct(database.sql, { type: 'act', v: 1, id: 'act-old', at: '2026-03-01T00:00:00.000Z', act: 'heldOpened', who: 'A-000000000001', role: 'reviewer', on: '=HYPERLINK', result: 'done', hash: null, detail: null, sealed: 'secret', owner: 'WA' });
  await mkdir(join(folder, 'journal'), { recursive: true });
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await database.stop();
  await rm(folder, { recursive: true });
});

interface Case {
  readonly args: () => readonly string[];
  readonly act: string;
  /** In whose log. */
  readonly owner: string;
  /** What it writes, which is not to be there where it could not be recorded. */
  readonly writes?: string;
}

/** How each command that reads what is on the record first is run here; it may fail afterwards, for there is little to read. */
const cases: Readonly<Record<string, Case>> = {
  'person list': { args: () => ['person', 'list', '--owner', 'WA'], act: 'peopleRead', owner: 'WA' },
  'person show': { args: () => ['person', 'show', 'ada'], act: 'peopleRead', owner: '00' },
  'person tokens': { args: () => ['person', 'tokens', 'ada'], act: 'peopleRead', owner: '00' },
  'acts search': { args: () => ['acts', 'search', '--owner', 'WA', '--why', 'Drill'], act: 'actsSearched', owner: 'WA' },
  'acts export': { args: () => ['acts', 'export', '--owner', 'WA', '--who', 'Drill', '--why', 'Drill', '--out', out('acts')], act: 'actsExported', owner: 'WA', writes: 'acts' },
  'brief': { args: () => ['brief', 'WA', '--log', 'sample', '--out', out('brief.txt')], act: 'briefingRead', owner: 'WA', writes: 'brief.txt' },
  'export': { args: () => ['export', 'WA', '--log', 'sample', '--out', out('export'), '--who', 'Drill', '--why', 'Drill'], act: 'requestsExported', owner: 'WA', writes: 'export' },
  'ledger open': { args: () => ['ledger', 'open', '--owner', 'WA', '--for', 'owner', '--index', '0', '--out', out('opened.json')], act: 'entriesOpened', owner: 'WA', writes: 'opened.json' },
  'ledger release': { args: () => ['ledger', 'release', '--owner', 'WA', '--from', '2026-01-01', '--to', '2026-01-31', '--who', 'Drill', '--order', '1', '--out', out('totals.json'), '--opening', out('opening.json')], act: 'entriesOpened', owner: 'WA', writes: 'opening.json' },
  'ledger resident': { args: () => ['ledger', 'resident', '--owner', 'WA', '--licence', 'WDL0000001', '--from', '2026-01-01', '--request', 'R-0123456789', '--out', out('report.json')], act: 'residentReportMade', owner: 'WA', writes: 'report.json' },
  'duty notices': { args: () => ['duty', 'notices', '--owner', 'WA'], act: 'noticesListed', owner: 'WA' },
};

describe('what is read at the machine', () => {
  it('is tried here, every command of it', () => {
    const wanted = Object.entries(commandTable).filter(([, touch]) => touch === 'personal' || touch === 'recorded').map(([name]) => name);
    expect(Object.keys(cases).sort()).toEqual(wanted.sort());
  });

  it.each(Object.entries(cases))('weir %s shows nothing where it cannot be put on the record', async (_name, { args, writes }) => {
    await database.sql`alter table ledger_outbox rename to outbox_away`;
    try {
      const run = await weir(...args());
      expect([run.exit, run.out]).toEqual([3, '']);
      expect(run.error).toContain('cannot be put on the record');
      if (writes !== undefined) expect(existsSync(out(writes))).toBe(false);
    } finally {
      await database.sql`alter table outbox_away rename to ledger_outbox`;
    }
  });

  it.each(Object.entries(cases))('weir %s is on the record, in the log of the owner, with who was at the machine sealed', async (_name, { args, act, owner }) => {
    const before = (await known()).length;
    const run = await weir(...args());
    expect(run.exit, run.error).toBeLessThan(4);
    const acts = await known();
    const made = acts.slice(0, acts.length - before).find((one) => one.act === act);
    expect(made).toMatchObject({ act, who: 'operator', owner });
    const keys = await openKeys(join(folder, 'keys'), ['WA', '00']);
    expect(JSON.parse(keys.unseal(owner, made?.sealed ?? ''))).toHaveProperty('machineAccount');
    await keys.close();
    expect(await database.sql`select 1 from ledger_outbox where entry ->> 'act' = ${act} and entry ->> 'owner' = ${owner}`).not.toHaveLength(0);
  });

  it('says in the exchange\'s own log what concerns an owner without keys here', async () => {
    expect((await weir('person', 'list', '--owner', 'OR')).exit).toBe(0);
    expect((await known())[0]).toMatchObject({ act: 'peopleRead', owner: '00', detail: { way: 'list', owner: 'OR' } });
  });
});

describe('weir acts', () => {
  it('searches', async () => {
    const run = await weir('--json', 'acts', 'search', 'act:heldOpened', 'created:2026-03-01', '--owner', 'wa', '--why', 'Drill');
    expect(JSON.parse(run.out)).toMatchObject({ acts: [{ id: 'act-old', who: 'A-000000000001', on: '=HYPERLINK' }], total: 1, atLeast: false });
    expect(run.out).not.toContain('secret');
    expect((await weir('acts', 'search', '--owner', 'WA', '--why', 'Drill', '--', '-outcome:done')).out).toContain('No act fits.');
    expect((await weir('acts', 'search', '--owner', '00', '--why', 'Drill')).out).toContain('peopleRead');
  });

  it('has nothing to say of an owner that there is not, and makes no act of it', async () => {
    const before = (await known()).length;
    for (const args of [['search', '--why', 'Drill'], ['export', '--who', 'Drill', '--why', 'Drill', '--out', out('nobody')]]) {
      const run = await weir('acts', ...args, '--owner', 'ZZ');
      expect([run.exit, run.out]).toEqual([2, '']);
      expect(run.error).toContain('ZZ');
    }
    expect(existsSync(out('nobody'))).toBe(false);
    expect(await known()).toHaveLength(before);
    expect((await weir('acts', 'search', '--owner', 'OR', '--why', 'Drill')).exit).toBe(0);
  });

  it('exports a folder that appears whole', async () => {
    const place = out('march');
    const run = await weir('acts', 'export', 'act:heldOpened', '--owner', 'WA', '--out', place, '--who', 'State auditor', '--why', 'Drill', '--expires', '2999-01-31');
    expect([run.exit, run.error]).toEqual([0, '']);
    expect((await readFile(join(place, 'acts.csv'), 'utf8')).split('\r\n')[1]).toBe('act-old,2026-03-01T00:00:00.000Z,WA,heldOpened,opened a held request,A-000000000001,reviewer,\'=HYPERLINK,done,,,true');
    expect(JSON.parse(await readFile(join(place, 'manifest.json'), 'utf8'))).toMatchObject({ rows: 1, by: 'operator', place: 'owner WA', files: [{ path: 'asked.json' }, { path: 'acts.csv' }] });
    expect((await known())[0]).toMatchObject({ act: 'actsExportEnded', owner: 'WA', detail: { rows: 1 } });
  });

  it('says on the record that an export broke off', async () => {
    const run = await weir('acts', 'export', '--owner', 'WA', '--out', out('nowhere/acts'), '--who', 'x', '--why', 'y');
    expect(run.exit).toBe(3);
    expect(existsSync(out('nowhere'))).toBe(false);
  });

  it.each<readonly [string, readonly string[]]>([
    ['a query that is none', ['search', 'bobby', '--owner', 'WA', '--why', 'x']], ['an owner that is none', ['search', '--owner', 'WASH', '--why', 'x']], ['no reason', ['search', '--owner', 'WA', '--why', ' ']],
    ['no office', ['export', '--owner', 'WA', '--out', 'x', '--who', ' ', '--why', 'x']], ['a day that is over', ['export', '--owner', 'WA', '--out', 'x', '--who', 'x', '--why', 'x', '--expires', '2001-01-01']],
    ['a day that is none', ['export', '--owner', 'WA', '--out', 'x', '--who', 'x', '--why', 'x', '--expires', '2999-02-30']],
  ])('refuses %s, and records nothing', async (_what, args) => {
    const before = (await known()).length;
    expect((await weir('acts', ...args)).exit).toBe(2);
    expect(await known()).toHaveLength(before);
  });
});
