import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What a paper is bound to: the file of one cannot stand for another. All three were made here or were checked. */
export interface PaperPlace {
  readonly owner: string;
  readonly ticket: string;
  readonly id: string;
}

/** Papers as files: encrypted, each with a key of its own, readable by the exchange alone. */
export interface PaperFiles {
  /** Durable when it resolves. Gives the key, base64, which the caller seals under the owner's. */
  write(place: PaperPlace, bytes: Uint8Array): Promise<string>;
  /** Null where the file is gone, or is not what was written. */
  read(place: PaperPlace, key: string): Promise<Uint8Array | null>;
  remove(owner: string, id: string): Promise<void>;
  /** What lies there, with when it was written, milliseconds since 1970. */
  list(): Promise<readonly { readonly owner: string; readonly id: string; readonly at: number }[]>;
}

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const markBytes = 16;
const version = Buffer.of(1);

export function paperFiles(folder: string): PaperFiles {
  const fileOf = (owner: string, id: string): string => join(folder, owner, id);
  return {
    async write(place, bytes) {
      const key = randomBytes(32);
      const nonce = randomBytes(nonceBytes);
      const sealing = createCipheriv(cipher, key, nonce).setAAD(boundTo(place));
      const body = [version, nonce, sealing.update(bytes), sealing.final(), sealing.getAuthTag()];
      const home = join(folder, place.owner);
      await mkdir(home, { recursive: true, mode: 0o700 });
      const file = await open(fileOf(place.owner, place.id), 'wx', 0o600);
      try {
        for (const part of body) await file.writeFile(part);
        await file.datasync();
      } finally {
        await file.close();
      }
      // The name in the folder is durable too.
      const names = await open(home, 'r');
      try {
        await names.sync();
      } finally {
        await names.close();
      }
      return key.toString('base64');
    },
    async read(place, key) {
      const bytes = await readFile(fileOf(place.owner, place.id)).catch(goneOf);
      if (bytes === null || bytes.length < 1 + nonceBytes + markBytes || bytes[0] !== 1) return null;
      const opening = createDecipheriv(cipher, Buffer.from(key, 'base64'), bytes.subarray(1, 1 + nonceBytes), { authTagLength: markBytes });
      opening.setAAD(boundTo(place)).setAuthTag(bytes.subarray(-markBytes));
      const plain = opening.update(bytes.subarray(1 + nonceBytes, -markBytes));
      try {
        opening.final();
      } catch {
        return null;
      }
      return plain;
    },
    remove: (owner, id) => rm(fileOf(owner, id), { force: true }),
    async list() {
      const owners = await readdir(folder).catch(() => []);
      const files = await Promise.all(owners.map(async (owner) => (await readdir(join(folder, owner)).catch(() => [])).map((id) => ({ owner, id }))));
      const found = await Promise.all(files.flat().map(async (one) => ({ ...one, at: (await stat(fileOf(one.owner, one.id)).catch(() => null))?.mtimeMs ?? null })));
      return found.flatMap(({ owner, id, at }) => (at === null ? [] : [{ owner, id, at }]));
    },
  };
}

function boundTo({ owner, ticket, id }: PaperPlace): Buffer {
  return Buffer.from(`weir-paper/v1\n${owner}\n${ticket}\n${id}`);
}

function goneOf(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
