import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts';
import { tap } from '../../test/tap.ts';
import { connect } from './connect.ts';
import { follow, type Follower, type FollowOptions } from './follow.ts';

let postgres: TestPostgres;
let follower: Follower<number> | null = null;
/** What the copy holds, and how often it was read. */
let [seen, loads] = [0, 0];

beforeAll(async () => {
  postgres = await startTestPostgres();
  await postgres.sql`create table followed (value integer not null)`;
});
beforeEach(async () => {
  await postgres.sql`delete from followed`;
  await postgres.sql`insert into followed values (1)`;
  [seen, loads] = [0, 0];
});
afterEach(async () => {
  await follower?.close();
  follower = null;
});
afterAll(async () => postgres.stop());

async function load(): Promise<number> {
  const [row] = await postgres.sql<{ value: number }[]>`select value from followed`;
  loads += 1;
  return (seen = row?.value ?? 0);
}
async function begin(work: () => Promise<number> = load, options: FollowOptions = {}, sql = postgres.sql): Promise<Follower<number>> {
  return (follower = await follow(sql, 'followed', work, options));
}
/** Changes what is followed; tells of it unless it is to be found without. */
async function set(value: number, { told = true } = {}): Promise<void> {
  await postgres.sql`update followed set value = ${value}`;
  if (told) await postgres.sql`select pg_notify('followed', '')`;
}
const shows = (value: number): Promise<void> => vi.waitFor(() => expect(seen).toBe(value), { timeout: 50_000, interval: 20 });

describe('a follower', () => {
  it('has loaded when it opens, and loads again at each note', async () => {
    await begin();
    expect(seen).toBe(1);
    for (const value of [2, 3, 4]) {
      await set(value);
      await shows(value);
    }
  });

  it('catches what was told while its connection was lost, and hears again afterwards', async () => {
    const wire = await tap(postgres.url);
    const sql = connect(wire.url, { max: 2 });
    try {
      await begin(load, {}, sql);
      wire.cut();
      await set(2);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(seen).toBe(1);
      wire.mend();
      await shows(2);
      await set(3);
      await shows(3);
    } finally {
      await follower?.close();
      follower = null;
      await sql.end({ timeout: 1 });
      wire.cut();
    }
  });

  it('outlives the server\'s end of its connection', async () => {
    const sql = connect(postgres.url, { max: 2 });
    try {
      await begin(load, {}, sql);
      const [listener] = await postgres.sql<{ pid: number }[]>`select pid from pg_stat_activity where query ilike 'listen%followed%' and pid <> pg_backend_pid() order by backend_start desc limit 1`;
      expect(await postgres.sql`select pg_terminate_backend(${listener?.pid ?? 0}) as ended`).toEqual([{ ended: true }]);
      await set(7);
      await shows(7);
    } finally {
      await follower?.close();
      follower = null;
      await sql.end({ timeout: 1 });
    }
  });

  it('looks by itself where a note was lost, if it is told how often', async () => {
    await begin(load, { every: 20 });
    await set(2, { told: false });
    await shows(2);
  });

  it('does not look without a note otherwise, but where it is asked', async () => {
    const following = await begin();
    await set(2, { told: false });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(seen).toBe(1);
    expect(await following.refresh()).toBe(2);
  });

  it('never loads twice at once, and gives whoever asks a load that began after', async () => {
    let [running, most] = [0, 0];
    const following = await begin(async () => {
      running += 1;
      most = Math.max(most, running);
      const found = await load();
      await new Promise((resolve) => setTimeout(resolve, 50));
      running -= 1;
      return found;
    });
    const before = loads;
    const early = following.refresh();
    await expect.poll(() => loads).toBe(before + 1);
    await set(2, { told: false });
    const asked = await Promise.all(Array.from({ length: 64 }, () => following.refresh()));
    expect([await early, new Set(asked), most]).toEqual([1, new Set([2]), 1]);
    expect(loads).toBeLessThan(6);
  });

  it('rejects where the first load fails, and is no longer heard of', async () => {
    let tries = 0;
    await expect(follow(postgres.sql, 'followed', () => Promise.reject(new Error(`try ${tries += 1}`)), { every: 10 })).rejects.toThrow('try');
    const before = tries;
    await set(2);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(tries).toBe(before);
  });

  it('tells of a load that failed, keeps what it had, and goes on', async () => {
    let broken = false;
    const faults: unknown[] = [];
    const following = await begin(() => (broken ? Promise.reject(new Error('broken')) : load()), { onFault: (error) => faults.push(error) });
    broken = true;
    await set(2);
    await expect.poll(() => faults).toHaveLength(1);
    await expect(following.refresh()).rejects.toThrow('broken');
    expect(seen).toBe(1);
    broken = false;
    await set(3);
    await shows(3);
    expect(faults).toHaveLength(1);
  });

  it('ends: a load that runs is waited for, and none follows', async () => {
    let slow = false;
    let ended = 0;
    const following = await begin(async () => {
      if (slow) await new Promise((resolve) => setTimeout(resolve, 100));
      const found = await load();
      ended += 1;
      return found;
    }, { every: 10 });
    slow = true;
    void following.refresh().catch(() => undefined);
    const before = ended;
    await following.close();
    expect(ended).toBeGreaterThan(before);
    const after = loads;
    await set(9);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([loads, seen]).toEqual([after, 1]);
  });
});
