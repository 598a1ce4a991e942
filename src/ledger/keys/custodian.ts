import { KeyError } from './errors.ts';

/**
 * Keeps the keys that keys are kept under: the master key of each owner, and the signing keys of logs. In files, or in a KMS or hardware module
 * behind a program of the operator. All of it may take time and fail; nothing of it is on the way of an answer but what is made once a day.
 */
export interface KeyCustodian {
  /** Wraps a key under the owner's master. `context` says what the key is for; it is authenticated, not kept. Throws `KEY_OWNER`, `KEY_CUSTODIAN`. */
  wrap(owner: string, context: string, key: Buffer): Promise<Buffer>;
  /** The key again. Throws `KEY_WRAP` for another owner or context than it was wrapped for, and for altered bytes. */
  unwrap(owner: string, context: string, wrapped: Buffer): Promise<Buffer>;
  /** The 32 bytes of an Ed25519 key by its name; made durably where there is none. Throws `KEY_NAME`. */
  publicKey(name: string): Promise<Buffer>;
  /** 64 bytes (RFC 8032). */
  sign(name: string, message: Buffer): Promise<Buffer>;
  /** The public key that is to follow, made where there is none: the same until it is taken. */
  nextSigner(name: string): Promise<Buffer>;
  /** From now on the next key signs, and the one before is destroyed. Nothing where there is no next one. */
  takeSigner(name: string): Promise<void>;
  /** From now on `wrap` uses a new master of the owner; `unwrap` knows both. */
  nextMaster(owner: string): Promise<void>;
  /** Destroys the master before. Only after all was wrapped anew. */
  takeMaster(owner: string): Promise<void>;
  /** A key that follows from the owner's master; absent where masters never leave the custodian, so that such keys are made at random and wrapped. */
  derive?(owner: string, use: 'tag' | 'seal'): Promise<Buffer>;
  close(): Promise<void>;
}

/** What belongs to no owner is wrapped under this one. */
export const exchangeOwner = 'exchange';

/** Names of owners and keys become names of files, and words in messages to a program. */
export function checkOwner(owner: string): void {
  if (!/^[A-Z0-9]{2}$/.test(owner) && owner !== exchangeOwner) throw new KeyError('KEY_OWNER', 'the code of an owner is two capital letters or digits');
}

export function checkName(name: string): void {
  if (!/^(?:[a-z0-9]{2}|anchor|receipts)$/.test(name)) throw new KeyError('KEY_NAME', 'a signing key is named by a log, or `receipts`');
}
