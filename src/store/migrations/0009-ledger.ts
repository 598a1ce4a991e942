import type { Migration } from '../migration.ts';

/**
 * What the ledger has yet to be told. A change of a policy, the registry, a compiled table, a credential or a court order puts its row here in its own
 * transaction, so that nothing is changed which the anchor log is not told of; who runs the exchange records it and notes where it stands. Commands
 * put whole entries here while an exchange holds the log. And whose answer is kept by an idempotency key, since its repetition is told to each of them.
 */
export const ledgerMigration: Migration = {
  id: 9,
  name: 'ledger',
  up: `
    create table ledger_outbox (
      id bigint generated always as identity primary key,
      key text unique,
      at timestamptz not null default clock_timestamp(),
      event text,
      subject text,
      hash text,
      detail json,
      entry json,
      recorded_at timestamptz,
      recorded json,
      refused text,
      check ((event is null) <> (entry is null)),
      check ((event is null) = (subject is null))
    );
    create index ledger_outbox_unrecorded on ledger_outbox (id) where recorded_at is null;

    create function weir_tell_ledger() returns trigger language plpgsql as $$
    begin
      if tg_table_name = 'policy_version' then
        insert into ledger_outbox (key, event, subject, hash, detail)
        values ('policyActivated ' || new.owner || ' ' || new.version, 'policyActivated', new.owner || ' ' || new.version, new.hash, json_build_object('effective', new.effective::text))
        on conflict (key) do nothing;
      elsif tg_table_name = 'registry_version' then
        insert into ledger_outbox (key, event, subject, hash, detail)
        values ('registryActivated ' || new.version, 'registryActivated', new.version::text, new.hash,
          json_build_object('organisations', new.organisations, 'offices', new.offices, 'affiliations', new.affiliations, 'certifications', new.certifications))
        on conflict (key) do nothing;
      elsif tg_table_name = 'policy_table' then
        insert into ledger_outbox (key, event, subject, hash, detail)
        values ('tableCompiled ' || new.hash, 'tableCompiled', new.owner || ' ' || new.policy_version, new.hash, json_build_object('policy', new.policy_hash))
        on conflict (key) do nothing;
      elsif tg_table_name = 'credential' then
        if tg_op = 'INSERT' then
          insert into ledger_outbox (event, subject, hash) values ('agencyEnrolled', coalesce(nullif(array_to_string(new.oris, ' '), ''), 'operator'), new.fingerprint);
        elsif old.revoked_at is null and new.revoked_at is not null then
          insert into ledger_outbox (event, subject, hash) values ('credentialRevoked', coalesce(nullif(array_to_string(new.oris, ' '), ''), 'operator'), new.fingerprint);
        end if;
      elsif tg_table_name = 'court_order' then
        insert into ledger_outbox (event, subject, hash, detail)
        values ('orderConfirmed', new.owner, encode(sha256(convert_to(new.owner || ' ' || new.number, 'UTF8')), 'hex'),
          json_build_object('court', new.court, 'expires', coalesce(new.expires_at::text, 'never')));
      end if;
      perform pg_notify('weir_ledger', '');
      return null;
    end $$;
    create trigger policy_version_ledger after insert on policy_version for each row execute function weir_tell_ledger();
    create trigger registry_version_ledger after insert on registry_version for each row execute function weir_tell_ledger();
    create trigger policy_table_ledger after insert on policy_table for each row execute function weir_tell_ledger();
    create trigger credential_ledger after insert or update on credential for each row execute function weir_tell_ledger();
    create trigger court_order_ledger after insert or update on court_order for each row execute function weir_tell_ledger();

    insert into ledger_outbox (key, at, event, subject, hash, detail)
      select 'policyActivated ' || owner || ' ' || version, activated_at, 'policyActivated', owner || ' ' || version, hash, json_build_object('effective', effective::text) from policy_version order by activated_at;
    insert into ledger_outbox (key, at, event, subject, hash)
      select 'registryActivated ' || version, created_at, 'registryActivated', version::text, hash from registry_version order by version;
    insert into ledger_outbox (key, at, event, subject, hash, detail)
      select 'tableCompiled ' || hash, kept_at, 'tableCompiled', owner || ' ' || policy_version, hash, json_build_object('policy', policy_hash) from policy_table order by kept_at;
    insert into ledger_outbox (at, event, subject, hash)
      select enrolled_at, 'agencyEnrolled', coalesce(nullif(array_to_string(oris, ' '), ''), 'operator'), fingerprint from credential order by enrolled_at;

    delete from idempotency;
    alter table idempotency add column owners text[] not null default '{}';
  `,
  down: `
    alter table idempotency drop column owners;
    drop trigger court_order_ledger on court_order;
    drop trigger credential_ledger on credential;
    drop trigger policy_table_ledger on policy_table;
    drop trigger registry_version_ledger on registry_version;
    drop trigger policy_version_ledger on policy_version;
    drop function weir_tell_ledger();
    drop table ledger_outbox;
  `,
};
