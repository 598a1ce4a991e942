import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPostgres } from '../../test/postgres.ts';
import type { ActEntry } from '../model/index.ts';
import type { Sql } from '../store/index.ts';
import { missedChanges } from './index.ts';

let sql: Sql;
let stop: () => Promise<void>;
const at = '2026-03-02T12:00:00.000Z';
const act = (word: string, on: string, detail: ActEntry['detail'] = null): ActEntry => ({
  type: 'act', v: 1, id: `act-${word}`, at, act: word, who: 'A-000000000001', role: null, on, result: 'done', hash: null, detail, sealed: null, owner: 'WA',
});
const proposal = (id: string, state: string, kind = 'policy'): Promise<unknown> => sql`
  insert into policy_proposal (id, owner, kind, state, hash, version, text, effect, author, author_name, persons, reason, rule, base_rule, proposed_at, lapses_at, ends_at)
  values (${id}, 'WA', ${kind}, ${state}, ${'a'.repeat(64)}, 2, '', 'widening', 'A-000000000001', 'Ada Sample', '{}', 'a reason', '{}', '', '2026-03-01', '2026-03-20', ${kind === 'emergency' ? '2026-03-04T00:00:00Z' : null})`;
const state = async (id: string): Promise<unknown> => (await sql`select state from policy_proposal where id = ${id}`)[0]?.['state'];
const apply = (entry: ActEntry): Promise<number> => sql.begin(async (tx) => [await missedChanges.apply(tx, entry)]).then(([rows]) => rows ?? 0);

beforeAll(async () => {
  const postgres = await startTestPostgres({ migrate: true });
  sql = postgres.sql;
  stop = () => postgres.stop();
});
afterAll(() => stop());

describe('changes that an older copy of the database still has open', () => {
  it.each([['proposalWithdrawn', 'withdrawn', 'P-000000000001'], ['rejected', 'rejected', 'P-000000000002'], ['returned', 'returned', 'P-000000000003'], ['lapsed', 'lapsed', 'P-000000000004']] as const)('%s: the proposal is %s, and does not come into force', async (word, is, id) => {
    await proposal(id, 'scheduled');
    expect(await apply(act(word, id))).toBe(1);
    expect(await state(id)).toBe(is);
    expect(await apply(act(word, id))).toBe(0);
  });

  it('leaves alone what is over', async () => {
    await proposal('P-000000000005', 'ended');
    expect(await apply(act('proposalWithdrawn', 'P-000000000005'))).toBe(0);
    expect(await state('P-000000000005')).toBe('ended');
  });

  it('an emergency change that was ended early is ended by the next turn of the clock', async () => {
    await proposal('P-000000000006', 'inForce', 'emergency');
    expect(await apply(act('emergencyEnded', 'P-000000000006', { restored: 1, as: 3 }))).toBe(1);
    expect(await sql`select ends_at from policy_proposal where id = 'P-000000000006'`).toEqual([{ ends_at: new Date(at) }]);
  });

  it('a deputy whose place another took is none any more; one of another role stays', async () => {
    for (const role of ['policyApprover', 'privacyApprover']) {
      await sql`insert into approval_deputy (owner, from_account, to_account, role, until, given_by, given_at) values ('WA', 'A-000000000002', 'A-000000000003', ${role}, '2026-04-01', 'A-000000000002', '2026-03-01')`;
    }
    expect(await apply(act('delegated', 'A-000000000002', { to: 'A-000000000004', role: 'policyApprover', until: '2026-04-02T00:00:00.000Z' }))).toBe(1);
    expect(await sql`select role from approval_deputy where ended_at is null`).toEqual([{ role: 'privacyApprover' }]);
  });
});
