import type { Migration } from '../migration.ts';
import { coreMigration } from './0001-core.ts';
import { peopleMigration } from './0004-people.ts';
import { exchangeMigration } from './0005-exchange.ts';

/** Every step of the schema, in order. */
export const migrations: readonly Migration[] = [coreMigration, ...await landed('0002-registry', 'registryMigration'), ...await landed('0003-policies', 'policiesMigration'), peopleMigration, exchangeMigration];

/** Until the rooms that own these steps have theirs in place. */
async function landed(file: string, name: string): Promise<Migration[]> {
  const module = await import(new URL(`./${file}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href)
    .catch(() => ({})) as Record<string, Migration | undefined>;
  const found = module[name];
  return found === undefined ? [] : [found];
}
