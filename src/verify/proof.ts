import { fromBase64, isCount, parseNumber, toBase64 } from './bytes.ts';
import { hashBytes, leafHash, verifyInclusion } from './merkle.ts';
import { judge } from './policy.ts';
import type { Judged, TrustPolicy } from './policy.ts';
import { VerifyError } from './types.ts';
import type { VerifyCrypto } from './types.ts';

/** That one entry is in a log, in one text (C2SP tlog-proof). */
export interface Proof {
  readonly index: number;
  /** From the sibling of the leaf upwards. */
  readonly hashes: readonly Uint8Array[];
  /** The signed note, verbatim. */
  readonly checkpoint: string;
  /** Not covered by any signature: not to be trusted. */
  readonly extra?: Uint8Array;
}

const firstLine = 'c2sp.org/tlog-proof@v1';
const mostHashes = 63;

/** Reads a `.tlog-proof`. Throws VerifyError `malformed`. */
export function parseProof(text: string): Proof {
  const end = text.indexOf('\n\n');
  const lines = text.slice(0, Math.max(end, 0)).split('\n');
  if (end < 0 || lines.shift() !== firstLine) throw malformed(`A proof begins with the line ${firstLine}, and has an empty line before its checkpoint.`);
  const extraLine = lines[0]?.startsWith('extra ') === true ? lines.shift() : undefined;
  const extra = extraLine === undefined ? undefined : fromBase64(extraLine.slice('extra '.length));
  const indexLine = lines.shift() ?? '';
  const index = indexLine.startsWith('index ') ? parseNumber(indexLine.slice('index '.length)) : null;
  const hashes = lines.length > mostHashes ? [] : lines.map((line) => (line.length === 44 ? fromBase64(line) : null));
  if (extra === null) throw malformed('The extra data is not base64.');
  if (index === null) throw malformed('The proof has no line with its index.');
  if (lines.length > mostHashes || !hashes.every((hash) => hash?.length === hashBytes)) throw malformed('A line of the proof is not the base64 of 32 bytes.');
  return { index, hashes: hashes.filter((hash) => hash !== null), checkpoint: text.slice(end + 2), ...(extra === undefined ? {} : { extra }) };
}

/** The text of a proof. */
export function formatProof({ index, hashes, checkpoint, extra }: Proof): string {
  if (!isCount(index) || hashes.some((hash) => hash.length !== hashBytes)) throw malformed('These are no index and hashes.');
  const extraLine = extra === undefined ? '' : `extra ${toBase64(extra)}\n`;
  return `${firstLine}\n${extraLine}index ${String(index)}\n${hashes.map((hash) => `${toBase64(hash)}\n`).join('')}\n${checkpoint}`;
}

/**
 * Verifies that the entry with this leaf data is in a log of the policy, at the proof's index.
 * Throws VerifyError `malformed`, `unsigned`, `badSignature`, `notIncluded`, and after all these `noQuorum`.
 */
export async function verifyProof(crypto: VerifyCrypto, policy: TrustPolicy, proof: string | Proof, leafData: Uint8Array): Promise<Judged & { readonly index: number }> {
  const { index, hashes, checkpoint } = typeof proof === 'string' ? parseProof(proof) : proof;
  const judged = await judge(crypto, policy, checkpoint);
  const leaf = await leafHash(crypto, leafData);
  if (!(await verifyInclusion(crypto, { index, size: judged.size, leaf, proof: hashes, root: judged.root }))) {
    throw new VerifyError('notIncluded', `The log ${judged.origin} at size ${String(judged.size)} does not have this entry at index ${String(index)}.`, String(index));
  }
  if (!judged.quorum) throw new VerifyError('noQuorum', `Too few witnesses cosigned the checkpoint of ${judged.origin}.`, judged.origin);
  return { ...judged, index };
}

function malformed(message: string): VerifyError {
  return new VerifyError('malformed', message);
}
