import { randomUUID } from 'node:crypto';

import type { TransactionSql } from 'postgres';

import type { Sql } from '../../store/index.ts';
import { mostPerPage } from './describe.ts';
import type { Directory } from './directories.ts';
import { ScimError } from './errors.ts';
import { readFilter, testOf } from './filter.ts';
import { checkVersion, etagOf, type ScimParts, type Turns } from './parts.ts';
import { patched } from './patch.ts';
import { isObject, readResource, type Resource, type Value } from './resource.ts';
import { groupKind, groupUrn } from './schema.ts';
import { rowOf as userOf, settleRoles, type Page, type Query, type Shown } from './users.ts';

interface GroupRow {
  readonly id: string;
  readonly name: string;
  readonly externalId: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly members: readonly { readonly id: string; readonly name: string }[] | null;
}

type Db = Sql | TransactionSql;

/** The groups of a directory. Who is in one has its roles; who is no more in it has them no more, before the answer is sent. */
export function groupsOf(parts: ScimParts, turns: Turns) {
  const { sql } = parts;
  return {
    async list(directory: Directory, base: string, { filter, startIndex, count }: Query): Promise<Page> {
      const size = Math.min(Math.max(count, 0), mostPerPage);
      const from = Math.max(startIndex, 1);
      const test = filter === null ? null : testOf(groupKind, readFilter(filter));
      const shown = (await rowsOf(sql, directory, null)).map((row) => show(row, base).body);
      const chosen = test === null ? shown : shown.filter(test);
      return { resources: chosen.slice(from - 1, from - 1 + size), total: chosen.length, startIndex: from };
    },

    async read(directory: Directory, base: string, id: string): Promise<Shown> {
      return show(await rowOf(sql, directory, id), base);
    },

    async create(directory: Directory, base: string, body: unknown): Promise<Shown> {
      const resource = readResource(groupKind, body);
      return await turns.run(directory, async (tx) => {
        await checkName(tx, directory, nameOf(resource), null);
        const id = randomUUID();
        const at = new Date();
        await tx`insert into directory_group (id, directory, name, external_id, created_at, changed_at) values (${id}, ${directory.id}, ${nameOf(resource)}, ${externalOf(resource)}, ${at}, ${at})`;
        await setMembers(parts, tx, directory, id, membersOf(resource), [], false);
        return show(await rowOf(tx, directory, id), base);
      });
    },

    async replace(directory: Directory, base: string, id: string, body: unknown, ifMatch: string | null): Promise<Shown> {
      const resource = readResource(groupKind, body);
      return await turns.run(directory, async (tx) => show(await change(parts, tx, directory, await rowOf(tx, directory, id), () => resource, ifMatch), base));
    },

    async patch(directory: Directory, base: string, id: string, body: unknown, ifMatch: string | null): Promise<Shown> {
      return await turns.run(directory, async (tx) => show(await change(parts, tx, directory, await rowOf(tx, directory, id), (before) => patched(groupKind, before, body), ifMatch), base));
    },

    async remove(directory: Directory, id: string, ifMatch: string | null): Promise<void> {
      await turns.run(directory, async (tx) => {
        const row = await rowOf(tx, directory, id);
        checkVersion(row.version, ifMatch);
        await setMembers(parts, tx, directory, id, [], memberIds(row), false);
        await tx`delete from directory_group where id = ${id}`;
      });
    },
  };
}

async function change(parts: ScimParts, tx: TransactionSql, directory: Directory, row: GroupRow, next: (before: Resource) => Resource, ifMatch: string | null): Promise<GroupRow> {
  checkVersion(row.version, ifMatch);
  const before = resourceOf(row);
  const resource = next(before);
  const name = nameOf(resource);
  const renamed = name.toLowerCase() !== row.name.toLowerCase();
  if (renamed) await checkName(tx, directory, name, row.id);
  const members = membersOf(resource);
  const same = name === row.name && externalOf(resource) === row.externalId && members.length === memberIds(row).length && members.every((one) => memberIds(row).includes(one));
  if (!same) await tx`update directory_group set name = ${name}, external_id = ${externalOf(resource)}, version = version + 1, changed_at = ${new Date()} where id = ${row.id}`;
  // Even where nothing changed: an earlier call may have ended between the two.
  await setMembers(parts, tx, directory, row.id, members, memberIds(row), true);
  return await rowOf(tx, directory, row.id);
}

