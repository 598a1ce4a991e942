import { stat } from 'node:fs/promises';
import { JournalError } from '../exchange/errors.ts';
import { noChain } from './format.ts';
import type { Head } from './head.ts';
import { headName, readHead } from './head.ts';
import type { Expected, Frame, SegmentEnd } from './scan.ts';
import { listSegments, scanSegment } from './scan.ts';

/** Something that is not as the journal wrote it. */
export interface Damage {
  readonly file: string;
  readonly offset: number;
  readonly what: string;
  /** Not damage: a newer program wrote it. */
  readonly version: boolean;
}

/** The remains of a batch that was never acknowledged. */
export interface TornTail {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

/** Where the next batch goes. */
export interface Tail {
  readonly file: string;
  readonly offset: number;
  /** Where the last batch of the segment begins; null where the segment has none. */
  readonly lastFrame: number | null;
}

export interface JournalCheck {
  /** Entries, which is also the next index. */
  readonly size: number;
  readonly batches: number;
  readonly segments: number;
  /** Of the files. */
  readonly bytes: number;
  readonly chain: Buffer;
  readonly tail: Tail | null;
  readonly torn: TornTail | null;
  readonly damage: readonly Damage[];
}

/**
 * Reads the whole journal and checks every byte of it: heads, sums, the chain, the order of indices, and the note of how far it had reached.
 * With `depth` 'last' only the last segment is read and its own word is taken for what came before. Changes nothing.
 */
export async function checkJournal(folder: string, depth: 'all' | 'last' = 'all', onFrame?: (frame: Frame) => void): Promise<JournalCheck> {
  // Before the segments: a journal that grows meanwhile is then further than its note, never behind it.
  const head = await readHead(folder);
  const all = await listSegments(folder);
  const segments = depth === 'all' ? all : all.slice(-1);
  const damage: Damage[] = [];
  const note = noteOf(head, damage);
  let expected: Expected | null = depth === 'all' ? { nextIndex: 0, chain: noChain } : null;
  let size = segments[0]?.firstIndex ?? 0;
  let chain: Buffer = noChain;
  let batches = 0;
  let bytes = 0;
  let tail: Tail | null = null;
  let torn: TornTail | null = null;

  for (const [place, segment] of segments.entries()) {
    const path = `${folder}/${segment.name}`;
    let lastFrame: number | null = null;
    const end = await drain(scanSegment(path, segment.firstIndex, expected), (frame) => {
      batches += 1;
      lastFrame = frame.offset;
      const next = frame.head.firstIndex + frame.head.count;
      if (note !== null && next === note.size && frame.chain.toString('hex') !== note.chain) {
        damage.push({ file: segment.name, offset: frame.offset, what: `this is another history than the one that had reached entry ${note.size}`, version: false });
      }
      onFrame?.(frame);
    });
    bytes += (await stat(path)).size;
    size = end.nextIndex;
    chain = end.chain;
    tail = { file: segment.name, offset: end.offset, lastFrame };
    const last = place === segments.length - 1;
    const acknowledged = note !== null && size < note.size;
    if (end.kind === 'torn' && last && !acknowledged) torn = { file: segment.name, offset: end.offset, bytes: end.bytes };
    else if (end.kind !== 'whole') damage.push({ file: segment.name, offset: end.offset, what: end.what, version: end.kind === 'version' });
    else if (last && acknowledged) damage.push({ file: segment.name, offset: end.offset, what: `entries ${size} to ${note.size - 1} are missing`, version: false });
    // After damage the next segment can only be read by itself.
    expected = end.kind === 'whole' ? { nextIndex: end.nextIndex, chain: end.chain } : null;
  }
  if (segments.length === 0 && note !== null && note.size > 0) damage.push({ file: headName, offset: 0, what: `entries 0 to ${note.size - 1} are missing`, version: false });
  return { size, batches, segments: all.length, bytes, chain, tail, torn, damage };
}

/** The error that names the first damage, or null. */
export function damageError(check: JournalCheck): JournalError | null {
  const first = check.damage[0];
  if (first === undefined) return null;
  const where = `${first.file} at byte ${first.offset}: ${first.what}`;
  return first.version ? new JournalError('JOURNAL_VERSION', where) : new JournalError('JOURNAL_CORRUPT', `the journal is damaged in ${where}`);
}

function noteOf(head: Head | null | 'damage', damage: Damage[]): Head | null {
  if (head !== 'damage') return head;
  damage.push({ file: headName, offset: 0, what: 'the note of how far the journal had reached is altered', version: false });
  return null;
}

async function drain(frames: AsyncGenerator<Frame, SegmentEnd>, each: (frame: Frame) => void): Promise<SegmentEnd> {
  for (;;) {
    const step = await frames.next();
    if (step.done === true) return step.value;
    each(step.value);
  }
}
