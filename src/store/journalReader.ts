/** The journal of this exchange, as far as it is durable. */
export interface JournalReader {
  /** How many entries are durable. */
  readonly size: number;
  /** The entries from an index up to and without `end` that `where` wants: what it does not want need not be parsed. */
  read(from: number, options: { readonly end: number; readonly where: (text: Buffer, index: number) => boolean }): AsyncIterable<{ readonly index: number; readonly entry: unknown }>;
}
