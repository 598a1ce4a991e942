import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, readdirSync, renameSync, rmSync, statSync, truncateSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { collect, diskError, temporaryFolder } from './cases.ts';
import type { JournalFs } from './files.ts';
import { diskFs } from './files.ts';
import { sectorBytes } from './format.ts';
import { pruneWal } from './prune.ts';
import { firstSequence } from './pruned.ts';
import { readRecords } from './read.ts';
import type { Placed } from './types.ts';
import { verifyWal } from './verify.ts';
import { openWal } from './wal.ts';
import { sampleRecord } from './walSamples.ts';

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
  /** How to take back each change of a name that was not yet synced, in order. */
  readonly #names: (() => void)[] = [];

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
        const before = existsSync(to) ? readFileSync(to) : null;
        this.#names.push(() => {
          renameSync(to, from);
          if (before !== null) writeFileSync(to, before);
        });
        return diskFs.rename(from, to);
      }),
      unlink: (path) => this.#alive(() => {
        const before = readFileSync(path);
        this.#names.push(() => writeFileSync(path, before));
        return diskFs.unlink(path);
      }),
      syncFolder: (path) => this.#alive(async () => {
        await diskFs.syncFolder(path);
        this.#names.length = 0;
      }),
    };
  }

  /** Takes the power away. `keeps` says of each thing in doubt whether it survived. */
  losePower(folder: string, keeps: () => boolean): void {
    for (const takeBack of this.#names.reverse()) if (!keeps()) takeBack();
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
  let pruned = 0;
  await fc.assert(fc.asyncProperty(fc.integer({ min: 10, max: 90 }), fc.infiniteStream(fc.boolean()), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 9 }), async (diesAt, doubts, per, prunes) => {
    const { folder, remove } = temporaryFolder();
    const disk = new ForgetfulDisk(diesAt);
    const placed: Placed[] = [];
    try {
      const wal = await openWal({ folder, segmentBytes: 9_000, retryDelay: 60_000, fs: disk.fs }).catch(() => null);
      for (let number = 0; wal?.healthy === true; number += 1) {
        await wal.append(Array.from({ length: per }, (_, place) => sampleRecord(number, { log: place === 0 ? 'zy' : 'anchor' }))).then((given) => placed.push(...given), () => undefined);
        if (number % 7 === prunes) await pruneWal(folder, wal.size, { fs: disk.fs }).then(() => (pruned += 1), () => undefined);
      }
      disk.losePower(folder, () => doubts.next().value as boolean);
      for (const name of readdirSync(folder)) if (basename(name).startsWith('lock')) unlinkSync(join(folder, name));
      const again = await openWal({ folder, segmentBytes: 9_000, check: placed.length % 2 === 0 ? 'all' : 'last' });
      const sizes = again.sizes();
      placed.push(...(await again.append([sampleRecord(1_000)])));
      expect(placed.at(-1)).toMatchObject({ index: sizes.get('zy') ?? 0 });
      await again.close();
      expect((await verifyWal(folder)).damage).toEqual([]);
      const first = await firstSequence(folder);
      const stored = await collect(readRecords(folder, first));
      expect(new Set(placed.map(({ sequence }) => sequence)).size).toBe(placed.length);
      for (const { sequence, log, index, record } of placed) if (sequence >= first) expect(stored[sequence - first]).toEqual({ sequence, log, index, record });
      await wal?.close().catch(() => undefined);
    } finally {
      remove();
      rmSync(folder, { recursive: true, force: true });
    }
  }), { numRuns: 150 });
  expect(pruned).toBeGreaterThan(0);
});
