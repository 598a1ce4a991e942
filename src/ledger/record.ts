import { hash } from 'node:crypto';

/** The name of a log: an owner's code in small letters, or `anchor`. */
export type LogName = string;

/** The log of what concerns all: policies, registry versions, keys, owners' checkpoints. Its entries are public as they are. */
export const anchorLog: LogName = 'anchor';

/** What a record is, and by that which day key seals it: a disclosure, another entry of an owner, or a plain entry of the anchor log. */
export type RecordKind = 'disclosure' | 'other' | 'plain';

const kindBytes: { readonly [K in RecordKind]: number } = { disclosure: 1, plain: 2, other: 3 };
/** Set beside the kind where a projection of the ledger must know the entry (a held request, a counted limit, a duty, an act, a verdict), so that it need not open the others. */
const projectedBit = 0x10;
/** Kind, owner, day and commitment: what stands open before the sealed part, and is authenticated with it. */
export const recordHeadBytes = 37;
const plainHeadBytes = 3;
const leafPrefix = Buffer.of(0);
const sealedLeaf = Buffer.alloc(33);

/** What can be said of a record without any key. */
export interface RecordHead {
  readonly kind: RecordKind;
  readonly log: LogName;
  /** Days since 1970-01-01, UTC. */
  readonly day: number;
  /** A projection of the ledger must know the entry. */
  readonly projected: boolean;
}

/** Kind, log and day of a record; null where the bytes are none. Whoever can write the folder controls the input. */
export function recordHead(record: Buffer): RecordHead | null {
  const first = record[0] ?? 0;
  const projected = (first & projectedBit) !== 0;
  switch (first & ~projectedBit) {
    case kindBytes.plain: return record.length > plainHeadBytes ? { kind: 'plain', log: anchorLog, day: record.readUInt16LE(1), projected } : null;
    case kindBytes.disclosure:
    case kindBytes.other: {
      const owner = record.toString('latin1', 1, 3);
      if (record.length < recordHeadBytes + 12 + 32 + 16 || !/^[A-Z0-9]{2}$/.test(owner)) return null;
      return { kind: (first & ~projectedBit) === kindBytes.disclosure ? 'disclosure' : 'other', log: owner.toLowerCase(), day: record.readUInt16LE(3), projected };
    }
    default: return null;
  }
}

/** The data of the leaf that stands for a record: its commitment, or a plain entry itself. A view. */
export function leafData(record: Buffer): Buffer {
  return ((record[0] ?? 0) & ~projectedBit) === kindBytes.plain ? record.subarray(plainHeadBytes) : record.subarray(5, recordHeadBytes);
}

/** RFC 6962: SHA-256(0x00 ‖ leaf data), 32 bytes as a latin1 text, which is three times as quick as a buffer. */
export function leafHash(record: Buffer): string {
  const data = leafData(record);
  // Most are commitments of 32 bytes: they need no buffer of their own.
  if (data.length !== sealedLeaf.length - 1) return hash('sha256', Buffer.concat([leafPrefix, data]), 'binary');
  data.copy(sealedLeaf, 1);
  return hash('sha256', sealedLeaf, 'binary');
}

/** A plain record of the anchor log. */
export function plainRecord(day: number, json: string): Buffer {
  const record = Buffer.allocUnsafe(plainHeadBytes + Buffer.byteLength(json));
  record[0] = kindBytes.plain;
  record.writeUInt16LE(day, 1);
  record.write(json, plainHeadBytes, 'utf8');
  return record;
}

/** The open part of a sealed record. `owner` is two capitals or digits, `commitment` 32 bytes. */
export function sealedHead(kind: 'disclosure' | 'other', owner: string, day: number, commitment: Buffer, projected = false): Buffer {
  const head = Buffer.allocUnsafe(recordHeadBytes);
  head[0] = kindBytes[kind] | (projected ? projectedBit : 0);
  head.write(owner, 1, 2, 'latin1');
  head.writeUInt16LE(day, 3);
  commitment.copy(head, 5);
  return head;
}

/** `2026-11-22` of days since 1970. */
export function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** Days since 1970 of milliseconds since then. */
export function dayOf(at: number): number {
  return Math.floor(at / 86_400_000);
}
