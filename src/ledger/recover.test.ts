import { appendFileSync, copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, collect, diskError, temporaryFolder, watchedFs } from './cases.ts';
import { checkWal } from './check.ts';
import { decodeFrameHead, decodeSegmentHead, encodeSegmentHead, encodeState, frameHeadBytes, frameTailBytes, link, sealFrame, sectorBytes, segmentSequence } from './format.ts';
import { pruneWal } from './prune.ts';
import { readRecords } from './read.ts';
import { verifyWal } from './verify.ts';
import { openWal } from './wal.ts';
import { sampleRecord } from './walSamples.ts';

let folder: string;
let remove: () => void;
beforeEach(() => ({ folder, remove } = temporaryFolder()));
afterEach(() => remove());

/** Where the first batch begins: behind the head and a state frame that fits one sector. */
const startBytes = 2 * sectorBytes;

const segmentsOf = (place: string): string[] => readdirSync(place).filter((name) => segmentSequence(name) !== null).sort();

/** Batches of three entries or of `per`, one batch after the other; several files where `segmentBytes` is small. */
async function write(batches: number, options: { place?: string; segmentBytes?: number; from?: number; per?: number } = {}): Promise<void> {
  const per = options.per ?? 3;
  const wal = await openWal({ folder: options.place ?? folder, segmentBytes: options.segmentBytes ?? 1_000_000 });
  for (let batch = 0; batch < batches; batch += 1) {
    const first = (options.from ?? 0) + batch * per;
    await wal.append(Array.from({ length: per }, (_, place) => sampleRecord(first + place)));
  }
  await wal.close();
}

/** A journal whose process ended in the middle of its third batch, or just after: the note knows of two. Returns where that batch begins. */
async function crashed(per = 3): Promise<{ path: string; bytes: Buffer; at: number }> {
  await write(2, { per });
  const note = readFileSync(join(folder, 'head'));
  const path = join(folder, segmentsOf(folder)[0]!);
  const at = readFileSync(path).length;
  await write(1, { from: 2 * per, per });
  writeFileSync(join(folder, 'head'), note);
  return { path, bytes: readFileSync(path), at };
}

