import type { AddVerb } from '../verb.ts';
import { addExport } from './export.ts';
import { addSearch } from './search.ts';

/** `weir acts …`: the record of what people did, for whoever may use the machine. */
export const addActs: AddVerb = (parent) => {
  const acts = parent.command('acts').description('the record of what people did: searched and exported');
  for (const add of [addSearch, addExport]) add(acts);
};
