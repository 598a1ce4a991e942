import type { Migration } from '../migration.ts';

/**
 * The record of acts answers quickly whatever is asked of it, and people keep searches. `subject` is the account that an act is about where it is about one, else the account that did it:
 * an owner reads the sign-ins of its own people by it. Indexes end in `id`, in the order in which pages are turned.
 */
export const searchesMigration: Migration = {
  id: 18,
  name: 'searches',
  up: `
    alter table act add column subject text not null generated always as (case when about ~ '^A-[0-9A-Z]{12}$' then about else who end) stored;
    drop index act_owner;
    drop index act_who;
    drop index act_about;
    create index act_owner on act (owner, at desc, id desc);
    create index act_who on act (who, at desc, id desc);
    create index act_about on act (about, at desc, id desc) where about is not null;
    create index act_word on act (owner, act, at desc, id desc);
    create index act_not_done on act (owner, at desc, id desc) where result <> 'done';
    create index act_subject on act (subject, at desc, id desc) where owner = '00';
    create index act_agency on act (who, at desc, id desc) where role in ('agencyCoordinator', 'agencyUser');
    create index act_scope on act ((detail ->> 'scope'), at desc, id desc) where detail ->> 'scope' is not null;
    create index role_grant_scope on role_grant (scope, account);
    create index role_grant_account on role_grant (account);

    create table saved_search (
      id text primary key check (id ~ '^Q-[0-9A-Z]{12}$'),
      account text not null references account on delete cascade,
      place text not null check (place ~ '^(owner [A-Z]{2}|agency [A-Z0-9]{9}|own)$'),
      name text not null check (length(name) between 1 and 60),
      query text not null check (length(query) <= 1000),
      at timestamptz not null default now(),
      unique (account, place, name)
    );
  `,
  down: `
    drop table saved_search;
    drop index role_grant_account;
    drop index role_grant_scope;
    drop index act_scope;
    drop index act_agency;
    drop index act_subject;
    drop index act_not_done;
    drop index act_word;
    drop index act_about;
    drop index act_who;
    drop index act_owner;
    alter table act drop column subject;
    create index act_owner on act (owner, at desc);
    create index act_who on act (who, at desc);
    create index act_about on act (about, at desc) where about is not null;
  `,
};
