import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPrivate } from '../src/ledger/private.ts';
import { leafData } from '../src/ledger/record.ts';
import { formatProof, inclusionProof, nodeCrypto, parseCheckpoint, parseNote } from '../src/verify/index.ts';
import { realLedger } from './realLedger.ts';
import { checkpointNote, noteKey, proofText, signatureLine, tilesOf, treeRoot, writeLog } from './tinyLog.ts';

/** The verifier that shares no code with ours: verifiers/go, on golang.org/x/mod/sumdb of Debian. */
const source = fileURLToPath(new URL('../verifiers/go', import.meta.url));
const ready = spawnSync('go', ['version']).status === 0 && existsSync('/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog');
if (!ready) console.log('no golang-go or no golang-golang-x-mod-dev here: the tests of the Go verifier are skipped');

let root: string;
let program: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'weir-go-'));
  program = join(root, 'weirverify');
  if (ready) execFileSync(join(source, 'build.sh'), [program], { env: { ...process.env, GOCACHE: join(tmpdir(), 'weirverify-go-build') } });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function weirverify(...args: readonly string[]): { status: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return { status, out: stdout + stderr };
}

const key = noteKey('weir.example.org/log/zy');
const witnesses = [noteKey('witness.example/one', 0x04), noteKey('witness.example/two', 0x04)];
const witnessKeys = witnesses.map((one) => one.vkey);
const leavesOf = (count: number): Buffer[] => Array.from({ length: count }, (_, i) => Buffer.from(`${i}`.padStart(32, 'leaf')));
const leaves = leavesOf(700);

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at]! ^= 1;
  writeFileSync(file, bytes);
}

/** A fresh copy of a log of 700 entries, cosigned by both witnesses. */
function fresh(name: string): string {
  const folder = join(root, name);
  writeLog(folder, key, leaves, witnesses);
  return folder;
}

