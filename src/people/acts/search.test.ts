import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startTestPostgres } from '../../../test/postgres.ts';
import type { Entry } from '../../model/index.ts';
import type { JournalReader } from '../../store/journalReader.ts';
import type { Sql } from '../../store/index.ts';
import { allActs, catchUpActs, findAct, openActs, readActQuery, searchActs, type ActQuery, type Acts, type NewAct } from './index.ts';

let sql: Sql;
let stop: () => Promise<void>;
let acts: Acts;
let time = Date.parse('2026-03-01T00:00:00Z');
const [una, otto, twin] = ['A-000000000001', 'A-000000000002', 'A-000000000003'];
const put = (act: NewAct) => sql.begin((tx) => acts.put(tx, act));
const query = (text: string): ActQuery => {
  const read = readActQuery(text);
  if (!read.ok) throw new Error(`${read.word}: ${read.why}`);
  return read.query;
};

beforeAll(async () => {
  const postgres = await startTestPostgres({ migrate: true });
  ({ sql } = postgres);
  stop = () => postgres.stop();
  acts = openActs({ sql, sealer: { seal: (owner, plain) => `${owner}:${Buffer.from(plain).toString('base64')}` }, journal: null, now: () => (time += 3_600_000) });
  for (const [account, scope] of [[una, 'owner WA'], [otto, 'owner OR'], [twin, 'owner WA']] as const) {
    await sql`insert into person (id, name) values (${account.replace('A-', 'U-')}, 'Invented')`;
    await sql`insert into account (id, person, kind, login) values (${account}, ${account.replace('A-', 'U-')}, 'local', ${account})`;
    await sql`insert into role_grant (account, role, scope, source, given_by, given_at) values (${account}, 'auditor', ${scope}, 'machine', 'operator', '2026-02-01')`;
  }
  await put({ act: 'signedIn', owner: null, who: una });
  await put({ act: 'signedIn', owner: null, who: otto });
  await put({ act: 'draftMade', owner: 'WA', who: una, role: 'policyAuthor', on: 'WA-P-1', words: { title: 'a title' } });
  await put({ act: 'approvalRefused', owner: 'WA', who: twin, role: 'policyApprover', on: 'WA-P-1', result: 'refused' });
  await put({ act: 'draftMade', owner: 'OR', who: otto, role: 'policyAuthor', on: 'OR-P-1' });
  await put({ act: 'accountMade', owner: null, who: una, on: otto });
});
afterAll(() => stop());

const shown = async (scope: Parameters<typeof searchActs>[1], text = '') => (await searchActs(sql, scope, query(text), null)).acts.map(({ act, who }) => `${act} ${who}`);

