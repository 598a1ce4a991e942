import { readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { judge, nodeCrypto, parseState, toHex, verifyLog, type LogReport, type LogState } from '../../verify/index.ts';
import { exitCodes, VerbError, type AddVerb, type VerbResult } from '../verb.ts';
import { EntriesLine } from './entriesLine.ts';
import { logFetch } from './logFetch.ts';
import { startThreads } from './logThreads.ts';
import { cosigned } from './proof.ts';
import { fileText, trustOf, withTrust, type TrustOptions } from './trust.ts';
import { exitHelp, verdict } from './verdict.ts';

interface LogVerbOptions extends TrustOptions {
  readonly from?: string;
  readonly threads?: string;
  readonly resume?: string;
}

const mostShown = 50;
/** The state is written at most so often, in milliseconds. */
const keepPause = 2_000;

/** `weir verify log DIR|URL`: a whole log, from its signed root down to every entry. */
export const addLog: AddVerb = (parent) => {
  withTrust(parent.command('log <dir|url>'))
    .option('--from <file>', 'a checkpoint of this log from before: the log must still begin with it')
    .option('--threads <n>', 'threads that hash; else as many as there are cores, at most 8')
    .option('--resume <file>', 'keep here how far it is verified, and go on from there the next time')
    .description('a whole log: signatures, every tile and every entry; each damaged file is named')
    .addHelpText('after', `\nCtrl-C ends it after the blocks that are under way; with --resume nothing of the work is lost.\n${exitHelp}\n\nExamples:\n  weir verify log /srv/weir/ledger/log/wa --policy trust.txt --resume wa.state\n  weir verify log https://weir.example.org/log/wa --policy trust.txt --from last-year.txt`)
    .action(verdict(async (options: LogVerbOptions, place: string) => {
      const policy = await trustOf(options);
      const older = options.from === undefined ? null : await judge(nodeCrypto, policy, await fileText(options.from));
      const state = options.resume === undefined ? null : await kept(options.resume);
      const threads = threadsOf(options.threads);
      const fetch = logFetch(place);
      const pool = threads > 1 ? startThreads(place, threads) : null;
      const line = new EntriesLine(process.stderr, options.quiet === true);
      const stop = new AbortController();
      const onSignal = (): void => stop.abort();
      process.once('SIGINT', onSignal);
      const keeper = keeperOf(options.resume ?? null);
      try {
        const report = await verifyLog(nodeCrypto, fetch, {
          policy, older, state, ...(pool === null ? {} : { runners: pool.runners }),
          onProgress: (done, total) => line.show(done, total), onState: (now) => keeper.now(now), stopped: () => stop.signal.aborted,
        });
        keeper.now(report.state);
        await keeper.flush();
        if (older !== null && older.origin !== report.checkpoint.origin) throw new VerbError(exitCodes.usage, `--from is a checkpoint of ${older.origin}, and this log is ${report.checkpoint.origin}`);
        return resultOf(report);
      } catch (error) {
        // What was verified before the network or the disk failed is kept all the same.
        await keeper.flush().catch(() => undefined);
        throw error;
      } finally {
        line.end();
        process.off('SIGINT', onSignal);
        await pool?.close();
      }
    }));
};

function resultOf({ checkpoint, damages, complete }: LogReport): VerbResult {
  const { origin, size, root, by, quorum } = checkpoint;
  const json = { ok: damages.length === 0 && complete && quorum, origin, size, root: toHex(root), witnesses: by, quorum, complete, damages };
  const head = `${origin}: ${String(size)} entries, root ${toHex(root)}${cosigned(by)}`;
  const shownDamages = damages.slice(0, mostShown).map(({ kind, message }) => `${kind.padEnd(13)}${message}`);
  const more = damages.length > mostShown ? [`and ${String(damages.length - mostShown)} more; --json has all`] : [];
  if (damages.length > 0) {
    const wrong = damages.some(({ kind }) => kind === 'altered' || kind === 'inconsistent');
    return { text: ['NOT GOOD', head, ...shownDamages, ...more].join('\n'), json, exit: wrong ? exitCodes.finding : exitCodes.incomplete };
  }
  if (!complete) return { text: `NOT FINISHED\n${head}\nNothing wrong so far.`, json, exit: exitCodes.incomplete };
  if (!quorum) return { text: `NOT GOOD  Too few witnesses cosigned the checkpoint.\n${head}\nEvery tile and entry is as it was signed.`, json, exit: exitCodes.quorum };
  return { text: `GOOD  Every tile and entry is as it was signed.\n${head}`, json };
}

/** Writes the state now and then, and at the end. A new file takes the name of the old one, so that none is ever half written. */
function keeperOf(file: string | null): { now(state: LogState): void; flush(): Promise<void> } {
  let latest: LogState | null = null;
  let keptAt = Date.now();
  let writing = Promise.resolve();
  const write = (): void => {
    const state = latest;
    if (file === null || state === null) return;
    latest = null;
    keptAt = Date.now();
    writing = writing.then(async () => {
      await writeFile(`${file}.new`, `${JSON.stringify(state)}\n`);
      await rename(`${file}.new`, file);
    });
    // Whoever waits at the end is told of an error; here nobody waits yet.
    writing.catch(() => undefined);
  };
  return {
    now(state) {
      latest = state;
      if (Date.now() - keptAt >= keepPause) write();
    },
    async flush() {
      write();
      await writing.catch((error: unknown) => {
        throw new VerbError(exitCodes.environment, `${file ?? ''} cannot be written: ${error instanceof Error ? error.message : String(error)}`, null, { cause: error });
      });
    },
  };
}

async function kept(file: string): Promise<LogState | null> {
  try {
    return parseState(await readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function threadsOf(text: string | undefined): number {
  if (text === undefined) return Math.min(8, availableParallelism());
  if (!/^[1-9][0-9]?$/.test(text)) throw new VerbError(exitCodes.usage, '--threads is a number from 1 to 99');
  return Number(text);
}
