import type { ArchiveSession } from '../../insight/archive/types.ts';
import type { LedgerReader } from '../../ledger/index.ts';
import { working } from '../ledger/working.ts';
import { RewrittenLine } from '../rewrittenLine.ts';
import { exitCodes, VerbError, type CommonOptions } from '../verb.ts';
import { leafChecker, type LeafChecker } from './leafCheck.ts';

/** The ledger beside an archive that is its projection. */
export interface Leaves {
  readonly reader: LedgerReader;
  readonly checker: LeafChecker;
  readonly progress: (done: number, total: number) => void;
}

/** Opens the ledger whose projection a session reads. A `VerbError` where the data set is of another kind: it has no leaves to open. */
export async function withLeaves<T>(options: CommonOptions, { dataset }: ArchiveSession, work: (leaves: Leaves) => Promise<T>): Promise<T> {
  if (dataset.kind !== 'ledger') {
    throw new VerbError(exitCodes.usage, `the data set \`${dataset.name}\` is ${dataset.kind}: no ledger stands behind it that could be opened`, 'Name the projection of this exchange\'s own ledger with --log ledger.');
  }
  const line = new RewrittenLine(process.stderr, options.quiet === true || options.json === true);
  const progress = (done: number, total: number): void => line.show((seconds) => {
    const left = done === 0 ? null : Math.round(seconds * (total / done - 1));
    return `  ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} leaves${left === null ? '' : `, about ${left} s left`}`;
  });
  try {
    return await working(options, ({ reader, places }) => work({ reader, checker: leafChecker(places.ledger), progress }));
  } finally {
    line.end();
  }
}
