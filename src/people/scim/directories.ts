import { createHash, randomBytes } from 'node:crypto';

import { MendableError } from '../../model/codedError.ts';
import type { Sql } from '../../store/index.ts';
import type { Acts } from '../acts/index.ts';
import { readGroups, type GroupRoles } from '../provider/settings.ts';
import { readScope, scopeText, type Grant, type Scope } from '../roles/index.ts';

/** A state's or agency's directory, which adds and removes its own people. */
export interface Directory {
  /** `D-` and twelve letters or digits: what stands on the record. */
  readonly id: string;
  readonly name: string;
  /** The provider by which its people sign in: the issuer of OpenID Connect. `externalId` is the subject there. */
  readonly issuer: string;
  /** What it can give roles for, `owner WA` or `agency ZZ0000101`: never for anything else. */
  readonly scopes: readonly string[];
  /** Which of its groups give which roles, by the name of the group. */
  readonly groups: GroupRoles;
  readonly createdAt: Date;
  /** When it last asked for something; noted once a minute. */
  readonly usedAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface NewDirectory {
  readonly name: string;
  readonly issuer: string;
  readonly scopes: readonly string[];
  readonly groups: GroupRoles;
}

/** `DIRECTORY_*`: why a directory was not connected. */
export type DirectoryErrorCode = 'DIRECTORY_NAME' | 'DIRECTORY_ISSUER' | 'DIRECTORY_SCOPE' | 'DIRECTORY_GROUPS' | 'DIRECTORY_UNKNOWN';

export class DirectoryError extends MendableError<DirectoryErrorCode> {
  override readonly name = 'DirectoryError';
}

interface Parts {
  readonly sql: Sql;
  readonly acts: Pick<Acts, 'put'>;
}

/** Connects a directory. Its secret comes out once, and is kept as a hash. Throws `DIRECTORY_NAME`, `DIRECTORY_ISSUER`, `DIRECTORY_SCOPE`, `DIRECTORY_GROUPS`. The operator controls the input. */
export async function addDirectory({ sql, acts }: Parts, request: NewDirectory, who: string): Promise<{ readonly directory: Directory; readonly secret: string }> {
  const { name, issuer, scopes, groups } = checked(request);
  const id = `D-${Array.from(randomBytes(12), (byte) => letters[byte & 31]).join('')}`;
  const secret = `${secretPrefix}${randomBytes(32).toString('base64url')}`;
  const [directory] = await sql.begin(async (tx) => {
    const rows = await tx<Directory[]>`
      insert into directory (id, name, secret, issuer, groups, scopes) values (${id}, ${name}, ${hashOf(secret)}, ${issuer}, ${tx.json(groups)}, ${[...scopes]})
      returning ${columns(tx)}`;
    await acts.put(tx, { act: 'directoryMade', owner: ownerOf(scopes), who, on: id, detail: { scopes: scopes.join(', ').slice(0, 200), groups: Object.keys(groups).length } });
    return rows;
  });
  if (directory === undefined) throw new Error('a row that was written is not there');
  return { directory, secret };
}

/** All directories, newest first, revoked ones too. */
export async function listDirectories(sql: Sql): Promise<readonly (Directory & { readonly people: number })[]> {
  return await sql<(Directory & { readonly people: number })[]>`
    select ${columns(sql)}, (select count(*)::int from directory_user u where u.directory = directory.id) as people from directory order by created_at desc, id`;
}

/** Ends the secret of a directory: the next request with it is refused. Its people keep what they have. Throws `DIRECTORY_UNKNOWN`. */
export async function revokeDirectory({ sql, acts }: Parts, id: string, who: string): Promise<void> {
  const done = await sql.begin(async (tx) => {
    const [row] = await tx<{ scopes: string[] }[]>`update directory set revoked_at = now() where id = ${id} and revoked_at is null returning scopes`;
    if (row !== undefined) await acts.put(tx, { act: 'directoryRevoked', owner: ownerOf(row.scopes), who, on: id });
    return row !== undefined;
  });
  if (!done) throw new DirectoryError('DIRECTORY_UNKNOWN', 'no directory of this number is connected', 'See `weir directory list`.');
}

/** The directory of a secret; null where it is unknown or revoked. The text comes from the network. */
export async function directoryOf(sql: Sql, secret: string): Promise<Directory | null> {
  if (!secret.startsWith(secretPrefix) || secret.length > 100) return null;
  const hash = hashOf(secret);
  const [found] = await sql<Directory[]>`select ${columns(sql)} from directory where secret = ${hash} and revoked_at is null`;
  if (found === undefined) return null;
  if (found.usedAt === null || Date.now() - found.usedAt.getTime() > 60_000) await sql`update directory set used_at = now() where id = ${found.id}`;
  return found;
}

/** What a secret of a directory begins with, so that it is known wherever one is found. */
export const secretPrefix = 'weir_scim_';

/** Which groups of a directory give which roles: of those in its scopes alone, whatever its map says. By name in lower case, as SCIM compares them. */
export function rolesOf({ groups, scopes }: Directory): ReadonlyMap<string, readonly Grant[]> {
  const read = readGroups(groups, (message) => new DirectoryError('DIRECTORY_GROUPS', message, 'Connect the directory again.'));
  return new Map([...read].map(([name, grants]) => [name.toLowerCase(), grants.filter(({ scope }) => scopes.includes(scopeText(scope)))]));
}

/** The owner in whose log the acts of a directory stand: where it is for one owner, that one. */
export function ownerOf(scopes: readonly string[]): string | null {
  const owners = scopes.flatMap((text) => {
    const scope = readScope(text);
    return scope?.kind === 'owner' ? [scope.owner] : [];
  });
  return owners.length === 1 ? (owners[0] ?? null) : null;
}

function checked({ name, issuer, scopes, groups }: NewDirectory): NewDirectory {
  const plain = name.trim();
  if (plain === '' || plain.length > 100 || /\p{Cc}/u.test(plain)) throw new DirectoryError('DIRECTORY_NAME', 'the name is empty or too long', 'Give 1 to 100 characters.');
  if (scopes.length === 0) throw new DirectoryError('DIRECTORY_SCOPE', 'no scope is given', scopeMend);
  const read = scopes.map((text) => {
    const scope = readScope(text.trim());
    if (scope === null || (scope.kind !== 'owner' && scope.kind !== 'agency')) throw new DirectoryError('DIRECTORY_SCOPE', `\`${text.slice(0, 40)}\` is no scope of a directory`, scopeMend);
    return scope;
  });
  const texts = [...new Set(read.map(scopeText))];
  const roles = readGroups(groups, (message, mend) => new DirectoryError('DIRECTORY_GROUPS', message, mend));
  const beyond = [...roles.values()].flat().find(({ scope }) => !covered(read, scope));
  if (beyond !== undefined) throw new DirectoryError('DIRECTORY_GROUPS', `a group gives a role for \`${scopeText(beyond.scope)}\`, which is none of the directory's scopes`, 'Add it to --scopes, or leave the group out.');
  return { name: plain, issuer: issuerOf(issuer), scopes: texts, groups };
}

function covered(scopes: readonly Scope[], wanted: Scope): boolean {
  return scopes.some((scope) => scopeText(scope) === scopeText(wanted));
}

function issuerOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.search !== '' || url.hash !== '' || text.length > 500) {
    throw new DirectoryError('DIRECTORY_ISSUER', 'the issuer is no address', 'Give the issuer of the provider as the settings have it: https://login.example.org');
  }
  return url.href;
}

function columns(sql: Sql | Parameters<Parameters<Sql['begin']>[1]>[0]): ReturnType<Sql> {
  return (sql as Sql)`id, name, issuer, scopes, groups, created_at as "createdAt", used_at as "usedAt", revoked_at as "revokedAt"`;
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

const scopeMend = 'Give them as --scopes "owner WA, agency ZZ0000101".';
/** Crockford's base 32: no I, L, O or U. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
