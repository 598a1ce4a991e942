import type { Migration } from '../migration.ts';

/** What the exchange keeps beside the journal: answers to repeat, holds with their clocks, and how far each projection has read. */
export const exchangeMigration: Migration = {
  id: 5,
  name: 'exchange',
  up: `
    create table idempotency (
      requester text not null,
      key text not null,
      request_hash text not null,
      inquiry text not null,
      state text not null,
      answer bytea,
      status int,
      content_type text,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      primary key (requester, key)
    );
    create index idempotency_expires on idempotency (expires_at);

    create table ticket (
      id text primary key,
      owner text not null,
      requester text not null,
      inquiry text not null,
      entry bigint,
      deadline timestamptz not null,
      on_timeout text not null,
      by text not null,
      classes text[] not null,
      created_at timestamptz not null default now()
    );
    create index ticket_deadline on ticket (deadline);

    create table projection (
      name text primary key,
      watermark bigint not null
    );
  `,
  down: `
    drop table projection;
    drop table ticket;
    drop table idempotency;
  `,
};
