import type { Sql } from 'postgres';
import type { Idempotency, IdempotencyClaim } from '../exchange/ports.ts';

/** Encrypts what is kept: an answer holds a resident's data. */
export interface Box {
  seal(plain: string): string;
  unseal(sealed: string): string;
}

/**
 * Keeps answers by idempotency key in PostgreSQL for a day, sealed. A claim that has no answer after a minute
 * belongs to a request that was cut off, and the next retry takes it over.
 */
export function postgresIdempotency(sql: Sql, box: Box): Idempotency {
  return {
    async claim(requester, key, requestHash, inquiry) {
      const taken = await sql`
        insert into idempotency as kept (requester, key, request_hash, inquiry, state, created_at, expires_at)
        values (${requester}, ${key}, ${requestHash}, ${inquiry}, 'running', now(), now() + interval '1 day')
        on conflict (requester, key) do update
          set request_hash = excluded.request_hash, inquiry = excluded.inquiry, state = 'running', answer = null,
              created_at = now(), expires_at = excluded.expires_at
          where kept.expires_at < now()
             or (kept.state = 'running' and kept.request_hash = excluded.request_hash and kept.created_at < now() - interval '1 minute')
        returning inquiry`;
      return taken.length === 1 ? { state: 'new' } : standing(sql, box, requester, key, requestHash);
    },
    async complete(requester, key, answer) {
      const sealed = Buffer.from(box.seal(Buffer.from(answer.body).toString('base64')));
      await sql`
        update idempotency set state = 'done', answer = ${sealed}, owners = ${[...answer.owners]}, status = ${answer.status}, content_type = ${answer.contentType}
        where requester = ${requester} and key = ${key} and inquiry = ${answer.inquiry}`;
    },
    async abandon(requester, key) {
      await sql`delete from idempotency where requester = ${requester} and key = ${key} and state = 'running'`;
    },
  };
}

/** Forgets answers that are more than a day old. */
export async function sweepIdempotency(sql: Sql): Promise<number> {
  return (await sql`delete from idempotency where expires_at < now()`).count;
}

interface Row {
  readonly request_hash: string;
  readonly inquiry: string;
  readonly state: 'running' | 'done';
  readonly answer: Uint8Array | null;
  readonly status: number | null;
  readonly content_type: string | null;
  readonly owners: string[];
}

async function standing(sql: Sql, box: Box, requester: string, key: string, requestHash: string): Promise<IdempotencyClaim> {
  const [row] = await sql<Row[]>`
    select request_hash, inquiry, state, answer, status, content_type, owners from idempotency where requester = ${requester} and key = ${key}`;
  // Between the two statements the first request may have given its claim up: the caller simply tries again.
  if (row === undefined) return { state: 'running' };
  if (row.request_hash !== requestHash) return { state: 'conflict' };
  if (row.answer === null || row.status === null || row.content_type === null) return { state: 'running' };
  const body = Buffer.from(box.unseal(Buffer.from(row.answer).toString()), 'base64');
  return { state: 'done', answer: { inquiry: row.inquiry, owners: row.owners, status: row.status, contentType: row.content_type, body } };
}
