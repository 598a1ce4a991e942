import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { writePrivate } from '../src/ledger/private.ts';
import type { LogName } from '../src/ledger/record.ts';
import { leafData } from '../src/ledger/record.ts';
import type { Placed, WalRecord } from '../src/ledger/types.ts';
import { openWal } from '../src/ledger/wal.ts';
import type { NoteKey } from './tinyLog.ts';
import { noteKey, treeRoot, writeLog } from './tinyLog.ts';

/** A ledger's data folder, its published part written by `tinyLog.ts`: for tests of what reads one, without the publisher. */
export interface TinyLedger {
  readonly data: string;
  readonly journal: string;
  readonly ledger: string;
  readonly keys: ReadonlyMap<LogName, NoteKey>;
  readonly leaves: ReadonlyMap<LogName, readonly Buffer[]>;
  readonly placed: readonly Placed[];
  remove(): void;
}

export const tinyPrefix = 'weir.example.org';

/** `published` says how many entries of each log the checkpoint covers; all where it does not say. */
export async function tinyLedger(records: readonly WalRecord[], options: { readonly published?: Readonly<Record<LogName, number>>; readonly witnesses?: readonly NoteKey[]; readonly segmentBytes?: number } = {}): Promise<TinyLedger> {
  const data = mkdtempSync(join(tmpdir(), 'weir-tiny-'));
  const journal = join(data, 'journal');
  const ledger = join(data, 'ledger');
  const wal = await openWal({ folder: journal, ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }) });
  const placed: Placed[] = [];
  for (let at = 0; at < records.length; at += 50) placed.push(...(await wal.append(records.slice(at, at + 50))));
  await wal.close();
  mkdirSync(ledger, { recursive: true });
  writeFileSync(join(ledger, 'name'), `${tinyPrefix}\n`);
  const keys = new Map<LogName, NoteKey>();
  const leaves = new Map<LogName, Buffer[]>();
  for (const { log, record } of placed) {
    if (!keys.has(log)) keys.set(log, noteKey(`${tinyPrefix}/log/${log}`));
    leaves.set(log, [...(leaves.get(log) ?? []), leafData(record)]);
  }
  const covered = (log: LogName): number => options.published?.[log] ?? leaves.get(log)!.length;
  await writePrivate(ledger, placed.filter(({ log, index }) => index < covered(log)));
  let mark = `weir-ledger-mark 1 ${placed.length}\n`;
  for (const [log, own] of [...leaves].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const published = own.slice(0, covered(log));
    writeLog(join(ledger, 'log', log), keys.get(log)!, published, options.witnesses ?? []);
    mark += `${log} ${published.length} ${treeRoot(published).toString('base64')}\n`;
  }
  if (options.published === undefined) writeFileSync(join(ledger, 'mark'), `${mark}${crc32(mark).toString(16).padStart(8, '0')}\n`);
  return { data, journal, ledger, keys, leaves, placed, remove: () => rmSync(data, { recursive: true, force: true }) };
}

/** The public key of a log, as fsck wants it. */
export function publicKeyOf(keys: ReadonlyMap<LogName, NoteKey>): (log: LogName) => Promise<Uint8Array | null> {
  return (log) => Promise.resolve(keys.has(log) ? Buffer.from(keys.get(log)!.vkey.split('+').slice(2).join('+'), 'base64').subarray(1) : null);
}

export function flipBit(file: string, at: number, bit = 0): void {
  const bytes = readFileSync(file);
  bytes[at]! ^= 1 << bit;
  writeFileSync(file, bytes);
}