describe('a torn tail', { timeout: 300_000 }, () => {
  it('is dropped wherever the last batch was cut, with and without zeros behind it', async () => {
    const { path, bytes, at } = await crashed(1);
    for (let cut = at; cut < bytes.length; cut += 1) {
      for (const zeros of [0, bytes.length - cut, bytes.length - cut + 10_000]) {
        if (zeros > 0 && cut % 7 !== 0) continue;
        writeFileSync(path, Buffer.concat([bytes.subarray(0, cut), Buffer.alloc(zeros)]));
        const check = await checkWal(folder);
        expect(check.damage, `cut at ${cut}, ${zeros} zeros`).toEqual([]);
        expect(check.size).toBe(2);
        expect(check.tail?.offset).toBe(at);
        expect(check.torn === null).toBe(cut === at);
      }
    }
  });

  it('is dropped where any set of sectors of the last batch is missing', async () => {
    const { path, bytes, at } = await crashed();
    const sectors = (bytes.length - at) / sectorBytes;
    for (let missing = 1; missing < 2 ** sectors; missing += 1) {
      const torn = Buffer.from(bytes);
      for (let sector = 0; sector < sectors; sector += 1) if ((missing >> sector) % 2 === 1) torn.fill(0, at + sector * sectorBytes, at + (sector + 1) * sectorBytes);
      writeFileSync(path, torn);
      const { damage, size } = await checkWal(folder);
      expect({ missing, damage, size }).toEqual({ missing, damage: [], size: 6 });
    }
  });

  it('leaves a journal that gives the index again that nobody was told of, and no other', async () => {
    const { path, bytes, at } = await crashed();
    const offsets = fc.sample(fc.integer({ min: at + 1, max: bytes.length - 1 }), { numRuns: 15, seed: 1 });
    for (const cut of offsets) {
      writeFileSync(path, bytes.subarray(0, cut));
      writeFileSync(join(folder, 'head'), '');
      const wal = await openWal({ folder });
      expect(wal.size).toBe(6);
      expect(wal.dropped).toMatchObject({ offset: at });
      expect((await wal.append([sampleRecord(77)]))[0]).toMatchObject({ sequence: 6, index: 6 });
      await wal.close();
      expect(await verifyWal(folder)).toMatchObject({ entries: 7, damage: [], torn: null });
      expect((await collect(readRecords(folder))).map(({ record }) => record)).toEqual([0, 1, 2, 3, 4, 5, 77].map((number) => sampleRecord(number).record));
    }
  });

  it('keeps a batch that is whole though nobody was told of it', async () => {
    await crashed();
    const wal = await openWal({ folder });
    expect(wal.size).toBe(9);
    expect(wal.dropped).toBeNull();
    await wal.close();
  });

  it('is damage, and not dropped, where the note says that the batch was acknowledged', async () => {
    await write(3);
    const path = join(folder, segmentsOf(folder)[0]!);
    const bytes = readFileSync(path);
    truncateSync(path, bytes.length - 600);
    expect(await codeOf(openWal({ folder }))).toBe('JOURNAL_CORRUPT');
    expect(readFileSync(path)).toHaveLength(bytes.length - 600);
  });

  it('is damage anywhere but at the end of the last file', async () => {
    await write(6, { segmentBytes: 10_000 });
    const [first] = segmentsOf(folder);
    const path = join(folder, first!);
    truncateSync(path, readFileSync(path).length - 600);
    const { damage } = await verifyWal(folder);
    expect(damage).toHaveLength(1);
    expect(damage[0]!.file).toBe(first);
  });

  it('takes what an ended process left in the making away', async () => {
    await write(1);
    for (const name of ['next.tmp', 'head.tmp', 'lock-1.new']) writeFileSync(join(folder, name), 'half');
    await (await openWal({ folder })).close();
    expect(readdirSync(folder).filter((name) => /tmp|new/.test(name))).toEqual([]);
  });
});

