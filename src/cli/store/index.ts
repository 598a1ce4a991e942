import type { AddVerb } from '../verb.ts';
import { addMigrate } from './migrate.ts';
import { addRollback } from './rollback.ts';
import { addStatus } from './status.ts';

export const addStore: AddVerb = (parent) => {
  const store = parent.command('store').description('the database and its schema');
  for (const add of [addStatus, addMigrate, addRollback]) add(store);
};
