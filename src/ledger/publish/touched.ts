import { dirname } from 'node:path';
import { writeAll } from '../files.ts';
import type { PublishFs } from './fs.ts';
import { contents } from './fs.ts';

/** Files that were written and not synced since. Which folders that concerns follows from their paths. */
export class Touched {
  readonly #fs: PublishFs;
  /** Nothing above it is synced: it is there before the ledger is. */
  readonly #place: string;
  #files = new Set<string>();
  /** Files whose sync failed. A system may say so once, and take the bytes for written afterwards: they are written again. */
  readonly #failed = new Set<string>();

  constructor(fs: PublishFs, place: string) {
    this.#fs = fs;
    this.#place = place;
  }

  add(path: string): void {
    this.#files.add(path);
  }

  /** The file is there no more. */
  gone(path: string): void {
    this.#files.delete(path);
    this.#failed.delete(path);
  }

  /** Syncs all that was touched until now, one after the other, so that the write-ahead file's own syncs find the disk free. Rejects where one fails; all count as touched then. */
  async sync(): Promise<void> {
    const files = this.#files;
    this.#files = new Set();
    const folders = new Set<string>();
    try {
      for (const path of files) {
        for (let at = dirname(path); at.length >= this.#place.length && !folders.has(at); at = dirname(at)) folders.add(at);
        // It may have been taken away meanwhile, or before: a partial tile that nothing needs.
        await this.#file(path);
      }
      for (const folder of folders) await this.#fs.syncFolder(folder).catch(ignoreAbsent);
    } catch (error) {
      for (const path of files) this.#files.add(path);
      throw error;
    }
  }

  async #file(path: string): Promise<void> {
    if (this.#failed.has(path)) await this.#again(path);
    let descriptor: number;
    try {
      descriptor = await this.#fs.open(path, 'r', 0o600);
    } catch (error) {
      ignoreAbsent(error);
      return;
    }
    try {
      await this.#fs.fdatasync(descriptor);
      this.#failed.delete(path);
    } catch (error) {
      this.#failed.add(path);
      throw error;
    } finally {
      await this.#fs.close(descriptor);
    }
  }

  /** Writes a file's own bytes over themselves, so that they go to the disk once more. */
  async #again(path: string): Promise<void> {
    const bytes = await contents(this.#fs, path);
    if (bytes === null) return;
    const descriptor = await this.#fs.open(path, 'r+', 0o600);
    try {
      await writeAll(this.#fs, descriptor, bytes, 0);
    } finally {
      await this.#fs.close(descriptor);
    }
  }
}

function ignoreAbsent(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
