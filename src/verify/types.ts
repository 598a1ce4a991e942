/** A value now, or later: Node answers at once, WebCrypto does not. */
export type Awaitable<T> = T | Promise<T>;

/** The three primitives that verification needs. Nothing here can sign or seal. */
export interface VerifyCrypto {
  /** 32 bytes. */
  sha256(data: Uint8Array): Awaitable<Uint8Array>;
  /** Whether an Ed25519 signature (RFC 8032) of 64 bytes is good. False, never an error, for bytes that are no key or no signature. */
  ed25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Awaitable<boolean>;
  /** AES-256-CTR of zeros under a seed of 32 bytes, with a counter block of zeros. */
  keystream(seed: Uint8Array, length: number): Awaitable<Uint8Array>;
  /** Many hashes in one call, where the surroundings can do that at once. Without it the same comes hash by hash (bulk.ts). */
  readonly bulk?: BulkHashes;
}

/** Hashes of a whole tile at a time. A year of a busy log is 290 million of them, twice. */
export interface BulkHashes {
  /** The leaf hashes, end to end, of a bundle of entries (tiles.ts, `parseBundle`); null where the bytes are none. */
  leaves(bundle: Uint8Array): Uint8Array | null;
  /** The root over hashes laid end to end; their number is a power of two up to 256. */
  root(hashes: Uint8Array): Uint8Array;
}

/** What a verifier can find wrong. Closed: every use of it names what each means. */
export type VerifyErrorCode =
  /** The text or file is not of the format. */
  | 'malformed'
  /** No signature of a key that is trusted for it. */
  | 'unsigned'
  /** A signature of a trusted key that is not good. */
  | 'badSignature'
  /** Fewer cosignatures than the policy wants. */
  | 'noQuorum'
  /** The entry is not in the tree at that index. */
  | 'notIncluded'
  /** The newer tree is not the older one with entries added. */
  | 'inconsistent'
  /** A stored hash is not the hash of what it stands for. */
  | 'altered'
  /** A file that must be there is missing or too short. */
  | 'missing'
  /** Opened fields do not make the commitment. */
  | 'notCommitted'
  /** An answer is not what the entry says was released. */
  | 'otherAnswer'
  /** Totals that the opened leaves do not make. */
  | 'otherTotals'
  /** A report leaves out entries that the index has. */
  | 'incomplete';

/** What was found wrong, and where. `message` is one sentence for a person. */
export class VerifyError extends Error {
  override readonly name = 'VerifyError';
  readonly code: VerifyErrorCode;
  /** The file, entry or line, where one can be named. */
  readonly at: string | null;

  constructor(code: VerifyErrorCode, message: string, at: string | null = null) {
    super(message);
    this.code = code;
    this.at = at;
  }
}

/** Reads a file of a log by its path (`checkpoint`, `tile/0/000`); null where it is not there. */
export type Fetch = (path: string) => Promise<Uint8Array | null>;
