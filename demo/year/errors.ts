export type YearErrorCode =
  /** An option means nothing. */
  | 'YEAR_OPTION'
  /** There is a year of that name with other parameters. */
  | 'YEAR_OTHER'
  /** There is a data set of that name that is no invented year. */
  | 'YEAR_NAME'
  /** The disk has too little room. */
  | 'YEAR_SPACE'
  /** There is no invented year of that name. */
  | 'YEAR_NONE'
  /** A thread that wrote ended. What it had sealed is there. */
  | 'YEAR_THREAD';

/** The invented year could not be made. `mend` says what to do. */
export class YearError extends Error {
  override readonly name = 'YearError';
  readonly code: YearErrorCode;
  readonly mend: string;

  constructor(code: YearErrorCode, message: string, mend: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.mend = mend;
  }
}
