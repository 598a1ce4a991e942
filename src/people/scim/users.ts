import { randomUUID } from 'node:crypto';

import type { TransactionSql } from 'postgres';

import type { Sql } from '../../store/index.ts';
import { grantsOf } from '../provider/settings.ts';
import type { Grant } from '../roles/index.ts';
import { mostPerPage } from './describe.ts';
import { rolesOf, type Directory } from './directories.ts';
import { ScimError } from './errors.ts';
import { readFilter, soleEquality, testOf } from './filter.ts';
import { actorOf, checkVersion, etagOf, type ScimParts, type Turns } from './parts.ts';
import { patched } from './patch.ts';
import { loginOf, nameOf, personOf, subjectOf } from './person.ts';
import { readResource, type Resource } from './resource.ts';
import { enterpriseUrn, justiceUrn, userKind, userUrn } from './schema.ts';

/** What a list asks for; `startIndex` counts from one. The directory controls all of it. */
export interface Query {
  readonly filter: string | null;
  readonly startIndex: number;
  readonly count: number;
}

export interface Page {
  readonly resources: readonly object[];
  readonly total: number;
  readonly startIndex: number;
}

/** A resource for an answer, with its version. */
export interface Shown {
  readonly body: Readonly<Record<string, unknown>> & { readonly id: string };
  readonly etag: string;
}

export interface UserRow {
  readonly id: string;
  readonly account: string;
  readonly subject: string;
  readonly resource: Resource;
  readonly version: number;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly disabled: boolean;
  readonly groups: readonly { readonly id: string; readonly name: string }[] | null;
}

type Db = Sql | TransactionSql;

/** The people of a directory. A directory sees only those that it added. */
export function usersOf(parts: ScimParts, turns: Turns) {
  const { sql, accounts } = parts;
  return {
    async list(directory: Directory, base: string, { filter, startIndex, count }: Query): Promise<Page> {
      const size = Math.min(Math.max(count, 0), mostPerPage);
      const from = Math.max(startIndex, 1);
      const parsed = filter === null ? null : readFilter(filter);
      const sole = parsed === null ? null : soleEquality(parsed);
      const found = parsed !== null && sole?.path === 'username' ? await rowsOf(sql, directory.id, { name: sole.value }) : sole?.path === 'externalid' ? await rowsOf(sql, directory.id, { external: sole.value }) : null;
      if (found === null && parsed === null) {
        const [all] = await sql<{ count: number }[]>`select count(*)::int as count from directory_user where directory = ${directory.id}`;
        const rows = size === 0 ? [] : await rowsOf(sql, directory.id, { page: { size, from } });
        return { resources: rows.map((row) => show(row, base).body), total: all?.count ?? 0, startIndex: from };
      }
      const shown = (found ?? await rowsOf(sql, directory.id, {})).map((row) => show(row, base).body);
      const chosen = found !== null || parsed === null ? shown : shown.filter(testOf(userKind, parsed));
      return { resources: chosen.slice(from - 1, from - 1 + size), total: chosen.length, startIndex: from };
    },

    async read(directory: Directory, base: string, id: string): Promise<Shown> {
      return show(await rowOf(sql, directory, id), base);
    },

    async create(directory: Directory, base: string, body: unknown): Promise<Shown> {
      const resource = withActive(readResource(userKind, body));
      return await turns.run(directory, async (tx) => {
        await checkUnique(tx, directory, resource, null);
        await checkClaim(tx, directory, subjectOf(resource));
        const { account } = await accounts.provision({
          person: personOf(resource), issuer: directory.issuer, subject: subjectOf(resource), externalId: textOf(resource['externalId']), login: loginOf(resource), grants: [], active: resource['active'] !== false,
        }, actorOf(directory));
        const id = randomUUID();
        const at = new Date();
        await tx`
          insert into directory_user (id, directory, account, user_name, external_id, resource, created_at, changed_at)
          values (${id}, ${directory.id}, ${account}, ${loginOf(resource)}, ${textOf(resource['externalId'])}, ${tx.json(resource)}, ${at}, ${at})`;
        return show(await rowOf(tx, directory, id), base);
      });
    },

    /** PUT: what is not sent is gone. */
    async replace(directory: Directory, base: string, id: string, body: unknown, ifMatch: string | null): Promise<Shown> {
      const resource = withActive(readResource(userKind, body));
      return await turns.run(directory, async (tx) => show(await change(parts, tx, directory, await rowOf(tx, directory, id), () => resource, ifMatch), base));
    },

    async patch(directory: Directory, base: string, id: string, body: unknown, ifMatch: string | null): Promise<Shown> {
      return await turns.run(directory, async (tx) => show(await change(parts, tx, directory, await rowOf(tx, directory, id), (before) => withActive(patched(userKind, before, body)), ifMatch), base));
    },

    /** The account is disabled, and its sessions and tokens ended, before the directory's row goes. */
    async remove(directory: Directory, id: string, ifMatch: string | null): Promise<void> {
      await turns.run(directory, async (tx) => {
        const row = await rowOf(tx, directory, id);
        checkVersion(row.version, ifMatch);
        await leave(parts, tx, directory, row);
        await tx`delete from directory_user where id = ${row.id}`;
      });
    },
  };
}

