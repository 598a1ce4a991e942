import type { FileHandle } from 'node:fs/promises';
import { open, readdir } from 'node:fs/promises';
import type { FrameHead } from './format.ts';
import { checkFrame, decodeFrameHead, decodeSegmentHead, frameHeadBytes, isZero, link, looksUnfinished, maxFrameBytes, sectorBytes, segmentIndex } from './format.ts';

const windowBytes = 4 * 1024 * 1024;

/** One batch that passed its check. `bytes` is the whole batch. */
export interface Frame {
  readonly offset: number;
  readonly head: FrameHead;
  readonly bytes: Buffer;
  /** The chain hash after it. */
  readonly chain: Buffer;
}

/** How a segment ends. `offset` is where the next batch goes, or where the trouble starts. */
export type SegmentEnd =
  | { readonly kind: 'whole'; readonly offset: number; readonly nextIndex: number; readonly chain: Buffer }
  /** The last batch was cut short while it was written; `claims` is how many entries its head names, or 0 where that is lost. */
  | { readonly kind: 'torn'; readonly offset: number; readonly nextIndex: number; readonly chain: Buffer; readonly bytes: number; readonly what: string }
  | { readonly kind: 'damage' | 'version'; readonly offset: number; readonly nextIndex: number; readonly chain: Buffer; readonly what: string };

/** What the segment before says; null where a segment is read by itself and its own head is believed. */
export interface Expected {
  readonly nextIndex: number;
  readonly chain: Buffer;
}

/** The segments of a folder by first index, ascending. */
export async function listSegments(folder: string): Promise<{ readonly name: string; readonly firstIndex: number }[]> {
  const found = (await readdir(folder)).map((name) => ({ name, firstIndex: segmentIndex(name) }));
  return found.filter((one): one is { name: string; firstIndex: number } => one.firstIndex !== null).sort((a, b) => a.firstIndex - b.firstIndex);
}

/**
 * Reads one segment from its head, checks every byte, yields its batches in order and returns how it ends. Whoever can write the folder
 * controls the input. That an end is torn is said of any segment; only in the last one may the caller accept it.
 */
export async function* scanSegment(path: string, firstIndex: number, expected: Expected | null): AsyncGenerator<Frame, SegmentEnd> {
  const file = await open(path, 'r');
  try {
    return yield* scanOpen(new Window(file, (await file.stat()).size), firstIndex, expected);
  } finally {
    await file.close();
  }
}

async function* scanOpen(window: Window, named: number, expected: Expected | null): AsyncGenerator<Frame, SegmentEnd> {
  const first = await window.read(0, sectorBytes);
  const head = decodeSegmentHead(first);
  const nothing = expected ?? { nextIndex: named, chain: Buffer.alloc(32) };
  if ('bad' in head) return { kind: head.bad, offset: 0, ...nothing, what: head.what };
  if (head.firstIndex !== named) return { kind: 'damage', offset: 0, ...nothing, what: `the segment begins with entry ${head.firstIndex}, and its name says ${named}` };
  if (expected !== null && head.firstIndex !== expected.nextIndex) return { kind: 'damage', offset: 0, ...nothing, what: `the segment begins with entry ${head.firstIndex}; entry ${expected.nextIndex} was due` };
  if (expected !== null && !head.previous.equals(expected.chain)) return { kind: 'damage', offset: 0, ...nothing, what: 'the segment does not continue the one before it' };

  let offset = sectorBytes;
  let nextIndex = head.firstIndex;
  let chain = link(head.previous, first);
  while (offset < window.size) {
    const start = await window.read(offset, sectorBytes);
    const frame = decodeFrameHead(start);
    const here = { offset, nextIndex, chain };
    if (frame === null) return await endWithoutHead(window, start, here);
    if (frame.firstIndex !== nextIndex) return { kind: 'damage', ...here, what: `a batch begins with entry ${frame.firstIndex}; entry ${nextIndex} was due` };
    const bytes = await window.read(offset, frame.length);
    const next = bytes.length === frame.length ? checkFrame(bytes, chain) : null;
    if (next === null) return await endWithBadFrame(window, bytes, frame, here);
    yield { offset, head: frame, bytes, chain: next };
    offset += frame.length;
    nextIndex += frame.count;
    chain = next;
  }
  return { kind: 'whole', offset, nextIndex, chain };
}

interface Here {
  readonly offset: number;
  readonly nextIndex: number;
  readonly chain: Buffer;
}

/** No batch begins here: only zeros follow, or what is left of one batch, or this is damage. */
async function endWithoutHead(window: Window, start: Buffer, here: Here): Promise<SegmentEnd> {
  const last = await lastByte(window, here.offset);
  if (last === null) return { kind: 'whole', ...here };
  const bytes = last + 1 - here.offset;
  const torn = { kind: 'torn', ...here, bytes, what: 'the last batch is cut short' } as const;
  if (start.length < sectorBytes) return torn;
  // Fewer bytes than a head were written, or the first sector is still missing while later ones of the same batch are there.
  if (bytes <= frameHeadBytes) return torn;
  if (isZero(start) && bytes <= maxFrameBytes && !(await frameFollows(window, here.offset, last))) return torn;
  return { kind: 'damage', ...here, what: 'the head of a batch is altered' };
}

/** A batch begins here and is not as it was written: the last one, cut short, or damage. */
async function endWithBadFrame(window: Window, bytes: Buffer, frame: FrameHead, here: Here): Promise<SegmentEnd> {
  const last = (await lastByte(window, here.offset)) ?? here.offset;
  const alone = last < here.offset + frame.length;
  if (alone && (bytes.length < frame.length || looksUnfinished(bytes))) {
    return { kind: 'torn', ...here, bytes: last + 1 - here.offset, what: 'the last batch is cut short' };
  }
  return { kind: 'damage', ...here, what: `the batch of entries ${frame.firstIndex} to ${frame.firstIndex + frame.count - 1} is altered` };
}

/** The offset of the last byte from `from` on that is not zero; null where there is none. */
async function lastByte(window: Window, from: number): Promise<number | null> {
  let found: number | null = null;
  for (let at = from; at < window.size; at += windowBytes) {
    const part = await window.read(at, Math.min(windowBytes, window.size - at));
    if (isZero(part)) continue;
    for (let i = part.length - 1; i >= 0; i -= 1) {
      if (part[i] !== 0) {
        found = at + i;
        break;
      }
    }
  }
  return found;
}

/** True where the head of another batch stands after `from`: one batch is in flight at a time, so this is not a torn one. */
async function frameFollows(window: Window, from: number, to: number): Promise<boolean> {
  for (let at = from + sectorBytes; at <= to; at += sectorBytes) {
    if (decodeFrameHead(await window.read(at, frameHeadBytes)) !== null) return true;
  }
  return false;
}

/** Reads ahead. What `read` returns stays valid; it is shorter than asked at the end of the file. */
class Window {
  readonly size: number;
  readonly #file: FileHandle;
  #start = 0;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const wanted = Math.min(length, this.size - offset);
    if (offset < this.#start || offset + wanted > this.#start + this.#bytes.length) await this.#fill(offset, wanted);
    return this.#bytes.subarray(offset - this.#start, offset - this.#start + wanted);
  }

  async #fill(offset: number, wanted: number): Promise<void> {
    const bytes = Buffer.allocUnsafe(Math.min(Math.max(wanted, windowBytes), this.size - offset));
    let done = 0;
    while (done < bytes.length) {
      const { bytesRead } = await this.#file.read(bytes, done, bytes.length - done, offset + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    this.#start = offset;
    this.#bytes = bytes.subarray(0, done);
  }
}
