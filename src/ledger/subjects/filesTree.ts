import { coveringCheckpoint } from '../opening/cover.ts';
import { openProofs } from '../proofs.ts';
import { readLogFile } from '../publish/tileStore.ts';
import type { LogName } from '../record.ts';
import type { ProvenLog } from './report.ts';

/**
 * The published tree of a log under a checkpoint that covers a leaf, one that a quorum of witnesses cosigned where there is such. Waits `patience`
 * milliseconds for it at most; throws an `OpeningError` after that.
 */
export async function treeOfFiles(place: string, log: LogName, covering: number, patience = 10_000): Promise<ProvenLog> {
  const files = (path: string): Promise<Buffer | null> => readLogFile(place, log, path);
  const { note, origin, size } = await coveringCheckpoint(files, covering, patience);
  const proofs = openProofs(files, size);
  return { note, origin, size, proof: (index) => proofs.inclusion(index) };
}
