import { readFile } from 'node:fs/promises';

import { parse } from 'yaml';

import { checkGroups, type GroupRoles } from '../../people/provider/index.ts';
import { allRoles, type Role } from '../../people/roles/index.ts';
import { exitCodes, VerbError } from '../verb.ts';

/**
 * The map of groups from `--groups FILE` (YAML or JSON: a group, and under it a list of role, scope and desks) and any number of `--group "NAME=ROLE SCOPE"`, where scope is `owner WA` or
 * `agency ZZ0000101`, and `desk NAME` may follow. Wrong ones are wrong usage.
 */
export async function groupsFrom(file: string | undefined, texts: readonly string[]): Promise<GroupRoles> {
  const groups: GroupRoles = file === undefined ? {} : await fromFile(file);
  for (const text of texts) {
    const { name, role, scope, desks } = fromText(text);
    groups[name] = [...groups[name] ?? [], { role, scope, ...(desks.length === 0 ? {} : { desks }) }];
  }
  return groups;
}

async function fromFile(path: string): Promise<GroupRoles> {
  let value: unknown;
  try {
    value = parse(await readFile(path, 'utf8'), { maxAliasCount: 0 });
  } catch (cause) {
    throw new VerbError(exitCodes.usage, 'the file of groups could not be read', 'It is YAML or JSON: a group, and under it a list of role, scope and desks.', { cause });
  }
  const read = checkGroups(value);
  if (typeof read === 'string') throw new VerbError(exitCodes.usage, `the file of groups: ${read}`, 'See `weir directory add --help`.');
  return read;
}

function fromText(text: string): { readonly name: string; readonly role: Role; readonly scope: string; readonly desks: string[] } {
  const parts = /^(.{1,300}?)=([A-Za-z]+) (owner [A-Z]{2}|agency [A-Z0-9]{9})(?: desk ([A-Za-z0-9 ,._-]{1,300}))?$/.exec(text.trim());
  const [, name = '', word = '', scope = '', desks] = parts ?? [];
  const role = allRoles.find((one) => one === word);
  if (parts === null || role === undefined) throw new VerbError(exitCodes.usage, '--group is not of the form NAME=ROLE SCOPE', 'Such as --group "Weir Approvers=policyApprover owner WA" or --group "Desk=reviewer owner WA desk privacyDesk".');
  return { name: name.trim(), role, scope, desks: (desks ?? '').split(',').map((desk) => desk.trim()).filter((desk) => desk !== '') };
}
