import type { Journal, Policies } from '../../exchange/index.ts';
import type { ThreadStatus } from '../../ledger/index.ts';
import type { Sql } from '../../store/index.ts';
import type { HealthPart, HealthReport } from '../deps.ts';

interface Watched {
  readonly journal: Journal;
  readonly sql: Sql;
  readonly registry: { current(): { readonly version: number } };
  readonly policies: Policies;
  /** As the thread of the ledger told it last. */
  readonly ledger: () => ThreadStatus | null;
}

/** What must work before queries are answered. The database is asked with a limit of a second, at most once a second. */
export function healthOf({ journal, sql, registry, policies, ledger }: Watched): () => Promise<HealthReport> {
  let asked = 0;
  let database: Promise<boolean> = Promise.resolve(true);
  return async () => {
    if (Date.now() - asked > 1000) {
      asked = Date.now();
      database = answers(sql);
    }
    return [
      part('journal', journal.healthy, 'the journal cannot write, so nothing is released'),
      { ...part('ledger', isPublished(ledger()), 'entries are durable and no checkpoint was signed for them: a key or the disk of the ledger fails'), warning: true },
      { ...part('witnesses', isWitnessed(ledger()), 'a quorum of witnesses does not cosign; data that must be witnessed is not released'), warning: true },
      part('database', await database, 'the database does not answer'),
      part('registry', registry.current().version > 0, 'no registry was imported yet'),
      part('policies', policies.owners.length > 0, 'no owner has a policy in force, so everything is refused'),
    ];
  };
}

/** What a checkpoint may lag behind, in milliseconds, before somebody is called. */
const longestLag = 60_000;

/** Whether every log's checkpoints follow its entries. */
function isPublished(status: ThreadStatus | null): boolean {
  return status === null || status.ledger.logs.every(({ size, published }) => published !== null ? size === published.size || Date.now() - published.at < longestLag : size === 0);
}

/** Whether the quorum follows the checkpoints; where no witness is configured there is nothing to follow. */
function isWitnessed(status: ThreadStatus | null): boolean {
  if (status === null || status.witnesses.length === 0) return true;
  return status.ledger.logs.every(({ published, cosigned }) => published === null || cosigned >= published.size || Date.now() - published.at < longestLag);
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
