import type { Migration } from '../migration.ts';

/**
 * What makes settings and duties projections of the ledger. Deputies have rows of their own, each with who named them; those of a rota from before were named by whoever set it last. A signature may be
 * rebuilt whose text or registry row is not known (again) yet, and an item of a review whose role is gone, so neither is held to a row of another table.
 */
export const rebuildMigration: Migration = {
  id: 17,
  name: 'rebuild',
  up: `
    create table setting_change (
      name text primary key,
      change int not null,
      part int not null
    );

    create table held_deputy (
      id text primary key,
      owner text not null,
      desk text not null,
      account text not null,
      deputy text not null,
      from_at timestamptz not null,
      until_at timestamptz not null,
      given_by text not null,
      given_at timestamptz not null,
      ended_at timestamptz,
      ended_by text,
      ended_why text
    );
    create index held_deputy_owner on held_deputy (owner, until_at desc);
    create index held_deputy_now on held_deputy (until_at) where ended_at is null;
    insert into held_deputy (id, owner, desk, account, deputy, from_at, until_at, given_by, given_at)
      select 'D-' || upper(substr(md5(r.owner || d.value::text), 1, 16)), r.owner, d.value->>'desk', d.value->>'account', d.value->>'deputy', r.changed_at, (d.value->>'until')::timestamptz,
        coalesce((select a.who from act a where a.owner = r.owner and a.act = 'rotaChanged' order by a.at desc limit 1), 'operator'), r.changed_at
      from held_rota r cross join lateral json_array_elements(r.rota->'deputies') d on conflict do nothing;

    alter table certification drop constraint certification_owner_certification_text_version_fkey;
    alter table certification add column registry_due boolean not null default false;
    create index certification_registry on certification (owner) where registry_due;
    alter table user_review_item drop constraint user_review_item_role_grant_fkey;
    alter table user_review_item alter column role_grant drop not null;
  `,
  down: `
    delete from user_review_item where role_grant is null or role_grant not in (select id from role_grant);
    alter table user_review_item alter column role_grant set not null;
    alter table user_review_item add constraint user_review_item_role_grant_fkey foreign key (role_grant) references role_grant;
    delete from certification_reminder where certification in (
      select id from certification c where not exists (select 1 from certification_text t where t.owner = c.owner and t.certification = c.certification and t.version = c.text_version));
    delete from certification c where not exists (select 1 from certification_text t where t.owner = c.owner and t.certification = c.certification and t.version = c.text_version);
    drop index certification_registry;
    alter table certification drop column registry_due;
    alter table certification add constraint certification_owner_certification_text_version_fkey
      foreign key (owner, certification, text_version) references certification_text;
    drop table held_deputy;
    drop table setting_change;
  `,
};
