import type { Migration } from '../migration.ts';

/**
 * Changes of policies: drafts, proposals bound to one hash, who approved, comments, the rule of approval of each owner and deputies. Every step of a proposal is one
 * transaction under the owner's lock. That nobody counts twice, and that an owner has one proposal in force, stands in the indexes too.
 */
export const policyChangesMigration: Migration = {
  id: 12,
  name: 'changes',
  up: `
    create table policy_draft (
      id text primary key check (id ~ '^D-[0-9A-Z]{12}$'),
      owner text not null check (owner ~ '^[A-Z]{2}$'),
      title text not null,
      text text not null,
      etag int not null default 1,
      author text not null,
      author_name text not null,
      persons text[] not null,
      saved_at timestamptz not null,
      checks json,
      newest int,
      dropped_at timestamptz
    );
    create index policy_draft_owner on policy_draft (owner, saved_at desc) where dropped_at is null;

    create table policy_proposal (
      id text primary key check (id ~ '^P-[0-9A-Z]{12}$'),
      owner text not null check (owner ~ '^[A-Z]{2}$'),
      kind text not null check (kind in ('policy', 'rule', 'stepBack', 'emergency')),
      state text not null check (state in ('open', 'approved', 'scheduled', 'inForce', 'returned', 'rejected', 'withdrawn', 'lapsed', 'superseded', 'ended')),
      round int not null default 1,
      hash text not null check (hash ~ '^[0-9a-f]{64}$'),
      version int,
      text text not null,
      effect text not null check (effect in ('widening', 'narrowing', 'neutral')),
      author text not null,
      author_name text not null,
      persons text[] not null,
      reason text not null,
      rule json not null,
      base_rule text not null,
      proposed_at timestamptz not null,
      lapses_at timestamptz not null,
      starts_at timestamptz,
      ends_at timestamptz,
      in_force_at timestamptz,
      closed_at timestamptz,
      restores int,
      checks json,
      newest int,
      approved_rule json,
      check ((kind = 'rule') = (version is null))
    );
    create index policy_proposal_owner on policy_proposal (owner, proposed_at desc);
    create index policy_proposal_lapses on policy_proposal (lapses_at) where state = 'open';
    create index policy_proposal_starts on policy_proposal (starts_at) where state = 'scheduled';
    create index policy_proposal_ends on policy_proposal (ends_at) where state = 'inForce' and ends_at is not null;
    create unique index policy_proposal_in_force on policy_proposal (owner, (kind = 'rule')) where state = 'inForce';

    create table policy_approval (
      id bigint generated always as identity primary key,
      proposal text not null references policy_proposal,
      round int not null,
      account text not null,
      person text not null,
      seat text not null,
      deputy_of text,
      name text not null,
      role text not null,
      decision text not null check (decision in ('approve', 'return', 'reject')),
      reason text not null,
      at timestamptz not null,
      salt text not null,
      statement text not null,
      event_key text not null
    );
    create index policy_approval_proposal on policy_approval (proposal, round);
    create unique index policy_approval_person on policy_approval (proposal, round, person) where decision = 'approve';
    create unique index policy_approval_seat on policy_approval (proposal, round, seat) where decision = 'approve';

    create table policy_comment (
      id text primary key,
      owner text not null,
      draft text references policy_draft,
      proposal text references policy_proposal,
      rule text,
      by_account text not null,
      by_name text not null,
      at timestamptz not null,
      text text not null,
      check ((draft is null) <> (proposal is null))
    );
    create index policy_comment_draft on policy_comment (draft, at) where draft is not null;
    create index policy_comment_proposal on policy_comment (proposal, at) where proposal is not null;

    create table approval_rule (
      owner text primary key check (owner ~ '^[A-Z]{2}$'),
      rule json not null,
      hash text not null,
      proposal text not null references policy_proposal,
      set_at timestamptz not null
    );

    create table approval_deputy (
      id bigint generated always as identity primary key,
      owner text not null,
      from_account text not null,
      to_account text not null,
      role text not null check (role in ('policyApprover', 'privacyApprover')),
      until timestamptz not null,
      given_by text not null,
      given_at timestamptz not null,
      ended_at timestamptz
    );
    create index approval_deputy_to on approval_deputy (owner, to_account) where ended_at is null;
    create index approval_deputy_until on approval_deputy (until) where ended_at is null;
  `,
  down: `
    drop table approval_deputy;
    drop table approval_rule;
    drop table policy_comment;
    drop table policy_approval;
    drop table policy_proposal;
    drop table policy_draft;
  `,
};
