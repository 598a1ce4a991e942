import type { Migration } from '../migration.ts';

/**
 * Every compiled table that decided, by the hash that stands in the entries: whoever has an entry can load the very bytes that
 * decided it. Rows are only ever added.
 */
export const tablesMigration: Migration = {
  id: 8,
  name: 'tables',
  up: `
    create table policy_table (
      hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
      owner text not null check (owner ~ '^[A-Z]{2}$'),
      policy_version int not null,
      policy_hash text not null,
      text text not null,
      kept_at timestamptz not null default now()
    );
    create index policy_table_by_policy on policy_table (owner, policy_hash, kept_at desc);
  `,
  down: 'drop table policy_table;',
};
