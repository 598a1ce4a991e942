import type { Command } from 'commander';

/** The exit codes of every verb. The last three are those of `weir verify` alone, whose callers act on what exactly is not good. */
export const exitCodes = { ok: 0, finding: 1, usage: 2, environment: 3, signature: 4, quorum: 5, incomplete: 6 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A verb that could not do its work. `message` is one clear sentence; `mend` says what to do about it. */
export class VerbError extends Error {
  override readonly name = 'VerbError';
  readonly exit: ExitCode;
  readonly mend: string | null;

  constructor(exit: ExitCode, message: string, mend: string | null = null, options?: ErrorOptions) {
    super(message, options);
    this.exit = exit;
    this.mend = mend;
  }
}

/** What a verb returns: the same result for people and for programs, and 0 or 1, or for `weir verify` 4 to 6. */
export interface VerbResult {
  /** Lines for a person. */
  readonly text: string;
  /** What `--json` prints. */
  readonly json: unknown;
  readonly exit?: Exclude<ExitCode, typeof exitCodes.usage | typeof exitCodes.environment>;
}

/** Options that every verb has: `--data DIR`, `--json`, `--quiet`. */
export interface CommonOptions {
  readonly data?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** A text for people without what a terminal would obey, or what turns the direction of a line: names, notes and reasons come from the network. Lines and tabs stay. */
export function harmless(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

/** A file of `src/cli` adds one verb to the command (or to its noun) by exporting a function of this shape. */
export type AddVerb = (parent: Command) => void;

/**
 * Wraps the work of a verb: prints the result as text or JSON, turns a `VerbError` into its sentence, mend and exit code,
 * and anything else into one line and exit code 3. No stack trace reaches a user; `WEIR_DEBUG=1` prints it to stderr.
 * The options come last but one in what commander passes, whatever the number of arguments.
 */
export function verb<A extends unknown[], O extends CommonOptions>(
  work: (options: O, ...args: A) => Promise<VerbResult> | VerbResult,
): (...passed: unknown[]) => Promise<void> {
  return async (...passed) => {
    const command = passed.at(-1) as Command;
    const options = command.optsWithGlobals<O>();
    try {
      const result = await work(options, ...(passed.slice(0, -2) as A));
      if (options.json === true) process.stdout.write(`${JSON.stringify(result.json, null, 2)}\n`);
      else if (result.text !== '') process.stdout.write(`${harmless(result.text)}\n`);
      process.exitCode = result.exit ?? exitCodes.ok;
    } catch (error) {
      process.exitCode = report(error, options.json === true);
    }
  };
}

function report(error: unknown, json: boolean): ExitCode {
  const known = error instanceof VerbError ? error : new VerbError(exitCodes.environment, error instanceof Error ? error.message : String(error));
  if (json) process.stdout.write(`${JSON.stringify({ error: known.message, mend: known.mend, exit: known.exit })}\n`);
  else process.stderr.write(harmless(`weir: ${known.message}\n${known.mend === null ? '' : `      ${known.mend}\n`}`));
  if (process.env['WEIR_DEBUG'] === '1' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  return known.exit;
}
