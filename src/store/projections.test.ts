import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { undeclaredAttributes } from '../vocabulary/index.ts';
import type { DecisionEntry } from '../model/index.ts';
import { startTestPostgres } from '../../test/postgres.ts';
import type { Sql } from './connect.ts';
import { postgresIdempotency, sweepIdempotency } from './idempotency.ts';
import { postgresTickets } from './tickets.ts';
import type { JournalReader } from './journalReader.ts';

let sql: Sql;
let stop: () => Promise<void>;
beforeAll(async () => {
  const postgres = await startTestPostgres({ migrate: true });
  sql = postgres.sql;
  stop = () => postgres.stop();
});
afterAll(() => stop());

const box = { seal: (plain: string) => Buffer.from(plain).reverse().toString('base64'), unseal: (sealed: string) => Buffer.from(sealed, 'base64').reverse().toString() };

describe('answers kept by idempotency key', () => {
  const answer = { inquiry: 'i1', owners: ['WA'], status: 200, contentType: 'application/json', body: Buffer.from('{"answer":"MARKER"}') };

  it('is new once, then running, then done; a different message is a conflict', async () => {
    const kept = postgresIdempotency(sql, box);
    expect(await kept.claim('ZX0010100', 'k', 'hash-a', 'i1')).toEqual({ state: 'new' });
    expect(await kept.claim('ZX0010100', 'k', 'hash-a', 'i2')).toEqual({ state: 'running' });
    await kept.complete('ZX0010100', 'k', answer);
    expect(await kept.claim('ZX0010100', 'k', 'hash-a', 'i3')).toEqual({ state: 'done', answer });
    expect(await kept.claim('ZX0010100', 'k', 'hash-b', 'i4')).toEqual({ state: 'conflict' });
    expect(await kept.claim('ZW0010100', 'k', 'hash-b', 'i5')).toEqual({ state: 'new' });
  });

  it('keeps no answer in the clear', async () => {
    const [row] = await sql<{ answer: Buffer }[]>`select answer from idempotency where requester = 'ZX0010100'`;
    expect(row?.answer.toString('latin1')).not.toContain('MARKER');
  });

  it('lets exactly one of many simultaneous claims through', async () => {
    const kept = postgresIdempotency(sql, box);
    const claims = await Promise.all(Array.from({ length: 50 }, (_, i) => kept.claim('ZX0010100', 'many', 'hash', `m${i}`)));
    expect(claims.filter((c) => c.state === 'new').length).toBe(1);
  });

  it('takes over a claim that was cut off, but not for another message', async () => {
    const kept = postgresIdempotency(sql, box);
    await kept.claim('ZX0010100', 'cut', 'hash', 'c1');
    await sql`update idempotency set created_at = now() - interval '2 minutes' where key = 'cut'`;
    expect(await kept.claim('ZX0010100', 'cut', 'other', 'c2')).toEqual({ state: 'conflict' });
    expect(await kept.claim('ZX0010100', 'cut', 'hash', 'c3')).toEqual({ state: 'new' });
    await kept.complete('ZX0010100', 'cut', { ...answer, inquiry: 'c1' });
    expect(await kept.claim('ZX0010100', 'cut', 'hash', 'c4')).toEqual({ state: 'running' });
  });

  it('forgets after a day, and a claim that was given up at once', async () => {
    const kept = postgresIdempotency(sql, box);
    await kept.claim('ZX0010100', 'gone', 'hash', 'g1');
    await kept.abandon('ZX0010100', 'gone');
    expect(await kept.claim('ZX0010100', 'gone', 'other', 'g2')).toEqual({ state: 'new' });
    await sql`update idempotency set expires_at = now() - interval '1 second'`;
    expect(await kept.claim('ZX0010100', 'k', 'hash-b', 'i9')).toEqual({ state: 'new' });
    expect(await sweepIdempotency(sql)).toBeGreaterThan(0);
  });
});

describe('held requests', () => {
  const entry = (id: string): DecisionEntry => ({
    type: 'decision', v: 1, id: `${id}/ZY`, at: '2026-11-22T12:00:00.000Z', inquiry: id, owner: 'ZY', key: 'DQ', kind: 'lookup', format: 'json', destinations: ['ZY'],
    requester: { ori: 'ZX0010100', organisation: 'zx', attributes: undeclaredAttributes }, onBehalfOf: null, delegated: null, credential: null, purpose: 'notStated',
    evidence: { warrant: 'none', court: 'notStated', caseNumber: 'none' }, status: 'held',
    decisions: [{ dataClass: 'photo', outcome: 'hold', rules: ['ZY-1'], treatment: null, review: null }, { dataClass: 'name', outcome: 'release', rules: [], treatment: null, review: null }],
    released: [], records: 0, releasedHash: null, policyVersion: 1, policyHash: null, registryVersion: 1, registryHash: '', tableHash: null, duties: [], limits: [],
    ticket: { id: `ZY-${id}`, deadline: '2026-11-22T16:00:00.000Z', by: 'desk', onTimeout: 'deny' }, subjectTag: null, recordTags: [], sealed: '', engine: 'test',
  });
  const read = (entries: readonly DecisionEntry[]): JournalReader => ({
    size: entries.length,
    async* read(from, { end, where }) {
      await Promise.resolve();
      for (const [index, one] of entries.entries()) if (index >= from && index < end && where(Buffer.from(JSON.stringify(one)), index)) yield { index, entry: one };
    },
  });

  it('are found until and after their deadline', async () => {
    const tickets = postgresTickets(sql);
    await tickets.note([{ index: 0, entry: entry('a') }]);
    const before = await tickets.find('ZY-a', new Date('2026-11-22T15:59:59Z'));
    expect(before).toEqual({
      id: 'ZY-a', owner: 'ZY', requester: 'ZX0010100', inquiry: 'a', asked: '2026-11-22T12:00:00.000Z', deadline: '2026-11-22T16:00:00.000Z', onTimeout: 'deny', classes: ['photo'], state: 'waiting',
    });
    expect((await tickets.find('ZY-a', new Date('2026-11-22T16:00:00Z')))?.state).toBe('lapsed');
    expect(await tickets.find('ZY-none', new Date())).toBeNull();
  });

  it('are brought back from the journal, each once, and from the watermark on (invariant 10)', async () => {
    const tickets = postgresTickets(sql);
    const all = [entry('a'), { ...entry('plain'), ticket: null }, entry('b'), entry('c')];
    expect(await tickets.catchUp(read(all.slice(0, 3)))).toBe(2);
    await sql`delete from ticket where id = 'ZY-c'`;
    expect(await tickets.catchUp(read(all))).toBe(1);
    expect(await tickets.catchUp(read(all))).toBe(0);
    await sql`delete from ticket`;
    await sql`delete from projection`;
    await tickets.catchUp(read(all));
    expect((await sql`select id from ticket order by id`).map((r) => r['id'] as string)).toEqual(['ZY-a', 'ZY-b', 'ZY-c']);
  });
});