describe('damage', { timeout: 300_000 }, () => {
  it('one flipped bit in any byte of any file is found and named', async () => {
    await write(5, { per: 1, segmentBytes: 4_200 });
    await pruneWal(folder, 2);
    const names = [...segmentsOf(folder), 'head', 'pruned'];
    expect(names).toEqual(['000000000002.wal', '000000000004.wal', 'head', 'pruned']);
    for (const name of names) {
      const path = join(folder, name);
      const bytes = readFileSync(path);
      for (let at = 0; at < bytes.length; at += 1) {
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= 1 << (at % 8);
        writeFileSync(path, flipped);
        const { damage } = await checkWal(folder);
        expect(damage.length, `${name} byte ${at}`).toBeGreaterThan(0);
        expect(damage[0]!.file).toBe(name);
        expect(damage[0]!.offset).toBeLessThanOrEqual(at);
      }
      writeFileSync(path, bytes);
    }
    expect((await checkWal(folder)).damage).toEqual([]);
  });

  it('one flipped bit in the last batch is found after a crash as well, when the note is behind', async () => {
    const { path, bytes, at } = await crashed(1);
    for (let byte = at; byte < bytes.length; byte += 1) {
      const flipped = Buffer.from(bytes);
      flipped[byte]! ^= 1 << (byte % 8);
      writeFileSync(path, flipped);
      const { damage } = await checkWal(folder);
      expect({ byte, named: damage.map((one) => [one.file, one.offset]) }).toEqual({ byte, named: [[segmentsOf(folder)[0], at]] });
    }
  });

  it('keeps the journal shut, naming file and byte, and changes nothing', async () => {
    await write(6, { segmentBytes: 10_000 });
    const name = segmentsOf(folder)[1]!;
    const bytes = readFileSync(join(folder, name));
    bytes[1_200]! ^= 4;
    writeFileSync(join(folder, name), bytes);
    writeFileSync(join(folder, 'next.tmp'), 'half');
    await expect(openWal({ folder })).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT', message: expect.stringContaining(`${name} at byte 1024`) as string });
    expect(readFileSync(join(folder, name))).toEqual(bytes);
    expect(readdirSync(folder)).toContain('next.tmp');
    expect(await codeOf(openWal({ folder }))).toBe('JOURNAL_CORRUPT');
  });

  it('is named once per file, for every file', async () => {
    await write(8, { segmentBytes: 10_000 });
    const names = segmentsOf(folder);
    expect(names).toHaveLength(4);
    for (const name of [names[0]!, names[2]!]) {
      const bytes = readFileSync(join(folder, name));
      bytes[1_300]! ^= 1;
      writeFileSync(join(folder, name), bytes);
    }
    expect((await verifyWal(folder)).damage.map((one) => one.file)).toEqual([names[0], names[2]]);
  });

  it('a missing file is found: the first, one between, the last, all', async () => {
    await write(8, { segmentBytes: 10_000 });
    const names = segmentsOf(folder);
    for (const gone of [[names[0]!], [names[1]!], [names.at(-1)!], names]) {
      const copy = `${folder}-${gone.length}-${gone[0]!}`;
      cpSync(folder, copy, { recursive: true });
      for (const name of gone) unlinkSync(join(copy, name));
      expect(await codeOf(openWal({ folder: copy })), gone.join()).toBe('JOURNAL_CORRUPT');
    }
  });

  it('files that were exchanged, renamed, or taken from another journal are found', async () => {
    await write(8, { segmentBytes: 10_000 });
    const [a, b, c] = segmentsOf(folder).map((name) => join(folder, name));
    const other = `${folder}-other`;
    mkdirSync(other);
    await write(8, { place: other, segmentBytes: 10_000, from: 100 });

    renameSync(b!, `${b!}.aside`);
    copyFileSync(c!, b!);
    expect((await verifyWal(folder)).damage.length).toBeGreaterThan(0);
    copyFileSync(join(other, segmentsOf(other)[1]!), b!);
    expect((await verifyWal(folder)).damage[0]).toMatchObject({ file: segmentsOf(folder)[1], offset: 0 });
    rmSync(b!);
    renameSync(`${b!}.aside`, b!);
    expect((await verifyWal(folder)).damage).toEqual([]);
    copyFileSync(join(other, segmentsOf(other)[0]!), a!);
    expect((await verifyWal(folder)).damage.length).toBeGreaterThan(0);
  });

  it('batches that were exchanged, repeated, left out or cut off at their border are found', async () => {
    await write(4);
    const path = join(folder, segmentsOf(folder)[0]!);
    const bytes = readFileSync(path);
    const size = decodeFrameHead(bytes.subarray(startBytes))!.length;
    const head = bytes.subarray(0, startBytes);
    const [one, two, three, four] = [0, 1, 2, 3].map((place) => bytes.subarray(startBytes + place * size, startBytes + (place + 1) * size));
    for (const parts of [[one, three, two, four], [one, two, two, three, four], [one, three, four], [two, three, four], [one, two, three], []]) {
      writeFileSync(path, Buffer.concat([head, ...(parts as Buffer[])]));
      expect(await codeOf(openWal({ folder })), String(parts.length)).toBe('JOURNAL_CORRUPT');
    }
  });

  it('an entry that was replaced with all sums of its batch made again is found', async () => {
    await write(4);
    const name = segmentsOf(folder)[0]!;
    const path = join(folder, name);
    const bytes = readFileSync(path);
    const head = decodeFrameHead(bytes.subarray(startBytes))!;
    const frame = bytes.subarray(startBytes, startBytes + head.length);
    sampleRecord(1_000, { bytes: 1_200 }).record.copy(frame, frameHeadBytes + 2);
    const body = frame.length - frameTailBytes;
    frame.writeUInt32LE(crc32(frame.subarray(frameHeadBytes, body)), 24);
    frame.writeUInt32LE(crc32(frame.subarray(0, 28)), 28);
    writeFileSync(path, bytes);
    expect((await verifyWal(folder)).damage).toMatchObject([{ file: name, offset: startBytes }]);
    // With a chain hash that fits, the next batch no longer does.
    sealFrame(frame, head.payload, head.count, head.firstSequence, bytes.subarray(startBytes - frameTailBytes, startBytes - 4));
    writeFileSync(path, bytes);
    expect((await verifyWal(folder)).damage).toMatchObject([{ file: name, offset: startBytes + head.length }]);
  });

  it('a state that is not what the entries before it give is found, with all sums made again; read by itself, only one that cannot be', async () => {
    await write(4, { segmentBytes: 10_000 });
    const second = join(folder, segmentsOf(folder)[1]!);
    const good = readFileSync(second);
    const head = decodeFrameHead(good.subarray(sectorBytes))!;
    // So that nothing but the frame itself can tell.
    writeFileSync(join(folder, 'head'), '');
    const states = {
      otherHash: (state: Buffer) => (state[20]! ^= 1),
      otherLog: (state: Buffer) => state.write('zz', 1, 'latin1'),
      badName: (state: Buffer) => state.write('Z/', 1, 'latin1'),
      otherSize: (state: Buffer) => state.writeBigUInt64LE(5n, 3),
      fewerHashes: (state: Buffer) => (state[11] = 1),
    };
    for (const [what, change] of Object.entries(states)) {
      const bytes = Buffer.from(good);
      change(bytes.subarray(sectorBytes + frameHeadBytes));
      const start = decodeSegmentHead(bytes.subarray(0, sectorBytes));
      if ('bad' in start) throw new Error(start.what);
      sealFrame(bytes.subarray(sectorBytes, startBytes), head.payload, 0, head.firstSequence, link(start.previous, bytes.subarray(0, sectorBytes)));
      writeFileSync(second, bytes);
      const { damage } = await verifyWal(folder);
      expect(damage[0], what).toMatchObject({ file: segmentsOf(folder)[1], offset: sectorBytes, what: expect.stringContaining('state') as string });
      // By itself a segment can only be held against its own first sequence and the form of what it says.
      writeFileSync(second, bytes.subarray(0, startBytes));
      const alone = (await checkWal(folder, 'last')).damage.length > 0;
      if (what !== 'otherHash' && what !== 'otherLog') expect({ what, alone }).toEqual({ what, alone: true });
    }
    writeFileSync(second, good.subarray(0, sectorBytes));
    expect(await codeOf(openWal({ folder, check: 'last' }))).toBe('JOURNAL_CORRUPT');
    writeFileSync(second, good);
    expect((await verifyWal(folder)).damage).toEqual([]);
    // A state frame in the place of a batch, that continues the chain.
    const { chain, forest } = await checkWal(folder);
    writeFileSync(second, Buffer.concat([good, encodeState(forest.encode(), forest.total, chain).frame]));
    expect((await verifyWal(folder)).damage).toMatchObject([{ file: segmentsOf(folder)[1], offset: good.length }]);
  });

  it('a segment that is older than the one before it is found', async () => {
    await write(4, { segmentBytes: 10_000 });
    const path = join(folder, segmentsOf(folder)[1]!);
    const good = readFileSync(path);
    const start = decodeSegmentHead(good.subarray(0, sectorBytes));
    if ('bad' in start) throw new Error(start.what);
    const head = decodeFrameHead(good.subarray(sectorBytes))!;
    const { frame } = encodeState(good.subarray(sectorBytes + frameHeadBytes, sectorBytes + frameHeadBytes + head.payload), head.firstSequence, link(start.previous, encodeSegmentHead({ ...start, created: 7 })));
    writeFileSync(path, Buffer.concat([encodeSegmentHead({ ...start, created: 7 }), frame]));
    writeFileSync(join(folder, 'head'), '');
    expect((await verifyWal(folder)).damage).toMatchObject([{ file: segmentsOf(folder)[1], offset: 0 }]);
  });

  it('bytes behind the last batch that are no batch are found', async () => {
    await write(2);
    appendFileSync(join(folder, segmentsOf(folder)[0]!), Buffer.alloc(4_096, 7));
    expect(await codeOf(openWal({ folder }))).toBe('JOURNAL_CORRUPT');
  });

  it('another format version is told apart, and nothing is touched', async () => {
    await write(6, { segmentBytes: 10_000 });
    const contents = (): Record<string, string> => Object.fromEntries(readdirSync(folder).sort().map((name) => [name, readFileSync(join(folder, name), 'latin1')]));
    for (const version of [1, 3]) {
      for (const name of segmentsOf(folder)) {
        const bytes = readFileSync(join(folder, name));
        bytes.writeUInt32LE(version, 8);
        bytes.writeUInt32LE(crc32(bytes.subarray(0, sectorBytes - 4)), sectorBytes - 4);
        writeFileSync(join(folder, name), bytes);
      }
      writeFileSync(join(folder, 'next.tmp'), 'half');
      const before = contents();
      for (const check of ['all', 'last'] as const) expect(await codeOf(openWal({ folder, check }))).toBe('JOURNAL_VERSION');
      expect(await codeOf(collect(readRecords(folder)))).toBe('JOURNAL_VERSION');
      expect((await verifyWal(folder)).damage[0]?.version).toBe(true);
      expect(contents()).toEqual(before);
    }
  });

  it('any bytes at all in a file are found, or leave every entry as it was; they are never a fault of the program', async () => {
    await write(1);
    const path = join(folder, segmentsOf(folder)[0]!);
    const good = readFileSync(path);
    await fc.assert(fc.asyncProperty(fc.nat(good.length), fc.uint8Array({ maxLength: 2_000 }), async (at, junk) => {
      const bytes = Buffer.concat([good.subarray(0, at), junk, good.subarray(at + junk.length)]);
      writeFileSync(path, bytes);
      const { damage, size } = await checkWal(folder);
      if (damage.length === 0) expect([size, bytes.subarray(0, good.length).equals(good)]).toEqual([3, true]);
    }), { numRuns: 300 });
  });
});

