import type { Migration } from '../migration.ts';

export const dutiesMigration: Migration = { id: 14, name: 'duties', up: 'select 1;', down: 'select 1;' };
