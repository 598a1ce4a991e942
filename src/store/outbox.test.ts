import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestPostgres } from '../../test/postgres.ts';
import { JournalError } from '../exchange/errors.ts';
import type { Recorded } from '../exchange/ports.ts';
import type { Entry, OpeningEntry, SystemEntry } from '../model/index.ts';
import type { Sql } from './connect.ts';
import { drainOutbox, putEntry, putEvent, recordThroughOutbox } from './outbox.ts';

let sql: Sql;
let stop: () => Promise<void>;
beforeAll(async () => {
  const postgres = await startTestPostgres({ migrate: true });
  sql = postgres.sql;
  stop = () => postgres.stop();
});
afterAll(() => stop());
beforeEach(async () => { await sql`truncate ledger_outbox`; });

const taken: Entry[] = [];
beforeEach(() => { taken.length = 0; });
const append = (entries: readonly Entry[]): Promise<readonly Recorded[]> => Promise.resolve(entries.map((entry) => {
  const sequence = taken.push(entry) - 1;
  return { sequence, receipt: { log: 'anchor', index: sequence, entry: entry.id, hash: 'a'.repeat(64), token: 't' } };
}));
const told = async (): Promise<readonly (readonly unknown[])[]> => {
  await drainOutbox(sql, append);
  return (taken as SystemEntry[]).map(({ event, subject, hash }) => [event, subject, hash]);
};
const h = (letter: string): string => letter.repeat(64);

describe('what the anchor log is told of', () => {
  it('a policy, a version of the registry, a table, a credential and its end, a court order: each once, in order', async () => {
    await sql`insert into policy_version ${sql({ owner: 'WA', version: 3, hash: h('1'), author: 'privacy office', effective: '2026-01-01', text: 'x', activated_at: new Date() })}`;
    await sql`insert into registry_version ${sql({ version: 7, hash: h('2'), parent: null, note: '', organisations: 1, offices: 1, affiliations: 0, certifications: 0 })}`;
    await sql`insert into policy_table ${sql({ hash: h('3'), owner: 'WA', policy_version: 3, policy_hash: h('1'), text: '{}' })}`;
    await sql`insert into credential ${sql({ fingerprint: h('4'), subject: 's', serial: '1', oris: ['WA5010100'], issued_by: 'ca', not_after: new Date() })}`;
    await sql`update credential set note = 'nothing that counts'`;
    await sql`update credential set revoked_at = now()`;
    await sql`update credential set revoked_at = now()`;
    await sql`insert into court_order ${sql({ owner: 'WA', number: '26-2-01', court: 'stateCourt', confirmed_by: 'clerk' })}`;
    expect(await told()).toEqual([
      ['policyActivated', 'WA 3', h('1')], ['registryActivated', '7', h('2')], ['tableCompiled', 'WA 3', h('3')],
      ['agencyEnrolled', 'WA5010100', h('4')], ['credentialRevoked', 'WA5010100', h('4')], ['orderConfirmed', 'WA', expect.stringMatching(/^[0-9a-f]{64}$/)],
    ]);
    // Who wrote the policy and the number of the order name people, or could.
    expect(JSON.stringify(taken)).not.toMatch(/privacy office|26-2-01|clerk/);
    expect(await drainOutbox(sql, append)).toBe(0);
  });

  it('nothing of a change that was taken back', async () => {
    await sql.begin(async (tx) => {
      await tx`insert into policy_table ${tx({ hash: h('9'), owner: 'WA', policy_version: 3, policy_hash: h('1'), text: '{}' })}`;
      throw new Error('taken back');
    }).catch(() => undefined);
    expect(await told()).toEqual([]);
  });

  it('an event under a key once; and everything again that the ledger did not take', async () => {
    for (let i = 0; i < 3; i += 1) await putEvent(sql, 'one', { event: 'claimsProved', subject: 'WA', hash: null, detail: { claims: 2 } });
    await expect(drainOutbox(sql, () => Promise.reject(new Error('the disk failed')))).rejects.toThrow();
    expect(await told()).toEqual([['claimsProved', 'WA', null]]);
    expect((taken[0] as SystemEntry).detail).toEqual({ claims: 2 });
  });

  it('an entry that can never be taken holds up no other, and nothing is marked where the ledger cannot write', async () => {
    const bad = { type: 'act', id: 'bad' } as unknown as Entry;
    await putEntry(sql, bad);
    await putEvent(sql, null, { event: 'exported', subject: 'ZY good', hash: null, detail: null });
    const down: typeof append = () => Promise.reject(new JournalError('JOURNAL_WRITE', 'the disk is full'));
    await expect(drainOutbox(sql, down)).rejects.toMatchObject({ code: 'JOURNAL_WRITE' });
    const taken: Entry[] = [];
    const picky: typeof append = (entries) => {
      if (entries.some(({ id }) => id === 'bad')) return Promise.reject(new JournalError('JOURNAL_TOO_LARGE', 'too large'));
      taken.push(...entries);
      return Promise.resolve(entries.map((entry, at) => ({ sequence: at, receipt: { log: 'anchor', index: at, entry: entry.id, hash: '', token: '' } })));
    };
    await drainOutbox(sql, picky);
    expect(taken).toMatchObject([{ subject: 'ZY good' }]);
    const [row] = await sql<{ refused: string | null; recorded_at: Date | null }[]>`select refused, recorded_at from ledger_outbox where entry->>'id' = 'bad'`;
    expect(row).toEqual({ refused: 'JOURNAL_TOO_LARGE', recorded_at: null });
    expect(await drainOutbox(sql, picky)).toBe(0);
  });

  it('by one of several exchanges, never by two', async () => {
    for (let i = 0; i < 40; i += 1) await putEvent(sql, `n${i}`, { event: 'claimsProved', subject: String(i), hash: null, detail: null });
    await Promise.all([1, 2, 3].map(() => drainOutbox(sql, append)));
    await drainOutbox(sql, append);
    expect(taken).toHaveLength(40);
  });
});

describe('a command beside a running exchange', () => {
  const opening: OpeningEntry = { type: 'opening', v: 1, id: 'o-1', at: '2026-11-22T12:00:00.000Z', to: 'auditor', who: 'State Auditor', order: '7', entries: 2, indices: h('5'), fields: ['day'], withheld: 0, owner: 'WA' };

  it('has its entry recorded, as it wrote it, and learns where it stands', async () => {
    const waiting = recordThroughOutbox(sql, [opening]);
    const timer = setInterval(() => void drainOutbox(sql, append), 20);
    const recorded = await waiting.finally(() => clearInterval(timer));
    expect(recorded).toEqual([{ sequence: 0, receipt: { log: 'anchor', index: 0, entry: 'o-1', hash: 'a'.repeat(64), token: 't' } }]);
    expect(taken).toEqual([opening]);
  });

  it('takes back what nobody recorded in time', async () => {
    expect(await recordThroughOutbox(sql, [opening], 100)).toBeNull();
    expect(await drainOutbox(sql, append)).toBe(0);
  });
});