it('with check "last" only the last file is read, what is before it is believed, and all logs are as after a full check', async () => {
  await write(7, { segmentBytes: 10_000 });
  const before = await verifyWal(folder);
  const path = join(folder, segmentsOf(folder)[0]!);
  const bytes = readFileSync(path);
  bytes[1_200]! ^= 4;
  writeFileSync(path, bytes);
  const wal = await openWal({ folder, check: 'last' });
  expect(wal.size).toBe(21);
  expect(wal.sizes()).toEqual(before.sizes);
  expect(Buffer.from(wal.root('zy'), 'latin1').toString('base64')).toBe(before.roots.get('zy'));
  await wal.close();
  expect(await codeOf(openWal({ folder }))).toBe('JOURNAL_CORRUPT');
});

it('the note fits also where the process ended just after a new file was begun', async () => {
  await write(2, { segmentBytes: 10_000 });
  let writing = false;
  let dead = false;
  const fs = watchedFs(() => { if (dead) throw diskError('EIO'); }, (call) => { if (writing && call === 'syncFolder') dead = true; });
  const wal = await openWal({ folder, segmentBytes: 10_000, retryDelay: 60_000, fs });
  writing = true;
  expect(await codeOf(wal.append([sampleRecord(6)]))).toBe('JOURNAL_WRITE');
  await wal.close();
  expect(segmentsOf(folder)).toHaveLength(2);
  for (const check of ['all', 'last'] as const) {
    // The note is of before the new file here, and in the second round of behind its state frame, as the opening writes it.
    const copy = `${folder}-${check}`;
    cpSync(folder, copy, { recursive: true });
    for (let round = 0; round < 2; round += 1) {
      const again = await openWal({ folder: copy, check });
      expect(again.size).toBe(6);
      const note = readFileSync(join(copy, 'head'));
      await again.close();
      writeFileSync(join(copy, 'head'), note);
    }
    expect((await verifyWal(copy)).damage).toEqual([]);
  }
});
