import type { Migration } from '../migration.ts';

export const policyChangesMigration: Migration = { id: 12, name: 'changes', up: 'select 1;', down: 'select 1;' };
