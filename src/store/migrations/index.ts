import type { Migration } from '../migration.ts';
import { coreMigration } from './0001-core.ts';
import { registryMigration } from './0002-registry.ts';
import { policiesMigration } from './0003-policies.ts';
import { peopleMigration } from './0004-people.ts';
import { exchangeMigration } from './0005-exchange.ts';
import { limitsMigration } from './0006-limits.ts';
import { claimsMigration } from './0007-claims.ts';
import { tablesMigration } from './0008-tables.ts';
import { ledgerMigration } from './0009-ledger.ts';
import { accountsMigration } from './0010-accounts.ts';
import { actsMigration } from './0011-acts.ts';
import { policyChangesMigration } from './0012-changes.ts';
import { heldRequestsMigration } from './0013-held.ts';
import { dutiesMigration } from './0014-duties.ts';
import { residentsMigration } from './0015-residents.ts';
import { deliveryMigration } from './0016-delivery.ts';
import { rebuildMigration } from './0017-rebuild.ts';
import { searchesMigration } from './0018-searches.ts';
import { mailboxesMigration } from './0019-mailboxes.ts';

/** Every step of the schema, in order. A step that has been released is never edited: a new one follows. */
export const migrations: readonly Migration[] = [
  coreMigration, registryMigration, policiesMigration, peopleMigration, exchangeMigration, limitsMigration, claimsMigration, tablesMigration,
  ledgerMigration, accountsMigration, actsMigration, policyChangesMigration, heldRequestsMigration, dutiesMigration, residentsMigration, deliveryMigration, rebuildMigration,
  searchesMigration, mailboxesMigration,
];
