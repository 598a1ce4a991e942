import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts';
import { forgetClockMark, noteClockMark, readClockMark } from './clockMark.ts';

let database: TestPostgres;
beforeAll(async () => { database = await startTestPostgres({ migrate: true }); });
afterAll(() => database.stop());

it('keeps the latest of what was noted, by whomever, until it is forgotten', async () => {
  const { sql } = database;
  const at = Date.UTC(2026, 10, 22, 12);
  expect(await readClockMark(sql)).toBe(null);
  await noteClockMark(sql, at);
  await noteClockMark(sql, at - 3_600_000);
  expect(await readClockMark(sql)).toBe(at);
  await noteClockMark(sql, at + 1);
  expect(await readClockMark(sql)).toBe(at + 1);
  await forgetClockMark(sql);
  expect(await readClockMark(sql)).toBe(null);
  await noteClockMark(sql, at - 3_600_000);
  expect(await readClockMark(sql)).toBe(at - 3_600_000);
});
