import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * The bytes of the write-ahead file, version 2 (docs/journal.md has them one by one). Pure: no file is touched here.
 * All numbers are little-endian. Heads, batches and zeros all come in whole sectors, so that a sector of a batch
 * that was cut short is recognised: it still holds zeros, which no written sector does.
 */
export const formatVersion = 2;
/** The unit that a disk writes whole or not at all, in bytes. */
export const sectorBytes = 512;
/** What fits the length before it (docs/ledger-formats.md, "Record"). */
export const maxRecordBytes = 65_535;
/** No batch is larger, so whatever claims to be is damage. */
export const maxFrameBytes = 16 * 1024 * 1024;
export const frameHeadBytes = 32;
/** The chain hash and the end mark. */
export const frameTailBytes = 36;
/** Before each record: its length. */
export const prefixBytes = 2;
/** Before the first segment. */
export const noChain: Buffer = Buffer.alloc(32);

const segmentMagic = Buffer.from('WEIRJRNL');
const frameMagic = 0x54414257;
const endMark = 0x0a444e45;

/** The name of the segment whose first record has this sequence. */
export function segmentName(firstSequence: number): string {
  return `${String(firstSequence).padStart(12, '0')}.wal`;
}

/** The first sequence that a segment's name states; null where it is no segment. */
export function segmentSequence(name: string): number | null {
  return /^\d{12}\.wal$/.test(name) ? Number(name.slice(0, 12)) : null;
}

/** What stands at the head of a segment. `previous` is the chain hash at the end of the segment before. */
export interface SegmentHead {
  readonly firstSequence: number;
  readonly previous: Buffer;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** One sector. */
export function encodeSegmentHead(head: SegmentHead): Buffer {
  const bytes = Buffer.alloc(sectorBytes);
  segmentMagic.copy(bytes, 0);
  bytes.writeUInt32LE(formatVersion, 8);
  bytes.writeUInt32LE(sectorBytes, 12);
  bytes.writeBigUInt64LE(BigInt(head.firstSequence), 16);
  bytes.writeBigUInt64LE(BigInt(head.created), 24);
  head.previous.copy(bytes, 32);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, sectorBytes - 4)), sectorBytes - 4);
  return bytes;
}

/** The head of a segment, or why it is none. A version that we do not know is told apart from damage. */
export function decodeSegmentHead(bytes: Buffer): SegmentHead | { readonly bad: 'damage' | 'version'; readonly what: string } {
  if (bytes.length < sectorBytes) return { bad: 'damage', what: 'the head of the segment is cut short' };
  if (!bytes.subarray(0, 8).equals(segmentMagic)) return { bad: 'damage', what: 'this is no segment of a journal' };
  if (bytes.readUInt32LE(sectorBytes - 4) !== crc32(bytes.subarray(0, sectorBytes - 4))) return { bad: 'damage', what: 'the head of the segment is altered' };
  const version = bytes.readUInt32LE(8);
  if (version !== formatVersion) return { bad: 'version', what: `the segment has format version ${version}; this program reads ${formatVersion}` };
  return {
    firstSequence: Number(bytes.readBigUInt64LE(16)),
    created: Number(bytes.readBigUInt64LE(24)),
    previous: Buffer.from(bytes.subarray(32, 64)),
  };
}

/** The next link of the chain: SHA-256 over the link before and the bytes. 32 bytes. */
export function link(previous: Buffer, bytes: Buffer): Buffer {
  return createHash('sha256').update(previous).update(bytes).digest();
}

/** The size of a batch with so many bytes of records, their prefixes counted: whole sectors. */
export function frameBytes(payload: number): number {
  return Math.ceil((frameHeadBytes + payload + frameTailBytes) / sectorBytes) * sectorBytes;
}

/**
 * Completes a batch whose records already stand in `buffer` from byte 32 on, `payload` bytes with their prefixes:
 * writes head, padding, chain hash and end mark. Returns the chain hash; `buffer` is exactly the batch.
 */
