import type { AddVerb } from '../verb.ts';
import { addAdd } from './add.ts';
import { addList } from './list.ts';
import { addRevoke } from './revoke.ts';

/** `weir directory …`: the directories of states and agencies, which add and remove their own people (SCIM 2.0). */
export const addDirectory: AddVerb = (parent) => {
  const directory = parent.command('directory').description('directories that add and remove their own people');
  for (const add of [addAdd, addList, addRevoke]) add(directory);
};
