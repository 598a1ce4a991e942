import { InvalidArgumentError } from 'commander';
import { startWitnessServer } from '../../ledger/witness/server.ts';
import type { WitnessLine } from '../../ledger/witness/server.ts';
import { openWitness } from '../../ledger/witness/state.ts';
import type { AddVerb, VerbResult } from '../verb.ts';
import { exitCodes, verb, VerbError } from '../verb.ts';
import { onState, stateFolder, stateOption } from './folder.ts';
import type { StateOptions } from './folder.ts';
import { stopSignal } from '../stopSignal.ts';

interface StartOptions extends StateOptions {
  readonly port: number;
  readonly host: string;
  readonly rate: number;
  readonly log: string;
}

const levels = ['silent', 'error', 'warn', 'info'] as const;
type Level = (typeof levels)[number];

export const addStart: AddVerb = (parent) => {
  parent.command('start')
    .description('answer the logs that ask, until Ctrl-C')
    .requiredOption(...stateOption)
    .requiredOption('--port <n>', 'port for HTTP', whole(0, 65_535))
    .option('--host <address>', 'address to listen on; for the world, put a proxy with TLS in front', '127.0.0.1')
    .option('--rate <n>', 'cosignatures a second for one log; twice as many at once', whole(1, 10_000), 20)
    .option('--log <level>', 'JSON lines to stderr from this level on: silent, error, warn, info', 'warn')
    .addHelpText('after', `
GET / says in words what it watches, /health how it is, and /HASH/checkpoint, with the SHA-256 of a log's origin, gives the latest it cosigned.

Examples:
  weir witness start --state ./witness --port 7380
  weir witness start --state ./witness --port 7380 --log info 2>> witness.log`)
    .action(verb((options: StartOptions) => onState(() => start(options))));
};

async function start(options: StartOptions): Promise<VerbResult> {
  const level = levelOf(options.log);
  const stopped = stopSignal();
  const witness = await openWitness({ folder: stateFolder(options), rate: { perSecond: options.rate, atOnce: 2 * options.rate } });
  try {
    const server = await startWitnessServer({ witness, port: options.port, host: options.host, log: lineWriter(level) });
    const logs = witness.logs().length;
    const url = `http://${server.host.includes(':') ? `[${server.host}]` : server.host}:${server.port}/`;
    process.stdout.write(options.json === true
      ? `${JSON.stringify({ name: witness.name, vkey: witness.vkey, url, logs, pid: process.pid })}\n`
      : `${witness.name} watches ${logs} log${logs === 1 ? '' : 's'} and answers on ${url}\n${logs === 0 ? '  Add one: weir witness add-log --state DIR policy.txt\n' : ''}`);
    await stopped;
    await server.close();
  } finally {
    await witness.close();
  }
  return { text: options.quiet === true ? '' : 'Stopped.', json: { stopped: true } };
}

/** One JSON line a request. At `warn` only what somebody should look at: faults, a log with two histories, a proof that fails. */
function lineWriter(from: Level): (line: WitnessLine) => void {
  return (line) => {
    const level = levelOfLine(line);
    if (levels.indexOf(level) <= levels.indexOf(from)) process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, name: 'weir-witness', ...line })}\n`);
  };
}

function levelOfLine({ event, status, reason }: WitnessLine): Exclude<Level, 'silent'> {
  if (event === 'fault' || status >= 500) return 'error';
  return reason === 'otherRoot' || reason === 'inconsistent' ? 'warn' : 'info';
}

function levelOf(text: string): Level {
  const found = levels.find((level) => level === text);
  if (found === undefined) throw new VerbError(exitCodes.usage, `there is no log level \`${text.slice(0, 20)}\``, 'Use silent, error, warn or info.');
  return found;
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return value;
  };
}
