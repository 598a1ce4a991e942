import type { Migration } from '../migration.ts';

export const residentsMigration: Migration = { id: 15, name: 'residents', up: 'select 1;', down: 'select 1;' };
