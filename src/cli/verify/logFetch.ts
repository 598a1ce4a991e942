import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fetch } from '../../verify/index.ts';
import { exitCodes, VerbError } from '../verb.ts';

/** A bundle of 256 entries of the largest size, and its lengths. */
const mostBytes = 256 * 65_537;
const patience = 30_000;

/** Reads the files of a log from a folder, or over HTTP from the address under which `checkpoint` stands. */
export function logFetch(place: string): Fetch {
  return /^https?:\/\//.test(place) ? httpFetch(place) : folderFetch(place);
}

/** Asked one by one and without a wait: a small file is read at once more quickly than it is asked for. */
function folderFetch(folder: string): Fetch {
  // A wrong folder is no log of which all is missing.
  if (!existsSync(folder)) throw new VerbError(exitCodes.environment, `there is no folder ${folder}`, 'Give the folder that has the checkpoint of the log in it.');
  return (path) => {
    try {
      return Promise.resolve(readFileSync(join(folder, path)));
    } catch (error) {
      // The path is made of numbers here, and a folder in the place of a file is no file.
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return Promise.resolve(null);
      return Promise.reject(new VerbError(exitCodes.environment, `${join(folder, path)} cannot be read: ${String(code)}`, null, { cause: error }));
    }
  };
}

/** Whoever answers at the address controls every byte, so their number has an end. */
function httpFetch(base: string): Fetch {
  const start = base.endsWith('/') ? base : `${base}/`;
  return async (path) => {
    const address = `${start}${path}`;
    try {
      const answer = await fetch(address, { signal: AbortSignal.timeout(patience), redirect: 'error' });
      if (answer.status === 404 || answer.status === 410) {
        await answer.body?.cancel();
        return null;
      }
      if (answer.status !== 200) throw new Error(`status ${String(answer.status)}`);
      return await limited(answer);
    } catch (error) {
      throw new VerbError(exitCodes.environment, `${address} cannot be read: ${reasonOf(error)}`, null, { cause: error });
    }
  };
}

async function limited(answer: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += (part as Uint8Array).length;
    if (length > mostBytes) throw new Error('the file is larger than any of a log');
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
