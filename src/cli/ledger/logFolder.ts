import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readLogFile } from '../../ledger/publish/tileStore.ts';
import { parseCheckpoint } from '../../verify/checkpoint.ts';
import { parseNote } from '../../verify/note.ts';
import { toBase64 } from '../../verify/bytes.ts';

/** A log as its public files have it. */
export interface PublishedLog {
  readonly log: string;
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** When the checkpoint was last written, milliseconds since 1970. */
  readonly writtenAt: number;
  /** Names of the keys beside the log's own whose signatures stand under it. They are not verified here: `weir verify` does that. */
  readonly by: readonly string[];
  /** The size under the latest checkpoint that a quorum cosigned; null where there is none. */
  readonly cosigned: number | null;
}

/** The logs that have a checkpoint, in order of names. `place` is the ledger's folder. */
export async function publishedLogs(place: string): Promise<readonly PublishedLog[]> {
  const names = await readdir(join(place, 'log')).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  const logs = await Promise.all(names.sort().map((name) => publishedLog(place, name)));
  return logs.filter((log) => log !== null);
}

/** Null where the log has no checkpoint yet. Throws VerifyError `malformed` where it cannot be read. */
export async function publishedLog(place: string, log: string): Promise<PublishedLog | null> {
  const note = await readLogFile(place, log, 'checkpoint');
  if (note === null) return null;
  const { text, signatures } = parseNote(note.toString('utf8'));
  const { origin, size, root } = parseCheckpoint(text);
  const cosigned = await readLogFile(place, log, 'cosigned');
  const { mtimeMs } = await stat(join(place, 'log', log, 'checkpoint'));
  return {
    log, origin, size, root: toBase64(root), writtenAt: mtimeMs, by: [...new Set(signatures.map(({ name }) => name))].filter((name) => name !== origin),
    cosigned: cosigned === null ? null : parseCheckpoint(parseNote(cosigned.toString('utf8')).text).size,
  };
}
