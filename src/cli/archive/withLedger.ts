import { readMark } from '../../ledger/publish/mark.ts';
import type { LedgerReader } from '../../ledger/index.ts';
import { weirVersion } from '../../store/version.ts';
import { archiveFolder, archiveInWords } from '../insight/context.ts';
import { openLedgerForReading, reading } from '../ledger/folder.ts';
import { RewrittenLine } from '../rewrittenLine.ts';
import { exitCodes, VerbError, type CommonOptions } from '../verb.ts';

/** What a following needs: the ledger, where the archive is, and how far it may go. */
export interface Following {
  readonly reader: LedgerReader;
  readonly archive: string;
  readonly engine: string;
  /** What is durable and published now: nothing beyond it may be archived, because a loss of power could take it from the ledger. */
  readonly until: () => Promise<number>;
}

/** Opens the ledger beside a running exchange or without one. What ledger and archive refuse becomes a sentence and an exit code. */
export async function withLedger<T>(options: CommonOptions, work: (following: Following) => Promise<T>): Promise<T> {
  return archiveInWords(() => reading(async () => {
    const { reader, keys, places } = await openLedgerForReading(options);
    const until = async (): Promise<number> => {
      const mark = await readMark(places.ledger);
      if (mark === null) throw new VerbError(exitCodes.environment, 'the ledger has published nothing yet, so there is nothing to archive', 'Run weir start; it publishes every second.');
      return mark.sequence;
    };
    try {
      return await work({ reader, archive: archiveFolder(options), engine: `weir ${weirVersion()}`, until });
    } finally {
      await keys.close();
    }
  }));
}

/** A line of progress over sequences of the ledger. */
export function followLine({ quiet, json }: CommonOptions): { show(sequence: number, until: number): void; end(): void } {
  const line = new RewrittenLine(process.stderr, quiet === true || json === true);
  let first: number | null = null;
  return {
    show: (sequence, until) => {
      first ??= sequence;
      const [done, all] = [sequence - first, until - first];
      line.show((seconds) => `  ${sequence.toLocaleString('en-US')} of ${until.toLocaleString('en-US')} entries, about ${Math.ceil(done === 0 ? 0 : (seconds / done) * (all - done))} s left`);
    },
    end: () => line.end(),
  };
}
