import type { Ori, WireFormat } from '../model/index.ts';

/** Who is at the other end of the connection, as TLS proved it. */
export interface Credential {
  /** SHA-256 fingerprint of the certificate, hexadecimal, or the account of a person who asks by hand; null only on the loopback demonstration. */
  readonly fingerprint: string | null;
  /** The ORIs that the certificate may speak for; null only on the loopback demonstration, where the message is believed. */
  readonly oris: ReadonlySet<Ori> | null;
}

/** One message as it came in. */
export interface Incoming {
  readonly body: Uint8Array;
  readonly format: WireFormat;
  readonly credential: Credential;
  /** From the `Idempotency-Key` header: 1 to 128 printable characters, or null. */
  readonly idempotencyKey: string | null;
}

/** The answer, ready to be written. `status` is the HTTP status. */
export interface Outgoing {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array | string;
  /** The id of the inquiry, which is also in the answer and in the journal. */
  readonly id: string;
  /** Seconds, where the exchange is busy. */
  readonly retryAfter: number | null;
  /** For the counters: nothing here names a person. */
  readonly outcome: string;
  /** The owners that decided: each is told where the same answer is given again. */
  readonly owners: readonly string[];
}

/** The pipeline: bytes in, bytes out. Never rejects; a fault is an answer too. */
export interface Exchange {
  handle(incoming: Incoming): Promise<Outgoing>;
}
