import { afterAll, beforeAll, describe } from 'vitest';
import { demoSourceMapping } from '../../demo/sourceMapping.ts';
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts';
import { openSources, type SourceBook } from './book.ts';
import { sourceCases } from './cases.ts';
import { sampleRows, sampleTables } from './sampleRecords.ts';

describe('PostgreSQL', () => {
  let database: TestPostgres;
  let book: SourceBook;

  beforeAll(async () => {
    database = await startTestPostgres();
    for (const statement of sampleTables('postgres')) await database.sql.unsafe(statement);
    for (const [table, rows] of sampleRows) for (const row of rows) await database.sql`insert into ${database.sql(table)} ${database.sql(row as Record<string, never>)}`;
    book = await openSources([{ name: 'sample.yaml', text: demoSourceMapping('sample') }], { connections: { sample: database.url } });
  });

  afterAll(async () => {
    await book.close();
    await database.stop();
  });

  sourceCases(() => book);
});
