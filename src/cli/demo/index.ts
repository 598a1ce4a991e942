import type { AddVerb } from '../verb.ts';
import { addYear } from './year.ts';

/** `weir demo …`: invented data to look at before there is any. */
export const addDemo: AddVerb = (parent) => {
  const demo = parent.command('demo').description('invented data to look at before there is any');
  for (const add of [addYear]) add(demo);
};
