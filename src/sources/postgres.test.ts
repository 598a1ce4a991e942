import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoSourceMapping } from '../../demo/sourceMapping.ts';
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts';
import { until } from '../../test/until.ts';
import { openSources, type SourceBook } from './book.ts';
import { faultCases, licence, patient, question, sourceCases } from './cases.ts';
import { startFaultProxy, type FaultProxy } from './faultProxy.ts';
import { postgresSlot } from './postgres.ts';
import { sampleRows, sampleTables } from './sampleRecords.ts';

describe('PostgreSQL', () => {
  let database: TestPostgres;
  let book: SourceBook;
  const mapping = demoSourceMapping('sample');

  beforeAll(async () => {
    database = await startTestPostgres();
    for (const statement of sampleTables('postgres')) await database.sql.unsafe(statement);
    for (const [table, rows] of sampleRows) for (const row of rows) await database.sql`insert into ${database.sql(table)} ${database.sql(row as Record<string, never>)}`;
    book = await openSources([{ name: 'sample.yaml', text: mapping }], { connections: { sample: database.url }, ...patient });
  });

  afterAll(async () => {
    await book.close();
    await database.stop();
  });

  sourceCases(() => book);

  it('gives up a statement that takes too long, in the database itself', async () => {
    const slot = postgresSlot({ url: database.url, timeoutMs: 200, search: false });
    try {
      await until(() => slot.run('select 1', []).then(() => true, () => false), (connected) => connected);
      await expect(slot.run('select pg_sleep(600)', [])).rejects.toMatchObject({ code: 'timeout', lost: false });
      expect(await database.sql`select 1 from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid() and state = 'active' and datname = current_database()`).toHaveLength(0);
    } finally {
      await slot.close();
    }
  });

  it('cannot write', async () => {
    const slot = postgresSlot({ url: database.url, ...patient, search: false });
    try {
      await expect(slot.run("delete from driver where owner = 'WA'", [])).rejects.toMatchObject({ name: 'SourceFault' });
    } finally {
      await slot.close();
    }
  });

  it('asks once more where the server has closed an idle connection', async () => {
    const slot = postgresSlot({ url: database.url, ...patient, search: false });
    try {
      const [[pid]] = await slot.run('select pg_backend_pid()', []) as [[number]];
      await database.sql`select pg_terminate_backend(${pid})`;
      expect(await slot.run('select 1', [])).toEqual([[1]]);
    } finally {
      await slot.close();
    }
  });

  it('does not let one value that the database refuses spoil the look-ups beside it', async () => {
    const born = (birthDate: string): Promise<unknown> => book.of('WA')?.lookup(question({ kind: 'person', name: { surname: 'SAMPLE', given: 'ALEX', middle: '' }, birthDate, sex: null }, ['birthDate'])) ?? Promise.resolve();
    const [bad, good] = await Promise.all([born('1980-02-31'), born('1980-02-29')]);
    expect(bad).toEqual({ status: 'unavailable', why: 'misconfigured' });
    expect(good).toMatchObject({ status: 'found', records: [{ birthDate: '1980-02-29' }] });
  });

  it('is misconfigured where a column, the database or the password is not right, and only for what that touches', async () => {
    const ask = async (text: string, url: string, of: 'name' | 'birthDate'): Promise<unknown> => {
      const wrong = await openSources([{ name: 'a.yaml', text }], { connections: { sample: url }, ...patient });
      try {
        return await wrong.of('WA')?.lookup(question(licence('WDL0000001'), [of]));
      } finally {
        await wrong.close();
      }
    };
    const lacking = mapping.replace('birthDate: birth_date', 'birthDate: born');
    expect(await ask(lacking, database.url, 'birthDate')).toEqual({ status: 'unavailable', why: 'misconfigured' });
    expect(await ask(lacking, database.url, 'name')).toMatchObject({ status: 'found' });
    expect(await ask(mapping, `${database.url}_not_there`, 'name')).toEqual({ status: 'unavailable', why: 'misconfigured' });
  });

  it('translates what the owner writes, when it reads and when it searches', async () => {
    const text = mapping.replace('sex: sex', 'sex: { column: sex, values: { M: F, F: M } }').replace('kind: kind', 'kind: { column: kind, values: { accident: withdrawal } }');
    const swapped = await openSources([{ name: 'a.yaml', text }], { connections: { sample: database.url }, ...patient });
    try {
      const person = (sex: 'M' | 'F' | 'X') => ({ kind: 'person', name: { surname: 'SAMPLE', given: 'ALEX', middle: '' }, birthDate: '1980-02-29', sex }) as const;
      expect(await swapped.of('WA')?.lookup(question(person('M'), ['description']))).toEqual({ status: 'none' });
      expect(await swapped.of('WA')?.lookup(question(person('F'), ['description', 'driverHistory']))).toMatchObject({
        status: 'found', records: [{ description: { sex: 'F' }, driverHistory: [{ kind: 'withdrawal' }, { kind: 'conviction' }] }],
      });
      expect(await swapped.of('WA')?.lookup(question(person('X'), ['description']))).toEqual({ status: 'none' });
    } finally {
      await swapped.close();
    }
  });

  it('says that a value is not what the mapping says, rather than leave it out', async () => {
    const text = mapping.replace('height: height', 'height: surname');
    const odd = await openSources([{ name: 'a.yaml', text }], { connections: { sample: database.url }, ...patient });
    try {
      expect(await odd.of('WA')?.lookup(question(licence('WDL0000001'), ['description']))).toEqual({ status: 'unavailable', why: 'misconfigured' });
      expect(odd.states()[0]?.lastFault).not.toContain('SAMPLE');
    } finally {
      await odd.close();
    }
  });

  describe('behind a wire that breaks', () => {
    let wire: FaultProxy;
    let fragile: SourceBook;

    beforeAll(async () => {
      const url = new URL(database.url);
      wire = await startFaultProxy(Number(url.port));
      url.port = String(wire.port);
      fragile = await openSources([{ name: 'a.yaml', text: mapping }], { connections: { sample: url.href }, timeoutMs: 400, breaker: { minMs: 20, maxMs: 100 } });
    });

    afterAll(async () => {
      await fragile.close();
      await wire.close();
    });

    faultCases(() => fragile, () => wire);
  });
});
