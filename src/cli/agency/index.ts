import type { AddVerb } from '../verb.ts';
import { addBind } from './bind.ts';
import { addEnrol } from './enrol.ts';
import { addList } from './list.ts';
import { addRevoke } from './revoke.ts';
import { addTrustVerb } from './trust.ts';

/** `weir agency …`: who may connect, and for which ORIs. */
export const addAgency: AddVerb = (parent) => {
  const agency = parent.command('agency').description('certificates of agency systems');
  for (const add of [addEnrol, addList, addRevoke, addTrustVerb, addBind]) add(agency);
};
