import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fsck } from '../src/ledger/fsck/index.ts';
import type { FsckOptions, FsckReport } from '../src/ledger/fsck/index.ts';
import { encodePrivate, writePrivate } from '../src/ledger/private.ts';
import { pruneWal } from '../src/ledger/prune.ts';
import { anchorLog, leafData } from '../src/ledger/record.ts';
import { readRecords } from '../src/ledger/read.ts';
import { openWal } from '../src/ledger/wal.ts';
import { sampleDay, sampleRecord } from '../src/ledger/walSamples.ts';
import { plainRecord } from '../src/ledger/record.ts';
import type { TinyLedger } from './tinyLedger.ts';
import { flipBit, publicKeyOf, tinyLedger } from './tinyLedger.ts';
import { checkpointNote, noteKey, tilesOf, treeRoot, writeLog } from './tinyLog.ts';

/** 520 entries in zy, 60 in zx, 20 in the anchor log, mixed. */
const logOf = (i: number): string => (i % 30 === 7 ? anchorLog : i % 10 === 3 ? 'zx' : 'zy');
const records = Array.from({ length: 600 }, (_, i) => sampleRecord(i, { log: logOf(i), bytes: 150 }));

let tiny: TinyLedger;
afterEach(() => tiny.remove());

async function check(more: Partial<FsckOptions> = {}): Promise<FsckReport> {
  return await fsck({ journal: tiny.journal, ledger: tiny.ledger, publicKey: publicKeyOf(tiny.keys), ...more });
}
const kinds = (report: FsckReport): string[] => [...new Set(report.findings.map(({ kind, file }) => `${kind} ${file}`))].sort();
const files = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile());

