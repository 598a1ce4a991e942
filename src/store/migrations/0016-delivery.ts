import type { Migration } from '../migration.ts';

/**
 * Where late answers go. An agency has at most one address for events and one for messages. A delivery is made for each verdict and address once its entry is in the
 * ledger, and keeps its id through every attempt, so that a receiver knows a repetition. Address and secret are sealed under the exchange's own key.
 */
export const deliveryMigration: Migration = {
  id: 16,
  name: 'delivery',
  up: `
    create table delivery_address (
      ori text not null check (ori ~ '^[A-Z0-9]{9}$'),
      kind text not null check (kind in ('event', 'message')),
      url text not null,
      secret text not null,
      old_secret text,
      old_until timestamptz,
      ca text,
      set_by text not null,
      set_at timestamptz not null default now(),
      created_at timestamptz not null default now(),
      primary key (ori, kind)
    );

    create table delivery (
      id text primary key check (id ~ '^msg_[0-9A-Za-z]{24}$'),
      ticket text not null,
      ori text not null,
      kind text not null check (kind in ('event', 'message')),
      owner text not null,
      inquiry text not null,
      status text not null,
      decided_at timestamptz not null,
      queued_at timestamptz not null,
      next_at timestamptz not null,
      attempts int not null default 0,
      claimed_until timestamptz,
      state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed', 'dropped')),
      done_at timestamptz,
      unique (ticket, ori, kind),
      check ((state = 'waiting') = (done_at is null))
    );
    create index delivery_due on delivery (next_at) where state = 'waiting';
    create index delivery_ori on delivery (ori, queued_at desc);
    create index delivery_done on delivery (done_at) where done_at is not null;

    create table delivery_attempt (
      delivery text not null references delivery on delete cascade,
      n int not null,
      at timestamptz not null,
      ms int not null,
      status int,
      why text,
      primary key (delivery, n)
    );

    create table message_taken (
      ticket text primary key,
      at timestamptz not null default now(),
      who text not null
    );
    create index message_taken_at on message_taken (at);

    create index ledger_outbox_verdict on ledger_outbox (recorded_at) where entry ->> 'type' = 'verdict';
    create index ledger_outbox_verdict_ori on ledger_outbox ((entry ->> 'requester'), recorded_at) where entry ->> 'type' = 'verdict';
  `,
  down: `
    drop index ledger_outbox_verdict_ori;
    drop index ledger_outbox_verdict;
    drop table message_taken;
    drop table delivery_attempt;
    drop table delivery;
    drop table delivery_address;
  `,
};
