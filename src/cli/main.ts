import { Command, CommanderError } from 'commander';

import { weirVersion } from '../store/version.ts';
import { exitCodes, type ExitCode } from './verb.ts';
import { verbs } from './verbs.ts';

/** Runs the command line and sets the exit code of the process. Never rejects. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.ok); // the reader, such as `head`, has seen enough
    throw error;
  });
  try {
    const program = await buildProgram(argv);
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    process.exitCode = usageFault(error, argv.includes('--json'));
  }
}

/** The program, with the verb that `argv` names loaded and the others by name only. */
export async function buildProgram(argv: readonly string[]): Promise<Command> {
  const asked = namedIn(argv);
  const program = new Command('weir')
    .description('Weir: an exchange for driver and vehicle records, where the state that owns them decides, and can prove what it did.')
    .version(weirVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help, also for each verb: weir agency --help')
    .helpCommand('help [verb]', 'print help for a verb')
    .option('--data <dir>', 'the data folder (else WEIR_DATA, else ./weir-data)')
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'print nothing but the result')
    .exitOverride()
    .configureOutput({ writeErr: (text) => { if (!argv.includes('--json')) process.stderr.write(text); } })
    .addHelpText('after', afterHelp);
  for (const verb of verbs) {
    if (verb.name === asked) (await verb.load())(program);
    else program.command(verb.name).description(verb.summary);
  }
  for (const command of withChildren(program)) command.exitOverride();
  return program;
}

const afterHelp = `
Examples:
  weir start                                  bring everything up, with an invented network the first time
  weir agency enrol WA0170000 --out ./cad     make a certificate for an agency's system
  weir agency list --json | jq .              every verb prints JSON where it is asked to
  weir --data /srv/weir doctor                see whether all is well

Exit codes:
  0  done, nothing wrong    1  done, and something was found    2  wrong usage    3  the machine, the database or the files are in the way
  weir verify besides: 4  a signature is bad or missing    5  no quorum of witnesses    6  something is missing
`;

/** The first word that is a verb; `help agency` asks for agency too. */
function namedIn(argv: readonly string[]): string | null {
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--data') at += 1;
    else if (!word.startsWith('-') && word !== 'help') return word;
  }
  return null;
}

function withChildren(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withChildren)];
}

/** Commander has printed what is wrong, except with `--json`. Help and version come here too, as exit code 0. */
function usageFault(error: unknown, json: boolean): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.ok;
    if (json) process.stdout.write(`${JSON.stringify({ error: error.message.replace(/^error: /, ''), mend: 'See weir --help.', exit: exitCodes.usage })}\n`);
    return exitCodes.usage;
  }
  process.stderr.write(`weir: ${error instanceof Error ? error.message : String(error)}\n`);
  if (process.env['WEIR_DEBUG'] === '1' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  return exitCodes.environment;
}
