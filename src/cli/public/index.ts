import type { AddVerb } from '../verb.ts';
import { addApprove } from './approve.ts';
import { addBuild } from './build.ts';
import { addCheck } from './check.ts';
import { addPrepare } from './prepare.ts';

/** `weir public …`: what everybody may read, made in three steps by two offices. */
export const addPublic: AddVerb = (parent) => {
  const noun = parent.command('public').description('the public release of an owner: prepared, approved by another office, built, checked');
  for (const add of [addPrepare, addApprove, addBuild, addCheck]) add(noun);
};
