import type { Migration } from '../migration.ts';

/**
 * The registry by version. A row is in every version from `from_version` up to, but not with, `to_version` (null: still in);
 * rows are only ever added and closed, so that each version can be read back. Who adds a version tells it on `weir_registry`.
 */
export const registryMigration: Migration = {
  id: 2,
  name: 'registry',
  up: `
    create table registry_version (
      version int primary key check (version > 0),
      hash text not null check (hash ~ '^[0-9a-f]{64}$'),
      parent int references registry_version,
      note text not null,
      organisations int not null,
      offices int not null,
      affiliations int not null,
      certifications int not null,
      created_at timestamptz not null default now()
    );

    create table registry_organisation (
      row bigint generated always as identity primary key,
      from_version int not null references registry_version,
      to_version int references registry_version check (to_version > from_version),
      id text not null,
      name text not null,
      parent text,
      level text,
      department text,
      component text,
      home_state text,
      missions text[],
      criminal_justice text,
      audit text,
      invented boolean not null
    );
    create unique index registry_organisation_now on registry_organisation (id) where to_version is null;

    create table registry_office (
      row bigint generated always as identity primary key,
      from_version int not null references registry_version,
      to_version int references registry_version check (to_version > from_version),
      ori text not null,
      organisation text not null,
      name text not null,
      state text not null,
      county text,
      type text not null,
      active boolean not null
    );
    create unique index registry_office_now on registry_office (ori) where to_version is null;

    create table registry_affiliation (
      row bigint generated always as identity primary key,
      from_version int not null references registry_version,
      to_version int references registry_version check (to_version > from_version),
      kind text not null,
      from_organisation text not null,
      to_organisation text not null,
      detail text,
      since date not null,
      until date,
      provenance text not null,
      grade text not null,
      confirmed boolean not null
    );
    create unique index registry_affiliation_now on registry_affiliation (kind, from_organisation, to_organisation, coalesce(detail, ''), since) where to_version is null;

    create table registry_certification (
      row bigint generated always as identity primary key,
      from_version int not null references registry_version,
      to_version int references registry_version check (to_version > from_version),
      organisation text not null,
      certification text not null,
      owner text not null,
      since date not null,
      until date not null
    );
    create unique index registry_certification_now on registry_certification (organisation, certification, owner, since) where to_version is null;
  `,
  down: `
    drop table registry_certification;
    drop table registry_affiliation;
    drop table registry_office;
    drop table registry_organisation;
    drop table registry_version;
  `,
};
