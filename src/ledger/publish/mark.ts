import { crc32 } from 'node:zlib';
import { parseNumber } from '../../verify/bytes.ts';
import { replaceFile } from '../files.ts';
import type { LogName } from '../record.ts';
import type { PublishFs } from './fs.ts';
import { contents, publishFs } from './fs.ts';

/** How far one log was published and synced. */
export interface LogMark {
  readonly size: number;
  /** Of that size, 32 bytes as a latin1 text. */
  readonly root: string;
}

/** How far all that is published was synced. */
export interface Mark {
  /** Every entry of the write-ahead file before it is in synced private files and tiles, and a signed checkpoint covers it. */
  readonly sequence: number;
  readonly logs: ReadonlyMap<LogName, LogMark>;
}

export const markName = 'mark';

/** Replaces the mark, durably. A line `weir-ledger-mark 1 SEQUENCE`, a line `NAME SIZE ROOT` of each log, and a CRC-32 of all of that. */
export async function writeMark(fs: PublishFs, place: string, mark: Mark): Promise<void> {
  const logs = [...mark.logs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([log, { size, root }]) => `${log} ${size} ${Buffer.from(root, 'latin1').toString('base64')}\n`);
  const text = `weir-ledger-mark 1 ${mark.sequence}\n${logs.join('')}`;
  await replaceFile(fs, place, markName, Buffer.from(`${text}${sumOf(text)}\n`));
}

/** The mark of a ledger's folder; null where there is none, or where it is torn or altered: then nothing is known to be synced. */
export async function readMark(place: string, fs: Pick<PublishFs, 'readFile'> = publishFs): Promise<Mark | null> {
  const text = (await contents(fs, `${place}/${markName}`))?.toString('latin1') ?? '';
  const body = text.slice(0, -9);
  if (text.length < 10 || text.slice(-9) !== `${sumOf(body)}\n`) return null;
  const [head = '', ...lines] = body.slice(0, -1).split('\n');
  const sequence = parseNumber(/^weir-ledger-mark 1 (\d+)$/.exec(head)?.[1] ?? '');
  const logs = new Map<LogName, LogMark>();
  for (const line of lines) {
    const parts = /^([a-z0-9]{1,16}) (\d+) ([A-Za-z0-9+/]{43}=)$/.exec(line);
    const size = parseNumber(parts?.[2] ?? '');
    if (parts === null || size === null) return null;
    logs.set(parts[1] ?? '', { size, root: Buffer.from(parts[3] ?? '', 'base64').toString('latin1') });
  }
  return sequence === null ? null : { sequence, logs };
}

function sumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
