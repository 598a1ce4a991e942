import type { Migration } from '../migration.ts';

/** What people did, to be searched. A projection: the entries of type `act` in the owners' logs and in the log 00 are the record. */
export const actsMigration: Migration = {
  id: 11,
  name: 'acts',
  up: `
    create table act (
      id text primary key,
      at timestamptz not null,
      owner text not null,
      act text not null,
      who text not null,
      role text,
      about text,
      result text not null,
      hash text,
      detail json,
      sealed text
    );
    create index act_owner on act (owner, at desc);
    create index act_who on act (who, at desc);
    create index act_about on act (about, at desc) where about is not null;
  `,
  down: 'drop table act;',
};
