import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { Forest } from './forest.ts';
import type { FrameHead } from './format.ts';
import { checkFrame, decodeFrameHead, decodeSegmentHead, frameHeadBytes, isZero, link, looksUnfinished, maxFrameBytes, sectorBytes } from './format.ts';

const windowBytes = 4 * 1024 * 1024;

/** The head of a segment and the state frame behind it, checked. */
export interface Start {
  readonly kind: 'start';
  /** Milliseconds since 1970. */
  readonly created: number;
  /** The chain hash before the segment, and after its state frame. */
  readonly previous: Buffer;
  readonly chain: Buffer;
  /** Where the first batch goes. */
  readonly offset: number;
  /** The logs before the first batch. The caller's own. */
  readonly forest: Forest;
}

/** One batch that passed its check. `bytes` is the whole batch. */
export interface Frame {
  readonly kind: 'batch';
  readonly offset: number;
  readonly head: FrameHead;
  readonly bytes: Buffer;
  /** The chain hash after it. */
  readonly chain: Buffer;
}

/** How a segment ends. `offset` is where the next batch goes, or where the trouble starts; `next` is the sequence that follows. */
export type SegmentEnd =
  | { readonly kind: 'whole'; readonly offset: number; readonly next: number; readonly chain: Buffer }
  /** The last batch was cut short while it was written. */
  | { readonly kind: 'torn'; readonly offset: number; readonly next: number; readonly chain: Buffer; readonly bytes: number; readonly what: string }
  | { readonly kind: 'damage' | 'version'; readonly offset: number; readonly next: number; readonly chain: Buffer; readonly what: string };

/** What the segment before says; null where a segment is read by itself and its own head is believed. */
export interface Expected {
  readonly next: number;
  readonly chain: Buffer;
  /** No segment was made before the one that it follows. */
  readonly created: number;
  /** The payload that the state frame must have; null where the logs were not counted. */
  readonly state: Buffer | null;
}

/**
 * Reads one segment from its head, checks every byte, yields its start and its batches in order, and returns how it ends. Whoever can write the
 * folder controls the input. That an end is torn is said of any segment; only in the last one may the caller accept it.
 */
export async function* scanSegment(path: string, first: number, expected: Expected | null): AsyncGenerator<Start | Frame, SegmentEnd> {
  const file = await open(path, 'r');
  try {
    return yield* scanOpen(new Window(file, (await file.stat()).size), first, expected);
  } finally {
    await file.close();
  }
}

async function* scanOpen(window: Window, named: number, expected: Expected | null): AsyncGenerator<Start | Frame, SegmentEnd> {
  const start = await readStart(window, named, expected);
  if (start.kind !== 'start') return start;
  yield start;

  let { offset, chain } = start;
  let next = named;
  while (offset < window.size) {
    const begin = await window.read(offset, sectorBytes);
    const head = decodeFrameHead(begin);
    const here = { offset, next, chain };
    if (head === null) return await endWithoutHead(window, begin, here);
    if (head.count === 0) return { kind: 'damage', ...here, what: 'a state frame stands where a batch was due' };
    if (head.firstSequence !== next) return { kind: 'damage', ...here, what: `a batch begins with entry ${head.firstSequence}; entry ${next} was due` };
    const bytes = await window.read(offset, head.length);
    const after = bytes.length === head.length ? checkFrame(bytes, chain) : null;
    if (after === null) return await endWithBadFrame(window, bytes, head, here);
    yield { kind: 'batch', offset, head, bytes, chain: after };
    offset += head.length;
    next += head.count;
    chain = after;
  }
  return { kind: 'whole', offset, next, chain };
}

/** Head and state frame were durable before the segment had its name, so neither is ever cut short. */
async function readStart(window: Window, named: number, expected: Expected | null): Promise<Start | SegmentEnd> {
  const here = { offset: 0, next: expected?.next ?? named, chain: expected?.chain ?? Buffer.alloc(32) };
  const sector = await window.read(0, sectorBytes);
  const head = decodeSegmentHead(sector);
  if ('bad' in head) return { kind: head.bad, ...here, what: head.what };
  const { firstSequence, previous, created } = head;
  const wrong = (what: string, offset = 0): SegmentEnd => ({ kind: 'damage', ...here, offset, what });
  if (firstSequence !== named) return wrong(`the segment begins with entry ${firstSequence}, and its name says ${named}`);
  if (expected !== null && firstSequence !== expected.next) return wrong(`the segment begins with entry ${firstSequence}; entry ${expected.next} was due`);
  if (expected !== null && !previous.equals(expected.chain)) return wrong('the segment does not continue the one before it');
  if (expected !== null && created < expected.created) return wrong('the segment is older than the one before it');

  const frame = decodeFrameHead(await window.read(sectorBytes, sectorBytes));
  if (frame?.count !== 0 || frame.firstSequence !== named) return wrong('the state of the logs is missing or altered', sectorBytes);
  const bytes = await window.read(sectorBytes, frame.length);
  const chain = bytes.length === frame.length ? checkFrame(bytes, link(previous, sector)) : null;
  if (chain === null) return wrong('the state of the logs is altered', sectorBytes);
  const state = bytes.subarray(frameHeadBytes, frameHeadBytes + frame.payload);
  const forest = Forest.decode(state);
  const fits = expected?.state?.equals(state) ?? true;
  if (forest?.total !== named || !fits) return wrong('the state of the logs is not what the entries before it give', sectorBytes);
  return { kind: 'start', created, previous, chain, offset: sectorBytes + frame.length, forest };
}

interface Here {
  readonly offset: number;
  readonly next: number;
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
  return { kind: 'damage', ...here, what: `the batch of entries ${frame.firstSequence} to ${frame.firstSequence + frame.count - 1} is altered` };
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
