import { DummyDriver, Kysely, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { Dialect } from './layout.ts';

export type Composer = Kysely<Record<string, never>>;

/** Kysely as a composer alone: it quotes, numbers and joins, and is connected to nothing. */
export function composer(dialect: Dialect): Composer {
  if (dialect === 'postgres') {
    return new Kysely({
      dialect: {
        createAdapter: () => new PostgresAdapter(), createDriver: () => new DummyDriver(),
        createIntrospector: db => new PostgresIntrospector(db), createQueryCompiler: () => new PostgresQueryCompiler(),
      },
    });
  }
  return new Kysely({
    dialect: {
      createAdapter: () => new MysqlAdapter(), createDriver: () => new DummyDriver(),
      createIntrospector: db => new MysqlIntrospector(db), createQueryCompiler: () => new MysqlQueryCompiler(),
    },
  });
}
