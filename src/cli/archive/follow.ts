import { setTimeout as pause } from 'node:timers/promises';
import { followLedger, type Followed } from '../../insight/archive/follow.ts';
import { stopSignal } from '../stopSignal.ts';
import { verb, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { followLine, withLedger, type Following } from './withLedger.ts';
import { countText } from './words.ts';

interface Options extends CommonOptions {
  readonly keepOn?: boolean;
}

/** How long an archive that keeps on waits before it looks at the ledger again, milliseconds. */
const every = 5_000;

/** `weir archive follow`: brings the archive up with the ledger. */
export const addFollow: AddVerb = (parent) => {
  parent.command('follow')
    .description('bring the archive up with the ledger, and what is over into fewer files')
    .option('--keep-on', 'go on as entries come, until Ctrl-C')
    .addHelpText('after', '\nA running exchange does this by itself. However it ends, each entry is archived exactly once. Entries are taken once the ledger has published them.\n\nExamples:\n  weir archive follow\n  weir archive follow --keep-on\n  weir archive follow --json | jq .entries')
    .action(verb((options: Options) => withLedger(options, (following) => (options.keepOn === true ? keepOn(options, following) : once(options, following)))));
};

async function once(options: Options, following: Following): Promise<VerbResult> {
  const stop = new AbortController();
  void stopSignal().then(() => stop.abort());
  const followed = await pass(options, following, stop.signal);
  return { text: text(followed), json: followed };
}

async function keepOn(options: Options, following: Following): Promise<VerbResult> {
  const stop = new AbortController();
  void stopSignal().then(() => stop.abort());
  if (options.quiet !== true && options.json !== true) process.stderr.write('The archive follows the ledger. Ctrl-C ends it.\n');
  let [entries, events, erasures, sequence] = [0, 0, 0, -1];
  const owners = new Set<string>();
  while (!stop.signal.aborted) {
    if (await following.until() > sequence) {
      const followed = await pass(options, following, stop.signal);
      [entries, events, erasures, sequence] = [entries + followed.entries, events + followed.events, erasures + followed.erasures, followed.sequence];
      for (const owner of followed.owners) owners.add(owner);
    }
    await pause(every, undefined, { signal: stop.signal }).catch(() => undefined);
  }
  const all: Followed = { entries, events, erasures, sequence, owners: [...owners].sort() };
  return { text: text(all), json: all };
}

async function pass(options: Options, { reader, archive, engine, until }: Following, signal: AbortSignal): Promise<Followed> {
  const line = followLine(options);
  return followLedger(reader, archive, { until: await until(), engine, signal, onProgress: (sequence, end) => line.show(sequence, end) }).finally(() => line.end());
}

function text({ entries, events, owners, erasures, sequence }: Followed): string {
  const what = entries + events === 0 ? 'Nothing new' : `${countText(entries)} entries of ${countText(owners.length)} owners and ${countText(events)} of the anchor log`;
  return `${what}; the archive has the ledger up to ${countText(sequence)}.${erasures === 0 ? '' : ` ${countText(erasures)} ${erasures === 1 ? 'erasure was' : 'erasures were'} carried out.`}`;
}
