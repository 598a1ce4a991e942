import type { Migration } from '../migration.ts';

/** Certificates of agency systems, and court papers that owners confirmed. */
export const peopleMigration: Migration = {
  id: 4,
  name: 'people',
  up: `
    create table credential (
      fingerprint text primary key check (fingerprint ~ '^[0-9a-f]{64}$'),
      subject text not null,
      serial text not null,
      oris text[] not null,
      operator boolean not null default false,
      issued_by text not null,
      not_after timestamptz not null,
      enrolled_at timestamptz not null default now(),
      revoked_at timestamptz,
      note text,
      check (operator or cardinality(oris) > 0)
    );
    create index credential_oris on credential using gin (oris);

    create table court_order (
      owner text not null,
      number text not null,
      document_hash text check (document_hash ~ '^[0-9a-f]{64}$'),
      court text not null,
      confirmed_by text not null,
      confirmed_at timestamptz not null default now(),
      expires_at timestamptz,
      primary key (owner, number)
    );
    create index court_order_hash on court_order (owner, document_hash) where document_hash is not null;

    create function weir_say_changed() returns trigger language plpgsql as $$
      begin perform pg_notify('weir_' || tg_table_name, ''); return null; end $$;
    create trigger credential_changed after insert or update or delete or truncate on credential
      for each statement execute function weir_say_changed();
    create trigger court_order_changed after insert or update or delete or truncate on court_order
      for each statement execute function weir_say_changed();
  `,
  down: `
    drop table court_order;
    drop table credential;
    drop function weir_say_changed();
  `,
};
