import type { AddVerb } from '../verb.ts';
import { addKeysList } from './keys/list.ts';
import { addKeysPolicy } from './keys/policy.ts';
import { addKeysRotate } from './keys/rotate.ts';

/** `weir ledger keys …`: what signs, and what is kept for each day. */
export const addKeys: AddVerb = (parent) => {
  const keys = parent.command('keys').description('list and rotate the keys of the ledger, and print whom to trust');
  addKeysList(keys);
  addKeysPolicy(keys);
  addKeysRotate(keys);
};
