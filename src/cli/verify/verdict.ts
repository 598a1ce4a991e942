import { VerifyError, type VerifyErrorCode } from '../../verify/index.ts';
import { exitCodes, verb, VerbError, type CommonOptions, type VerbResult } from '../verb.ts';

type VerdictExit = NonNullable<VerbResult['exit']>;

/** Which exit code says what was found. */
const exits: { readonly [C in Exclude<VerifyErrorCode, 'malformed'>]: VerdictExit } = {
  unsigned: exitCodes.signature,
  badSignature: exitCodes.signature,
  noQuorum: exitCodes.quorum,
  missing: exitCodes.incomplete,
  incomplete: exitCodes.incomplete,
  notIncluded: exitCodes.finding,
  inconsistent: exitCodes.finding,
  altered: exitCodes.finding,
  notCommitted: exitCodes.finding,
  otherAnswer: exitCodes.finding,
  otherTotals: exitCodes.finding,
};

/** The table of exit codes, for the help of each verb of `weir verify`. */
export const exitHelp = `
Exit codes:
  0  good
  1  something is wrong: altered, not in the log, inconsistent, other records or totals
  2  wrong usage, or a file that is not of its format
  3  a file or address cannot be read
  4  a signature is bad, or none is of a trusted key
  5  too few witnesses cosigned
  6  something is missing`;

/**
 * A verb of `weir verify`: what `src/verify` finds wrong becomes the verdict and its exit code. Text of files is shown without
 * characters that a terminal would obey: whoever made the file controls it.
 */
export function verdict<A extends unknown[], O extends CommonOptions>(work: (options: O, ...args: A) => Promise<VerbResult>): (...passed: unknown[]) => Promise<void> {
  return verb(async (options: O, ...args: A) => {
    try {
      const result = await work(options, ...args);
      return { ...result, text: shown(result.text) };
    } catch (error) {
      if (!(error instanceof VerifyError)) throw error;
      if (error.code === 'malformed') throw new VerbError(exitCodes.usage, shown(error.at === null ? error.message : `${error.at}: ${error.message}`), null, { cause: error });
      return { text: shown(`NOT GOOD  ${error.message}`), json: { ok: false, code: error.code, message: error.message, at: error.at }, exit: exits[error.code] };
    }
  });
}

/** A text without control and format characters but line ends. */
export function shown(text: string): string {
  return text.replace(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}]/gu, '?');
}
