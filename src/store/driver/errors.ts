/**
 * Why the database could not be asked, or what was asked is not known to have been done:
 * - `CONNECTION_CLOSED`: the connection was lost. What ran on it outside a transaction may have been done; a transaction was undone, unless it was lost while it was being committed.
 * - `CONNECTION_ENDED`: the pool was closed. `CONNECTION_DESTROYED`: it was closed while this ran.
 * - `CONNECT_TIMEOUT`: no connection could be opened in time. `POOL_TIMEOUT`: no connection was free in time; nothing was sent.
 * - `TRANSACTION_OVER`: a statement of a transaction that had ended; it was not sent. `UNSAFE_TRANSACTION`: `begin` outside of `sql.begin`.
 */
export type DatabaseErrorCode = 'CONNECTION_CLOSED' | 'CONNECTION_ENDED' | 'CONNECTION_DESTROYED' | 'CONNECT_TIMEOUT' | 'POOL_TIMEOUT' | 'TRANSACTION_OVER' | 'UNSAFE_TRANSACTION';

/** Repeats neither statements nor values. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly code: DatabaseErrorCode;

  constructor(code: DatabaseErrorCode, options?: ErrorOptions) {
    super(words[code], options);
    this.code = code;
  }
}

const words: Readonly<Record<DatabaseErrorCode, string>> = {
  CONNECTION_CLOSED: 'the connection to the database was lost',
  CONNECTION_ENDED: 'the connections to the database are closed',
  CONNECTION_DESTROYED: 'the connections to the database were closed while this ran',
  CONNECT_TIMEOUT: 'no connection to the database could be opened in time',
  POOL_TIMEOUT: 'no connection to the database was free in time',
  TRANSACTION_OVER: 'the transaction of this statement is over',
  UNSAFE_TRANSACTION: 'a transaction is begun with `sql.begin`',
};

/** What the system, the driver (`CONNECTION_…`) and PostgreSQL itself (its SQLSTATE) say where the database is away for a while, starts, stops or is full. */
const away = new Set<string>([
  'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT', 'POOL_TIMEOUT',
  'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT', 'ERR_STREAM_DESTROYED',
  '57P01', '57P02', '57P03', '57P05', '53100', '53200', '53300', '53400', '25P03', '08000', '08003', '08006', '08001', '08004', '55P03', '57014', '40001', '40P01', '25006',
]);

/** Whether an error says that the database cannot be used now, and that the same may do later: no fault of what was asked. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string' || !away.has(error.code)) return false;
  return error instanceof DatabaseError || 'query' in error || 'severity' in error || 'routine' in error;
}
