import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { tap } from '../../../test/tap.ts';
import { connect } from '../../store/connect.ts';
import { office, smallContent, withRows } from '../cases.ts';
import { openRegistry } from './live.ts';
import { importContent } from './write.ts';

let postgres: TestPostgres;
beforeAll(async () => { postgres = await startTestPostgres({ migrate: true }); });
afterAll(async () => postgres.stop());

describe('the live registry, where the database goes away and comes back', () => {
  it('learns of a version that was told while it was cut off', async () => {
    await importContent(postgres.sql, smallContent, 'first');
    const wire = await tap(postgres.url);
    const sql = connect(wire.url, { max: 2 });
    const live = await openRegistry(sql);
    try {
      expect(live.current().version).toBe(1);
      wire.cut();
      await importContent(postgres.sql, withRows({ offices: [...smallContent.offices, office('COZZ00900', 'co')] }), 'second');
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(live.current().version).toBe(1);
      wire.mend();
      await vi.waitFor(() => expect(live.current().version).toBe(2), { timeout: 50_000, interval: 50 });
      await importContent(postgres.sql, smallContent, 'third');
      await vi.waitFor(() => expect(live.current().version).toBe(3), { timeout: 50_000, interval: 50 });
    } finally {
      await live.close();
      await sql.end({ timeout: 1 });
      wire.cut();
    }
  });
});
