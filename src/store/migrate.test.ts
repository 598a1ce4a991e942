import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts';
import { connect, type Sql } from './connect.ts';
import { migrate, rollback, schemaStatus } from './migrate.ts';
import type { Migration } from './migration.ts';
import { migrations } from './migrations/index.ts';

let postgres: TestPostgres;
beforeAll(async () => { postgres = await startTestPostgres(); });
afterAll(async () => { await postgres.stop(); });

const first: Migration = { id: 1, name: 'first', up: 'create table one (n int primary key); insert into one values (1);', down: 'drop table one;' };
const second: Migration = { id: 2, name: 'second', up: 'create table two (n int);', down: 'drop table two;' };

describe('the steps of the program', () => {
  it('count from 1 without gaps', () => {
    expect(migrations.map(({ id }) => id)).toEqual(migrations.map((_, at) => at + 1));
  });

  it('go up, down and up to the same schema', async () => {
    const { sql } = postgres;
    expect(await migrate(sql)).toEqual(migrations.map(({ id }) => id));
    const schema = await describeSchema(sql);
    expect(await migrate(sql)).toEqual([]);
    expect(await rollback(sql, 0)).toEqual(migrations.map(({ id }) => id).reverse());
    expect(await describeSchema(sql)).toEqual(await emptySchema(sql));
    await migrate(sql);
    expect(await describeSchema(sql)).toEqual(schema);
    for (let to = migrations.length - 1; to >= 0; to -= 1) {
      await rollback(sql, to);
      await migrate(sql);
      expect(await describeSchema(sql)).toEqual(schema);
    }
    await rollback(sql, 0);
  });
});

describe('migrate', () => {
  it('keeps nothing of a step that fails, and goes on once it is mended', async () => {
    const { sql } = postgres;
    const bad = { ...second, up: 'create table two (n int); select 1/0;' };
    await expect(migrate(sql, [first, bad])).rejects.toMatchObject({ code: 'STORE_MIGRATION' });
    expect((await schemaStatus(sql, [first, second])).pending).toEqual([{ id: 2, name: 'second' }]);
    expect(await migrate(sql, [first, second])).toEqual([2]);
    await rollback(sql, 0, [first, second]);
  });

  it('refuses a database that is newer than the program, and one whose steps differ', async () => {
    const { sql } = postgres;
    await migrate(sql, [first, second]);
    await expect(migrate(sql, [first])).rejects.toMatchObject({ code: 'STORE_SCHEMA_NEWER' });
    await expect(rollback(sql, 0, [first])).rejects.toMatchObject({ code: 'STORE_SCHEMA_NEWER' });
    await expect(migrate(sql, [first, { ...second, up: `${second.up} ` }])).rejects.toMatchObject({ code: 'STORE_SCHEMA_CHANGED' });
    await rollback(sql, 0, [first, second]);
  });

  it('runs each step once where several start at the same moment', async () => {
    const pools = [connect(postgres.url), connect(postgres.url), connect(postgres.url)];
    const ran = await Promise.all(pools.map((sql) => migrate(sql, [first, second])));
    expect(ran.flat().sort()).toEqual([1, 2]);
    expect(await postgres.sql`select n from one`).toHaveLength(1);
    await Promise.all(pools.map((sql) => sql.end()));
    await rollback(postgres.sql, 0, [first, second]);
  });
});

/** Tables with their columns, constraints, indexes, triggers and functions, as text. */
async function describeSchema(sql: Sql): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    select format('column %s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as line
      from information_schema.columns where table_schema = 'public'
    union all select format('constraint %s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint where connamespace = 'public'::regnamespace
    union all select indexdef from pg_indexes where schemaname = 'public'
    union all select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    union all select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
    order by 1`;
  return rows.map(({ line }) => line);
}

async function emptySchema(sql: Sql): Promise<string[]> {
  return (await describeSchema(sql)).filter((line) => line.includes('schema_step'));
}
