import type { AddVerb } from '../verb.ts';
import { addAdd, addInvite } from './add.ts';
import { addList, addShow } from './list.ts';
import { addGive, addTake } from './roles.ts';
import { addDisable, addEnable, addUnlock } from './state.ts';
import { addRevokeToken, addTokens } from './tokens.ts';

/** `weir person …`: people and their accounts, kept by whoever may use the machine. */
export const addPerson: AddVerb = (parent) => {
  const person = parent.command('person').description('people, their accounts and roles');
  for (const add of [addAdd, addList, addShow, addGive, addTake, addUnlock, addDisable, addEnable, addInvite, addTokens, addRevokeToken]) add(person);
};
