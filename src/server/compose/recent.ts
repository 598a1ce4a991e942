import type { Journal, Recorded } from '../../exchange/index.ts';
import type { Entry } from '../../model/index.ts';
import type { JournalReader } from '../../store/journalReader.ts';

/** Reads what was recorded before this process knew of it. */
export interface LongReader {
  entries(from: number, options: { readonly end: number; readonly where: (text: Buffer, sequence: number) => boolean }): AsyncIterable<{ readonly sequence: number; readonly entry: Entry }>;
}

/** What projections are told of is kept so long; one that lags further behind reads the ledger. */
const most = 50_000;
/** Ends at which a projection may have put its watermark. */
const ends = 64;

interface Seen {
  readonly index: number;
  readonly entry: Entry;
}

/**
 * A journal that remembers what projections must know of its latest entries, so that they follow it without reading the ledger back: those with a ticket,
 * a duty or a counted limit, acts and verdicts, and the entry before each end that was given out. What lies further back is read from the ledger. Nothing here is a record of
 * truth: whoever starts begins with the ledger.
 */
export function rememberRecent(journal: Journal & { readonly size: number }, long: LongReader): { readonly journal: Journal; readonly reader: JournalReader } {
  let from = journal.size;
  let last: Seen | null = null;
  let kept: Seen[] = [];
  const marks = new Map<number, Seen>();

  const note = (entries: readonly Entry[], recorded: readonly Recorded[]): void => {
    for (const [i, entry] of entries.entries()) {
      const index = recorded[i]?.sequence ?? -1;
      if (last === null || index > last.index) last = { index, entry };
      if (isProjected(entry)) insert(kept, { index, entry });
    }
    if (kept.length <= most) return;
    kept = kept.slice(-most / 2);
    from = kept[0]?.index ?? from;
  };
  const reader: JournalReader = {
    get size() {
      if (last === null) return from;
      marks.set(last.index + 1, last);
      const oldest = marks.size > ends ? marks.keys().next().value : undefined;
      if (oldest !== undefined) marks.delete(oldest);
      return last.index + 1;
    },
    async *read(start, { end, where, types }) {
      // A projection asks from the entry before its watermark on: that one is remembered as an end.
      const before = marks.get(start + 1);
      if (start + 1 < from || (start < from && before === undefined) || (end > from && !marks.has(end))) {
        for await (const { sequence, entry } of long.entries(start, { end, where })) yield { index: sequence, entry };
        return;
      }
      const found = [before, ...since(kept, start), marks.get(end)].filter((one) => one !== undefined).filter(({ index, entry: { type } }) => index >= start && index < end && types?.includes(type) !== false);
      found.sort((a, b) => a.index - b.index);
      for (const [i, { index, entry }] of found.entries()) {
        if (found[i - 1]?.index !== index && where(Buffer.from(JSON.stringify(entry)), index)) yield { index, entry };
      }
    },
  };
  return {
    reader,
    journal: {
      get healthy() { return journal.healthy; },
      async append(entries) {
        const recorded = await journal.append(entries);
        note(entries, recorded);
        return recorded;
      },
      witnessed: (recorded) => journal.witnessed(recorded),
    },
  };
}

/** By index: two calls may come back in another order than they were recorded in, but not by much. */
function insert(kept: Seen[], one: Seen): void {
  let at = kept.length;
  while (at > 0 && (kept[at - 1]?.index ?? 0) > one.index) at -= 1;
  kept.splice(at, 0, one);
}

function since(kept: readonly Seen[], start: number): readonly Seen[] {
  let at = kept.length;
  while (at > 0 && (kept[at - 1]?.index ?? 0) >= start) at -= 1;
  return kept.slice(at);
}

function isProjected(entry: Entry): boolean {
  return entry.type === 'verdict' || entry.type === 'act' || entry.type === 'decision' && (entry.ticket !== null || entry.duties.length > 0 || entry.limits.some(({ counted }) => counted));
}
