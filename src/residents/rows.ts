import { randomBytes } from 'node:crypto';
import type { Sql, TransactionSql } from 'postgres';
import type { ProofingPlug } from './steps.ts';
import type { ResidentRequest } from './types.ts';

/** A row of `resident_request`. */
export interface Row {
  readonly number: string;
  readonly owner: string;
  readonly secret: string;
  readonly state: ResidentRequest['state'];
  readonly given: string | null;
  readonly contact: string | null;
  readonly code: string | null;
  readonly from: string;
  readonly to: string;
  readonly steps: readonly { readonly id: string; readonly doneAt: string | null }[];
  readonly askedAt: Date;
  readonly dueAt: Date;
  readonly tries: number;
  readonly triedAt: Date | null;
  readonly report: string | null;
  readonly entries: number | null;
  readonly madeAt: Date | null;
}

/** Days for which a report can be read again. */
export const readDays = 30;

export async function findRow(sql: Sql | TransactionSql, number: string, lock = false): Promise<Row | null> {
  const [row] = await sql<Row[]>`
    select number, owner, secret, state, given, contact, code, period_from::text as "from", period_to::text as "to", steps, asked_at as "askedAt", due_at as "dueAt", tries, tried_at as "triedAt", report, entries, made_at as "madeAt"
    from resident_request where number = ${number} ${lock ? sql`for update` : sql``}`;
  return row ?? null;
}

export async function rowsOf(sql: Sql, owner: string): Promise<readonly Row[]> {
  return sql<Row[]>`
    select number, owner, secret, state, null as given, null as contact, null as code, period_from::text as "from", period_to::text as "to", steps, asked_at as "askedAt", due_at as "dueAt", tries, tried_at as "triedAt", null as report, entries, made_at as "madeAt"
    from resident_request where owner = ${owner} order by asked_at desc limit 500`;
}

/** A request as it is shown: nothing of what the resident gave. */
export function viewOf({ number, owner, state, askedAt, dueAt, from, to, steps, entries, madeAt }: Row, plugs: readonly ProofingPlug[]): ResidentRequest {
  return {
    number, owner, state, askedAt: askedAt.toISOString(), dueAt: dueAt.toISOString(), from, to, entries,
    readUntil: madeAt === null ? null : new Date(madeAt.getTime() + readDays * 86_400_000).toISOString(),
    steps: steps.map(({ id, doneAt }) => {
      const { plain, by } = plugs.find((plug) => plug.id === id) ?? { plain: id, by: 'owner' as const };
      return { id, plain, by, done: doneAt !== null, doneAt };
    }),
  };
}

/** Letters and digits that cannot be mistaken on paper: five random bits each. */
export function letters(count: number): string {
  return Array.from(randomBytes(count), (byte) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[byte & 31]).join('');
}
