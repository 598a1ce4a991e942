import { groupsOf } from './groups.ts';
import { turnsOf, type ScimParts } from './parts.ts';
import { usersOf } from './users.ts';

export { listOf, mostPerPage, resourceTypes, schemas, serviceProviderConfig } from './describe.ts';
export { addDirectory, DirectoryError, directoryOf, listDirectories, ownerOf, revokeDirectory, secretPrefix, type Directory, type DirectoryErrorCode, type NewDirectory } from './directories.ts';
export { ScimError, scimErrorBody, type ScimType } from './errors.ts';
export type { ScimParts } from './parts.ts';
export { project } from './resource.ts';
export type { Page, Query, Shown } from './users.ts';

/** People and groups of directories (RFC 7643, RFC 7644). Methods throw `ScimError` for whatever a directory may not, or wrote wrongly. */
export interface Scim {
  readonly users: ReturnType<typeof usersOf>;
  readonly groups: ReturnType<typeof groupsOf>;
}

/** Opens the service over accounts and the database. Keeps nothing in memory: any number of processes may have it open. */
export function openScim(parts: ScimParts): Scim {
  const turns = turnsOf(parts);
  return { users: usersOf(parts, turns), groups: groupsOf(parts, turns) };
}
