import type { Migration } from '../migration.ts';

/**
 * What the proofs of each owner's claims found, for each pair of policy and registry that was checked, and the overrides by which a
 * policy was activated though claims of it fail. `recorded_at` is null until the journal has the fact: the journal is the record of
 * truth, and these rows are what it has yet to be told. Rows are only ever added, or brought up to date on the same pair of versions.
 */
export const claimsMigration: Migration = {
  id: 7,
  name: 'claims',
  up: `
    create table claim_verdict (
      owner text not null check (owner ~ '^[A-Z]{2}$'),
      policy_version int not null check (policy_version > 0),
      registry_version int not null check (registry_version >= 0),
      claim text not null,
      world text not null,
      domain text not null,
      decides boolean not null,
      holds text not null check (holds in ('yes', 'no', 'capped')),
      count int,
      names text[] not null,
      asker text,
      sentence text,
      policy_hash text not null check (policy_hash ~ '^[0-9a-f]{64}$'),
      checked_at timestamptz not null,
      broke boolean not null,
      recorded_at timestamptz,
      primary key (owner, policy_version, registry_version, claim, world, domain)
    );
    create index claim_verdict_latest on claim_verdict (owner, checked_at);
    create index claim_verdict_unrecorded on claim_verdict (owner) where broke and recorded_at is null;

    create table claim_override (
      owner text not null,
      version int not null,
      claims text[] not null,
      reason text not null check (reason <> ''),
      by text not null check (by <> ''),
      at timestamptz not null,
      recorded_at timestamptz,
      primary key (owner, version)
    );
    create index claim_override_unrecorded on claim_override (owner) where recorded_at is null;
  `,
  down: `
    drop table claim_override;
    drop table claim_verdict;
  `,
};