describe('a ledger that is whole', () => {
  it('has no finding, and every file was compared', async () => {
    tiny = await tinyLedger(records);
    const report = await check();
    expect(report.findings).toEqual([]);
    expect(report.remarks).toEqual([]);
    expect(report.unsignedLogs).toEqual([]);
    expect(report.logs.map(({ log, size, published, erased }) => ({ log, size, published, erased }))).toEqual(
      [...tiny.leaves].sort(([a], [b]) => (a < b ? -1 : 1)).map(([log, own]) => ({ log, size: own.length, published: own.length, erased: 0 })));
    expect(report.logs.reduce((sum, { files: compared }) => sum + compared, 0)).toBe(files(join(tiny.ledger, 'log')).length - tiny.leaves.size);
  });

  it('may be further than its checkpoint: what is newer is no finding', async () => {
    tiny = await tinyLedger(records, { published: { zy: 300, zx: 0, anchor: 19 } });
    expect((await check()).findings).toEqual([]);
  });

  it('may have partial tiles of earlier sizes, tiles beyond the checkpoint, and the start of a file that is being written', async () => {
    tiny = await tinyLedger(records, { published: { zy: 300 } });
    const leaves = tiny.leaves.get('zy')!;
    for (const size of [200, 270, 400]) for (const [path, bytes] of tilesOf(leaves.slice(0, size))) {
      const file = join(tiny.ledger, 'log/zy', path);
      if (existsSync(file)) continue;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
    const half = join(tiny.ledger, 'log/zy/tile/0/001.p/250');
    writeFileSync(half, tilesOf(leaves.slice(0, 506)).get('tile/0/001.p/250')!.subarray(0, 1_000));
    const later = tiny.placed.find(({ log, index }) => log === 'zy' && index === 300)!;
    await writePrivate(tiny.ledger, [later]);
    expect((await check()).findings).toEqual([]);
    // The end of a private file that is being written now.
    const file = files(join(tiny.ledger, 'private/zy')).filter((name) => name.endsWith('001')).map((name) => join(tiny.ledger, 'private/zy', name))[0]!;
    appendFileSync(file, encodePrivate(tiny.placed.find(({ log, index }) => log === 'zy' && index === 302)!).subarray(0, 50));
    expect((await check()).findings).toEqual([]);
  });

  it('may be pruned at its front', async () => {
    tiny = await tinyLedger(records, { segmentBytes: 20_000 });
    const { segments } = await pruneWal(tiny.journal, 400);
    expect(segments).toBeGreaterThan(1);
    expect((await check()).findings).toEqual([]);
  });

  it('may lack an erased day, where the anchor log says so', async () => {
    const erased = { log: anchorLog, id: 'erased-1', record: plainRecord(sampleDay, JSON.stringify({ type: 'system', v: 1, id: 'erased-1', at: '2026-03-02T00:00:00.000Z', event: 'erased', subject: 'ZX 2026-03-01', hash: null, detail: { kind: 'other' } })) };
    tiny = await tinyLedger([...records, erased], { segmentBytes: 20_000 });
    rmSync(join(tiny.ledger, 'private/zx/2026-03-01/o'), { recursive: true });
    // All entries of zx in the sample have odd numbers, and so are no disclosures.
    expect((await check()).findings).toEqual([]);
    await pruneWal(tiny.journal, 400);
    const report = await check();
    expect(report.findings).toEqual([]);
    rmSync(join(tiny.ledger, 'private/zy/2026-03-01/d'), { recursive: true });
    expect(kinds(await check())).toContain('gap ledger/private/zy');
  });
});

describe('findings', () => {
  beforeEach(async () => {
    tiny = await tinyLedger(records);
  });

  it('names each public file that is altered, cut, longer or missing', async () => {
    for (const name of files(join(tiny.ledger, 'log'))) {
      const file = join(tiny.ledger, 'log', name);
      const bytes = readFileSync(file);
      for (const other of [Buffer.concat([bytes.subarray(0, 20), Buffer.of(bytes[20]! ^ 4), bytes.subarray(21)]), bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.of(0)]), null]) {
        if (other === null) unlinkSync(file);
        else writeFileSync(file, other);
        const report = await check();
        expect(report.findings.map((one) => one.file), `${name} ${other?.length ?? 'deleted'}`).toContain(`ledger/log/${name}`);
        writeFileSync(file, bytes);
      }
    }
    expect((await check()).findings).toEqual([]);
  });

  it('names each private file that is altered, cut, longer or missing', async () => {
    for (const name of files(join(tiny.ledger, 'private'))) {
      const file = join(tiny.ledger, 'private', name);
      const bytes = readFileSync(file);
      for (const other of [Buffer.concat([bytes.subarray(0, 60), Buffer.of(bytes[60]! ^ 4), bytes.subarray(61)]), bytes.subarray(0, -1), bytes.subarray(encodedLength(bytes)), null]) {
        if (other === null) unlinkSync(file);
        else writeFileSync(file, other);
        const report = await check();
        expect(report.findings.map((one) => one.file), `${name} ${other?.length ?? 'deleted'}`).toContain(`ledger/private/${name}`);
        writeFileSync(file, bytes);
      }
    }
  });

  it('finds a private record that is another one, though its sum is right', async () => {
    const { sequence, index, record } = tiny.placed.find(({ log, index: at }) => log === 'zx' && at === 0)!;
    const name = files(join(tiny.ledger, 'private/zx')).find((one) => readFileSync(join(tiny.ledger, 'private/zx', one)).includes(record))!;
    const file = join(tiny.ledger, 'private/zx', name);
    const whole = readFileSync(file);
    const first = encodePrivate({ sequence, index, record });
    for (const other of [{ sequence, index, record: Buffer.from(record.map((byte, at) => (at === record.length - 1 ? byte ^ 1 : byte))) }, { sequence: sequence + 1, index, record }]) {
      writeFileSync(file, Buffer.concat([encodePrivate(other), whole.subarray(first.length)]));
      expect(kinds(await check())).toContain(`private ledger/private/zx/${name}`);
    }
  });

  it('finds a checkpoint of another key, size, root, origin, and one with a line more', async () => {
    const leaves = tiny.leaves.get('zx')!;
    const key = tiny.keys.get('zx')!;
    const file = join(tiny.ledger, 'log/zx/checkpoint');
    const good = readFileSync(file, 'utf8');
    const text = `${key.name}\n${leaves.length}\n${treeRoot(leaves).toString('base64')}\nmore\n`;
    const { signatureLine } = await import('./tinyLog.ts');
    for (const wrong of [checkpointNote(noteKey(key.name), leaves.length, treeRoot(leaves)), checkpointNote(key, leaves.length - 1, treeRoot(leaves)), checkpointNote(key, leaves.length, treeRoot(leaves.slice(1))),
      checkpointNote(key, leaves.length + 5, treeRoot(leaves)), checkpointNote(tiny.keys.get('zy')!, leaves.length, treeRoot(leaves)), `${text}\n${signatureLine(key, text)}`, '', good.trimEnd()]) {
      writeFileSync(file, wrong);
      expect((await check()).findings.map((one) => one.file), wrong).toContain('ledger/log/zx/checkpoint');
    }
  });

  it('finds a cosigned checkpoint that is not of this log, and a cosignature that is altered', async () => {
    const witness = noteKey('witness.example/one', 0x04);
    const leaves = tiny.leaves.get('zy')!;
    const key = tiny.keys.get('zy')!;
    const cosigned = join(tiny.ledger, 'log/zy/cosigned');
    writeFileSync(cosigned, checkpointNote(key, 300, treeRoot(leaves.slice(0, 300)), [witness]));
    expect((await check({ witnesses: [witness.vkey] })).findings).toEqual([]);
    const text = readFileSync(cosigned, 'utf8');
    const at = text.lastIndexOf('\n', text.length - 2) + 60;
    writeFileSync(cosigned, text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1));
    expect(kinds(await check({ witnesses: [witness.vkey] }))).toEqual(['checkpoint ledger/log/zy/cosigned']);
    writeFileSync(cosigned, checkpointNote(key, 300, treeRoot(leaves.slice(1, 301)), [witness]));
    expect(kinds(await check())).toEqual(['checkpoint ledger/log/zy/cosigned']);
  });

  it('finds that a log was replaced by another one in all public and private files, which the write-ahead file is not', async () => {
    const own = tiny.placed.filter(({ log }) => log === 'zx');
    const other = own.map(({ sequence, index, record }, place) => ({ sequence, index, record: place === 10 ? Buffer.concat([record.subarray(0, 5), Buffer.alloc(32, 7), record.subarray(37)]) : record }));
    rmSync(join(tiny.ledger, 'private/zx'), { recursive: true });
    rmSync(join(tiny.ledger, 'log/zx'), { recursive: true });
    await writePrivate(tiny.ledger, other);
    writeLog(join(tiny.ledger, 'log/zx'), tiny.keys.get('zx')!, other.map(({ record }) => leafData(record)));
    const found = kinds(await check());
    expect(found).toContain('checkpoint ledger/log/zx/checkpoint');
    expect(found.some((one) => one.startsWith('private ledger/private/zx/'))).toBe(true);
  });

  it('finds damage in the write-ahead file, a cut one, a missing one, and an altered name or mark', async () => {
    const segment = readdirSync(tiny.journal).find((name) => name.endsWith('.wal'))!;
    const file = join(tiny.journal, segment);
    const bytes = readFileSync(file);
    for (const at of [3, 600, 5_000, bytes.length - 600]) {
      flipBit(file, at, 2);
      expect((await check()).findings.map((one) => one.file), String(at)).toContain(`journal/${segment}`);
      writeFileSync(file, bytes);
    }
    // Back to the middle of what was acknowledged, with the note of how far it had reached taken away.
    const head = readFileSync(join(tiny.journal, 'head'));
    unlinkSync(join(tiny.journal, 'head'));
    let cut = bytes.length;
    for (const wanted of [550, 300]) {
      while ((await countOf(tiny.journal)) > wanted) writeFileSync(file, bytes.subarray(0, (cut -= 512)));
      expect((await check()).findings.length, String(wanted)).toBeGreaterThan(0);
    }
    writeFileSync(file, bytes);
    writeFileSync(join(tiny.journal, 'head'), head);
    renameSync(tiny.journal, `${tiny.journal}-aside`);
    expect(kinds(await check())).toContain('wal journal');
    renameSync(`${tiny.journal}-aside`, tiny.journal);
    for (const name of ['name', 'mark']) {
      const note = join(tiny.ledger, name);
      for (let at = 0; at < readFileSync(note).length - 1; at += 1) {
        flipBit(note, at, 1);
        expect(kinds(await check()), `${name} ${at}`).toContain(`note ledger/${name}`);
        flipBit(note, at, 1);
      }
    }
    expect((await check()).findings).toEqual([]);
  });

  it('names files that are no part of a ledger without calling them findings', async () => {
    writeFileSync(join(tiny.ledger, 'log/zy/tile/0/notes.txt'), 'x');
    writeFileSync(join(tiny.ledger, 'private/zy/2026-03-01/q'), 'x');
    const report = await check();
    expect(report.findings).toEqual([]);
    expect(report.remarks.map(({ file }) => file).sort()).toEqual(['ledger/log/zy/tile/0/notes.txt', 'ledger/private/zy/2026-03-01/q']);
  });

  it('looks at one log where one is asked for', async () => {
    flipBit(join(tiny.ledger, 'log/zy/tile/0/000'), 9);
    expect((await check({ logs: ['zx'] })).findings).toEqual([]);
    expect(kinds(await check({ logs: ['zy'] }))).toEqual(['differs ledger/log/zy/tile/0/000']);
  });

  it('mends tiles and bundles from the raw entries, and nothing else', async () => {
    const before = new Map(files(tiny.data).map((name) => [name, readFileSync(join(tiny.data, name))]));
    const place = (name: string): string => join(tiny.ledger, 'log/zy/tile', name);
    flipBit(place('0/000'), 9);
    unlinkSync(place('1/000.p/2'));
    writeFileSync(place('entries/001'), 'x');
    const looked = await check();
    expect(looked.mended).toEqual([]);
    const report = await check({ mend: true });
    expect(report.findings).toEqual([]);
    expect(report.mended.map((name) => relative('ledger/log/zy/tile', name)).sort()).toEqual(['0/000', '1/000.p/2', 'entries/001']);
    expect(new Map(files(tiny.data).map((name) => [name, readFileSync(join(tiny.data, name))]))).toEqual(before);
  });

  it('does not mend where the raw entries are not those that were signed', async () => {
    flipBit(join(tiny.ledger, 'log/zy/tile/0/000'), 9);
    const leaves = tiny.leaves.get('zy')!;
    writeFileSync(join(tiny.ledger, 'log/zy/checkpoint'), checkpointNote(tiny.keys.get('zy')!, leaves.length, treeRoot(leaves.slice(1))));
    const report = await check({ mend: true });
    expect(report.mended).toEqual([]);
    expect(kinds(report)).toEqual(['checkpoint ledger/log/zy/checkpoint', 'differs ledger/log/zy/tile/0/000']);
  });

  it('finds nothing while a writer goes on', async () => {
    const wal = await openWal({ folder: tiny.journal });
    let going = true;
    const writing = (async () => {
      for (let number = 1_000; going; number += 1) await wal.append([sampleRecord(number, { bytes: 150 })]);
    })();
    try {
      for (let look = 0; look < 5; look += 1) expect((await check()).findings).toEqual([]);
    } finally {
      going = false;
      await writing;
      await wal.close();
    }
  });
});

function encodedLength(bytes: Buffer): number {
  return 8 + bytes.readUInt32LE(0);
}

async function countOf(folder: string): Promise<number> {
  let count = 0;
  try {
    for await (const _ of readRecords(folder)) count += 1;
  } catch {
    // Cut within a batch.
  }
  return count;
}
