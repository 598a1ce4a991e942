import { inclusionProof, judge, leafHash, nodeCrypto, parseBundle, textOf, tilePath, tileWidth, tileWidthAt, verifyInclusion, VerifyError, type Judged, type TrustPolicy } from '../../verify/index.ts';
import { logFetch } from '../verify/logFetch.ts';

/** One entry of the anchor log that was shown to be in it. */
export interface AnchorFound {
  readonly index: number;
  readonly entry: unknown;
}

/**
 * Entries of an anchor log, by their indices, each shown to be under the signed root. `place` is a folder or an address, and whoever keeps it controls every byte.
 * Throws `VerifyError`: `missing`, `unsigned`, `badSignature`, `notIncluded`, `malformed`.
 */
export async function anchorEntries(place: string, trust: TrustPolicy, indices: readonly number[]): Promise<{ readonly checkpoint: Judged; readonly entries: readonly AnchorFound[] }> {
  const fetch = logFetch(place);
  const note = await fetch('checkpoint');
  if (note === null) throw new VerifyError('missing', 'The log has no checkpoint.', 'checkpoint');
  const checkpoint = await judge(nodeCrypto, trust, textOf(note, 'checkpoint'));
  if (!checkpoint.origin.endsWith('/anchor')) throw new VerifyError('malformed', `This is the log ${checkpoint.origin}, and not an anchor log.`, 'checkpoint');
  const { size, root } = checkpoint;
  const entries: AnchorFound[] = [];
  for (const index of indices) {
    if (index >= size) throw new VerifyError('missing', `The log has ${size} entries, and none with the index ${index} yet.`, String(index));
    const bytes = await entryAt(fetch, index, size);
    const leaf = await leafHash(nodeCrypto, bytes);
    const proof = await inclusionProof(nodeCrypto, fetch, index, size);
    if (!await verifyInclusion(nodeCrypto, { index, size, leaf, proof, root })) throw new VerifyError('notIncluded', `The entry ${index} is not the one that was signed.`, String(index));
    entries.push({ index, entry: parsed(bytes, index) });
  }
  return { checkpoint, entries };
}

async function entryAt(fetch: ReturnType<typeof logFetch>, index: number, size: number): Promise<Uint8Array> {
  const n = Math.floor(index / tileWidth);
  const path = tilePath('entries', n, Math.min(tileWidth, tileWidthAt('entries', n, size)));
  const bundle = (await fetch(path)) ?? (await fetch(tilePath('entries', n)));
  const found = bundle === null ? null : parseBundle(bundle);
  const bytes = found?.[index % tileWidth];
  if (bytes === undefined) throw new VerifyError('missing', `The file of the entry ${index} is not there, or is none.`, path);
  return bytes;
}

function parsed(bytes: Uint8Array, index: number): unknown {
  try {
    return JSON.parse(textOf(bytes, String(index)));
  } catch (error) {
    if (error instanceof VerifyError) throw error;
    throw new VerifyError('malformed', `The entry ${index} is no entry of an anchor log.`, String(index));
  }
}
