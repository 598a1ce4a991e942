import type { Entry } from '../../model/index.ts';
import type { LedgerReader } from '../reader.ts';

/** The ledger as projections read it: an entry's `index` is its sequence, over all logs. What was erased is not there any more. */
export interface SequenceReader {
  readonly size: number;
  read(from: number, options: { readonly end: number; readonly where: (text: Buffer, index: number) => boolean }): AsyncIterable<{ readonly index: number; readonly entry: Entry }>;
}

/** `size` tells how many entries are durable. */
export function sequenceReader(reader: LedgerReader, size: () => number): SequenceReader {
  return {
    get size() {
      return size();
    },
    async *read(from, { end, where }) {
      for await (const { sequence, entry } of reader.entries(from, { end, where })) yield { index: sequence, entry };
    },
  };
}
