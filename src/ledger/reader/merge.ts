import { readdir } from 'node:fs/promises';
import { readPrivate } from '../private.ts';
import type { LogName } from '../record.ts';
import type { StoredRecord } from '../types.ts';

/** The logs that have private files, in order of names. */
export async function privateLogs(place: string): Promise<readonly LogName[]> {
  const names = await readdir(`${place}/private`).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => /^(?:[a-z0-9]{2}|anchor)$/.test(name)).sort();
}

/** The records of all logs from the private files, by sequence, from one up to and without another. */
export async function* mergedPrivate(place: string, from: number, to: number): AsyncGenerator<StoredRecord, void> {
  const heads: { readonly source: AsyncGenerator<StoredRecord, void>; stored: StoredRecord }[] = [];
  try {
    for (const log of await privateLogs(place)) {
      const source = readPrivate(place, log, await indexAt(place, log, from));
      const first = await nextBefore(source, to);
      if (first !== null) heads.push({ source, stored: first });
    }
    while (heads.length > 0) {
      let least = 0;
      for (let at = 1; at < heads.length; at += 1) if ((heads[at]?.stored.sequence ?? 0) < (heads[least]?.stored.sequence ?? 0)) least = at;
      const head = heads[least];
      if (head === undefined) return;
      yield head.stored;
      const next = await nextBefore(head.source, to);
      if (next === null) heads.splice(least, 1);
      else head.stored = next;
    }
  } finally {
    for (const { source } of heads) await source.return();
  }
}

async function nextBefore(source: AsyncGenerator<StoredRecord, void>, to: number): Promise<StoredRecord | null> {
  const { value } = await source.next();
  if (value !== undefined && value.sequence < to) return value;
  await source.return();
  return null;
}

/** The leaf index from which a log's sequences are `from` or later. Sequences grow with the index, so a search by halves finds it. */
async function indexAt(place: string, log: LogName, from: number): Promise<number> {
  if (from === 0) return 0;
  let low = 0;
  // No log has more entries than all of them together had before.
  let high = from;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const source = readPrivate(place, log, middle);
    const { value } = await source.next();
    await source.return();
    if (value !== undefined && value.sequence < from) low = value.index + 1;
    else high = middle;
  }
  return low;
}
