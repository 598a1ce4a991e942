import { createHash } from 'node:crypto';

import type { ReservedSql } from 'postgres';

import type { Sql } from './connect.ts';
import { StoreError } from './errors.ts';
import type { Migration } from './migration.ts';
import { migrations as allMigrations } from './migrations/index.ts';

/** A step that the database has. */
export interface AppliedStep {
  readonly id: number;
  readonly name: string;
  readonly appliedAt: Date;
}

export interface SchemaStatus {
  readonly applied: readonly AppliedStep[];
  /** Steps that the program brings and the database lacks. */
  readonly pending: readonly { readonly id: number; readonly name: string }[];
}

/** Number of the advisory lock that one migration at a time holds: the letters of "weir". */
const lockNumber = 0x77656972;

/**
 * Brings the schema up to date, each step in a transaction of its own, and returns the ids of the steps that ran.
 * Several processes may call it at once. Refuses a database that is newer than the program, or whose steps differ from it.
 */
export async function migrate(sql: Sql, steps: readonly Migration[] = allMigrations): Promise<number[]> {
  return await locked(sql, async (connection) => {
    const pending = await check(connection, steps);
    for (const step of pending) {
      await run(connection, step.up, step, () => connection`insert into schema_step ${connection({ id: step.id, name: step.name, hash: hashOf(step) })}`);
    }
    return pending.map(({ id }) => id);
  });
}

/** Takes back every step above `to`, newest first, and returns their ids. `to` 0 leaves nothing. */
export async function rollback(sql: Sql, to: number, steps: readonly Migration[] = allMigrations): Promise<number[]> {
  return await locked(sql, async (connection) => {
    await check(connection, steps);
    const rows = await connection<{ id: number }[]>`select id from schema_step where id > ${to} order by id desc`;
    for (const { id } of rows) {
      const step = steps.find((one) => one.id === id);
      if (step !== undefined) await run(connection, step.down, step, () => connection`delete from schema_step where id = ${id}`);
    }
    return rows.map(({ id }) => id);
  });
}

/** What is applied and what is pending. Changes nothing; a database without a schema has nothing applied. */
export async function schemaStatus(sql: Sql, steps: readonly Migration[] = allMigrations): Promise<SchemaStatus> {
  const [found] = await sql<{ there: boolean }[]>`select to_regclass('schema_step') is not null as there`;
  const rows = found?.there === true
    ? await sql<{ id: number; name: string; applied_at: Date }[]>`select id, name, applied_at from schema_step order by id`
    : [];
  const have = new Set(rows.map(({ id }) => id));
  return {
    applied: rows.map(({ id, name, applied_at }) => ({ id, name, appliedAt: applied_at })),
    pending: steps.filter(({ id }) => !have.has(id)).map(({ id, name }) => ({ id, name })),
  };
}

async function locked<T>(sql: Sql, work: (connection: ReservedSql) => Promise<T>): Promise<T> {
  const connection = await sql.reserve();
  try {
    await connection`select pg_advisory_lock(${lockNumber})`;
    try {
      await connection`create table if not exists schema_step (
        id int primary key, name text not null, hash text not null, applied_at timestamptz not null default now())`;
      return await work(connection);
    } finally {
      await connection`select pg_advisory_unlock(${lockNumber})`;
    }
  } finally {
    connection.release();
  }
}

/** Compares the database with the program, and returns the steps that it lacks. */
async function check(connection: ReservedSql, steps: readonly Migration[]): Promise<Migration[]> {
  const rows = await connection<{ id: number; name: string; hash: string }[]>`select id, name, hash from schema_step order by id`;
  const byId = new Map(steps.map((step) => [step.id, step]));
  for (const { id, name, hash } of rows) {
    const step = byId.get(id);
    if (step === undefined) {
      throw new StoreError('STORE_SCHEMA_NEWER', `the database has the schema of a newer Weir (step ${id}, ${name})`,
        'Run the newer Weir, or take its steps back with it: `weir store rollback`.');
    }
    if (hashOf(step) !== hash) {
      throw new StoreError('STORE_SCHEMA_CHANGED', `step ${id} (${name}) of the database schema is not the one of this Weir`,
        'Run the Weir that made the database, or use another database or data folder.');
    }
  }
  const have = new Set(rows.map(({ id }) => id));
  return steps.filter(({ id }) => !have.has(id)).sort((a, b) => a.id - b.id);
}

async function run(connection: ReservedSql, text: string, step: Migration, note: () => Promise<unknown>): Promise<void> {
  try {
    await connection`begin`;
    await connection.unsafe(text);
    await note();
    await connection`commit`;
  } catch (cause) {
    await connection`rollback`.catch(() => undefined);
    throw new StoreError('STORE_MIGRATION', `step ${step.id} (${step.name}) of the database schema failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Nothing of the step was kept. Report it, with the version of Weir and of PostgreSQL.', { cause });
  }
}

function hashOf(step: Migration): string {
  return createHash('sha256').update(JSON.stringify([step.id, step.name, step.up, step.down])).digest('hex');
}
