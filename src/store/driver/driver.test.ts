import { setImmediate as immediate, setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { connect, type Sql } from '../connect.ts';
import { isDatabaseAway } from './errors.ts';
import type { Statement } from './statement.ts';

let db: TestPostgres;
beforeAll(async () => { db = await startTestPostgres(); });
afterAll(() => db.stop());

async function withPool<T>(max: number, work: (sql: Sql) => Promise<T>, freeWithin?: number): Promise<T> {
  const sql = connect(db.url, freeWithin === undefined ? { max } : { max, freeWithin });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

const codeOf = async (work: Promise<unknown>): Promise<string> => work.then(() => 'none', (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)));
const kill = async (pid: number): Promise<void> => { await db.sql`select pg_terminate_backend(${pid})`; };
const pidOf = async (sql: Pick<Sql, 'unsafe'>): Promise<number> => ((await sql.unsafe('select pg_backend_pid() as pid')) as unknown as { pid: number }[])[0]?.pid ?? 0;

describe('what the driver calls its parts', () => {
  it('has a statement wait for its handler, and settle by its own resolve and reject', async () => {
    const raw = postgres('postgres://nobody@127.0.0.1:1/none', { max: 1 });
    const statement = raw`select 1` as unknown as Statement;
    const seen: Statement[] = [];
    statement.handler = (one) => { seen.push(one); one.resolve('ours'); };
    expect(await statement).toBe('ours');
    expect(seen).toEqual([statement]);
    const other = raw.unsafe('select 1') as unknown as Statement;
    other.handler = (one) => one.reject(new Error('ours'));
    await expect(other).rejects.toThrow('ours');
  });
});

describe('a pool', () => {
  it('writes and reads what the driver does: values, lists, dates, arrays, fragments, helpers', async () => {
    await withPool(3, async (sql) => {
      const at = new Date('2026-03-01T10:00:00.250Z');
      const words = ['plain', 'with "quotes"', 'back\\slash', 'comma, brace{}', '', 'NULL', 'zwölf\n'];
      const [row] = await sql`select ${words}::text[] as words, ${[1, -2]}::int[] as ints, ${['9007199254740993']}::bigint[] as longs, ${[true, false].map(String)}::text[]::boolean[] as flags,
        ${at}::timestamptz as at, array[${at}::timestamptz, null] as dates, ${sql.json({ a: [1, null] })}::jsonb as doc, array['{"a":"\\" }"}'::jsonb] as docs, '{}'::text[] as none, array[['a', null], ['c', 'd']] as deep,
        array[1.5::float8] as reals, '[0:1]={a,b}'::text[] as bounds`;
      expect(row).toEqual({ words, ints: [1, -2], longs: ['9007199254740993'], flags: [true, false], at, dates: [at, null], doc: { a: [1, null] }, docs: [{ a: '" }' }], none: [], deep: [['a', null], ['c', 'd']], reals: [1.5], bounds: ['a', 'b'] });
      await sql`create table helped (id int, name text)`;
      await sql`insert into helped ${sql([{ id: 1, name: 'a' }, { id: 2, name: 'b' }, { id: 3, name: 'c' }])}`;
      const only = sql`and name <> ${'b'}`;
      expect((await sql`select ${sql(['id', 'name'])} from ${sql('helped')} where id in ${sql([1, 2, 3])} ${only} order by id`).map(({ id }) => id as number)).toEqual([1, 3]);
      expect((await sql`update helped set name = 'z' where id > 1`).count).toBe(2);
      await expect(sql`select ${undefined as unknown as string}::text`).rejects.toMatchObject({ code: 'UNDEFINED_VALUE' });
      expect(await codeOf(sql`select nothing from nowhere`)).toBe('42P01');
      expect((await Promise.all(Array.from({ length: 200 }, async (_, i) => (await sql`select ${i}::int as i`)[0]?.['i'] as number))).length).toBe(200);
    });
  });

  it('commits whole transactions, and undoes those that throw, fail, or catch the failure of a statement', async () => {
    await withPool(2, async (sql) => {
      await sql`create table whole (id int)`;
      expect(await sql.begin(async (tx) => { await tx`insert into whole values (1)`; return 'done'; })).toBe('done');
      await expect(sql.begin(async (tx) => { await tx`insert into whole values (2)`; throw new Error('ours'); })).rejects.toThrow('ours');
      expect(await codeOf(sql.begin(async (tx) => { await tx`insert into whole values (3)`; await tx`select broken`.catch(() => undefined); }))).toBe('42703');
      expect(await codeOf(sql.begin('read only', async (tx) => tx`insert into whole values (4)`))).toBe('25006');
      await sql.begin(async (tx) => {
        await tx`insert into whole values (5)`;
        await tx.savepoint(async (inner) => { await inner`insert into whole values (6)`; await inner`select broken`; }).catch(() => undefined);
        await tx.savepoint(async (inner) => inner`insert into whole values (7)`);
      });
      expect((await sql`select id from whole order by id`).map(({ id }) => id as number)).toEqual([1, 5, 7]);
    });
  });

  it('sends nothing of a transaction that is over, nothing of `begin` outside of one, and no cursor without a connection of its own', async () => {
    await withPool(2, async (sql) => {
      let late: postgres.TransactionSql | null = null;
      await sql.begin((tx) => { late = tx; });
      expect(await codeOf((late as unknown as Sql)`select 1`)).toBe('TRANSACTION_OVER');
      const pid = await pidOf(sql);
      expect(await codeOf(sql`begin`)).toBe('UNSAFE_TRANSACTION');
      expect(await pidOf(sql)).not.toBe(pid);
      await expect(sql`select 1`.cursor(1, () => undefined)).rejects.toThrow(TypeError);
    });
  });

  it('refuses what waits too long for a connection, and goes on', async () => {
    await withPool(1, async (sql) => {
      const long = sql`select pg_sleep(0.5)`.then(() => 'slept');
      expect(await codeOf(sql`select 1`)).toBe('POOL_TIMEOUT');
      expect(await long).toBe('slept');
      expect((await sql`select 1 as one`)[0]).toEqual({ one: 1 });
    }, 100);
  });

  it('ends: what runs is done, what comes is refused; and says plainly that nobody listens there', async () => {
    const sql = connect(db.url, { max: 1 });
    const running = sql`select pg_sleep(0.1), 1 as one`.then((rows) => rows.length);
    const second = sql`select 1`.then((rows) => rows.length);
    await sql.end({ timeout: 60 });
    expect([await running, await second, await codeOf(sql`select 1`)]).toEqual([1, 1, 'CONNECTION_ENDED']);
    const other = connect(db.url, { max: 1 });
    const slow = codeOf(other`select pg_sleep(600)`);
    await pause(100);
    await other.end({ timeout: 0 });
    expect(await slow).toBe('CONNECTION_DESTROYED');
    const nowhere = connect('postgres://nobody@127.0.0.1:1/none', { max: 2 });
    const error: unknown = await nowhere`select 1`.catch((caught: unknown) => caught);
    expect([error instanceof Error && 'code' in error ? error.code : '', isDatabaseAway(error), isDatabaseAway(new TypeError('ours')), isDatabaseAway(Object.assign(new Error('a file'), { code: 'ENOENT' }))]).toEqual(['ECONNREFUSED', true, false, false]);
    await nowhere.end({ timeout: 0 });
  });
});

describe('where a backend is killed', () => {
  it('rejects the transaction at once, refuses the rest of it, and lets none of it reach another connection', async () => {
    await withPool(1, async (sql) => {
      await sql`create table half (id int)`;
      let go = (): void => undefined;
      const gate = new Promise<void>((resolve) => { go = resolve; });
      let rest: Promise<string[]> | null = null;
      const lost = codeOf(sql.begin(async (tx) => {
        const pid = await pidOf(tx);
        await tx`insert into half values (1)`;
        rest = gate.then(async () => [await codeOf(tx`insert into half values (2)`), await codeOf(tx.savepoint(async (inner) => inner`insert into half values (3)`))]);
        await kill(pid);
        await gate;
      }));
      expect(await lost).toBe('CONNECTION_CLOSED');
      // The next holds the only place in the pool while the lost one goes on.
      await sql.begin(async (tx) => {
        await tx`insert into half values (10)`;
        go();
        expect(await rest).toEqual(['CONNECTION_CLOSED', 'CONNECTION_CLOSED']);
      });
      expect((await sql`select id from half`).map(({ id }) => id as number)).toEqual([10]);
    });
  });

  it('rejects what waited behind the statement that was lost', async () => {
    await withPool(1, async (sql) => {
      const codes = await new Promise<string[]>((resolve) => {
        void sql.begin(async (tx) => {
          const pid = await pidOf(tx);
          const all = Array.from({ length: 5 }, async () => codeOf(tx`select pg_sleep(600)`));
          void Promise.all(all).then(resolve);
          await pause(50);
          await kill(pid);
        }).catch(() => undefined);
      });
      expect(new Set(codes)).toEqual(new Set(['CONNECTION_CLOSED']));
    });
  });

  it('listens for who comes while the one before them leaves, and for nobody who was refused', async () => {
    await withPool(1, async (sql) => {
      const heard: string[] = [];
      const first = await sql.listen('shared', (note) => heard.push(`first ${note}`));
      const [second] = await Promise.all([sql.listen('shared', (note) => heard.push(`second ${note}`)), first.unlisten()]);
      await sql.notify('shared', 'a');
      await expect.poll(() => heard, { timeout: 60_000 }).toEqual(['second a']);
      const [, third] = await Promise.all([second.unlisten(), sql.listen('shared', (note) => heard.push(`third ${note}`))]);
      await sql.notify('shared', 'b');
      await expect.poll(() => heard, { timeout: 60_000 }).toEqual(['second a', 'third b']);
      // A name that the database refuses on a connection that lives.
      expect(await codeOf(sql.listen('', () => undefined))).toBe('42601');
      await first.unlisten();
      await sql.notify('shared', 'c');
      await expect.poll(() => heard, { timeout: 60_000 }).toEqual(['second a', 'third b', 'third c']);
      await third.unlisten();
    });
  });

  it('listens again, and says so', async () => {
    await withPool(1, async (sql) => {
      const heard: string[] = [];
      let times = 0;
      const listening = await sql.listen('kills', (note) => heard.push(note), () => { times += 1; });
      for (let round = 1; round <= 5; round += 1) {
        const [row] = await db.sql<{ pid: number }[]>`select pid from pg_stat_activity where query ilike 'listen "kills"%' order by backend_start desc limit 1`;
        await kill(row?.pid ?? 0);
        await expect.poll(() => times).toBe(round + 1);
        await sql.notify('kills', `round ${round}`);
        await expect.poll(() => heard.at(-1)).toBe(`round ${round}`);
      }
      expect(listening.state.pid).toBeGreaterThan(0);
      await listening.unlisten();
      await sql.notify('kills', 'nobody');
      await pause(50);
      expect(heard).toHaveLength(5);
    });
  });

  it('at random instants of everything at once: nothing escapes, nothing hangs, no half of a transaction stays, and all goes on', async () => {
    await db.sql`create table pairs (id text, part text)`;
    await withPool(6, async (sql) => {
      let [over, killed, done, lost, number] = [false, 0, 0, 0, 0];
      const acknowledged: string[] = [];
      const codes = new Map<string, number>();
      const killer = (async () => {
        while (!over) {
          const rows = await db.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name = 'weir' order by random() limit 2`;
          killed += rows.length;
          await pause(Math.random() * 15);
        }
      })();
      const pair = async (id: string): Promise<void> => {
        await sql.begin(async (tx) => {
          await tx`insert into pairs values (${id}, 'change')`;
          if (Math.random() < 0.5) await immediate();
          if (Math.random() < 0.3) await pause(Math.random() * 5);
          await tx.savepoint(async (inner) => inner`select ${id}::text`);
          await Promise.all([tx`select 1`, tx`insert into pairs values (${id}, 'act')`]);
        });
        acknowledged.push(id);
      };
      const kinds: readonly ((id: string) => Promise<unknown>)[] = [
        pair, pair, async (id) => sql`select ${id}::text, ${'x'.repeat(Math.floor(Math.random() * 2_000))}::text`,
        async () => { const one = await sql.reserve(); try { await one`select 1`; await immediate(); await one`select 2`; } finally { one.release(); } },
        async (id) => { await immediate(); return sql`select ${sql.json({ id })}::jsonb as doc_${sql.unsafe(String(Math.floor(Math.random() * 50)))}`; },
        async (id) => { const listening = await sql.listen(`c${id.length}`, () => undefined); await listening.unlisten(); },
      ];
      const until = Date.now() + 4_000;
      // Where the machine is slow, for as long as it takes until all has come about.
      const enough = (): boolean => Date.now() > until && killed > 10 && done > 0 && lost > 0;
      const worker = async (): Promise<void> => {
        while (!enough()) {
          number += 1;
          const work = kinds[Math.floor(Math.random() * kinds.length)] ?? pair;
          const code = await Promise.race([codeOf(work(`n${number}`)), pause(90_000, 'hang', { ref: false })]);
          codes.set(code, (codes.get(code) ?? 0) + 1);
          if (code === 'none') done += 1;
          else lost += 1;
        }
      };
      await Promise.all(Array.from({ length: 16 }, worker));
      over = true;
      await killer;
      const parts = await db.sql<{ id: string; n: number }[]>`select id, count(*)::int as n from pairs group by id`;
      expect(parts.filter(({ n }) => n !== 2)).toEqual([]);
      const there = new Set(parts.map(({ id }) => id));
      expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
      expect([killed > 10, done > 0, lost > 0]).toEqual([true, true, true]);
      expect([...codes.keys()].filter((code) => !['none', 'CONNECTION_CLOSED', 'ECONNRESET', 'EPIPE', '57P01'].includes(code))).toEqual([]);
      expect((await Promise.all(Array.from({ length: 12 }, async () => sql`select 1 as one`))).flat()).toHaveLength(12);
    });
  });
});
