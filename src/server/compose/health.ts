import type { Journal, Policies } from '../../exchange/index.ts';
import type { Sql } from '../../store/index.ts';
import type { HealthPart, HealthReport } from '../deps.ts';

interface Watched {
  readonly journal: Journal;
  readonly sql: Sql;
  readonly registry: { current(): { readonly version: number } };
  readonly policies: Policies;
}

/** What must work before queries are answered. The database is asked with a limit of a second, at most once a second. */
export function healthOf({ journal, sql, registry, policies }: Watched): () => Promise<HealthReport> {
  let asked = 0;
  let database: Promise<boolean> = Promise.resolve(true);
  return async () => {
    if (Date.now() - asked > 1000) {
      asked = Date.now();
      database = answers(sql);
    }
    return [
      part('journal', journal.healthy, 'the journal cannot write, so nothing is released'),
      part('database', await database, 'the database does not answer'),
      part('registry', registry.current().version > 0, 'no registry was imported yet'),
      part('policies', policies.owners.length > 0, 'no owner has a policy in force, so everything is refused'),
    ];
  };
}

function part(name: HealthPart['name'], ok: boolean, reason: string): HealthPart {
  return { name, ok, reason: ok ? null : reason };
}

async function answers(sql: Sql): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), 1000)));
  try {
    return await Promise.race([sql`select 1`.then(() => true, () => false), late]);
  } finally {
    clearTimeout(timer);
  }
}