/** Sets who is in a group, then the roles of all who are or were. `all`: also of those who stay, as the group may have another name. */
async function setMembers(parts: ScimParts, tx: TransactionSql, directory: Directory, group: string, members: readonly string[], before: readonly string[], all: boolean): Promise<void> {
  const gone = before.filter((one) => !members.includes(one));
  const come = members.filter((one) => !before.includes(one));
  for (const user of come) {
    await userOf(tx, directory, user).catch((error: unknown) => {
      if (error instanceof ScimError) throw new ScimError(400, 'invalidValue', 'A member is no user of this directory.', { cause: error });
      throw error;
    });
    await tx`insert into directory_member (directory_group, directory_user) values (${group}, ${user}) on conflict do nothing`;
  }
  if (gone.length > 0) await tx`delete from directory_member where directory_group = ${group} and directory_user = any(${[...gone]})`;
  // Roles that go, first.
  for (const user of [...gone, ...(all ? members : come)]) await settleRoles(parts, tx, directory, await userOf(tx, directory, user));
}

async function checkName(tx: TransactionSql, directory: Directory, name: string, except: string | null): Promise<void> {
  const rows = await tx`select 1 from directory_group where directory = ${directory.id} and lower(name) = lower(${name}) and id is distinct from ${except} limit 1`;
  if (rows.length > 0) throw new ScimError(409, 'uniqueness', 'There is a group of this name.');
}

async function rowOf(db: Db, directory: Directory, id: string): Promise<GroupRow> {
  const [row] = /^[0-9a-f-]{36}$/.test(id) ? await rowsOf(db, directory, id) : [];
  if (row === undefined) throw new ScimError(404, null, 'There is no group of this id.');
  return row;
}

async function rowsOf(db: Db, directory: Directory, id: string | null): Promise<readonly GroupRow[]> {
  const sql = db as Sql;
  return await sql<GroupRow[]>`
    select g.id, g.name, g.external_id as "externalId", g.version, g.created_at as "createdAt", g.changed_at as "changedAt",
      (select json_agg(json_build_object('id', u.id, 'name', u.user_name) order by u.created_at, u.id) from directory_member m join directory_user u on u.id = m.directory_user where m.directory_group = g.id) as members
    from directory_group g where g.directory = ${directory.id} and (${id}::text is null or g.id = ${id}) order by g.created_at, g.id`;
}

function show(row: GroupRow, base: string): Shown {
  const { id, name, externalId, version, createdAt, changedAt, members } = row;
  const body = {
    schemas: [groupUrn], id, displayName: name, ...(externalId === null ? {} : { externalId }),
    members: (members ?? []).map((one) => ({ value: one.id, display: one.name, $ref: `${base}/Users/${one.id}`, type: 'User' })),
    meta: { resourceType: 'Group', created: createdAt.toISOString(), lastModified: changedAt.toISOString(), location: `${base}/Groups/${id}`, version: etagOf(version) },
  };
  return { body, etag: etagOf(version) };
}

function resourceOf(row: GroupRow): Resource {
  return { displayName: row.name, ...(row.externalId === null ? {} : { externalId: row.externalId }), ...(row.members === null ? {} : { members: memberIds(row).map((value) => ({ value })) }) };
}

function memberIds({ members }: GroupRow): readonly string[] {
  return (members ?? []).map(({ id }) => id);
}

function membersOf(resource: Resource): readonly string[] {
  const list: readonly Value[] = Array.isArray(resource['members']) ? resource['members'] as readonly Value[] : [];
  return [...new Set(list.map((one) => (isObject(one) && typeof one['value'] === 'string' ? one['value'] : '')))];
}

function nameOf(resource: Resource): string {
  const name = resource['displayName'];
  return typeof name === 'string' ? name.trim() : '';
}

function externalOf(resource: Resource): string | null {
  return typeof resource['externalId'] === 'string' ? resource['externalId'] : null;
}
