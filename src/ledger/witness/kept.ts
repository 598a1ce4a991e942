import { hash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCheckpoint } from '../../verify/checkpoint.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { openNote, parseVkey } from '../../verify/note.ts';
import type { Vkey } from '../../verify/note.ts';
import { VerifyError } from '../../verify/types.ts';
import { diskFs, replaceFile, writeAll } from '../files.ts';
import type { JournalFs } from '../files.ts';
import { WitnessError } from './errors.ts';

/** The latest checkpoint that a witness cosigned for a log. */
export interface Kept {
  readonly size: number;
  readonly root: Uint8Array;
  /** Seconds since 1970, as the cosignature states it. */
  readonly time: number;
  /** Text, the log's signatures, and the witness's own cosignature last: the file, and what monitors are given. */
  readonly note: string;
}

/** Thrown where the disk did not keep a checkpoint: no cosignature may leave. `sync` where it is not known what of it is durable. */
export class KeepError extends Error {
  override readonly name = 'KeepError';
  readonly sync: boolean;

  constructor(sync: boolean, cause: unknown) {
    super('the checkpoint was not kept', { cause });
    this.sync = sync;
  }
}

/** Under a witness's folder, one file per log. */
export const keptFolder = 'cosigned';
const nothingYet = 'nothing cosigned yet\n';

/** `hex(SHA-256(origin))`: the name of a log in paths and files. */
export function originHash(origin: string): string {
  return hash('sha256', origin, 'hex');
}

/** What was kept for a log; null where nothing was cosigned yet. Rejects with `WITNESS_STATE` where the file is missing or is not what this witness signed. */
export async function readKept(folder: string, origin: string, logKeys: readonly Vkey[], vkey: string): Promise<Kept | null> {
  const path = join(folder, keptFolder, originHash(origin));
  const damaged = (what: string): WitnessError => new WitnessError('WITNESS_STATE', `what this witness kept for ${origin} ${what}: ${path}`,
    'Do not bring back an older copy: the witness could then sign a second history. Make a new witness with a new key, and tell those who trust this one.');
  const note = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw damaged('is missing');
    throw error;
  });
  if (note === nothingYet) return null;
  try {
    const own = parseVkey(vkey);
    const { text, keys, times } = await openNote(nodeCrypto, note, [...logKeys, own]);
    const { origin: named, size, root } = parseCheckpoint(text);
    const time = times[keys.findIndex(({ name, keyId }) => name === own.name && Buffer.from(keyId).equals(own.keyId))] ?? null;
    if (named !== origin || time === null) throw damaged('does not bear its cosignature');
    return { size, root, time, note };
  } catch (error) {
    if (error instanceof VerifyError) throw damaged('was altered');
    throw error;
  }
}

/** Before a log is watched: says durably that nothing was cosigned for it. What an earlier watching left stays. */
export async function makeKept(folder: string, origin: string): Promise<void> {
  const inside = join(folder, keptFolder);
  await mkdir(inside, { recursive: true, mode: 0o700 });
  await diskFs.syncFolder(folder);
  const there = await readFile(join(inside, originHash(origin)), 'utf8').then(() => true, (error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  });
  if (!there) await replaceFile(diskFs, inside, originHash(origin), Buffer.from(nothingYet));
}

/**
 * Puts a checkpoint in the place of the one before, durably: written beside it, synced, renamed, folder synced. A crash leaves the one or the other, whole.
 * Rejects with KeepError; then either may stand in the file, and since nothing was signed for it that left, both are right.
 */
export async function keep(fs: JournalFs, folder: string, origin: string, note: string): Promise<void> {
  const inside = join(folder, keptFolder);
  const fresh = join(inside, `${originHash(origin)}.tmp`);
  await stage(false, async () => {
    const descriptor = await fs.open(fresh, 'w', 0o600);
    try {
      await writeAll(fs, descriptor, Buffer.from(note), 0);
      await stage(true, () => fs.fdatasync(descriptor));
    } finally {
      await stage(true, () => fs.close(descriptor));
    }
    await fs.rename(fresh, join(inside, originHash(origin)));
  });
  await stage(true, () => fs.syncFolder(inside));
}

async function stage(sync: boolean, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw error instanceof KeepError ? error : new KeepError(sync, error);
  }
}
