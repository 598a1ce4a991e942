import { setTimeout as pause } from 'node:timers/promises';
import { parseCheckpoint } from '../../verify/checkpoint.ts';
import { parseNote } from '../../verify/note.ts';
import type { Fetch } from '../../verify/types.ts';
import { OpeningError } from './errors.ts';

/** A published checkpoint, as it stands in the log's folder. */
export interface Published {
  /** The signed note. */
  readonly note: string;
  readonly origin: string;
  readonly size: number;
}

/** The latest checkpoint, or the latest that a quorum cosigned; null before the first. */
export async function latestCheckpoint(files: Fetch, name: 'checkpoint' | 'cosigned' = 'checkpoint'): Promise<Published | null> {
  const bytes = await files(name);
  if (bytes === null) return null;
  const note = Buffer.from(bytes).toString('utf8');
  const { origin, size } = parseCheckpoint(parseNote(note).text);
  return { note, origin, size };
}

/**
 * The first checkpoint seen that covers a leaf: one that a quorum cosigned where the log has such, and only where those stay away for half of
 * `patience` one without. Throws OpeningError `OPENING_NOT_COVERED` after `patience` milliseconds.
 */
export async function coveringCheckpoint(files: Fetch, index: number, patience: number): Promise<Published> {
  const began = performance.now();
  for (;;) {
    const waited = performance.now() - began;
    const cosigned = await latestCheckpoint(files, 'cosigned');
    if (cosigned !== null && cosigned.size > index) return cosigned;
    const signed = await latestCheckpoint(files);
    if (signed !== null && signed.size > index && (cosigned === null || waited >= patience / 2)) return signed;
    if (waited >= patience) throw new OpeningError('OPENING_NOT_COVERED', `no checkpoint covers leaf ${index} yet`);
    await pause(50);
  }
}
