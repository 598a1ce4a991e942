import type { Migration } from '../migration.ts';

/** Requests of residents who ask who looked them up. What they gave and what they get is sealed under the owner's key, and erased when it is no longer needed. */
export const residentsMigration: Migration = {
  id: 15,
  name: 'residents',
  up: `
    create table resident_request (
      number text primary key check (number ~ '^R-[0-9A-Z]{10}$'),
      owner text not null,
      secret text not null,
      state text not null check (state in ('proofing', 'ready', 'made', 'delivered', 'refused', 'lapsed')),
      given text,
      contact text,
      code text,
      period_from date not null,
      period_to date not null,
      steps jsonb not null,
      asked_at timestamptz not null,
      due_at timestamptz not null,
      tries int not null default 0,
      tried_at timestamptz,
      report text,
      entries int,
      made_at timestamptz,
      read_at timestamptz,
      closed_at timestamptz
    );
    create index resident_request_owner on resident_request (owner, asked_at desc);
    create index resident_request_open on resident_request (due_at) where state in ('proofing', 'ready', 'made');
  `,
  down: 'drop table resident_request;',
};
