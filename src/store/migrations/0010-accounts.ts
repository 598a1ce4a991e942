import type { Migration } from '../migration.ts';

/**
 * People, their accounts and roles, sessions and tokens. Secrets are kept as hashes (SHA-256 of 256 random bits; passwords as Argon2id). A person is one human being,
 * whatever accounts they have: accounts of one e-mail address are of one person. Who changes roles or ends accounts is felt at the next request: nothing is cached.
 */
export const accountsMigration: Migration = {
  id: 10,
  name: 'accounts',
  up: `
    create table person (
      id text primary key check (id ~ '^U-[0-9A-Z]{12}$'),
      name text not null,
      email text,
      employer text check (employer ~ '^[A-Z0-9]{9}$'),
      employee_number text,
      facts jsonb not null default '{}',
      created_at timestamptz not null default now()
    );
    create unique index person_email on person (lower(email)) where email is not null;
    create unique index person_number on person (employer, lower(employee_number)) where employer is not null and employee_number is not null;

    create table account (
      id text primary key check (id ~ '^A-[0-9A-Z]{12}$'),
      person text not null references person,
      kind text not null check (kind in ('local', 'oidc', 'persona')),
      login text not null,
      issuer text,
      subject text,
      external_id text,
      password text,
      password_at timestamptz,
      totp text,
      totp_step bigint,
      created_at timestamptz not null default now(),
      last_at timestamptz,
      disabled_at timestamptz,
      disabled_why text,
      disabled_by text,
      enabled_at timestamptz,
      locked_at timestamptz,
      version int not null default 1
    );
    create unique index account_login on account (lower(login)) where kind = 'local' and disabled_at is null;
    create unique index account_subject on account (issuer, subject) where issuer is not null;
    create index account_person on account (person);

    create table passkey (
      id text primary key,
      account text not null references account on delete cascade,
      public_key bytea not null,
      counter bigint not null,
      transports text[] not null default '{}',
      name text not null,
      created_at timestamptz not null default now(),
      used_at timestamptz
    );

    create table role_grant (
      id bigint generated always as identity primary key,
      account text not null references account,
      role text not null,
      scope text not null,
      desks text[] not null default '{}',
      source text not null check (source in ('machine', 'official', 'coordinator', 'directory', 'persona')),
      given_by text not null,
      given_at timestamptz not null default now(),
      reviewed_at timestamptz,
      ended_at timestamptz,
      ended_by text
    );
    create unique index role_grant_now on role_grant (account, role, scope) where ended_at is null;

    create table invitation (
      secret text primary key,
      account text not null references account on delete cascade,
      expires_at timestamptz not null,
      used_at timestamptz
    );

    create table sign_in_step (
      secret text primary key,
      kind text not null,
      account text,
      challenge text,
      detail jsonb not null default '{}',
      expires_at timestamptz not null,
      used_at timestamptz
    );

    create table session (
      secret text primary key,
      id text not null unique,
      account text not null references account on delete cascade,
      begun_at timestamptz not null,
      shown_at timestamptz not null,
      seen_at timestamptz not null,
      expires_at timestamptz not null,
      notice_at timestamptz,
      locked_at timestamptz,
      ended_at timestamptz,
      factors text[] not null,
      device text not null default ''
    );
    create index session_account on session (account) where ended_at is null;

    create table session_past (
      secret text primary key,
      session text not null references session (id) on delete cascade,
      at timestamptz not null
    );

    create table attempt (
      id bigint generated always as identity primary key,
      login text not null,
      at timestamptz not null,
      ok boolean not null
    );
    create index attempt_login on attempt (login, at desc);

    create table service_token (
      secret text primary key,
      id text not null unique,
      account text not null references account on delete cascade,
      name text not null,
      actions text[] not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      used_at timestamptz,
      revoked_at timestamptz
    );
    create index service_token_account on service_token (account);

    create table directory (
      id text primary key,
      name text not null,
      secret text not null unique,
      issuer text not null,
      groups jsonb not null default '{}',
      scopes text[] not null,
      created_at timestamptz not null default now(),
      used_at timestamptz,
      revoked_at timestamptz
    );

    create table directory_user (
      id text primary key,
      directory text not null references directory,
      account text not null unique references account,
      user_name text not null,
      external_id text,
      resource jsonb not null,
      version int not null default 1,
      created_at timestamptz not null,
      changed_at timestamptz not null
    );
    create unique index directory_user_name on directory_user (directory, lower(user_name));
    create unique index directory_user_external on directory_user (directory, external_id) where external_id is not null;

    create table directory_group (
      id text primary key,
      directory text not null references directory,
      name text not null,
      external_id text,
      version int not null default 1,
      created_at timestamptz not null,
      changed_at timestamptz not null
    );
    create unique index directory_group_name on directory_group (directory, lower(name));

    create table directory_member (
      directory_group text not null references directory_group on delete cascade,
      directory_user text not null references directory_user on delete cascade,
      primary key (directory_group, directory_user)
    );
    create index directory_member_user on directory_member (directory_user);
  `,
  down: `
    drop table directory_member;
    drop table directory_group;
    drop table directory_user;
    drop table directory;
    drop table service_token;
    drop table attempt;
    drop table session_past;
    drop table session;
    drop table sign_in_step;
    drop table invitation;
    drop table role_grant;
    drop table passkey;
    drop table account;
    drop table person;
  `,
};
