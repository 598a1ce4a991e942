import type { AddVerb } from '../verb.ts';
import { addCheck } from './check.ts';
import { addTest } from './test.ts';

/** `weir source …`: where the records of owners are. */
export const addSource: AddVerb = (parent) => {
  const source = parent.command('source').description('connections to the records of owners');
  for (const add of [addCheck, addTest]) add(source);
};