/** Sets the roles of a person to those of their groups, as the transaction sees them. Of one who left, none. */
export async function settleRoles({ accounts }: ScimParts, tx: TransactionSql, directory: Directory, row: UserRow): Promise<void> {
  if (row.resource['active'] === false) return;
  await accounts.provision({
    person: personOf(row.resource), issuer: directory.issuer, subject: row.subject, externalId: textOf(row.resource['externalId']), login: loginOf(row.resource), grants: await rolesNow(tx, directory, row.id), active: true,
  }, actorOf(directory));
}

/** One person of the directory. Throws 404: of another directory's person nothing is said. */
export async function rowOf(db: Db, directory: Directory, id: string): Promise<UserRow> {
  const [row] = /^[0-9a-f-]{36}$/.test(id) ? await rowsOf(db, directory.id, { id }) : [];
  if (row === undefined) throw new ScimError(404, null, 'There is no user of this id.');
  return row;
}

async function change(parts: ScimParts, tx: TransactionSql, directory: Directory, row: UserRow, next: (before: Resource) => Resource, ifMatch: string | null): Promise<UserRow> {
  checkVersion(row.version, ifMatch);
  const resource = next(row.resource);
  if (subjectOf(resource) !== row.subject) {
    throw new ScimError(400, 'mutability', 'The externalId (or, without one, the userName) is what the person signs in as, and does not change. Remove the person, and add them again.');
  }
  await checkUnique(tx, directory, resource, row.id);
  const after: UserRow = { ...row, resource };
  // A leaver first of all: nothing else that was sent may keep them in.
  if (resource['active'] === false) await leave(parts, tx, directory, row);
  else await settleRoles(parts, tx, directory, after);
  if (isSame(resource, row.resource)) return await rowOf(tx, directory, row.id);
  await tx`
    update directory_user set user_name = ${loginOf(resource)}, external_id = ${textOf(resource['externalId'])}, resource = ${tx.json(resource)}, version = version + 1, changed_at = ${new Date()}
    where id = ${row.id}`;
  return await rowOf(tx, directory, row.id);
}

/**
 * Ends the account of somebody who left, with its sessions, tokens and roles, in one transaction of accounts. Other accounts of the same human being go too, where all of their roles are of this directory's
 * scopes; of others, the roles go that a directory gave for them.
 */
async function leave({ accounts }: ScimParts, tx: TransactionSql, directory: Directory, row: UserRow): Promise<void> {
  // Only the name is said, which changes nothing: no clash of an address or a number can keep a leaver in.
  const person = { name: nameOf(row.resource), email: null, employer: null, employeeNumber: null };
  await accounts.provision({ person, issuer: directory.issuer, subject: row.subject, externalId: null, login: loginOf(row.resource), grants: [], active: false }, actorOf(directory));
  const others = await tx<{ account: string; grants: { id: string; scope: string; source: string }[] }[]>`
    select o.id as account, json_agg(json_build_object('id', g.id::text, 'scope', g.scope, 'source', g.source)) as grants
    from account a join account o on o.person = a.person and o.id <> a.id and o.disabled_at is null join role_grant g on g.account = o.id and g.ended_at is null
    where a.id = ${row.account} and not exists (select 1 from directory_user u where u.account = o.id) group by o.id`;
  for (const { account, grants } of others) {
    if (grants.every(({ scope }) => directory.scopes.includes(scope))) await accounts.disable(account, 'left', actorOf(directory));
    else for (const { id } of grants.filter(({ scope, source }) => source === 'directory' && directory.scopes.includes(scope))) await accounts.take(account, id, actorOf(directory));
  }
}

