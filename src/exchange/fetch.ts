import type { Source, SourceQuery, SourceResult } from './ports.ts';

/** Asks an owner's records. Where there is no connection, or it fails in a way that a source promises never to, they are unavailable; never "no record". */
export async function fetchFrom(source: Source | null, query: SourceQuery): Promise<SourceResult> {
  if (source === null) return { status: 'unavailable', why: 'misconfigured' };
  try {
    return await source.lookup(query);
  } catch {
    // A source promises not to reject. One that does is down.
    return { status: 'unavailable', why: 'down' };
  }
}
