/** An error that a program tells apart by its code: a closed union of each room's own. The message says what is wrong, for a person, and may be reworded. */
export class CodedError<Code extends string> extends Error {
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** One that also says what to do about it, in one sentence. */
export class MendableError<Code extends string> extends CodedError<Code> {
  readonly mend: string;

  constructor(code: Code, message: string, mend: string, options?: ErrorOptions) {
    super(code, message, options);
    this.mend = mend;
  }
}