/** A second user of one name, or of one external id, is refused: whoever sends it again learns that it is there. */
async function checkUnique(tx: TransactionSql, directory: Directory, resource: Resource, except: string | null): Promise<void> {
  const rows = await tx`
    select 1 from directory_user where directory = ${directory.id} and id is distinct from ${except}
      and (lower(user_name) = lower(${loginOf(resource)}) or external_id = ${textOf(resource['externalId'])}) limit 1`;
  if (rows.length > 0) throw new ScimError(409, 'uniqueness', 'There is a user of this userName or externalId.');
}

/** Somebody may be here already, by a sign-in. A directory takes over their account only where all of its roles are of its scopes and no other directory has it. */
async function checkClaim(tx: TransactionSql, directory: Directory, subject: string): Promise<void> {
  const [found] = await tx<{ taken: boolean; scopes: string[] }[]>`
    select exists (select 1 from directory_user u where u.account = a.id) as taken, array(select g.scope from role_grant g where g.account = a.id and g.ended_at is null) as scopes
    from account a where a.issuer = ${directory.issuer} and a.subject = ${subject}`;
  if (found === undefined) return;
  if (found.taken || !found.scopes.every((scope) => directory.scopes.includes(scope))) throw new ScimError(409, 'uniqueness', 'This person is kept by somebody else: another directory, or an official of another owner.');
}

async function rolesNow(tx: TransactionSql, directory: Directory, user: string): Promise<readonly Grant[]> {
  const rows = await tx<{ name: string }[]>`
    select lower(g.name) as name from directory_member m join directory_group g on g.id = m.directory_group where m.directory_user = ${user} and g.directory = ${directory.id} order by 1`;
  return grantsOf(rolesOf(directory), rows.map(({ name }) => name));
}

async function rowsOf(db: Db, directory: string, which: { readonly id?: string; readonly name?: string; readonly external?: string; readonly page?: { readonly size: number; readonly from: number } }): Promise<readonly UserRow[]> {
  const { id, name, external, page } = which;
  const sql = db as Sql;
  return await sql<UserRow[]>`
    select u.id, u.account, a.subject, u.resource, u.version, u.created_at as "createdAt", u.changed_at as "changedAt", a.disabled_at is not null as disabled,
      (select json_agg(json_build_object('id', g.id, 'name', g.name) order by g.name) from directory_member m join directory_group g on g.id = m.directory_group where m.directory_user = u.id) as groups
    from directory_user u join account a on a.id = u.account
    where u.directory = ${directory} ${id === undefined ? sql`` : sql`and u.id = ${id}`} ${name === undefined ? sql`` : sql`and lower(u.user_name) = lower(${name})`} ${external === undefined ? sql`` : sql`and u.external_id = ${external}`}
    order by u.created_at, u.id ${page === undefined ? sql`` : sql`limit ${page.size} offset ${page.from - 1}`}`;
}

/** A person as the directory sees them: what it said, and whether they may sign in now, which somebody else may have ended. */
function show({ id, resource, version, createdAt, changedAt, disabled, groups }: UserRow, base: string): Shown {
  const location = `${base}/Users/${id}`;
  const body = {
    schemas: [userUrn, ...[enterpriseUrn, justiceUrn].filter((urn) => resource[urn] !== undefined)],
    id, ...resource, active: resource['active'] !== false && !disabled,
    ...(groups === null ? {} : { groups: groups.map((group) => ({ value: group.id, display: group.name, $ref: `${base}/Groups/${group.id}`, type: 'direct' })) }),
    meta: { resourceType: 'User', created: createdAt.toISOString(), lastModified: changedAt.toISOString(), location, version: etagOf(version) },
  };
  return { body, etag: etagOf(version) };
}

function withActive(resource: Resource): Resource {
  return { ...resource, active: resource['active'] !== false };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function isSame(one: Resource, other: Resource): boolean {
  return canonical(one) === canonical(other);
}

/** JSON with the names in order: the database keeps no order of its own making. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => (typeof one === 'object' && one !== null && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one));
}
