import type { Migration } from '../migration.ts';

/** What the program keeps about itself. */
export const coreMigration: Migration = {
  id: 1,
  name: 'core',
  up: `
    create table setting (
      name text primary key,
      value jsonb not null,
      changed_at timestamptz not null default now()
    );
  `,
  down: 'drop table setting;',
};
