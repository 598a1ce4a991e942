import type { Migration } from '../migration.ts';

/**
 * Every version of every owner's policy that was activated, as its author wrote it. Rows are only ever added.
 * In force is the highest version of an owner whose first day has come. Who adds one tells it on `weir_policy`.
 */
export const policiesMigration: Migration = {
  id: 3,
  name: 'policies',
  up: `
    create table policy_version (
      owner text not null check (owner ~ '^[A-Z]{2}$'),
      version int not null check (version > 0),
      hash text not null check (hash ~ '^[0-9a-f]{64}$'),
      text text not null,
      author text not null,
      effective date not null,
      created_at timestamptz not null default now(),
      activated_at timestamptz not null,
      primary key (owner, version)
    );
  `,
  down: 'drop table policy_version;',
};
