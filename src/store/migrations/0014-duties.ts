import type { Migration } from '../migration.ts';

/**
 * Duties with a clock. Notices are a projection of the ledger: of the entries that say that somebody must be told, and of the acts by which it was done. They name
 * nobody; whom a notice is for stands sealed in its entry alone. A certification, and what the registry says of it, are written in one transaction.
 */
export const dutiesMigration: Migration = {
  id: 14,
  name: 'duties',
  up: `
    create table notice (
      id text primary key,
      owner text not null,
      inquiry text not null,
      entry text not null,
      sequence bigint not null,
      rule text not null,
      who text not null check (who in ('subject', 'owner')),
      requester text not null,
      asked_at timestamptz not null,
      within_seconds bigint not null,
      due_at timestamptz not null,
      code text not null,
      letter_at timestamptz,
      letter_hash text,
      sent_at timestamptz,
      sent_channel text check (sent_channel in ('letter', 'email', 'spool')),
      sent_reference text,
      sent_hash text,
      missed_at timestamptz,
      delay_at timestamptz,
      delay_until timestamptz,
      delay_ground text,
      delay_order text,
      delay_by text,
      again_at timestamptz,
      unique (entry, rule)
    );
    create index notice_waiting on notice (due_at) where sent_at is null;
    create index notice_owner on notice (owner, due_at);

    create table certification_text (
      owner text not null,
      certification text not null,
      version int not null,
      text text not null,
      hash text not null,
      valid_days int not null check (valid_days between 1 and 366),
      remind_days int[] not null,
      perjury boolean not null,
      set_by text not null,
      set_at timestamptz not null,
      primary key (owner, certification, version)
    );

    create table certification (
      id text primary key,
      owner text not null,
      certification text not null,
      ori text not null,
      organisation text not null,
      text_version int not null,
      text_hash text not null,
      statement text not null,
      statement_hash text not null,
      account text not null,
      signed_at timestamptz not null,
      since date not null,
      until date not null,
      remind_days int[] not null,
      registry_version int not null,
      replaced_at timestamptz,
      lapsed_at timestamptz,
      revoked_at timestamptz,
      revoked_by text,
      revoked_why text,
      readmitted_at timestamptz,
      foreign key (owner, certification, text_version) references certification_text
    );
    create index certification_owner on certification (owner, signed_at desc);
    create index certification_organisation on certification (organisation, signed_at desc);
    create index certification_ends on certification (until) where lapsed_at is null and revoked_at is null and replaced_at is null;

    create table certification_reminder (
      certification text not null references certification,
      days int not null,
      at timestamptz not null,
      primary key (certification, days)
    );

    create table duty_quarter (
      quarter text primary key,
      begun_at timestamptz not null
    );
    create table user_review (
      id text primary key,
      scope text not null,
      quarter text not null,
      begun_at timestamptz not null,
      due_at timestamptz not null,
      overdue_at timestamptz,
      closed_at timestamptz,
      unique (scope, quarter)
    );
    create table user_review_item (
      id bigint generated always as identity primary key,
      review text not null references user_review,
      role_grant bigint not null references role_grant,
      account text not null,
      role text not null,
      decision text check (decision in ('keep', 'remove')),
      decided_by text,
      decided_at timestamptz,
      reason text,
      unique (review, account, role)
    );

    create table recertification (
      id text primary key,
      owner text not null,
      year int not null,
      begun_at timestamptz not null,
      due_at timestamptz not null,
      filled_to text not null default '',
      filled_at timestamptz,
      overdue_at timestamptz,
      closed_at timestamptz,
      unique (owner, year)
    );
    create table recertification_item (
      id bigint generated always as identity primary key,
      recertification text not null references recertification,
      organisation text not null,
      name text not null,
      evidence jsonb not null,
      decision text check (decision in ('keep', 'reduce', 'remove')),
      decided_by text,
      decided_at timestamptz,
      reason text,
      sentence text,
      others int,
      written_version int,
      unique (recertification, organisation)
    );
    create index recertification_open on recertification_item (recertification) where decision is null;
    create index recertification_unwritten on recertification_item (recertification) where sentence is not null and written_version is null;
  `,
  down: `
    drop table recertification_item;
    drop table recertification;
    drop table user_review_item;
    drop table user_review;
    drop table duty_quarter;
    drop table certification_reminder;
    drop table certification;
    drop table certification_text;
    drop table notice;
  `,
};
