import { crc32 } from 'node:zlib';
import type { LogName } from '../record.ts';

/** The mark as it is stored: before `sequence` all was synced, at these sizes and roots (base64) of the logs. */
export interface StoredMark {
  readonly sequence: number;
  readonly logs: ReadonlyMap<LogName, { readonly size: number; readonly root: string }>;
}

/** Reads `ledger/mark`: a line `weir-ledger-mark 1 SEQUENCE`, a line `NAME SIZE ROOT` of each log, a CRC-32 of all of that. Null where a byte is wrong. */
export function parseMark(text: string): StoredMark | null {
  const lines = text.split('\n');
  const [head = '', ...rest] = lines.slice(0, -2);
  const body = [head, ...rest].map((line) => `${line}\n`).join('');
  const sequence = /^weir-ledger-mark 1 (0|[1-9]\d{0,15})$/.exec(head)?.[1];
  if (sequence === undefined || lines.at(-1) !== '' || lines.at(-2) !== crc32(Buffer.from(body, 'latin1')).toString(16).padStart(8, '0')) return null;
  const logs = new Map<LogName, { size: number; root: string }>();
  for (const line of rest) {
    const parts = /^([a-z0-9]+) (\d{1,16}) ([A-Za-z0-9+/]{43}=)$/.exec(line);
    if (parts === null) return null;
    logs.set(parts[1] ?? '', { size: Number(parts[2]), root: parts[3] ?? '' });
  }
  return { sequence: Number(sequence), logs };
}

/**
 * What is wrong with a mark: it may not be ahead of the raw entries, nor behind where the write-ahead file begins, and its roots are those of the logs.
 * `rootOf` gives the root that was made anew, base64; null where the raw entries do not reach that size.
 */
export function markFaults(text: string | null, wal: { readonly first: number; readonly size: number } | null, rootOf: (log: LogName, size: number) => string | null | undefined): readonly string[] {
  if (text === null) return wal !== null && wal.first > 0 ? ['it is missing, and the write-ahead file was pruned'] : [];
  const mark = parseMark(text);
  if (mark === null) return ['it is altered'];
  const faults: string[] = [];
  if (wal !== null && mark.sequence > wal.size) faults.push(`it says ${mark.sequence}, and the write-ahead file ends before ${wal.size}`);
  if (wal !== null && mark.sequence < wal.first) faults.push(`it says ${mark.sequence}, and the write-ahead file begins only at ${wal.first}`);
  for (const [log, { size, root }] of mark.logs) {
    const rebuilt = rootOf(log, size);
    if (rebuilt === null) faults.push(`it says that ${log} had ${size} entries, and the raw entries are fewer`);
    else if (rebuilt !== undefined && rebuilt !== root) faults.push(`the root of ${log} at size ${size} is another one`);
  }
  return faults;
}
