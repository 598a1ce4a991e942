import type { Migration } from '../migration.ts';

export const deliveryMigration: Migration = { id: 16, name: 'delivery', up: 'select 1;', down: 'select 1;' };
