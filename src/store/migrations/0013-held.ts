import type { Migration } from '../migration.ts';

/**
 * Held requests with their clocks, verdicts and late answers. A ticket row is a projection of the ledger: the watermark goes back to the beginning, so that those from
 * before get what they lack. A late answer lies sealed under the owner's key, and is given only once its verdict is in the ledger.
 */
export const heldRequestsMigration: Migration = {
  id: 13,
  name: 'held',
  up: `
    alter table ticket
      add column document json,
      add column kind text not null default 'hold' check (kind in ('hold', 'exigent')),
      add column state text not null default 'waiting' check (state in ('waiting', 'asked', 'escalated', 'decided')),
      add column harm smallint not null default 2 check (harm between 0 and 2),
      add column due_hour bigint not null default 0,
      add column purpose text not null default 'notStated',
      add column verdict text,
      add column reason text,
      add column decided_by text,
      add column decided_at timestamptz,
      add column verdict_id text,
      add column verdict_document json,
      add column verdict_sequence bigint,
      add column outbox bigint,
      add column overdue_at timestamptz,
      add column retry_at timestamptz;
    update ticket set due_hour = floor(extract(epoch from deadline) / 3600);
    delete from projection where name = 'ticket';
    create index ticket_inbox on ticket (owner, due_hour, harm, deadline, id) where state <> 'decided';
    create index ticket_due on ticket (deadline) where state <> 'decided' and overdue_at is null;
    create index ticket_asker on ticket (owner, requester, created_at desc);
    create index ticket_decided on ticket (owner, decided_at desc) where state = 'decided';
    create index ticket_decided_all on ticket (decided_at) where document is not null and state = 'decided';

    create table held_question (
      id text primary key,
      ticket text not null,
      owner text not null,
      at timestamptz not null,
      sealed text not null,
      answered_at timestamptz,
      answer text
    );
    create index held_question_ticket on held_question (ticket, at);

    create table held_paper (
      id text primary key,
      ticket text not null,
      owner text not null,
      at timestamptz not null,
      hash text not null,
      bytes int not null,
      key text not null,
      kept boolean not null default false,
      gone_at timestamptz
    );
    create index held_paper_ticket on held_paper (ticket, at);

    create sequence late_number;
    create table late_answer (
      ticket text primary key,
      verdict text not null,
      owner text not null,
      requester text not null,
      format text not null,
      content_type text not null,
      sealed text not null,
      outbox bigint,
      recorded boolean not null default false,
      made_at timestamptz not null,
      expires_at timestamptz not null
    );
    create index late_answer_expires on late_answer (expires_at);
    create index late_answer_requester on late_answer (requester, made_at);

    create table held_rota (
      owner text primary key,
      rota json not null,
      changed_at timestamptz not null
    );
  `,
  down: `
    drop table held_rota;
    drop table late_answer;
    drop sequence late_number;
    drop table held_paper;
    drop table held_question;
    drop index ticket_decided_all;
    drop index ticket_decided;
    drop index ticket_asker;
    drop index ticket_due;
    drop index ticket_inbox;
    alter table ticket
      drop column document, drop column kind, drop column state, drop column harm, drop column due_hour, drop column purpose, drop column verdict, drop column reason,
      drop column decided_by, drop column decided_at, drop column verdict_id, drop column verdict_document, drop column verdict_sequence, drop column outbox,
      drop column overdue_at, drop column retry_at;
  `,
};
