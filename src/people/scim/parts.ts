import type { TransactionSql } from 'postgres';

import type { Sql } from '../../store/index.ts';
import { AccountError } from '../accounts/errors.ts';
import type { Accounts, Actor } from '../accounts/types.ts';
import type { Directory } from './directories.ts';
import { ScimError } from './errors.ts';

/** What the service needs. */
export interface ScimParts {
  readonly sql: Sql;
  readonly accounts: Pick<Accounts, 'provision' | 'disable' | 'take'>;
  /** How many directories change something at one time in this process: each keeps a connection of the pool, and needs a second. */
  readonly atOnce?: number;
}

/** How a request's work is done: one at a time for a directory, whatever the number of processes. */
export interface Turns {
  /**
   * Runs `work` in a transaction that no other of the directory runs beside. Accounts are changed by transactions of their own, before this one ends: killed in between, a leaver is out and
   * the directory, which had no answer, asks again; what was done then is done once more without effect.
   */
  run<T>(directory: Directory, work: (tx: TransactionSql) => Promise<T>): Promise<T>;
}

/** How many changes wait in this process at most. */
const mostWaiting = 500;

export function turnsOf({ sql, atOnce = 2 }: ScimParts): Turns {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  return {
    async run(directory, work) {
      if (free > 0) free -= 1;
      else if (waiting.length >= mostWaiting) throw new ScimError(503, null, 'As many changes wait as the exchange takes. Ask again in a few seconds.');
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        const [result] = (await sql.begin(async (tx) => {
          await tx`select pg_advisory_xact_lock(hashtext(${`weir directory ${directory.id}`}))`;
          return [await work(tx)] as const;
        })) as readonly [Awaited<ReturnType<typeof work>>];
        return result;
      } catch (error) {
        throw inScim(error);
      } finally {
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}

/** Who changes accounts here, as it stands on the record. */
export function actorOf({ id }: Directory): Actor {
  return { who: `directory ${id}`, role: null };
}

/** `W/"3"`: the version of a resource (RFC 7644 section 3.14). */
export function etagOf(version: number): string {
  return `W/"${version}"`;
}

/** Holds a version against `If-Match`. Throws 412. Weak and strong are the same here. */
export function checkVersion(version: number, ifMatch: string | null): void {
  if (ifMatch === null || ifMatch.trim() === '*') return;
  const named = ifMatch.split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (!named.includes(`"${version}"`)) throw new ScimError(412, null, 'It was changed since it was read. Read it again.');
}

/** A refusal of accounts, in the words of SCIM. */
function inScim(error: unknown): unknown {
  if (!(error instanceof AccountError)) return error;
  switch (error.code) {
    case 'ACCOUNT_TAKEN': return new ScimError(409, 'uniqueness', 'The e-mail address, or the number at the employer, is of another person here.', { cause: error });
    case 'ACCOUNT_FIELD': return new ScimError(400, 'invalidValue', `${error.message}. ${error.mend}`, { cause: error });
    default: return new ScimError(409, null, `${error.message}. ${error.mend}`, { cause: error });
  }
}
