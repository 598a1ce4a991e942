import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operator, startPeople, type TestPeople, type TestPerson } from '../../../test/people.ts';
import type { Entry, SystemEntry } from '../../model/index.ts';
import type { Sql } from '../../store/index.ts';
import type { JournalReader } from '../../store/journalReader.ts';
import { drainOutbox } from '../../store/outbox.ts';
import { catchUpActs } from '../acts/index.ts';
import { addDirectory, listDirectories, revokeDirectory } from '../scim/directories.ts';
import { missedAccounts, missedPapers, takeOverMissed, type Missed } from './index.ts';

/** The tables of a database as they stood when the copy was made. */
const tables = [
  'person', 'account', 'passkey', 'role_grant', 'invitation', 'session', 'service_token', 'directory', 'credential', 'court_order', 'act', 'ledger_outbox', 'projection',
] as const;

let w: TestPeople;
let sql: Sql;
const entries: Entry[] = [];
const journal: JournalReader = {
  get size() { return entries.length; },
  async *read(from, { end, where }) {
    await Promise.resolve();
    for (const [index, entry] of entries.entries()) if (index >= from && index < end && where(Buffer.from(JSON.stringify(entry)), index)) yield { index, entry };
  },
};
const record = () => drainOutbox(sql, (some) => {
  const first = entries.push(...some) - some.length;
  return Promise.resolve(some.map(({ id }, i) => ({ sequence: first + i, receipt: { log: '00', index: first + i, entry: id, hash: '', token: '' } })));
});
const keep = async (): Promise<void> => {
  await record();
  await catchUpActs(sql, journal);
  for (const table of tables) await sql.unsafe(`drop table if exists kept_${table}; create table kept_${table} as table ${table}`);
};
/** What was done since the copy stands in the ledger, and in no table. */
const bringBack = async (): Promise<void> => {
  await record();
  // With no trigger: what is brought back is told to nobody.
  await sql.begin(async (tx) => {
    await tx.unsafe(`set local session_replication_role = replica; truncate ${tables.join(', ')} cascade`);
    for (const table of tables) {
      const columns = await tx<{ name: string }[]>`select column_name as name from information_schema.columns where table_schema = 'public' and table_name = ${table} and is_generated = 'NEVER'`;
      const names = columns.map(({ name }) => name).join(', ');
      await tx.unsafe(`insert into ${table} (${names}) overriding system value select ${names} from kept_${table}`);
    }
  });
};
const meet = (): Promise<Missed> => takeOverMissed(sql, journal, [missedAccounts, missedPapers], ['accountMade', 'roleGiven', 'policyActivated']);
const token = async ({ account }: TestPerson): Promise<{ readonly secret: string; readonly id: string }> => {
  const made = await w.accounts.makeToken(account, { name: 'nightly', actions: ['act.search'], days: 30 }, { who: account, role: null });
  return { secret: made.secret, id: made.token.id };
};

beforeAll(async () => {
  w = await startPeople();
  ({ sql } = w.database);
});
afterAll(() => w.stop());