describe.skipIf(!ready)('the Go verifier', () => {
  it('accepts logs of every awkward size', () => {
    for (const size of [0, 1, 2, 255, 256, 257, 511, 512, 513, 700]) {
      const folder = join(root, `size-${size}`);
      writeLog(folder, key, leavesOf(size));
      expect(weirverify('log', folder, key.vkey), String(size)).toMatchObject({ status: 0 });
    }
  });

  it('accepts a log whose leaves have different lengths, as those of the anchor log', () => {
    const folder = join(root, 'lengths');
    writeLog(folder, key, Array.from({ length: 300 }, (_, i) => Buffer.from(`{"n":"${'x'.repeat(i * 3)}"}`)));
    expect(weirverify('log', folder, key.vkey)).toMatchObject({ status: 0 });
  });

  it('accepts a cosigned checkpoint, and demands every cosigner that is named', () => {
    const folder = fresh('cosigned');
    const accepted = weirverify('log', folder, key.vkey, ...witnessKeys);
    expect(accepted.status).toBe(0);
    expect(accepted.out).toContain('cosigned by witness.example/one and witness.example/two');
    expect(weirverify('log', folder, key.vkey, ...witnessKeys, noteKey('witness.example/three', 0x04).vkey)).toMatchObject({ status: 1 });
    expect(weirverify('log', folder, key.vkey, noteKey('witness.example/one', 0x04).vkey)).toMatchObject({ status: 1 });
  });

  it('rejects a cosignature of another text, of another time, and one whose timestamp is out of range', () => {
    const folder = fresh('bad-cosignature');
    const text = `${key.name}\n700\n${treeRoot(leaves).toString('base64')}\n`;
    const good = signatureLine(witnesses[0]!, text);
    const raw = Buffer.from(good.split(' ')[2]!, 'base64');
    const withTime = (at: number): string => {
      const other = Buffer.from(raw);
      other[at]! ^= at === 4 ? 0x80 : 1;
      return `— ${witnesses[0]!.name} ${other.toString('base64')}\n`;
    };
    const signed = (line: string): void => writeFileSync(join(folder, 'checkpoint'), `${text}\n${signatureLine(key, text)}${line}`);
    signed(good);
    expect(weirverify('log', folder, key.vkey, witnessKeys[0]!).status).toBe(0);
    for (const line of [signatureLine(witnesses[0]!, text.replace('700', '701')), withTime(4), withTime(11), withTime(40)]) {
      signed(line);
      expect(weirverify('log', folder, key.vkey, witnessKeys[0]!).status, line).toBe(1);
    }
  });

  it('rejects a bit in an entries bundle, a bit in a tile, and another size in the checkpoint, and names the file', () => {
    for (const path of tilesOf(leaves).keys()) {
      const folder = fresh('altered');
      flip(join(folder, path), 40);
      const { status, out } = weirverify('log', folder, key.vkey);
      expect({ path, status }).toEqual({ path, status: 1 });
      expect(out).toContain(path);
      // Back as it was.
      flip(join(folder, path), 40);
      expect(weirverify('log', folder, key.vkey).status).toBe(0);
    }
    const folder = fresh('size');
    const checkpoint = readFileSync(join(folder, 'checkpoint'), 'utf8');
    writeFileSync(join(folder, 'checkpoint'), checkpoint.replace('\n700\n', '\n699\n'));
    expect(weirverify('log', folder, key.vkey)).toMatchObject({ status: 1 });
  });

  it('rejects an entry that was replaced in its bundle and in all tiles alike, without the key of the log', () => {
    for (const at of [0, 255, 256, 511, 699]) {
      const folder = fresh('replaced');
      const checkpoint = readFileSync(join(folder, 'checkpoint'));
      for (const level of ['all', 'bundle and lowest tile']) {
        const other = [...leaves.slice(0, at), Buffer.alloc(32, 'other'), ...leaves.slice(at + 1)];
        writeLog(folder, key, leaves, witnesses);
        for (const [path, bytes] of tilesOf(other)) if (level === 'all' || /^tile\/(0|entries)\//.test(path)) writeFileSync(join(folder, path), bytes);
        writeFileSync(join(folder, 'checkpoint'), checkpoint);
        expect(weirverify('log', folder, key.vkey).status, `${at} ${level}`).toBe(1);
      }
    }
  });

  it('rejects another size, root or origin that the log itself signed', () => {
    const folder = fresh('own-lie');
    for (const text of [checkpointNote(key, 699, treeRoot(leaves)), checkpointNote(key, 700, treeRoot(leaves.slice(1))), checkpointNote(key, 956, treeRoot(leaves)),
      checkpointNote(noteKey('weir.example.org/log/zx'), 700, treeRoot(leaves)), checkpointNote(key, 0, treeRoot(leaves))]) {
      writeFileSync(join(folder, 'checkpoint'), text);
      expect(weirverify('log', folder, key.vkey).status, text).toBe(1);
    }
    const text = `weir.example.org/log/zx\n700\n${treeRoot(leaves).toString('base64')}\n`;
    writeFileSync(join(folder, 'checkpoint'), `${text}\n${signatureLine(key, text)}`);
    expect(weirverify('log', folder, key.vkey).status).toBe(1);
  });

  it('rejects a log with a file missing, cut, too long, or exchanged', () => {
    for (const path of [...tilesOf(leaves).keys(), 'checkpoint']) {
      const folder = fresh('files');
      const file = join(folder, path);
      const bytes = readFileSync(file);
      unlinkSync(file);
      expect(weirverify('log', folder, key.vkey).status, `${path} missing`).toBe(1);
      for (const other of [bytes.subarray(0, -1), Buffer.alloc(0), Buffer.concat([bytes, Buffer.of(0)])]) {
        writeFileSync(file, other);
        expect(weirverify('log', folder, key.vkey).status, `${path} ${other.length}`).toBe(1);
      }
      rmSync(folder, { recursive: true });
    }
    const folder = fresh('exchanged');
    renameSync(join(folder, 'tile/entries/000'), join(folder, 'aside'));
    renameSync(join(folder, 'tile/entries/001'), join(folder, 'tile/entries/000'));
    renameSync(join(folder, 'aside'), join(folder, 'tile/entries/001'));
    expect(weirverify('log', folder, key.vkey).status).toBe(1);
  });

  it('reads the whole tile where the partial one is gone', () => {
    const folder = fresh('grown');
    for (const [path, bytes] of tilesOf(leavesOf(768))) {
      const place = join(folder, path);
      if (!existsSync(place) && existsSync(dirname(place))) writeFileSync(place, bytes);
    }
    rmSync(join(folder, 'tile/0/002.p'), { recursive: true });
    rmSync(join(folder, 'tile/entries/002.p'), { recursive: true });
    expect(weirverify('log', folder, key.vkey)).toMatchObject({ status: 0 });
  });

  it('accepts the proof of each of some entries, and rejects other data, another index and an altered hash', () => {
    const file = join(root, 'one.tlog-proof');
    const checkpoint = checkpointNote(key, 700, treeRoot(leaves), witnesses);
    for (const index of [0, 255, 256, 511, 699]) {
      const text = proofText(index, leaves, checkpoint);
      const leaf = leaves[index]!.toString('hex');
      writeFileSync(file, text);
      expect(weirverify('proof', file, key.vkey, leaf, ...witnessKeys)).toMatchObject({ status: 0 });
      writeFileSync(file, text.replace('index', 'extra aGVsbG8=\nindex'));
      expect(weirverify('proof', file, key.vkey, leaf).status).toBe(0);
      writeFileSync(file, text);
      expect(weirverify('proof', file, key.vkey, leaves[(index + 1) % 700]!.toString('hex')).status).toBe(1);
      expect(weirverify('proof', file, noteKey(key.name).vkey, leaf).status).toBe(1);
      const lines = text.split('\n');
      for (const wrong of [
        text.replace(`index ${index}`, `index ${index ^ 1}`), text.replace(`index ${index}`, 'index 700'), text.replace(`index ${index}`, `index 0${index}`),
        text.replace('proof@v1', 'proof@v2'), text.replace('\n700\n', '\n701\n'), [...lines.slice(0, 2), ...lines.slice(3)].join('\n'),
        [...lines.slice(0, 2), Buffer.alloc(32).toString('base64'), ...lines.slice(3)].join('\n'), '', text.slice(0, 40),
      ]) {
        writeFileSync(file, wrong);
        expect(weirverify('proof', file, key.vkey, leaf).status, wrong).toBe(1);
      }
    }
  });

  it('finds that a log continues its older checkpoints, and that another history does not', () => {
    const folder = fresh('consistent');
    const old = join(root, 'old');
    for (const size of [0, 1, 128, 255, 256, 257, 512, 699, 700]) {
      writeFileSync(old, checkpointNote(key, size, treeRoot(leaves.slice(0, size))));
      expect(weirverify('consistency', folder, old, key.vkey), String(size)).toMatchObject({ status: 0 });
    }
    const other = [...leaves.slice(0, 300), Buffer.from('another entry'), ...leaves.slice(301)];
    for (const size of [301, 512, 700]) {
      writeFileSync(old, checkpointNote(key, size, treeRoot(other.slice(0, size))));
      expect(weirverify('consistency', folder, old, key.vkey).status, String(size)).toBe(1);
    }
    writeFileSync(old, checkpointNote(key, 701, treeRoot([...leaves, Buffer.from('one more')])));
    expect(weirverify('consistency', folder, old, key.vkey).status).toBe(1);
  });

  it('says 2 where the command or a file is not to be read', () => {
    const folder = fresh('usage');
    for (const args of [[], ['log'], ['log', folder], ['log', join(root, 'nowhere'), key.vkey], ['log', folder, 'no-key'], ['log', folder, key.vkey, key.vkey],
      ['log', folder, witnessKeys[0]!], ['proof', join(root, 'nowhere'), key.vkey, '00'], ['proof', join(folder, 'checkpoint'), key.vkey, 'xyz'], ['consistency', folder, join(root, 'nowhere'), key.vkey], ['other', 'a', 'b', 'c']]) {
      expect(weirverify(...args).status, args.join(' ')).toBe(2);
    }
  });

  it('accepts a log, a proof and a cosigned checkpoint that the exchange wrote, and rejects tampered copies of it', async () => {
    const real = await realLedger(600);
    try {
      const cosigners = real.witnesses.map(({ vkey }) => vkey);
      for (const log of ['zy', 'zx', 'anchor']) {
        const folder = join(real.data, 'ledger/log', log);
        expect(weirverify('log', folder, real.vkey(log), ...cosigners), log).toMatchObject({ status: 0 });
        expect(weirverify('consistency', folder, join(folder, 'cosigned'), real.vkey(log))).toMatchObject({ status: 0 });
        const checkpoint = readFileSync(join(folder, 'checkpoint'), 'utf8');
        const { size } = parseCheckpoint(parseNote(checkpoint).text);
        const file = join(root, 'real.tlog-proof');
        for await (const { index, record } of readPrivate(join(real.data, 'ledger'), log)) {
          if (index % 37 !== 0 && index !== size - 1) continue;
          const hashes = await inclusionProof(nodeCrypto, (path) => Promise.resolve(existsSync(join(folder, path)) ? readFileSync(join(folder, path)) : null), index, size);
          writeFileSync(file, formatProof({ index, hashes, checkpoint }));
          expect(weirverify('proof', file, real.vkey(log), leafData(record).toString('hex'), ...cosigners), `${log} ${index}`).toMatchObject({ status: 0 });
          const other = Buffer.from(leafData(record));
          other[0]! ^= 1;
          expect(weirverify('proof', file, real.vkey(log), other.toString('hex')).status).toBe(1);
        }
      }
      const folder = join(real.data, 'ledger/log/zy');
      const rejects = (file: string, change: () => void): void => {
        const before = readFileSync(join(folder, file));
        change();
        const { status, out } = weirverify('log', folder, real.vkey('zy'), ...cosigners);
        expect(status, file).toBe(1);
        expect(out).toContain(file);
        writeFileSync(join(folder, file), before);
      };
      rejects('tile/entries/000', () => flip(join(folder, 'tile/entries/000'), 1_234));
      rejects('tile/0/001.p/224', () => flip(join(folder, 'tile/0/001.p/224'), 77));
      rejects('tile/1/000.p/1', () => flip(join(folder, 'tile/1/000.p/1'), 3));
      rejects('checkpoint', () => writeFileSync(join(folder, 'checkpoint'), readFileSync(join(folder, 'checkpoint'), 'utf8').replace('\n480\n', '\n479\n')));
      expect(weirverify('log', folder, real.vkey('zx')).status).toBe(1);
      expect(weirverify('log', folder, real.vkey('zy'), ...cosigners).status).toBe(0);
    } finally {
      real.remove();
    }
  });

  it('is the program of its source: a copy of the folder builds as well', () => {
    const copy = join(root, 'copy');
    cpSync(source, copy, { recursive: true });
    execFileSync(join(copy, 'build.sh'), [join(root, 'again')], { env: { ...process.env, GOCACHE: join(tmpdir(), 'weirverify-go-build') } });
    expect(readFileSync(join(root, 'again')).length).toBeGreaterThan(100_000);
  });
});
