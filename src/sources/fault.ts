/** Why a look-up failed. `open` and `overloaded` are the guard's own words and never reach the source. */
export type SourceFaultCode = 'timeout' | 'down' | 'open' | 'overloaded' | 'misconfigured';

/**
 * A look-up that failed. The message is for the operator and carries neither a value of a record nor a secret:
 * only what the mapping or the settings already say.
 */
export class SourceFault extends Error {
  override readonly name = 'SourceFault';
  readonly code: SourceFaultCode;
  /** True where it says something about the health of the source, so that the breaker counts it. */
  readonly counts: boolean;
  /** True where the connection cannot be used again. */
  readonly lost: boolean;

  /** True where the database refused a value, which is the fault of one look-up and not of those beside it. */
  readonly data: boolean;

  constructor(code: SourceFaultCode, message: string, marks: { readonly counts?: boolean; readonly lost?: boolean; readonly data?: boolean } = {}) {
    super(message);
    this.code = code;
    this.counts = marks.counts ?? false;
    this.lost = marks.lost ?? false;
    this.data = marks.data ?? false;
  }
}

/** A value in a record that cannot be what the mapping says it is. `column` names the place, never the value. */
export function nonsense(column: string, wanted: string): SourceFault {
  return new SourceFault('misconfigured', `\`${column}\` does not hold ${wanted}`);
}
