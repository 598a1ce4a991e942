import type { LeafRange, LedgerReader } from '../reader.ts';
import type { LogName } from '../record.ts';
import type { OpenedRecord } from '../types.ts';

export interface Chosen {
  readonly index: number;
  /** Null where the log has no such entry. */
  readonly opened: OpenedRecord | 'erased' | null;
}

/** The entries of a list, each index once and in ascending order, or those of a range that are still there. */
export async function* chosenEntries(reader: Pick<LedgerReader, 'entry' | 'range'>, log: LogName, wanted: readonly number[] | LeafRange): AsyncGenerator<Chosen, void> {
  if ('from' in wanted) {
    for await (const opened of reader.range(log, wanted.from, wanted.to)) yield { index: opened.index, opened };
    return;
  }
  const indices = [...new Set(wanted)].sort((a, b) => a - b);
  const [first, last] = [indices[0], indices.at(-1)];
  if (first === undefined || last === undefined) return;
  // One reading through is cheaper than many look-ups where most of what lies between is wanted.
  if (indices.length < 64 || last - first > 4 * indices.length) {
    for (const index of indices) yield { index, opened: await reader.entry(log, index) };
    return;
  }
  let next = 0;
  for await (const opened of reader.range(log, first, last + 1)) {
    for (; (indices[next] ?? Infinity) < opened.index; next += 1) yield { index: indices[next] ?? 0, opened: await reader.entry(log, indices[next] ?? 0) };
    if (indices[next] !== opened.index) continue;
    yield { index: opened.index, opened };
    next += 1;
  }
  for (; next < indices.length; next += 1) yield { index: indices[next] ?? 0, opened: await reader.entry(log, indices[next] ?? 0) };
}
