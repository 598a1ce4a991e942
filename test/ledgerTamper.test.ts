import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKeys } from '../src/ledger/keys/index.ts';
import { encodePrivate, readPrivate, writePrivate } from '../src/ledger/private.ts';
import { readRecords } from '../src/ledger/read.ts';
import { leafData } from '../src/ledger/record.ts';
import type { StoredRecord } from '../src/ledger/types.ts';
import { verifyWal } from '../src/ledger/verify.ts';
import { openWal } from '../src/ledger/wal.ts';
import type { Fetch, LogReport } from '../src/verify/index.ts';
import { VerifyError, nodeCrypto, parseCheckpoint, parseNote, parsePolicy, verifyLog } from '../src/verify/index.ts';
import type { RealLedger } from './realLedger.ts';
import { filesBelow, realLedger } from './realLedger.ts';
import { checkpointNote, tilesOf, treeRoot } from './tinyLog.ts';
import type { NoteKey } from './tinyLog.ts';
import { readSigningKey } from '../src/ledger/keys/ed25519.ts';

/** What a dishonest operator, a thief, or a bad disk can do to a ledger, and that it is found and the file named. */
let real: RealLedger;
let files: string[];
beforeAll(async () => {
  real = await realLedger(600);
  // Keys and locks are no part of the log.
  files = filesBelow(real.data).filter((name) => !name.startsWith('keys/') && !/^journal\/(lock|pruning)/.test(name));
});
afterAll(() => real.remove());

/** Files of which every byte is altered in turn. */
const smallBytes = 300;
const samples = 24;

/** A partial tile that a wider one has replaced: it goes with the next mark, and nobody needs it. */
function superseded(name: string): boolean {
  const partial = /^(.*\.p\/)(\d+)$/.exec(name);
  return partial !== null && files.some((other) => other.startsWith(partial[1]!) && Number(other.slice(partial[1]!.length)) > Number(partial[2]));
}