export function sealFrame(buffer: Buffer, payload: number, count: number, firstSequence: number, previous: Buffer): Buffer {
  const body = buffer.length - frameTailBytes;
  buffer.fill(0, frameHeadBytes + payload, body);
  buffer.writeUInt32LE(frameMagic, 0);
  buffer.writeUInt32LE(buffer.length, 4);
  buffer.writeUInt32LE(count, 8);
  buffer.writeUInt32LE(payload, 12);
  buffer.writeBigUInt64LE(BigInt(firstSequence), 16);
  buffer.writeUInt32LE(crc32(buffer.subarray(frameHeadBytes, body)), 24);
  buffer.writeUInt32LE(crc32(buffer.subarray(0, 28)), 28);
  const chain = link(previous, buffer.subarray(0, body));
  chain.copy(buffer, body);
  buffer.writeUInt32LE(endMark, buffer.length - 4);
  return chain;
}

/** A batch that holds no records but the state of the logs: `payload` bytes of it. It stands behind the head of a segment. */
export function encodeState(state: Buffer, firstSequence: number, previous: Buffer): { readonly frame: Buffer; readonly chain: Buffer } {
  const frame = Buffer.alloc(frameBytes(state.length));
  state.copy(frame, frameHeadBytes);
  return { frame, chain: sealFrame(frame, state.length, 0, firstSequence, previous) };
}

export interface FrameHead {
  /** Of the whole batch, in bytes. */
  readonly length: number;
  /** Records; 0 in a state frame and nowhere else. */
  readonly count: number;
  readonly payload: number;
  readonly firstSequence: number;
}

/** The head of a batch, or null where these bytes are none. */
export function decodeFrameHead(bytes: Buffer): FrameHead | null {
  if (bytes.length < frameHeadBytes || bytes.readUInt32LE(0) !== frameMagic || bytes.readUInt32LE(28) !== crc32(bytes.subarray(0, 28))) return null;
  const head = { length: bytes.readUInt32LE(4), count: bytes.readUInt32LE(8), payload: bytes.readUInt32LE(12), firstSequence: Number(bytes.readBigUInt64LE(16)) };
  const fits = head.length <= maxFrameBytes && head.payload >= head.count * prefixBytes && head.length === frameBytes(head.payload);
  return fits ? head : null;
}

/** The chain hash of a whole and unaltered batch that follows `previous`; null where a byte of it is not as it was written. */
export function checkFrame(frame: Buffer, previous: Buffer): Buffer | null {
  const body = frame.length - frameTailBytes;
  if (frame.readUInt32LE(24) !== crc32(frame.subarray(frameHeadBytes, body)) || frame.readUInt32LE(frame.length - 4) !== endMark) return null;
  const chain = link(previous, frame.subarray(0, body));
  return chain.equals(frame.subarray(body, body + 32)) ? chain : null;
}

/** The bytes of each record of a batch that was checked, as views; null where the lengths do not add up. */
export function recordsOf(frame: Buffer, head: FrameHead): Buffer[] | null {
  const records: Buffer[] = [];
  const end = frameHeadBytes + head.payload;
  let at = frameHeadBytes;
  while (at + prefixBytes <= end) {
    const length = frame.readUInt16LE(at);
    records.push(frame.subarray(at + prefixBytes, at + prefixBytes + length));
    at += prefixBytes + length;
  }
  return at === end && records.length === head.count ? records : null;
}

const zeros = Buffer.alloc(64 * 1024);

/** True where every byte is zero. */
export function isZero(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += zeros.length) {
    const part = bytes.subarray(at, at + zeros.length);
    if (part.compare(zeros, 0, part.length) !== 0) return false;
  }
  return true;
}

/**
 * True where a batch that fails its check can be one that was cut short while it was written: its last byte or a whole
 * sector of it is still zero. A sector that was written is never all zero: padding is shorter than a sector, the JSON of the anchor
 * log has no zero byte, and 512 bytes of ciphertext are all zero once in 2^4096.
 */
export function looksUnfinished(frame: Buffer): boolean {
  if (frame.length === 0 || frame[frame.length - 1] === 0) return true;
  for (let at = 0; at < frame.length; at += sectorBytes) {
    if (isZero(frame.subarray(at, at + sectorBytes))) return true;
  }
  return false;
}
