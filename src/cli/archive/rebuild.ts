import { rebuildArchive } from '../../insight/archive/rebuild.ts';
import { ArchiveError } from '../../insight/archive/types.ts';
import { stopSignal } from '../stopSignal.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { followLine, withLedger, type Following } from './withLedger.ts';
import { countText } from './words.ts';

interface Options extends CommonOptions {
  readonly withoutErased?: boolean;
}

/** `weir archive rebuild`: makes the ledger's projection anew. */
export const addRebuild: AddVerb = (parent) => {
  parent.command('rebuild')
    .description('make the archive of the ledger anew from the ledger; the one that stands serves until then')
    .option('--without-erased', 'also where the new one would no longer count entries that the ledger has erased')
    .addHelpText('after', '\nImported and invented data sets are not touched.\n\nExamples:\n  weir archive rebuild\n  weir archive rebuild --without-erased')
    .action(verb((options: Options) => withLedger(options, (following) => rebuild(options, following))));
};

async function rebuild(options: Options, { reader, archive, engine, until }: Following): Promise<VerbResult> {
  const stop = new AbortController();
  void stopSignal().then(() => stop.abort());
  const line = followLine(options);
  try {
    const followed = await rebuildArchive(reader, archive, { until: await until(), engine, signal: stop.signal, withoutErased: options.withoutErased === true, onProgress: (sequence, end) => line.show(sequence, end) });
    return { text: `The archive was made anew: ${countText(followed.entries)} entries of ${countText(followed.owners.length)} owners and ${countText(followed.events)} of the anchor log.`, json: followed };
  } catch (error) {
    if (!(error instanceof ArchiveError) || error.code !== 'ARCHIVE_QUESTION') throw error;
    throw new VerbError(exitCodes.environment, error.message, stop.signal.aborted ? null : 'To let them go from the counts as well: weir archive rebuild --without-erased', { cause: error });
  } finally {
    line.end();
  }
}
