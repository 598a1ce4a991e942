import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, readdirSync, renameSync, rmSync, statSync, truncateSync, unlinkSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Receipt } from '../model/index.ts';
import { collect, diskError, temporaryFolder } from './cases.ts';
import type { JournalFs } from './files.ts';
import { diskFs } from './files.ts';
import { sectorBytes } from './format.ts';
import { openJournal } from './journal.ts';
import { readEntries } from './read.ts';
import { sampleEntry } from './samples.ts';
import { verifyJournal } from './verify.ts';

/**
 * A disk that keeps what was synced, and on a loss of power keeps any part of the rest: each sector written since the last sync and each name
 * changed since the folder was synced may be there or not. After `diesAt` calls every call fails.
 */
class ForgetfulDisk {
  readonly fs: JournalFs;
  #calls = 0;
  readonly #diesAt: number;
  /** By inode: sectors not yet synced with what they held before, and the length that the file had. */
  readonly #unsynced = new Map<number, { length: number; sectors: Map<number, Buffer> }>();
  readonly #renames: { from: string; to: string; before: Buffer | null }[] = [];

  constructor(diesAt: number) {
    this.#diesAt = diesAt;
    this.fs = {
      open: (path, flags, mode) => this.#alive(() => diskFs.open(path, flags, mode)),
      write: (descriptor, bytes, from, length, position) => this.#alive(() => {
        this.#remember(descriptor, position, position + length);
        return diskFs.write(descriptor, bytes, from, length, position);
      }),
      fdatasync: (descriptor) => this.#alive(async () => {
        await diskFs.fdatasync(descriptor);
        this.#unsynced.delete(fstatSync(descriptor).ino);
      }),
      ftruncate: (descriptor, length) => this.#alive(() => {
        this.#remember(descriptor, length, fstatSync(descriptor).size);
        return diskFs.ftruncate(descriptor, length);
      }),
      close: (descriptor) => this.#alive(() => diskFs.close(descriptor)),
      rename: (from, to) => this.#alive(() => {
        this.#renames.push({ from, to, before: existsSync(to) ? readFileSync(to) : null });
        return diskFs.rename(from, to);
      }),
      syncFolder: (path) => this.#alive(async () => {
        await diskFs.syncFolder(path);
        this.#renames.length = 0;
      }),
    };
  }

  /** Takes the power away. `keeps` says of each thing in doubt whether it survived. */
  losePower(folder: string, keeps: () => boolean): void {
    for (const { from, to, before } of this.#renames.reverse()) {
      if (keeps()) continue;
      renameSync(to, from);
      if (before !== null) {
        const descriptor = openSync(to, 'w');
        writeSync(descriptor, before);
        closeSync(descriptor);
      }
    }
    for (const name of readdirSync(folder)) {
      const lost = this.#unsynced.get(statSync(join(folder, name)).ino);
      if (lost === undefined) continue;
      const descriptor = openSync(join(folder, name), 'r+');
      for (const [sector, before] of lost.sectors) if (!keeps()) writeSync(descriptor, before, 0, sectorBytes, sector * sectorBytes);
      closeSync(descriptor);
      if (lost.sectors.size > 0 && !keeps() && lost.length < statSync(join(folder, name)).size) truncateSync(join(folder, name), lost.length);
    }
  }

  async #alive<T>(work: () => Promise<T>): Promise<T> {
    this.#calls += 1;
    if (this.#calls > this.#diesAt) throw diskError('EIO');
    return await work();
  }

  #remember(descriptor: number, from: number, to: number): void {
    const { ino, size } = fstatSync(descriptor);
    const file = this.#unsynced.get(ino) ?? { length: size, sectors: new Map<number, Buffer>() };
    this.#unsynced.set(ino, file);
    const reading = openSync(`/proc/self/fd/${descriptor}`, 'r');
    for (let sector = Math.floor(from / sectorBytes); sector * sectorBytes < to; sector += 1) {
      if (file.sectors.has(sector)) continue;
      const before = Buffer.alloc(sectorBytes);
      readSync(reading, before, 0, sectorBytes, sector * sectorBytes);
      file.sectors.set(sector, before);
    }
    closeSync(reading);
  }
}

it.skipIf(process.platform !== 'linux')('after a loss of power at any call, whatever unsynced part survives, all that was acknowledged is there', { timeout: 300_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 10, max: 70 }), fc.infiniteStream(fc.boolean()), fc.integer({ min: 1, max: 4 }), async (diesAt, doubts, per) => {
    const { folder, remove } = temporaryFolder();
    const disk = new ForgetfulDisk(diesAt);
    const receipts: Receipt[] = [];
    try {
      const journal = await openJournal({ folder, segmentBytes: 9_000, retryDelay: 60_000, fs: disk.fs }).catch(() => null);
      for (let number = 0; journal?.healthy === true; number += 1) {
        await journal.append(Array.from({ length: per }, () => sampleEntry(number))).then((given) => receipts.push(...given), () => undefined);
      }
      disk.losePower(folder, () => doubts.next().value as boolean);
      for (const name of readdirSync(folder)) if (basename(name).startsWith('lock')) unlinkSync(join(folder, name));
      const again = await openJournal({ folder, segmentBytes: 9_000 });
      receipts.push(...(await again.append([sampleEntry(1_000)])));
      await again.close();
      expect((await verifyJournal(folder)).damage).toEqual([]);
      const stored = await collect(readEntries(folder));
      expect(new Set(receipts.map(({ index }) => index)).size).toBe(receipts.length);
      for (const { index, entry, hash } of receipts) expect({ index, entry: stored[index]?.entry.id, hash: stored[index]?.hash }).toEqual({ index, entry, hash });
      await journal?.close().catch(() => undefined);
    } finally {
      remove();
      rmSync(folder, { recursive: true, force: true });
    }
  }), { numRuns: 150 });
});
