import type { AnchorEntry } from '../../approvals/index.ts';
import { nodeCrypto, parseBundle, parseTilePath, textOf, tileWidth, verifyLog, VerifyError, type Fetch, type Judged, type TrustPolicy } from '../../verify/index.ts';
import { logFetch } from '../verify/logFetch.ts';

/**
 * All entries of an anchor log that name something, out of the very bytes that were verified: the whole log is looked through, so that none is kept back.
 * `place` is a folder or an address, and whoever keeps it controls every byte. Throws `VerifyError`: `missing`, `unsigned`, `badSignature`, `altered`, `incomplete`, `malformed`.
 */
export async function anchorEntries(place: string, trust: TrustPolicy, name: string): Promise<{ readonly checkpoint: Judged; readonly entries: readonly AnchorEntry[] }> {
  const found = new Map<number, string>();
  const report = await verifyLog(nodeCrypto, noting(logFetch(place), name, found), { policy: trust });
  const { checkpoint, damages, complete } = report;
  if (!checkpoint.origin.endsWith('/anchor')) throw new VerifyError('malformed', `This is the log ${checkpoint.origin}, and not an anchor log.`, 'checkpoint');
  const [damage] = damages;
  if (damage !== undefined) throw new VerifyError(damage.kind === 'missing' ? 'missing' : 'altered', damage.message, damage.at);
  if (!complete) throw new VerifyError('incomplete', 'The log could not be looked through to its end.');
  return { checkpoint, entries: [...found].sort(([a], [b]) => a - b).map(([index, text]) => ({ index, entry: parsed(text, index) })) };
}

/** Keeps the entries that name it as they go by. Bytes that are read twice must be the same. */
function noting(fetch: Fetch, name: string, found: Map<number, string>): Fetch {
  return async (path) => {
    const bytes = await fetch(path);
    const tile = bytes === null ? null : parseTilePath(path);
    if (bytes === null || tile?.level !== 'entries') return bytes;
    for (const [place, entry] of (parseBundle(bytes) ?? []).entries()) {
      if (!Buffer.from(entry.buffer, entry.byteOffset, entry.length).includes(name)) continue;
      const [index, text] = [tile.n * tileWidth + place, textOf(entry, path)];
      if (found.has(index) && found.get(index) !== text) throw new VerifyError('altered', `The entry ${index} was not the same when it was read again.`, path);
      found.set(index, text);
    }
    return bytes;
  };
}

function parsed(text: string, index: number): AnchorEntry['entry'] {
  try {
    return JSON.parse(text) as AnchorEntry['entry'];
  } catch {
    throw new VerifyError('malformed', `The entry ${index} is no entry of an anchor log.`, String(index));
  }
}
