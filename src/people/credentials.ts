import type { Ori } from '../model/index.ts';
import type { Sql } from '../store/index.ts';

import { follow, lookEvery } from '../store/follow.ts';

/** One enrolled certificate. */
export interface CredentialRow {
  readonly fingerprint: string;
  readonly subject: string;
  readonly serial: string;
  readonly oris: readonly Ori[];
  /** May read what tells of all agencies together, such as the counters. */
  readonly operator: boolean;
  readonly issuedBy: string;
  readonly notAfter: Date;
  readonly enrolledAt: Date;
  readonly revokedAt: Date | null;
  readonly note: string | null;
}

/** What a certificate may do. */
export interface LiveCredential {
  readonly oris: ReadonlySet<Ori>;
  readonly operator: boolean;
}

/** The certificates in force, in memory. */
export interface LiveCredentials {
  /**
   * By SHA-256 fingerprint, lower-case hexadecimal; null where it is unknown, revoked or past its end.
   * The same object as long as nothing of it changes.
   */
  of(fingerprint: string): LiveCredential | null;
  refresh(): Promise<void>;
  close(): Promise<void>;
}

interface Held {
  readonly value: LiveCredential;
  readonly notAfter: number;
  readonly text: string;
}

/**
 * Holds the table of certificates in memory and follows its changes within a second. While the database cannot be reached,
 * what was last known stays in force.
 */
export async function openCredentials(sql: Sql, now: () => number = Date.now): Promise<LiveCredentials> {
  let held = new Map<string, Held>();
  const live = await follow(sql, 'weir_credential', async () => {
    const rows = (await listCredentials(sql)).filter(({ revokedAt }) => revokedAt === null);
    held = new Map(rows.map((row) => [row.fingerprint, heldOf(row, held.get(row.fingerprint))]));
  }, { every: lookEvery });
  return {
    of(fingerprint) {
      const found = held.get(fingerprint);
      return found !== undefined && found.notAfter > now() ? found.value : null;
    },
    refresh: () => live.refresh(),
    close: () => live.close(),
  };
}

/** Every certificate ever enrolled, newest first. */
export async function listCredentials(sql: Sql): Promise<CredentialRow[]> {
  return await sql<CredentialRow[]>`
    select fingerprint, subject, serial, oris, operator, issued_by as "issuedBy", not_after as "notAfter", enrolled_at as "enrolledAt",
      revoked_at as "revokedAt", note
    from credential order by enrolled_at desc, fingerprint`;
}

function heldOf({ oris, operator, notAfter }: CredentialRow, before: Held | undefined): Held {
  const text = JSON.stringify([[...oris].sort(), operator]);
  return { text, notAfter: notAfter.getTime(), value: before?.text === text ? before.value : { oris: new Set(oris), operator } };
}
