import { commitmentOf } from '../../ledger/index.ts';
import { openProofs, type Proofs } from '../../ledger/proofs.ts';
import { readLogFile } from '../../ledger/publish/tileStore.ts';
import type { OpenedRecord } from '../../ledger/types.ts';
import { parseCheckpoint } from '../../verify/checkpoint.ts';
import { leafHash, rootOfInclusion } from '../../verify/merkle.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { parseNote } from '../../verify/note.ts';
import { readTile, tileWidthAt } from '../../verify/tiles.ts';
import { VerifyError, type Fetch } from '../../verify/types.ts';

/** Holds opened entries against what their logs published. */
export interface LeafChecker {
  /** A sentence where the fields of an entry do not make the leaf that the log has at its place; null where they do, or no checkpoint covers it yet. */
  check(record: OpenedRecord): Promise<string | null>;
  /** Entries that a published checkpoint covers. */
  readonly proved: number;
}

const tileWidth = 256;
const hashBytes = 32;

/**
 * Each entry's commitment is made again from its fields and its seed, and compared with the leaf in the published tile; each tile is proved to belong to the tree of the latest
 * checkpoint by the path of one of its leaves, which takes in all the others. Signatures under checkpoints are for `weir verify`. `place` is the ledger's folder.
 */
export function leafChecker(place: string): LeafChecker {
  const logs = new Map<string, Promise<LogTree | null>>();
  let proved = 0;
  return {
    get proved() {
      return proved;
    },
    async check({ log, index, seed, fields }) {
      const opening = logs.get(log) ?? openTree(place, log);
      logs.set(log, opening);
      const tree = await opening;
      if (tree === null || index >= tree.size) return null;
      if (seed === null) return 'it is no sealed entry';
      const leaves = await tree.leaves(Math.floor(index / tileWidth));
      if (typeof leaves === 'string') return leaves;
      const own = Buffer.from(await leafHash(nodeCrypto, Buffer.from(commitmentOf(fields, seed), 'latin1')));
      const at = (index % tileWidth) * hashBytes;
      if (!own.equals(leaves.subarray(at, at + hashBytes))) return 'its fields do not make the leaf that the log has published';
      proved += 1;
      return null;
    },
  };
}

interface LogTree {
  readonly size: number;
  /** The leaf hashes of a tile, or a sentence where they are not those of the tree. */
  leaves(n: number): Promise<Buffer | string>;
}

async function openTree(place: string, log: string): Promise<LogTree | null> {
  const files: Fetch = (path) => readLogFile(place, log, path);
  const note = await readLogFile(place, log, 'checkpoint');
  if (note === null) return null;
  const { size, root } = parseCheckpoint(parseNote(note.toString('utf8')).text);
  const proofs = openProofs(files, size);
  let held: { readonly n: number; readonly leaves: Promise<Buffer | string> } | null = null;
  return {
    size,
    leaves(n) {
      if (held?.n !== n) held = { n, leaves: provenTile(files, proofs, n, Buffer.from(root)) };
      return held.leaves;
    },
  };
}

async function provenTile(files: Fetch, proofs: Proofs, n: number, root: Buffer): Promise<Buffer | string> {
  try {
    const { size } = proofs;
    const leaves = Buffer.from(await readTile(files, 0, n, tileWidthAt(0, n, size)));
    const index = n * tileWidth;
    const reached = await rootOfInclusion(nodeCrypto, { index, size, leaf: leaves.subarray(0, hashBytes), proof: await proofs.inclusion(index) });
    return reached !== null && root.equals(reached) ? leaves : `the published tile ${n} does not lead to the root of the checkpoint`;
  } catch (error) {
    if (error instanceof VerifyError) return `the published tile ${n} cannot be read: ${error.message}`;
    throw error;
  }
}
