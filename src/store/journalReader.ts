import type { Entry } from '../model/index.ts';

/** The journal of this exchange, as far as it is durable. */
export interface JournalReader {
  /** How many entries are durable. */
  readonly size: number;
  /**
   * The entries from an index up to and without `end` that `where` wants: what it does not want need not be parsed. `types` spares the look at others: of an entry of another type the text need
   * not even be made, and `where` refuses it as well.
   */
  read(from: number, options: { readonly end: number; readonly where: (text: Buffer, index: number) => boolean; readonly types?: readonly Entry['type'][] }): AsyncIterable<{ readonly index: number; readonly entry: unknown }>;
}