describe('searching acts', () => {
  it('shows an owner its own, and the sign-ins of its own people, the newest first', async () => {
    expect(await shown({ owner: 'WA' })).toEqual([`approvalRefused ${twin}`, `draftMade ${una}`, `signedIn ${una}`]);
    expect(await shown({ owner: 'OR' })).toEqual([`draftMade ${otto}`, `signedIn ${otto}`]);
    expect(await shown({ owner: 'ID' })).toEqual([]);
  });

  it('shows oneself what one did, wherever, and the machine all', async () => {
    expect(await shown({ account: una })).toEqual([`accountMade ${una}`, `draftMade ${una}`, `signedIn ${una}`]);
    expect(await shown(null)).toHaveLength(6);
  });

  it.each([
    ['act:draftMade', 1], ['-act:draftMade', 2], [`who:${una}`, 2], [`who:${una} who:${twin}`, 3], [`-who:${una}`, 1], ['on:WA-P-1', 2], ['-on:WA-P-1', 1], ['result:refused', 1], ['role:policyAuthor', 1], ['-role:policyAuthor', 2],
    ['about:WA-P-1', 2], ['outcome:refused', 1], ['-outcome:refused', 2], ['created:2026-03-01T03:00:00Z..', 2], ['created:..2026-03-01T03:00:00Z', 1], ['-created:2026-03-01T03:00:00Z..', 1], ['created:2026-03-01', 3], ['-created:2026-03-01', 0], ['created:2026-03-01T03:00:00Z', 1], ['created:2026-03-01T01:00Z created:2026-03-01T03:00Z', 2], ['created:2025-01-01..2025-12-31', 0], ['from:2026-03-01T03:00:00Z', 2], ['to:2026-03-01T03:00:00Z', 1], ['from:2026-03-01 to:2026-03-01', 3], ['from:2026-03-02', 0], ['who:certificate:0123456789abcdef', 0],
  ])('%s finds %i', async (text, n) => {
    expect(await shown({ owner: 'WA' }, text)).toHaveLength(n);
  });

  it.each(['who:', 'who:robert', 'name:bobby', 'act:danced', 'result:maybe', 'from:2026-02-30', 'created:', 'created:..', 'created:2026-03-02..2026-03-01', 'created:2026-03-01..2026-03-02..', 'created:0000-01-01', 'created:9999-12-31', 'created:soon', 'from:2026-03-02 to:2026-03-01', 'to:yesterday', '-from:2026-01-01', 'bobby', "on:'--", 'x'.repeat(1_001), 'act:signedIn '.repeat(31)])('%s is not a search', (text) => {
    expect(readActQuery(text).ok).toBe(false);
  });

  it('says a search back as it understood it', () => {
    expect(readActQuery('  result:done   -act:signedIn from:2026-03-01 who:clock who:certificate:0123456789abcdef')).toMatchObject({ ok: true, text: 'who:clock who:certificate:0123456789abcdef -act:signedIn outcome:done created:2026-03-01..' });
  });

  it('turns pages without a gap and without a repetition, though acts of one instant stand side by side and newer ones come in between', async () => {
    const at = time;
    const same = openActs({ sql, sealer: { seal: () => '' }, journal: null, now: () => at });
    for (let i = 0; i < 7; i += 1) await sql.begin((tx) => same.put(tx, { act: 'heldListed', owner: 'NV', who: una }));
    const seen: string[] = [];
    let cursor: string | null = null;
    let first = true;
    do {
      const page: Awaited<ReturnType<typeof searchActs>> = await searchActs(sql, { owner: 'NV' }, allActs, cursor, 3);
      if (first) expect(page).toMatchObject({ total: 7, atLeast: false });
      if (first) await put({ act: 'heldListed', owner: 'NV', who: twin });
      first = false;
      seen.push(...page.acts.map(({ id }) => id));
      cursor = page.next;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(7);
    expect(seen).toHaveLength(7);
  });

  it.each(['', 'x', Buffer.from('2026-99-99T00:00:00.000Z a').toString('base64url'), Buffer.from("' or 1=1 --").toString('base64url')])('begins anew with a cursor that is none: %s', async (cursor) => {
    expect((await searchActs(sql, { owner: 'WA' }, allActs, cursor)).acts).toHaveLength(3);
  });

  it('opens one act in its scope only', async () => {
    const [draft] = (await searchActs(sql, { owner: 'WA' }, query('act:draftMade'), null)).acts;
    expect(await findAct(sql, { owner: 'WA' }, draft!.id)).toMatchObject({ keyOf: 'WA', sealed: expect.stringMatching(/^WA:/) as string });
    expect(await findAct(sql, { owner: 'OR' }, draft!.id)).toBeNull();
    expect(await findAct(sql, { account: otto }, draft!.id)).toBeNull();
  });
});

describe('the ledger is the truth', () => {
  it('fills the table again from the ledger, once, from the watermark on', async () => {
    const entries = (await sql<{ entry: Entry }[]>`select entry from ledger_outbox where entry is not null order by id`).map(({ entry }) => entry);
    let asked = 0;
    const journal: JournalReader = {
      size: entries.length,
      async *read(from, { end, where }) {
        await Promise.resolve();
        for (let index = from; index < end; index += 1) {
          asked += 1;
          if (where(Buffer.from(JSON.stringify(entries[index])), index)) yield { index, entry: entries[index] };
        }
      },
    };
    const before = await sql`select * from act order by id`;
    await sql`delete from act where owner = 'WA'`;
    expect(await catchUpActs(sql, journal)).toBe(entries.length);
    expect(await sql`select * from act order by id`).toEqual(before);
    asked = 0;
    expect(await catchUpActs(sql, journal)).toBe(0);
    expect(asked).toBe(0);
  });
});
