import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { diskFs, replaceFile } from '../files.ts';
import { KeyError } from './errors.ts';

/** The small files of the key folder: each is whole under its name or not there, for nobody else to read, and durable before it is used. */

/** The text of a key file; null where there is none. Throws `KEY_FILE` where everybody may read it. */
export async function readSecret(path: string): Promise<string | null> {
  try {
    const text = await readFile(path, 'latin1');
    if (((await stat(path)).mode & 0o007) !== 0) throw new KeyError('KEY_FILE', `the key file ${path} is open to everybody on this machine; its mode must be 0600`);
    return text;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Makes a key file that is not there yet. False, with nothing changed, where another process was quicker. Durable when it resolves. */
export async function makeSecret(path: string, text: string): Promise<boolean> {
  const folder = dirname(path);
  const fresh = `${folder}/${randomUUID()}.new`;
  const file = await open(fresh, 'wx', 0o600);
  try {
    await file.writeFile(text, 'latin1');
    await file.sync();
  } finally {
    await file.close();
  }
  let made = true;
  try {
    await link(fresh, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    made = false;
  } finally {
    await unlink(fresh);
  }
  // Also where it is another's: that it is there does not say that it is durable.
  await diskFs.syncFolder(folder);
  return made;
}

/** What is in the file, after it was made where it was missing. */
export async function readOrMake(path: string, fresh: () => string | Promise<string>): Promise<string> {
  const found = await readSecret(path);
  if (found !== null) return found;
  const text = await fresh();
  if (await makeSecret(path, text)) return text;
  const theirs = await readSecret(path);
  if (theirs === null) throw new KeyError('KEY_FILE', `the key file ${path} came and went`);
  return theirs;
}

/** Puts another text under the name, as one switch. */
export async function replaceSecret(path: string, text: string): Promise<void> {
  await replaceFile(diskFs, dirname(path), basename(path), Buffer.from(text, 'latin1'));
}

/** Puts the key `next` in the place of `path`, whose bytes are destroyed. What a crash leaves of that, `finishTaking` finishes. */
export async function takePlace(next: string, path: string): Promise<void> {
  await finishTaking(path);
  await link(path, retiredOf(path));
  await rename(next, path);
  await diskFs.syncFolder(dirname(path));
  await finishTaking(path);
}

/** Destroys the key that was replaced, where one is left. Before the rename it is still the key itself, under a second name: then only the name goes. */
export async function finishTaking(path: string): Promise<void> {
  const retired = await inodeOf(retiredOf(path));
  if (retired === null) return;
  if (retired === (await inodeOf(path))) await unlink(retiredOf(path));
  else await shred(retiredOf(path));
}

function retiredOf(path: string): string {
  return `${path}.retired`;
}

async function inodeOf(path: string): Promise<bigint | null> {
  try {
    return (await stat(path, { bigint: true })).ino;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Overwrites a file, unlinks it and makes that durable. False where there is none. */
export async function shred(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'r+');
    try {
      const { size } = await file.stat();
      await file.write(randomBytes(size), 0, size, 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await unlink(path);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  await diskFs.syncFolder(dirname(path));
  return true;
}

/** A folder that only its owner may enter, durable under its name. */
export async function makeSecretFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await diskFs.syncFolder(dirname(path));
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