/** A copy to be altered. */
async function onCopy<T>(work: (data: string) => Promise<T>): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), 'weir-altered-'));
  try {
    cpSync(real.data, copy, { recursive: true });
    return await work(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function positionsOf(length: number): number[] {
  if (length <= smallBytes) return Array.from({ length }, (_, at) => at);
  return Array.from({ length: samples }, (_, i) => Math.min(length - 1, Math.floor((i * length) / samples) + ((i * 7919) % Math.ceil(length / samples))));
}

async function wholeLog(data: string, log: string, older: { size: number; root: Uint8Array } | null = null): Promise<LogReport | VerifyError> {
  const policy = `log ${real.vkey(log)}\n${real.witnesses.map(({ name, vkey }) => `witness ${name.replaceAll('/', '-')} ${vkey}\n`).join('')}group both all ${real.witnesses.map(({ name }) => name.replaceAll('/', '-')).join(' ')}\nquorum both\n`;
  const fetch: Fetch = (path) => readFile(join(data, 'ledger/log', log, path)).catch(() => null);
  try {
    return await verifyLog(nodeCrypto, fetch, { policy: parsePolicy(policy), older });
  } catch (error) {
    if (error instanceof VerifyError) return error;
    throw error;
  }
}

describe('a ledger as the exchange wrote it', () => {
  it('passes', async () => {
    const report = await real.fsck();
    expect(report.findings).toEqual([]);
    expect(report.remarks).toEqual([]);
    expect(report.logs.map(({ log, size }) => [log, size])).toEqual([['anchor', 31], ['zx', 120], ['zy', 480]]);
    for (const log of ['anchor', 'zx', 'zy']) expect(await wholeLog(real.data, log)).toMatchObject({ damages: [], complete: true, checkpoint: { quorum: true } });
  });
});

describe('one bit', () => {
  it('altered in any file is found, and the file is named', { timeout: 600_000 }, async () => {
    let positions = 0;
    for (const name of files) {
      const path = join(real.data, name);
      const bytes = readFileSync(path);
      const log = /^ledger\/(?:log|private)\/([a-z]+)\//.exec(name)?.[1];
      for (const at of positionsOf(bytes.length)) {
        const altered = Buffer.from(bytes);
        altered[at]! ^= 1 << ((at * 5 + positions) % 8);
        writeFileSync(path, altered);
        const named = name.startsWith('journal/')
          ? (await verifyWal(join(real.data, 'journal'))).damage.map(({ file }) => `journal/${file}`)
          : (await real.fsck(log === undefined ? {} : { logs: [log] })).findings.map(({ file }) => file);
        expect(named, `${name} at byte ${at}`).toContain(name);
        positions += 1;
      }
      writeFileSync(path, bytes);
    }
    console.log(`bits altered one at a time: ${positions} in ${files.length} files; found and named: ${positions}`);
    expect((await real.fsck()).findings).toEqual([]);
  });

  it('altered in any public file is found by the verifier that has public keys alone', { timeout: 600_000 }, async () => {
    let positions = 0;
    const open = files.filter((name) => name.startsWith('ledger/log/') && !name.endsWith('/cosigned') && !superseded(name));
    for (const name of open) {
      const path = join(real.data, name);
      const bytes = readFileSync(path);
      const [, log = '', file = ''] = /^ledger\/log\/([a-z]+)\/(.*)$/.exec(name) ?? [];
      for (const at of positionsOf(bytes.length).filter((_, i, all) => i % Math.ceil(all.length / 60) === 0)) {
        const altered = Buffer.from(bytes);
        altered[at]! ^= 1 << (at % 8);
        writeFileSync(path, altered);
        const report = await wholeLog(real.data, log);
        if (report instanceof VerifyError) expect(file, `${name} at byte ${at}: ${report.message}`).toBe('checkpoint');
        else if (file === 'checkpoint') expect(report.damages.length > 0 || !report.checkpoint.quorum, `${name} at byte ${at}`).toBe(true);
        else expect(report.damages.map((one) => one.at), `${name} at byte ${at}`).toContain(file);
        positions += 1;
      }
      writeFileSync(path, bytes);
    }
    console.log(`bits altered one at a time in public files: ${positions} in ${open.length} files; found: ${positions}`);
  });
});

describe('a file', () => {
  it('that is deleted is named, and so is what nothing would be lost with', { timeout: 300_000 }, async () => {
    for (const name of files.filter((one) => !superseded(one))) {
      const path = join(real.data, name);
      const aside = `${real.data}-aside`;
      copyFileSync(path, aside);
      unlinkSync(path);
      const { findings, remarks } = await real.fsck();
      // Made again at the next start out of the write-ahead file, and not there before the first round: no damage, but it is said.
      const spare = /^(ledger\/mark|journal\/head|ledger\/log\/[a-z]+\/cosigned)$/.test(name);
      const named = (spare ? remarks : findings).map(({ file }) => file);
      expect(named.some((file) => file === name || (name.endsWith('.wal') && file.startsWith('journal'))), `${name}: ${named.join(' ')}`).toBe(true);
      copyFileSync(aside, path);
      unlinkSync(aside);
    }
  });

  it('that is cut by one byte or a half is named', { timeout: 300_000 }, async () => {
    for (const name of files) {
      const path = join(real.data, name);
      const bytes = readFileSync(path);
      for (const length of [bytes.length - 1, Math.floor(bytes.length / 2)]) {
        writeFileSync(path, bytes.subarray(0, length));
        const named = (await real.fsck()).findings.map(({ file }) => file);
        expect(named.some((file) => file === name), `${name} cut to ${length}: ${named.join(' ')}`).toBe(true);
      }
      writeFileSync(path, bytes);
    }
  });
});

/** Everything of one log, rewritten by somebody who may write every file and has no key. */
async function rewrite(data: string, log: string, change: (records: StoredRecord[]) => readonly StoredRecord[]): Promise<readonly Buffer[]> {
  const all: StoredRecord[] = [];
  for await (const stored of readRecords(join(data, 'journal'))) all.push(stored);
  const changed = [...change(all.filter((one) => one.log === log))];
  // The write-ahead file anew, with sums and chain as they must be.
  rmSync(join(data, 'journal'), { recursive: true });
  const wal = await openWal({ folder: join(data, 'journal') });
  const queue = [...changed];
  const others = new Map(all.filter((one) => one.log !== log).map((one) => [one.sequence, one]));
  for (let sequence = 0; sequence < all.length; sequence += 1) {
    const one = others.get(sequence) ?? queue.shift();
    if (one !== undefined) await wal.append([{ log: one.log, id: String(sequence), record: one.record }]);
  }
  await wal.close();
  // Private files, tiles and bundles.
  rmSync(join(data, 'ledger/private', log), { recursive: true });
  rmSync(join(data, 'ledger/log', log, 'tile'), { recursive: true });
  const placed: StoredRecord[] = [];
  for await (const stored of readRecords(join(data, 'journal'))) if (stored.log === log) placed.push(stored);
  await writePrivate(join(data, 'ledger'), placed);
  const leaves = placed.map(({ record }) => Buffer.from(leafData(record)));
  for (const [path, bytes] of tilesOf(leaves)) {
    mkdirSync(join(data, 'ledger/log', log, path, '..'), { recursive: true });
    writeFileSync(join(data, 'ledger/log', log, path), bytes);
  }
  unlinkSync(join(data, 'ledger/mark'));
  return leaves;
}

describe('a log', () => {
  const changes: readonly (readonly [string, (records: StoredRecord[]) => readonly StoredRecord[]])[] = [
    ['cut', (records) => records.slice(0, -1)],
    ['cut by half', (records) => records.slice(0, records.length / 2)],
    ['without one entry', (records) => records.filter((_, at) => at !== 40)],
    ['with two entries exchanged', (records) => records.map((_, at) => records[at === 10 ? 11 : at === 11 ? 10 : at]!)],
    ['with one entry replaced', (records) => records.map((one, at) => (at === 77 ? { ...one, record: Buffer.from(one.record.map((byte, place) => (place === 9 ? byte ^ 1 : byte))) } : one))],
    ['with its last entry replaced', (records) => records.map((one, at) => (at === records.length - 1 ? records[0]! : one))],
  ];
  for (const [what, change] of changes) {
    it(`${what}, consistently in all files, by somebody without its key, is found by both`, async () => {
      await onCopy(async (data) => {
        await rewrite(data, 'zx', change);
        expect((await real.fsck({}, data)).findings.map(({ file }) => file)).toContain('ledger/log/zx/checkpoint');
        const report = await wholeLog(data, 'zx');
        expect(report instanceof VerifyError || report.damages.length > 0).toBe(true);
      });
    });

    it(`${what}, and signed again by the exchange itself, is found by whoever has an older checkpoint, and has no quorum`, async () => {
      const before = parseCheckpoint(parseNote(readFileSync(join(real.data, 'ledger/log/zx/checkpoint'), 'utf8')).text);
      await onCopy(async (data) => {
        const leaves = await rewrite(data, 'zx', change);
        const path = join(data, 'keys/logs/zx.key');
        const vkey = real.vkey('zx');
        const key: NoteKey = { name: vkey.split('+')[0]!, type: 1, vkey, id: Buffer.from(vkey.split('+')[1]!, 'hex'), privateKey: readSigningKey(readFileSync(path, 'utf8'), path) };
        writeFileSync(join(data, 'ledger/log/zx/checkpoint'), checkpointNote(key, leaves.length, treeRoot(leaves)));
        const alone = await wholeLog(data, 'zx');
        expect(alone).toMatchObject({ damages: [], checkpoint: { quorum: false } });
        const report = await wholeLog(data, 'zx', before);
        expect(report instanceof VerifyError ? [] : report.damages.map(({ kind }) => kind)).toContain('inconsistent');
        // The one that the witnesses cosigned still stands there.
        expect((await real.fsck({}, data)).findings.map(({ file }) => file)).toContain('ledger/log/zx/cosigned');
      });
    });
  }

  it('with ciphertext that was altered in all files alike is found by whoever has the keys: the leaf does not say it', async () => {
    await onCopy(async (data) => {
      const { days } = await openKeys(join(data, 'keys'), []);
      const good = await real.fsck({ days }, data);
      expect(good.findings).toEqual([]);
      for (const { size, opened } of good.logs) expect(opened).toBe(size);
      await rewrite(data, 'zx', (records) => records.map((one, at) => (at === 5 ? { ...one, record: Buffer.from(one.record.map((byte, place) => (place === 80 ? byte ^ 1 : byte))) } : one)));
      expect((await real.fsck({}, data)).findings).toEqual([]);
      expect((await real.fsck({ days }, data)).findings.map(({ kind, log }) => [kind, log])).toEqual([['record', 'zx']]);
    });
  });

  it('with two private records exchanged, or one of another log, is found', async () => {
    const zx: StoredRecord[] = [];
    for await (const stored of readPrivate(join(real.data, 'ledger'), 'zx')) zx.push(stored);
    const name = files.find((one) => one.startsWith('ledger/private/zx/') && readFileSync(join(real.data, one)).includes(zx[3]!.record))!;
    const own = zx.filter(({ record }) => readFileSync(join(real.data, name)).includes(record));
    const [a, b] = [own[0]!, own[1]!];
    const alien: StoredRecord[] = [];
    for await (const stored of readPrivate(join(real.data, 'ledger'), 'zy', 0, 1)) alien.push(stored);
    for (const records of [
      [{ ...a, record: b.record }, { ...b, record: a.record }, ...own.slice(2)],
      [{ ...a, record: alien[0]!.record }, ...own.slice(1)],
      [b, a, ...own.slice(2)],
      [...own.slice(0, 2), ...own.slice(1)],
    ]) {
      await onCopy(async (data) => {
        writeFileSync(join(data, name), Buffer.concat(records.map((one) => encodePrivate(one))));
        expect((await real.fsck({}, data)).findings.map(({ file }) => file)).toContain(name);
      });
    }
  });
});
