import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sql } from '../src/store/connect.ts';
import { startTestPostgres } from '../test/postgres.ts';
import { people, quillonOwners } from './landmarks.ts';
import { loadRecords } from './load.ts';
import { copyIn } from './recordStore/copy.ts';
import { inTransaction } from './recordStore/transaction.ts';
import { loadedRecords, storeRecords } from './recordStore.ts';
import { residents } from './residents.ts';

const noPictures = () => Promise.resolve([]);
const wanted = { seed: 5, residents: 3_000 };
let stop: () => Promise<void>;
let sql: Sql;

beforeAll(async () => {
  const started = await startTestPostgres();
  stop = () => started.stop();
  sql = started.sql;
});
afterAll(() => stop());

describe('loading the records of the demonstration', () => {
  it('stores every resident, vehicle, event and picture, and says how far it is', async () => {
    const heard = new Map<string, number>();
    expect(await loadRecords(sql, { ...wanted, onProgress: (done, total, what) => heard.set(what, done / total) })).toEqual({ loaded: true });
    const all = [...residents({ seed: 5, count: 3_000 })];
    const count = async (table: string) => Number((await sql.unsafe<{ n: string }[]>(`select count(*) as n from ${table}`))[0]?.n);
    expect(await count('driver')).toBe(3_000);
    expect(await count('vehicle')).toBe(all.reduce((n, r) => n + r.vehicles.length, 0));
    expect(await count('history')).toBe(all.reduce((n, r) => n + r.history.length, 0));
    expect(await count('picture')).toBe(350);
    expect(await count('vehicle_with_owner')).toBe(await count('vehicle'));
    expect([...heard]).toEqual(expect.arrayContaining([['residents', 1], ['pictures', 1], ['indexes', 1]]));
  });

  it('keeps each value in its column', async () => {
    const rows = await sql`select *, birth_date::text as born, issued::text as from_day from driver where owner = 'WA' and licence_number = ${people.tessa.licenceNumber}`;
    const tessa = [...residents({ seed: 5, count: 3_000 })].find((r) => r.licenceNumber === people.tessa.licenceNumber);
    expect(rows[0]).toMatchObject({
      surname: 'MARROWBY', given: 'TESSA', middle: 'Q', born: '1988-04-12', sex: 'F', city: 'CEDAR HOLLOW', county: 'TARNWICK', state: 'WA', status: 'LIC', licence_class: tessa?.licenceClass,
      from_day: tessa?.issued, ssn: tessa?.ssn, medical: null, immigration_type: 'I-551', portrait: tessa?.portrait, signature: tessa?.signature, zip: tessa?.zip, height: tessa?.height,
    });
    const cars = await sql`select * from vehicle_with_owner where owner = 'WA' and plate = ${people.tessa.plate}`;
    expect(cars).toMatchObject([{ owner_surname: 'MARROWBY', owner_given: 'TESSA', owner_city: 'CEDAR HOLLOW', owner_state: 'WA', licence_number: people.tessa.licenceNumber, vin: tessa?.vehicles[0]?.vin }]);
    const events = await sql`select kind, code from history where owner = 'WA' and licence_number = ${people.tessa.licenceNumber} order by date`;
    expect(events).toEqual(expect.arrayContaining([{ kind: 'conviction', code: 'S92' }, { kind: 'accident', code: 'ACC' }]));
    const pictures = await sql<{ bytes: Buffer; media_type: string }[]>`select bytes, media_type from picture where id = ${tessa?.portrait ?? 0}`;
    expect(pictures[0]?.bytes.subarray(1, 4).toString()).toBe('PNG');
    const names = await sql<{ owner: string }[]>`select owner from driver where surname = 'QUILLON' and given = 'DARA' and birth_date = ${people.dara.birthDate} order by owner`;
    expect(names.map((r) => r.owner)).toEqual(quillonOwners);
  });

  it('does nothing where the same records are there, and loads anew for another size', async () => {
    expect(await loadRecords(sql, wanted)).toEqual({ loaded: false });
    expect(await loadRecords(sql, { seed: 5, residents: 400, draw: noPictures })).toEqual({ loaded: true });
    expect(await loadedRecords(sql)).toEqual({ seed: 5, residents: 400 });
    expect(await sql`select 1 from driver limit 401`).toHaveLength(400);
  });

  it('leaves what was there when it is interrupted, and then starts again', async () => {
    await loadRecords(sql, { seed: 5, residents: 400, draw: noPictures });
    const cut = function* () {
      let n = 0;
      for (const r of residents({ seed: 6, count: 30_000 })) {
        if (n++ === 15_000) throw new Error('cut');
        yield r;
      }
    };
    await expect(storeRecords(sql, { seed: 6, residents: 30_000 }, noPictures, cut(), () => undefined)).rejects.toThrow('cut');
    expect(await loadedRecords(sql)).toEqual({ seed: 5, residents: 400 });
    expect(await loadRecords(sql, { ...wanted, draw: noPictures })).toEqual({ loaded: true });
  });

  it('does not hang when the database refuses a row, early or at the very end', async () => {
    for (const rows of [['WA\tno'], Array.from({ length: 30_000 }, (_, i) => (i === 20 ? 'no' : `${i}\t1\t1`))]) {
      await expect(inTransaction(sql, (tx) => copyIn(tx, 'demo_meta', rows))).rejects.toMatchObject({ code: expect.any(String) as unknown });
    }
    expect(await loadedRecords(sql)).not.toBeNull();
  });

  it('does not hang when the connection is lost', async () => {
    let kill: Promise<unknown> = Promise.resolve();
    const load = storeRecords(sql, { seed: 6, residents: 60_000 }, noPictures, residents({ seed: 6, count: 60_000 }), (done) => {
      if (done <= 10_000) kill = terminateOthers();
    });
    await expect(load).rejects.toThrow();
    await kill;
    expect(await loadRecords(sql, { seed: 5, residents: 400, draw: noPictures })).toEqual({ loaded: expect.any(Boolean) as unknown });
    expect(await loadedRecords(sql)).toEqual({ seed: 5, residents: 400 });
  });
});

async function terminateOthers(): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()`;
}
