import { LogController, type FastifyBaseLogger } from 'fastify';
import { pino, type DestinationStream, type Logger, type LevelWithSilent } from 'pino';

/** A fault as it is logged. Only our own words and codes go to the log: the message of a fault may quote a person. */
export interface SafeError {
  readonly name: string;
  readonly code: string | null;
  readonly at: readonly string[];
}

/** What is logged of a request that was answered. The route is its pattern, never the address that was asked for. */
export interface RequestLine {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly inquiry: string | null;
}

/**
 * The log of the server: JSON lines, and nothing in them that came from a request but its method.
 * A fault goes under `error` and loses its message. Requests are logged at `info`; at `warn`, only faults are.
 */
export function createLog(level: LevelWithSilent = 'info', destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { name: 'weir' },
    errorKey: 'error',
    serializers: { err: safeError, error: safeError, req: () => undefined, res: () => undefined },
    hooks: {
      // `log.error(fault)` and `log.error({ error })` would take the message of the fault as the text of the line.
      logMethod(this: Logger, [first, ...rest]: Parameters<typeof pino.prototype.info>, method: (...args: unknown[]) => void): void {
        const fault = first instanceof Error ? first : (first as { error?: unknown; err?: unknown } | undefined)?.error;
        if (fault instanceof Error && rest.length === 0) method.call(this, first instanceof Error ? { error: first } : first, 'a fault');
        else method.call(this, first instanceof Error ? { error: first } : first, ...rest);
      },
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** The kind of a fault and where in the code it arose, without its message. */
export function safeError(error: unknown): SafeError {
  if (!(error instanceof Error)) return { name: typeof error, code: null, at: [] };
  const { code } = error as { code?: unknown };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at .+:\d+:\d+\)?$/.test(line));
  return { name: error.name, code: typeof code === 'string' ? code : null, at: frames.slice(0, 12).map((line) => line.trim()) };
}

/** The web framework writes addresses into some of its messages, so of what it logs only the kind of the fault is kept. */
export function frameworkLog(log: Logger): FastifyBaseLogger {
  const drop = (): void => undefined;
  const keep = (level: 'warn' | 'error') => (first: unknown): void => {
    const fault = first instanceof Error ? first : (first as { err?: unknown } | undefined)?.err;
    log[level]({ error: fault }, 'reported by the web framework');
  };
  const quiet: FastifyBaseLogger = {
    level: log.level, silent: drop, trace: drop, debug: drop, info: drop, warn: keep('warn'), error: keep('error'), fatal: keep('error'),
    child: () => quiet,
  };
  return quiet;
}

/** We log requests ourselves. */
export const noRequestLines = new LogController({ disableRequestLogging: true });