describe('a database from an older copy', () => {
  let ada: TestPerson, leaver: TestPerson, rio: TestPerson, mia: TestPerson, pat: TestPerson;
  let kept: { readonly secret: string; readonly id: string }, revoked: { readonly secret: string; readonly id: string }, ofLeaver: { readonly secret: string; readonly id: string };
  let cookies: { readonly out: string; readonly stays: string };
  let directories: { readonly gone: string; readonly stays: string };
  let found: Missed;

  beforeAll(async () => {
    ada = await w.join('ada', [['ownerOfficial', 'owner WA'], ['auditor', 'owner WA']]);
    leaver = await w.join('lee', [['auditor', 'owner WA']]);
    rio = await w.join('rio', [['reviewer', 'owner WA'], ['auditor', 'owner WA']]);
    mia = await w.join('mia', [['auditor', 'owner WA']]);
    pat = await w.join('pat', [['auditor', 'owner WA']]);
    kept = await token(ada);
    revoked = await token(ada);
    ofLeaver = await token(leaver);
    cookies = { out: await w.enter(rio), stays: await w.enter(ada) };
    const connect = async (name: string) => (await addDirectory({ sql, acts: w.acts }, { name, issuer: 'https://login.example.org', scopes: ['owner WA'], groups: {} }, 'operator')).directory.id;
    directories = { gone: await connect('old'), stays: await connect('new') };
    for (const [fingerprint, ori] of [['a'.repeat(64), 'WA0170000'], ['b'.repeat(64), 'WA0180000']] as const) {
      await sql`insert into credential (fingerprint, subject, serial, oris, issued_by, not_after) values (${fingerprint}, 'cad', '1', ${[ori]}, 'local', '2099-01-01')`;
    }
    for (const number of ['26-1', '26-2']) await sql`insert into court_order (owner, number, court, confirmed_by) values ('WA', ${number}, 'articleThree', 'records desk')`;
    await keep();

    w.clock.now += 3_600_000;
    await w.accounts.disable(leaver.account, 'left', operator);
    await w.accounts.revokeToken(ada.account, revoked.id, operator);
    const grants = (await w.accounts.account(rio.account))?.grants ?? [];
    await w.accounts.take(rio.account, grants.find(({ role }) => role === 'reviewer')?.id ?? '', operator);
    await w.accounts.signOut(cookies.out);
    await w.accounts.changePassword(mia.account, 'another lantern verge 42');
    await w.accounts.disable(pat.account, 'by mistake', operator);
    await w.accounts.enable(pat.account, operator);
    await revokeDirectory({ sql, acts: w.acts }, directories.gone, 'operator');
    await sql`update credential set revoked_at = now() where fingerprint = ${'a'.repeat(64)}`;
    await sql`update court_order set expires_at = '2026-03-01T00:00:00Z' where number = '26-1'`;
    await w.join('newcomer', [['auditor', 'owner WA']]);
    await bringBack();
  });

  it('lets everybody in again who left, were nothing done: the copy is what it should be', async () => {
    expect((await w.accounts.account(leaver.account))?.disabledAt).toBeNull();
    expect(await w.accounts.byToken(revoked.secret)).not.toBeNull();
    expect(await sql`select from credential where revoked_at is not null`).toHaveLength(0);
  });

  it('keeps out who left, and what was ended or taken, once the ledger was met', async () => {
    found = await meet();
    expect((await w.accounts.account(leaver.account))?.disabledAt).not.toBeNull();
    expect(await w.accounts.byToken(ofLeaver.secret)).toBeNull();
    expect(await w.accounts.byToken(revoked.secret)).toBeNull();
    expect((await w.accounts.account(rio.account))?.grants.map(({ role }) => role)).toEqual(['auditor']);
    expect((await w.accounts.session(cookies.out)).state).toBe('none');
    expect((await w.accounts.begin(mia.login, mia.password, { address: '203.0.113.7', agent: 'x' })).ok).toBe(false);
    expect((await listDirectories(sql)).filter(({ revokedAt }) => revokedAt !== null).map(({ id }) => id)).toEqual([directories.gone]);
    expect(await sql`select fingerprint from credential where revoked_at is not null`).toEqual([{ fingerprint: 'a'.repeat(64) }]);
    expect(await sql`select number from court_order where expires_at is not null`).toEqual([{ number: '26-1' }]);
  });

  it('leaves alone what nothing was done to, and enables whom the ledger enabled last', async () => {
    expect(await w.accounts.byToken(kept.secret)).not.toBeNull();
    expect((await w.accounts.account(pat.account))?.disabledAt).toBeNull();
    expect((await w.accounts.account(ada.account))?.grants).toHaveLength(2);
    expect((await listDirectories(sql)).find(({ id }) => id === directories.stays)?.revokedAt).toBeNull();
  });

  it('tells what is to be entered again, and since when', () => {
    expect(found.isNew).toBe(false);
    expect(Object.fromEntries(found.found)).toMatchObject({ accountMade: 1, roleGiven: 1, accountDisabled: 2, credentialRevoked: 1 });
    expect(found.since).not.toBeNull();
  });

  it('comes to the same when a start ends on the way, and finds nothing once the acts were taken over', async () => {
    const accounts = async (): Promise<readonly object[]> => [...await sql<object[]>`select id, disabled_at is null as enabled, disabled_why, password from account order by id`];
    const before = await accounts();
    const again = await meet();
    expect(again.found).toEqual(found.found);
    expect(await accounts()).toEqual(before);
    await catchUpActs(sql, journal);
    expect((await meet()).found.size).toBe(0);
  });
});

describe('a database that missed nothing', () => {
  it('is not touched by acts that it has, whatever came after them', async () => {
    const una = await w.join('una', [['auditor', 'owner WA']]);
    const { id, secret } = await token(una);
    await w.accounts.disable(una.account, 'by mistake', operator);
    await w.accounts.enable(una.account, operator);
    const other = await token(una);
    await record();
    // The table of acts lags behind, as after a kill: all is read again, and every row is there.
    await sql`update projection set watermark = 0 where name = 'act'`;
    const missed = await meet();
    expect(missed.done.size).toBe(0);
    expect((await w.accounts.account(una.account))?.disabledAt).toBeNull();
    expect(await w.accounts.byToken(other.secret)).not.toBeNull();
    expect(await w.accounts.byToken(secret)).toBeNull();
    expect(id).not.toBe(other.id);
  });

  it('has an event that bears a number of its own, and was of another time, as missed', async () => {
    const [row] = await sql<{ id: string }[]>`select max(id) as id from ledger_outbox where event = 'credentialRevoked'`;
    const other: SystemEntry = { type: 'system', v: 1, id: `outbox-${row?.id ?? '1'}`, at: '2026-03-05T00:00:00.000Z', event: 'credentialRevoked', subject: 'WA0180000', hash: 'b'.repeat(64), detail: null };
    entries.push(other);
    expect((await meet()).done.get('credentialRevoked')).toBe(1);
    entries.pop();
  });
});

describe('a database that never followed this ledger', () => {
  it('is told as new, and nothing is done in it', async () => {
    await sql.unsafe(`truncate ${tables.join(', ')} cascade`);
    const missed = await meet();
    expect(missed.isNew).toBe(true);
    expect([...missed.done.values()].every((n) => n === 0)).toBe(true);
  });

  it('is not new where the ledger is empty too', async () => {
    entries.length = 0;
    expect((await meet()).isNew).toBe(false);
  });
});
