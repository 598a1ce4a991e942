import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { from, operator, startPeople, type TestPeople } from '../../../test/people.ts';
import { addDirectory, directoryOf, openScim, revokeDirectory } from '../../people/scim/index.ts';
import type { ServerDeps } from '../deps.ts';
import { addGate } from '../gate/gate.ts';
import { addScim } from './routes.ts';

const issuer = 'https://login.example.org/';
const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const justice = 'urn:weir:params:scim:schemas:extension:justice:2.0:User';
const patchOf = (...Operations: readonly object[]): object => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });

/** The parts of answers that the tests look at. */
interface Body {
  readonly id: string;
  readonly userName: string;
  readonly title?: string;
  readonly active: boolean;
  readonly totalResults: number;
  readonly Resources: readonly Body[];
  readonly groups: readonly { readonly display: string }[];
}

interface Answer {
  readonly status: number;
  readonly body: Body;
  readonly headers: Readonly<Record<string, unknown>>;
}

describe('a directory', () => {
  let people: TestPeople;
  let app: FastifyInstance;
  let wa: string;
  let or: string;
  let waId: string;
  let count = 0;

  beforeAll(async () => {
    people = await startPeople({ now: () => Date.now() });
    const { database: { sql }, accounts, acts } = people;
    people.clock.now = Date.now();
    const made = await addDirectory({ sql, acts }, {
      name: 'Washington people', issuer: 'https://login.example.org', scopes: ['owner WA', 'agency ZZ0000101'],
      groups: { 'Weir Approvers': [{ role: 'policyApprover', scope: 'owner WA' }], 'Weir Reviewers': [{ role: 'reviewer', scope: 'owner WA', desks: ['privacyDesk'] }], 'Weir Users': [{ role: 'agencyUser', scope: 'agency ZZ0000101' }] },
    }, 'operator');
    wa = made.secret;
    waId = made.directory.id;
    or = (await addDirectory({ sql, acts }, { name: 'Oregon people', issuer: 'https://login.example.org', scopes: ['owner OR'], groups: { Officials: [{ role: 'ownerOfficial', scope: 'owner OR' }] } }, 'operator')).secret;
    app = fastify({ exposeHeadRoutes: true });
    app.decorate('countProblem', () => undefined);
    const deps = { listener: { kind: 'http' }, people: { accounts, acts, sql, isOwner: () => true } } as unknown as ServerDeps;
    addGate(app, deps);
    void app.register((scope, _options, done) => {
      addScim(scope, { scim: openScim({ sql, accounts }), sql, acts, listener: deps.listener, onFault: (error) => { throw error; } });
      scope.get('/v1/owners/:owner/probe', { config: { action: 'change.read' } }, (request) => ({ account: request.person?.account }));
      done();
    });
    await app.ready();
  });
  afterAll(async () => {
    await app.close();
    await people.stop();
  });

  const ask = async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, { secret = wa, headers = {} }: { readonly secret?: string; readonly headers?: Record<string, string> } = {}): Promise<Answer> => {
    const reply = await app.inject({
      method, url: `/scim/v2${path}`, headers: { host: 'weir.example.org', authorization: `Bearer ${secret}`, ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }), ...headers },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: reply.statusCode, body: reply.body === '' ? {} as Body : JSON.parse(reply.body) as Body, headers: reply.headers };
  };
  const person = (more: object = {}): Record<string, unknown> & { userName: string; externalId: string } => {
    count += 1;
    return { schemas: [userUrn, enterprise, justice], userName: `person${count}@example.org`, externalId: `x-${count}`, displayName: `Person ${count}`, emails: [{ value: `person${count}@example.org`, type: 'work', primary: true }], active: true, ...more };
  };
  const add = async (more: object = {}): Promise<{ readonly id: string; readonly account: string; readonly userName: string }> => {
    const made = await ask('POST', '/Users', person(more));
    expect(made.status).toBe(201);
    const [row] = await people.database.sql<{ account: string }[]>`select account from directory_user where id = ${made.body.id}`;
    return { id: made.body.id, account: row?.account ?? '', userName: made.body.userName };
  };
  const group = async (displayName: string, members: readonly string[]): Promise<string> => {
    const found = await ask('GET', `/Groups?filter=${encodeURIComponent(`displayName eq "${displayName}"`)}`);
    if (found.body.totalResults === 1) {
      const id = found.body.Resources[0]?.id ?? '';
      expect((await ask('PATCH', `/Groups/${id}`, patchOf({ op: 'add', path: 'members', value: members.map((value) => ({ value })) }))).status).toBe(200);
      return id;
    }
    const made = await ask('POST', '/Groups', { schemas: [groupUrn], displayName, members: members.map((value) => ({ value })) });
    expect(made.status).toBe(201);
    return made.body.id;
  };
  /** Somebody with a local account: the codes of their second factor go by the clock of now. */
  const join: TestPeople['join'] = async (...args) => {
    people.clock.now = Date.now();
    return await people.join(...args);
  };
  const rolesOf = async (account: string): Promise<readonly string[]> => (await people.accounts.account(account))?.grants.map(({ role }) => role).sort() ?? [];

  it('tells what it can', async () => {
    expect((await ask('GET', '/ServiceProviderConfig')).body).toMatchObject({ patch: { supported: true }, etag: { supported: true }, bulk: { supported: false }, filter: { maxResults: 200 } });
    expect((await ask('GET', '/ResourceTypes')).body.Resources.map(({ id }) => id)).toEqual(['User', 'Group']);
    expect((await ask('GET', `/Schemas/${justice}`)).body).toMatchObject({ id: justice, name: 'JusticeUser' });
    expect((await ask('GET', '/Schemas/urn:none')).status).toBe(404);
    expect((await ask('GET', '/Schemas')).headers['content-type']).toMatch(/^application\/scim\+json/);
  });

  it('adds a person, with what the rules want to be known', async () => {
    const sent = person({ name: { givenName: 'Robin', familyName: 'Invented' }, displayName: undefined, password: 'never kept 12345', [enterprise]: { employeeNumber: '4711', organization: 'Invented Police' }, [justice]: { employerOri: 'zz0000101', sworn: true, certifications: ['ncic'] } });
    const made = await ask('POST', '/Users', sent);
    expect(made.status).toBe(201);
    expect(made.headers['location']).toBe(`http://weir.example.org/scim/v2/Users/${made.body.id}`);
    expect(made.headers['etag']).toBe('W/"1"');
    expect(made.body).toMatchObject({ userName: sent.userName, externalId: sent.externalId, active: true, meta: { resourceType: 'User', version: 'W/"1"' } });
    const [row] = await people.database.sql<{ account: string }[]>`select account from directory_user where id = ${made.body.id}`;
    const view = await people.accounts.account(row?.account ?? '');
    expect(view).toMatchObject({ name: 'Robin Invented', email: sent.userName, employer: 'ZZ0000101', kind: 'oidc', grants: [], disabledAt: null });
    const [kept] = await people.database.sql<{ facts: unknown; issuer: string; subject: string; number: string }[]>`
      select p.facts, a.issuer, a.subject, p.employee_number as number from account a join person p on p.id = a.person where a.id = ${row?.account ?? ''}`;
    expect(kept).toEqual({ facts: { sworn: true, certifications: ['ncic'] }, issuer, subject: sent.externalId, number: '4711' });
    expect(JSON.stringify(await people.database.sql`select resource from directory_user`)).not.toContain('never kept');
    expect((await people.record('provisioned')).at(-1)).toMatchObject({ who: `directory ${waId}`, about: row?.account });
    expect((await ask('GET', `/Users/${made.body.id}`)).body).toEqual(made.body);
  });

  it('refuses a second of one name or id', async () => {
    const sent = person();
    expect((await ask('POST', '/Users', sent)).status).toBe(201);
    for (const again of [sent, { ...person(), userName: sent.userName.toUpperCase() }, { ...person(), externalId: sent.externalId }]) {
      expect(await ask('POST', '/Users', again)).toMatchObject({ status: 409, body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '409', scimType: 'uniqueness' } });
    }
    const many = person();
    const all = await Promise.all(Array.from({ length: 16 }, async () => await ask('POST', '/Users', many)));
    expect(all.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 15 }, () => 409)]);
  });

  it('finds by filter, and in pages', async () => {
    const { userName, id } = await add({ title: 'Archivist' });
    const find = async (filter: string): Promise<Answer> => await ask('GET', `/Users?filter=${encodeURIComponent(filter)}`);
    expect((await find(`userName eq "${userName.toUpperCase()}"`)).body).toMatchObject({ totalResults: 1, Resources: [{ id }] });
    expect((await find('title eq "archivist" and active eq true')).body).toMatchObject({ totalResults: 1, Resources: [{ id }] });
    expect((await find('userName eq "nobody"')).body).toMatchObject({ totalResults: 0, Resources: [], startIndex: 1, itemsPerPage: 0 });
    expect(await find('shoe eq "9"')).toMatchObject({ status: 400, body: { scimType: 'invalidFilter' } });
    const total = (await ask('GET', '/Users')).body.totalResults;
    const page = (await ask('GET', '/Users?startIndex=2&count=1')).body;
    expect(page).toMatchObject({ totalResults: total, startIndex: 2, itemsPerPage: 1 });
    expect((await ask('GET', '/Users?count=0')).body).toMatchObject({ totalResults: total, itemsPerPage: 0 });
    expect((await ask('GET', '/Users?startIndex=-5&count=100000')).body).toMatchObject({ totalResults: total, startIndex: 1 });
    expect((await ask('GET', '/Users?count=many')).status).toBe(400);
    expect(Object.keys((await ask('GET', `/Users/${id}?attributes=userName`)).body).sort()).toEqual(['id', 'schemas', 'userName']);
  });

  it('holds versions against If-Match', async () => {
    const { id } = await add();
    const changed = await ask('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'title', value: 'Clerk' }), { headers: { 'if-match': 'W/"1"' } });
    expect(changed).toMatchObject({ status: 200, headers: { etag: 'W/"2"' } });
    expect((await ask('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'title', value: 'Chief' }), { headers: { 'if-match': 'W/"1"' } })).status).toBe(412);
    expect((await ask('DELETE', `/Users/${id}`, undefined, { headers: { 'if-match': '"1"' } })).status).toBe(412);
    expect((await ask('GET', `/Users/${id}`, undefined, { headers: { 'if-none-match': 'W/"2"' } })).status).toBe(304);
    const same = await ask('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'title', value: 'Clerk' }));
    expect(same.headers['etag']).toBe('W/"2"');
  });

  it('replaces a person, and never the one they sign in as', async () => {
    const { id, account, userName } = await add({ title: 'Clerk' });
    const [{ externalId } = { externalId: '' }] = await people.database.sql<{ externalId: string }[]>`select external_id as "externalId" from directory_user where id = ${id}`;
    const put = await ask('PUT', `/Users/${id}`, { schemas: [userUrn], userName, externalId, displayName: 'Another Name', active: true });
    expect(put).toMatchObject({ status: 200, body: { displayName: 'Another Name' } });
    expect(put.body.title).toBeUndefined();
    expect((await people.accounts.account(account))?.name).toBe('Another Name');
    expect(await ask('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'externalId', value: 'somebody else' }))).toMatchObject({ status: 400, body: { scimType: 'mutability' } });
  });

  it('gives and takes roles by groups, and only within its scopes', async () => {
    const { id, account } = await add();
    const other = await add();
    const approvers = await group('Weir Approvers', [id]);
    expect(await rolesOf(account)).toEqual(['policyApprover']);
    const users = await group('Weir Users', [id, other.id]);
    expect(await rolesOf(account)).toEqual(['agencyUser', 'policyApprover']);
    expect((await ask('GET', `/Users/${id}`)).body.groups.map(({ display }) => display)).toEqual(['Weir Approvers', 'Weir Users']);
    await group('Canteen', [id]);
    expect(await rolesOf(account)).toEqual(['agencyUser', 'policyApprover']);
    expect((await ask('PATCH', `/Groups/${approvers}`, patchOf({ op: 'Remove', path: 'members', value: [{ value: id }] }))).status).toBe(200);
    expect(await rolesOf(account)).toEqual(['agencyUser']);
    expect((await ask('PATCH', `/Groups/${users}`, patchOf({ op: 'replace', path: 'displayName', value: 'weir approvers 2' }))).status).toBe(200);
    expect([await rolesOf(account), await rolesOf(other.account)]).toEqual([[], []]);
    expect((await ask('PATCH', `/Groups/${users}`, patchOf({ op: 'replace', path: 'displayName', value: 'weir users' }))).status).toBe(200);
    expect([await rolesOf(account), await rolesOf(other.account)]).toEqual([['agencyUser'], ['agencyUser']]);
    expect((await ask('DELETE', `/Groups/${users}`)).status).toBe(204);
    expect([await rolesOf(account), await rolesOf(other.account)]).toEqual([[], []]);
    expect(await ask('PATCH', `/Groups/${approvers}`, patchOf({ op: 'add', path: 'members', value: [{ value: '00000000-0000-0000-0000-000000000000' }] }))).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
    expect(await ask('POST', '/Groups', { schemas: [groupUrn], displayName: 'WEIR approvers' })).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
    expect(Object.keys((await ask('GET', `/Groups/${approvers}?excludedAttributes=members`)).body)).not.toContain('members');
  });

  it('never gives a role of another owner, whatever its map says', async () => {
    const { sql } = people.database;
    await expect(addDirectory({ sql, acts: people.acts }, { name: 'x', issuer, scopes: ['owner WA'], groups: { g: [{ role: 'ownerOfficial', scope: 'owner OR' }] } }, 'operator')).rejects.toMatchObject({ code: 'DIRECTORY_GROUPS' });
    await expect(addDirectory({ sql, acts: people.acts }, { name: 'x', issuer, scopes: ['machine'], groups: {} }, 'operator')).rejects.toMatchObject({ code: 'DIRECTORY_SCOPE' });
    await expect(addDirectory({ sql, acts: people.acts }, { name: 'x', issuer, scopes: ['owner WA'], groups: { g: [{ role: 'operator', scope: 'machine' }] } }, 'operator')).rejects.toMatchObject({ code: 'DIRECTORY_GROUPS' });
    await sql`update directory set groups = groups || ${sql.json({ Everything: [{ role: 'ownerOfficial', scope: 'owner OR' }, { role: 'auditor', scope: 'owner WA' }] })} where id = ${waId}`;
    const { id, account } = await add();
    await group('Everything', [id]);
    expect(await rolesOf(account)).toEqual(['auditor']);
  });

  it('sees only the people that it added', async () => {
    const { id, userName } = await add();
    const groupId = await group('Canteen', [id]);
    for (const path of [`/Users/${id}`, `/Groups/${groupId}`]) {
      expect((await ask('GET', path, undefined, { secret: or })).status).toBe(404);
      expect((await ask('PATCH', path, patchOf({ op: 'replace', path: 'externalId', value: 'x' }), { secret: or })).status).toBe(404);
      expect((await ask('DELETE', path, undefined, { secret: or })).status).toBe(404);
    }
    expect((await ask('GET', `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`, undefined, { secret: or })).body.totalResults).toBe(0);
    expect((await ask('GET', '/Users', undefined, { secret: or })).body.totalResults).toBe(0);
    // Nor takes somebody else's over: by the subject of a sign-in, or as a member.
    const [row] = await people.database.sql<{ external: string }[]>`select external_id as external from directory_user where id = ${id}`;
    expect((await ask('POST', '/Users', { ...person(), externalId: row?.external }, { secret: or })).status).toBe(409);
    expect(await ask('POST', '/Groups', { schemas: [groupUrn], displayName: 'Officials', members: [{ value: id }] }, { secret: or })).toMatchObject({ status: 400 });
  });

  describe('a leaver', () => {
    const enter = async (account: string): Promise<{ readonly cookie: string; readonly token: string }> => {
      const done = await people.accounts.signInProved(account, ['otp'], from);
      if (!done.ok) throw new Error(done.why);
      await people.accounts.acceptNotice(done.cookie);
      const { secret } = await people.accounts.makeToken(account, { name: 'nightly', actions: ['change.read'], days: 1 }, { who: account, role: null });
      return { cookie: done.cookie, token: secret };
    };
    const probe = async (headers: Record<string, string>): Promise<number> => (await app.inject({ url: '/v1/owners/WA/probe', headers })).statusCode;

    it.each([
      ['DELETE', async (id: string) => (await ask('DELETE', `/Users/${id}`)).status, 204],
      ['PATCH', async (id: string) => (await ask('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'active', value: false }))).status, 200],
      ['the dialect of PATCH', async (id: string) => (await ask('PATCH', `/Users/${id}`, patchOf({ op: 'Replace', value: { active: 'False' } }))).status, 200],
      ['PUT', async (id: string) => {
        const { body } = await ask('GET', `/Users/${id}`);
        return (await ask('PUT', `/Users/${id}`, { ...body, active: false })).status;
      }, 200],
    ] as const)('by %s cannot act at the very next request', async (_how, remove, status) => {
      const { id, account } = await add();
      await group('Weir Approvers', [id]);
      const { cookie, token } = await enter(account);
      expect(await probe({ cookie: `weir=${cookie}` })).toBe(200);
      expect(await probe({ authorization: `Bearer ${token}` })).toBe(200);
      expect(await remove(id)).toBe(status);
      expect(await probe({ cookie: `weir=${cookie}` })).toBe(401);
      expect(await probe({ authorization: `Bearer ${token}` })).toBe(401);
      expect(await people.accounts.signInProved(account, ['otp'], from)).toMatchObject({ ok: false });
      expect((await people.record('leaverRemoved')).at(-1)).toMatchObject({ who: `directory ${waId}`, about: account });
      expect(await rolesOf(account)).toEqual([]);
    });

    it('is out whatever else was sent with it', async () => {
      const { id, account } = await add();
      await add({ [enterprise]: { employeeNumber: '99' }, [justice]: { employerOri: 'ZZ0000101' } });
      const done = await people.accounts.signInProved(account, ['otp'], from);
      const cookie = done.ok ? done.cookie : '';
      expect((await people.accounts.session(cookie)).state).toBe('notice');
      const clash = await ask('PATCH', `/Users/${id}`, patchOf({ op: 'replace', value: { active: false, [enterprise]: { employeeNumber: '99' }, [justice]: { employerOri: 'ZZ0000101' } } }));
      expect(clash.status).toBe(200);
      expect((await people.accounts.session(cookie)).state).toBe('none');
    });

    it('is out though their address is another person\'s by now', async () => {
      const { id, account, userName } = await add();
      const { sql } = people.database;
      await sql`update person set email = 'moved@example.org' where id = (select person from account where id = ${account})`;
      await join('successor', [], { email: userName });
      expect((await ask('DELETE', `/Users/${id}`)).status).toBe(204);
      expect((await people.accounts.account(account))?.disabledAt).not.toBeNull();
    });

    it('is out where the process ends before the directory has its answer, and the next call goes on', async () => {
      const { id, account } = await add();
      await group('Weir Approvers', [id]);
      const { sql } = people.database;
      const directory = await directoryOf(sql, wa);
      if (directory === null) throw new Error('no directory');
      const dying = openScim({ sql, accounts: { ...people.accounts, provision: async (...args) => { await people.accounts.provision(...args); throw new Error('killed'); } } });
      await expect(dying.users.remove(directory, id, null)).rejects.toThrow('killed');
      expect((await people.accounts.account(account))?.disabledAt).not.toBeNull();
      expect(await rolesOf(account)).toEqual([]);
      expect((await ask('DELETE', `/Users/${id}`)).status).toBe(204);

      const sent = person();
      await expect(dying.users.create(directory, '', sent)).rejects.toThrow('killed');
      expect((await ask('POST', '/Users', sent)).status).toBe(201);
      const [row] = await sql<{ count: number }[]>`select count(*)::int as count from account where subject = ${sent.externalId}`;
      expect(row?.count).toBe(1);
    });

    it('is out whatever 64 callers say at once', async () => {
      const { id, account } = await add();
      const { cookie } = await group('Weir Approvers', [id]).then(async () => await enter(account));
      const groupId = await group('Weir Approvers', [id]);
      const answers = await Promise.all(Array.from({ length: 64 }, async (_one, i) => i === 20
        ? await ask('DELETE', `/Users/${id}`)
        : i % 2 === 0 ? await ask('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'title', value: `title ${i}` })) : await ask('PATCH', `/Groups/${groupId}`, patchOf({ op: i % 4 === 1 ? 'add' : 'remove', path: 'members', value: [{ value: id }] }))));
      expect([...new Set(answers.map(({ status }) => status))].every((status) => [200, 204, 400, 404].includes(status))).toBe(true);
      expect(await probe({ cookie: `weir=${cookie}` })).toBe(401);
      expect((await people.accounts.account(account))?.disabledAt).not.toBeNull();
      expect(await rolesOf(account)).toEqual([]);
    });

    it('loses a local account whose roles are all of these scopes too, and keeps what others gave elsewhere', async () => {
      const local = await join('sam', [['reviewer', 'owner WA']]);
      const elsewhere = await join('sammie', [['reviewer', 'owner WA'], ['auditor', 'owner OR']], { email: 'sammie@example.org' });
      const one = await add({ emails: [{ value: 'sam@example.org', primary: true }] });
      const two = await add({ emails: [{ value: 'sammie@example.org', primary: true }] });
      expect((await people.accounts.account(one.account))?.person).toBe(local.person);
      expect((await ask('DELETE', `/Users/${one.id}`)).status).toBe(204);
      expect((await ask('DELETE', `/Users/${two.id}`)).status).toBe(204);
      expect((await people.accounts.account(local.account))?.disabledAt).not.toBeNull();
      expect((await people.accounts.account(elsewhere.account))?.disabledAt).toBeNull();
    });

    it('comes back when the directory says so, with the roles of now, and not where somebody else disabled the account', async () => {
      const { id, account } = await add();
      await group('Weir Approvers', [id]);
      const off = patchOf({ op: 'replace', path: 'active', value: false });
      const on = patchOf({ op: 'replace', path: 'active', value: true });
      expect((await ask('PATCH', `/Users/${id}`, off)).body.active).toBe(false);
      expect((await ask('PATCH', `/Users/${id}`, on)).body.active).toBe(true);
      expect(await rolesOf(account)).toEqual(['policyApprover']);
      await people.accounts.disable(account, 'an inquiry', operator);
      expect((await ask('GET', `/Users/${id}`)).body.active).toBe(false);
      expect((await ask('PATCH', `/Users/${id}`, on)).body.active).toBe(false);
      expect((await people.accounts.account(account))?.disabledAt).not.toBeNull();
    });

    it('who was deleted can be added again', async () => {
      const sent = person();
      const first = await ask('POST', '/Users', sent);
      expect((await ask('DELETE', `/Users/${first.body.id}`)).status).toBe(204);
      expect((await ask('DELETE', `/Users/${first.body.id}`)).status).toBe(404);
      const second = await ask('POST', '/Users', sent);
      expect(second).toMatchObject({ status: 201, body: { active: true } });
      expect(second.body.id).not.toBe(first.body.id);
    });
  });

  it('refuses an unknown, a revoked and a wrongly written secret, and records it', async () => {
    const { sql } = people.database;
    const made = await addDirectory({ sql, acts: people.acts }, { name: 'Short-lived', issuer, scopes: ['owner WA'], groups: {} }, 'operator');
    expect(made.secret).toMatch(/^weir_scim_[A-Za-z0-9_-]{43}$/);
    expect(JSON.stringify(await sql`select * from directory`)).not.toContain(made.secret);
    expect((await ask('GET', '/Users', undefined, { secret: made.secret })).status).toBe(200);
    await revokeDirectory({ sql, acts: people.acts }, made.directory.id, 'operator');
    expect(await directoryOf(sql, made.secret)).toBeNull();
    await expect(revokeDirectory({ sql, acts: people.acts }, made.directory.id, 'operator')).rejects.toMatchObject({ code: 'DIRECTORY_UNKNOWN' });
    const before = (await people.record('tokenRefused')).length;
    for (const secret of [made.secret, `weir_scim_${'A'.repeat(43)}`, 'x']) {
      expect(await ask('POST', '/Users', 'not even JSON', { secret })).toMatchObject({ status: 401, body: { status: '401' }, headers: { 'www-authenticate': 'Bearer' } });
    }
    expect((await people.record('tokenRefused')).slice(before)).toMatchObject([{ result: 'refused' }, { result: 'refused' }, { result: 'refused' }]);
    const bare = await app.inject({ url: '/scim/v2/Users' });
    expect(bare.statusCode).toBe(401);
    expect((await people.record('directoryRevoked')).at(-1)).toMatchObject({ owner: 'WA', about: made.directory.id });
  });

  it('is fed bad input', async () => {
    const { id } = await add();
    expect(await ask('POST', '/Users', '{')).toMatchObject({ status: 400, body: { scimType: 'invalidSyntax' } });
    expect(await ask('POST', '/Users', [])).toMatchObject({ status: 400, body: { scimType: 'invalidSyntax' } });
    expect((await ask('POST', '/Users', `{"userName":"${'x'.repeat(1_100_000)}"}`)).status).toBe(413);
    expect((await ask('POST', '/Users', 'a=b', { headers: { 'content-type': 'application/x-www-form-urlencoded' } })).status).toBe(415);
    expect(await ask('POST', '/Users', person({ emails: [{ value: 'no address' }] }))).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
    expect(await ask('POST', '/Users', person({ [justice]: { employerOri: 'short' } }))).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
    expect((await ask('GET', '/Users/none')).status).toBe(404);
    expect((await ask('GET', `/Users/${'x'.repeat(90)}`)).status).toBe(404);
    expect((await ask('PATCH', `/Users/${id}`, {})).status).toBe(400);
    expect((await ask('PATCH', `/Users/${id}`)).status).toBe(400);
    expect((await ask('PUT', `/Users/${id}`, { schemas: [userUrn] })).status).toBe(400);
  });
});
