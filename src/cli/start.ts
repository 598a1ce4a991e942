import { InvalidArgumentError, type Command } from 'commander';
import { createLog, ListenError } from '../server/index.ts';
import { defaultSize } from '../server/compose/demonstration.ts';
import { SettingsError } from '../server/compose/settings.ts';
import { StartError } from '../server/compose/startError.ts';
import { startWeir, type RunningWeir } from '../server/compose/weir.ts';
import { JournalError } from '../exchange/index.ts';
import { KeyError } from '../ledger/index.ts';
import { ProgressLine } from './progressLine.ts';
import { inWords } from './store.ts';
import { exitCodes, verb, VerbError, type CommonOptions } from './verb.ts';
import { welcome } from './welcome.ts';
import { stopSignal } from './stopSignal.ts';

interface StartOptions extends CommonOptions {
  readonly port?: number;
  readonly tlsPort?: number;
  readonly settings?: string;
  readonly production?: boolean;
  readonly believeClock?: boolean;
  readonly residents: number;
  readonly agencies: number;
  readonly seed: number;
  readonly year: number;
  readonly log: string;
}

export function addStart(parent: Command): void {
  parent.command('start')
    .description('run the exchange: the database, the journal and the listeners, until Ctrl-C')
    .option('--port <n>', 'port for plain HTTP on loopback, demonstration only (8080)', whole(0, 65_535))
    .option('--tls-port <n>', 'port for agency systems, mutual TLS (8443)', whole(0, 65_535))
    .option('--settings <file>', 'settings file (settings.yaml in the data folder)')
    .option('--production', 'no invented network, no plain HTTP')
    .option('--believe-clock', 'the clock of this machine is right, also where it is behind what was noted')
    .option('--residents <n>', 'how many residents the first start invents', whole(1_000, 10_000_000), defaultSize.residents)
    .option('--agencies <n>', 'how many agencies the first start invents', whole(3_500, 100_000), defaultSize.agencies)
    .option('--seed <n>', 'the same seed and size invent the same network', whole(0, 2 ** 32 - 1), defaultSize.seed)
    .option('--year <n>', 'a demonstration is given an invented year of one n-th of the real traffic, 290 million queries; 0 for none', whole(0, 1_000_000), 1_000)
    .option('--log <level>', 'log to stderr from this level on: error, warn, info, debug, silent', 'warn')
    .addHelpText('after', `
Examples:
  weir start                                 the demonstration on http://localhost:8080
  weir start --residents 1000000             a larger one, on a fresh data folder
  weir start --data /srv/weir --production   for real: import a registry, policies and sources first
  DATABASE_URL=postgres://… weir start       with a PostgreSQL of your own
`)
    .action(verb(start));
}

async function start(options: StartOptions): Promise<{ text: string; json: unknown }> {
  const stopped = stopSignal();
  const progress = new ProgressLine(process.stderr, options.quiet === true);
  const say = (line: string): void => {
    progress.end();
    if (options.quiet !== true) process.stderr.write(`${line}\n`);
  };
  const log = createLog(levelOf(options.log), process.stderr);
  endOnFault(log);
  const began = Date.now();
  const weir = await startWeir({
    ...given(options),
    size: { seed: options.seed, agencies: options.agencies, residents: options.residents },
    year: options.year === 0 ? null : options.year,
    log,
    say,
    progress: (part, done, total) => progress.show(part, done, total),
  }).catch((error: unknown) => {
    progress.end();
    throw explained(error);
  });
  progress.end();
  const seconds = (Date.now() - began) / 1000;
  process.stdout.write(options.json === true ? `${JSON.stringify(facts(weir, seconds))}\n` : welcome(weir, seconds));
  await stopped;
  say('Stopping: finishing the queries in hand.');
  const failures = await weir.stop();
  if (failures.length > 0) throw new VerbError(exitCodes.environment, `${failures.length} part(s) did not stop cleanly`, 'What was answered is safe in the journal; run `weir journal verify` to see.');
  return { text: options.quiet === true ? '' : 'Stopped.', json: { stopped: true } };
}

function given({ data, port, tlsPort, settings, production, believeClock }: StartOptions): Pick<Parameters<typeof startWeir>[0], 'data' | 'port' | 'tlsPort' | 'settings' | 'production' | 'believeClock'> {
  return {
    ...(data === undefined ? {} : { data }), ...(port === undefined ? {} : { port }), ...(tlsPort === undefined ? {} : { tlsPort }),
    ...(settings === undefined ? {} : { settings }), ...(production === undefined ? {} : { production }), ...(believeClock === undefined ? {} : { believeClock }),
  };
}

function facts(weir: RunningWeir, seconds: number): unknown {
  const { http, https, mode, firstStart, owners, agencies, entries, store } = weir;
  return { http, https, mode, firstStart, owners, agencies, entries, data: store.folder, seconds, pid: process.pid };
}

function explained(error: unknown): unknown {
  if (error instanceof ListenError || error instanceof StartError) return new VerbError(exitCodes.environment, error.message, error.mend, { cause: error });
  if (error instanceof SettingsError) return new VerbError(exitCodes.environment, `the settings are not valid\n${error.message}`, 'Mend the lines named above.', { cause: error });
  if (error instanceof KeyError) return new VerbError(exitCodes.environment, error.message, 'Look at the folder `keys` of the data folder; docs/operations.md tells what lies there.', { cause: error });
  if (error instanceof JournalError) return new VerbError(exitCodes.environment, error.message, journalMends[error.code] ?? null, { cause: error });
  return inWords(error);
}

const journalMends: Partial<Record<JournalError['code'], string>> = {
  JOURNAL_LOCKED: 'Stop the other one first, or use another data folder with --data.',
  JOURNAL_CORRUPT: 'Run `weir journal verify`; bring the journal back from a backup or a replica. Nothing was changed.',
  JOURNAL_VERSION: 'Run the Weir that wrote it, or begin with another data folder.',
  JOURNAL_WRITE: 'Look at the disk of the data folder: space, permissions, health.',
};

/**
 * A fault that nobody caught ends the process: what was answered is in the journal, and a start finds everything else again.
 * The log has where in the code it arose; the person who reads the terminal gets a sentence.
 */
function endOnFault(log: ReturnType<typeof createLog>): void {
  const end = (error: unknown): void => {
    log.fatal({ error }, 'a fault that nobody caught ends the exchange');
    process.stderr.write('weir: the exchange stopped because of a fault in it\n      What was answered is safe in the journal. Start it again; the line above this one tells where the fault is.\n');
    process.exit(exitCodes.environment);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

type Level = 'error' | 'warn' | 'info' | 'debug' | 'silent';
function levelOf(text: string): Level {
  if (text === 'error' || text === 'warn' || text === 'info' || text === 'debug' || text === 'silent') return text;
  throw new VerbError(exitCodes.usage, `there is no log level \`${text}\``, 'Use error, warn, info, debug or silent.');
}

/** A whole number within bounds, for an option. */
export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return value;
  };
}
