import { randomUUID } from 'node:crypto';

/** An id of an entry: what it is of, and a random part. */
export function newId(what: string): string {
  return `${what}-${randomUUID()}`;
}
