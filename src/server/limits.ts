/** What one listener bears. Times in milliseconds, sizes in bytes. */
export interface Limits {
  /** Of one message. */
  readonly body: number;
  readonly headers: number;
  /** From the first byte to the last header. */
  readonly headersTimeout: number;
  /** From the first byte to the last of the body. */
  readonly requestTimeout: number;
  /** How long an idle connection is kept: a fresh handshake with certificates costs more than a query. */
  readonly keepAlive: number;
  readonly handshakeTimeout: number;
  readonly connections: number;
  /** How often the two time-outs are looked at. */
  readonly checkEvery: number;
}

export const defaultLimits: Limits = {
  body: 64 * 1024,
  headers: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAlive: 300_000,
  handshakeTimeout: 10_000,
  connections: 10_000,
  checkEvery: 2_000,
};
