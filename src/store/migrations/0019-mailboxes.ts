import type { Migration } from '../migration.ts';

/** One mailbox has many addresses: what stands after a `+` is its own to choose. A person is found by the mailbox, so that a second address of it makes no second person. */
export const mailboxesMigration: Migration = {
  id: 19,
  name: 'mailboxes',
  up: `
    create index person_mailbox on person ((regexp_replace(lower(email), '\\+[^@]*@', '@'))) where email is not null;
  `,
  down: `
    drop index person_mailbox;
  `,
};
