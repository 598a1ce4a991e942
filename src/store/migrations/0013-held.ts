import type { Migration } from '../migration.ts';

export const heldRequestsMigration: Migration = { id: 13, name: 'held', up: 'select 1;', down: 'select 1;' };
