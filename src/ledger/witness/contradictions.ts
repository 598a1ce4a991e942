import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { originHash } from './kept.ts';

/** Under a witness's folder: signed checkpoints that contradict what was cosigned. Each, beside the cosigned one of its size, proves that the log's key signed two histories. */
export const contradictionFolder = 'contradictions';
/** Whoever has the log's key can make any number of them; some are enough. */
const mostOfALog = 8;

/** The files that are kept of a log, `HASH-SIZE-ROOT` with the first 16 digits of the root. */
export async function contradictionsOf(folder: string, origin: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, contradictionFolder)).catch(() => []);
  return names.filter((name) => name.startsWith(`${originHash(origin)}-`));
}

/** Keeps a contradicting checkpoint. True where it is new and was kept. Best effort: nothing that is answered depends on it. */
export async function keepContradiction(folder: string, { origin, size, root }: { readonly origin: string; readonly size: number; readonly root: Uint8Array }, note: string): Promise<boolean> {
  const names = await contradictionsOf(folder, origin);
  const name = `${originHash(origin)}-${size}-${Buffer.from(root).toString('hex').slice(0, 16)}`;
  if (names.includes(name) || names.length >= mostOfALog) return false;
  const inside = join(folder, contradictionFolder);
  try {
    await mkdir(inside, { recursive: true, mode: 0o700 });
    await writeFile(join(inside, name), note, { mode: 0o600, flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}
