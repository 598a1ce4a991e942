import { closeSync, openSync, readSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { splitPoint } from '../../verify/merkle.ts';
import type { SubjectLeaf } from '../../verify/subjectIndex.ts';
import { diskFs, replaceFile } from '../files.ts';
import { SubjectsError } from './errors.ts';
import type { Pairs } from './pairs.ts';
import { rowAbove, subjectLeafHash, subtreeHash } from './tree.ts';
import type { Hash } from './tree.ts';

/** What the anchor log says of the index of one day of one owner's log. */
export interface EpochFacts {
  readonly owner: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Leaf indices, `to` without. */
  readonly from: number;
  readonly to: number;
  /** Leaves of the index. */
  readonly tags: number;
  /** 64 hexadecimal digits. */
  readonly root: string;
}

/** The index of one day, made but not kept yet. */
export interface MadeEpoch {
  readonly facts: EpochFacts;
  readonly bytes: Buffer;
}

/**
 * The file `ledger/epochs/NAME/DAY`. Numbers are little-endian: `WEIREPO1`, tags u32, pairs u32; then for each tag, in ascending order, its 32 bytes blinded;
 * for each tag and one more the place of its first pair, u32; for each pair the entry's place in the day, u32; for each whole block of 64 leaves the hash of
 * its subtree. It holds nothing that the private records and the owner's key do not give again. Nothing in it is believed but by the root in the anchor log.
 */
const magic = 'WEIREPO1';
const headBytes = 16;
const block = 64;
const hashBytes = 32;

/** Where the index of a day lies. `place` is the ledger's folder. */
export function epochPath(place: string, owner: string, day: string): string {
  return `${place}/epochs/${owner.toLowerCase()}/${day}`;
}

/** Makes the index over `pairs`. */
export function makeEpoch(known: Omit<EpochFacts, 'tags' | 'root'>, pairs: Pairs): MadeEpoch {
  const blinds = Buffer.allocUnsafe(pairs.count * hashBytes);
  const starts = Buffer.allocUnsafe((pairs.count + 1) * 4);
  const offsets = Buffer.allocUnsafe(pairs.count * 4);
  const leaves: Hash[] = [];
  const blocks: Hash[] = [];
  let tags = 0;
  let placed = 0;
  for (const one of pairs.sorted()) {
    one.blind.copy(blinds, tags * hashBytes);
    starts.writeUInt32LE(placed, tags * 4);
    for (const offset of one.offsets) {
      offsets.writeUInt32LE(offset, placed * 4);
      placed += 1;
    }
    tags += 1;
    leaves.push(subjectLeafHash({ blind: one.blind.toString('hex'), indices: one.offsets.map((offset) => known.from + offset) }));
    if (leaves.length === block) blocks.push(rootOfLeaves(leaves.splice(0)));
  }
  starts.writeUInt32LE(placed, tags * 4);
  const head = Buffer.alloc(headBytes);
  head.write(magic, 'latin1');
  head.writeUInt32LE(tags, 8);
  head.writeUInt32LE(placed, 12);
  const root = rootOfBlocks(tags, rowsOf(blocks), (from, to) => rootOfLeaves(leaves.slice(from % block, ((to - 1) % block) + 1)));
  const bytes = Buffer.concat([head, blinds.subarray(0, tags * hashBytes), starts.subarray(0, (tags + 1) * 4), offsets.subarray(0, placed * 4), ...blocks.map((hash) => Buffer.from(hash, 'latin1'))]);
  return { facts: { ...known, tags, root: Buffer.from(root, 'latin1').toString('hex') }, bytes };
}

/** Puts the index of a day in its place, durably and as one switch. */
export async function keepEpoch(place: string, { facts, bytes }: MadeEpoch): Promise<void> {
  const folder = dirname(epochPath(place, facts.owner, facts.day));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await replaceFile(diskFs, folder, facts.day, bytes);
}

/** The leaves that show what an index has of some tags, and the hashes of all the rest, each from left to right (`rootOfLeaves` in `src/verify`). */
export interface JointProof {
  readonly leaves: readonly SubjectLeaf[];
  readonly hashes: readonly Buffer[];
}

/** An index that is open for reading. Close it. */
export class EpochIndex {
  readonly facts: EpochFacts;
  readonly #descriptor: number;
  readonly #path: string;
  readonly #rows: readonly (readonly Hash[])[];
  readonly #read = new Map<number, readonly SubjectLeaf[]>();

  private constructor(facts: EpochFacts, descriptor: number, path: string) {
    this.facts = facts;
    this.#descriptor = descriptor;
    this.#path = path;
    const head = this.#bytes(0, headBytes);
    if (head.toString('latin1', 0, 8) !== magic || head.readUInt32LE(8) !== facts.tags) throw this.#damaged();
    const pairs = head.readUInt32LE(12);
    const at = headBytes + facts.tags * hashBytes + (facts.tags + 1) * 4 + pairs * 4;
    const hashes = this.#bytes(at, Math.floor(facts.tags / block) * hashBytes);
    this.#rows = rowsOf(Array.from({ length: hashes.length / hashBytes }, (_, n) => hashes.toString('latin1', n * hashBytes, (n + 1) * hashBytes)));
    const root = rootOfBlocks(facts.tags, this.#rows, (from, to) => rootOfLeaves(this.#leaves(from, to).map(subjectLeafHash)));
    if (Buffer.from(root, 'latin1').toString('hex') !== facts.root) throw this.#damaged();
  }

  /** Opens the index of a day and checks it against what the anchor log says. Throws `EPOCH_DAMAGED` where it is another one, is altered or is not there. */
  static open(place: string, facts: EpochFacts): EpochIndex {
    const path = epochPath(place, facts.owner, facts.day);
    let descriptor: number;
    try {
      descriptor = openSync(path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new SubjectsError('EPOCH_DAMAGED', `the index ${path} is missing`);
    }
    try {
      return new EpochIndex(facts, descriptor, path);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** All leaves, in order. */
  *all(): Generator<SubjectLeaf> {
    for (let from = 0; from < this.facts.tags; from += block) yield* this.#checked(from / block);
  }

  /** The leaf of a blinded tag (64 hexadecimal digits); null where the index has none. */
  find(blind: string): SubjectLeaf | null {
    const at = this.#firstFrom(blind);
    const leaf = at < this.facts.tags ? this.#leaf(at) : null;
    return leaf?.blind === blind ? leaf : null;
  }

  /** Shows for each blinded tag (64 hexadecimal digits) that it is there, or the two between which it would be. */
  prove(blinds: readonly string[]): JointProof {
    const { tags } = this.facts;
    const places = new Set<number>();
    for (const blind of blinds) {
      const at = this.#firstFrom(blind);
      if (at < tags) places.add(at);
      if (at > 0 && (at === tags || this.#leaf(at).blind !== blind)) places.add(at - 1);
    }
    const leaves = [...places].sort((a, b) => a - b).map((place) => this.#leaf(place));
    const hashes: Buffer[] = [];
    const walk = (from: number, to: number, wanted: readonly SubjectLeaf[]): void => {
      if (wanted.length === 0) {
        hashes.push(Buffer.from(subtreeHash(from, to, this.#known), 'latin1'));
      } else if (to - from > 1) {
        const middle = from + splitPoint(to - from);
        walk(from, middle, wanted.filter(({ place }) => place < middle));
        walk(middle, to, wanted.filter(({ place }) => place >= middle));
      }
    };
    if (tags > 0) walk(0, tags, leaves);
    return { leaves, hashes };
  }

  /** The place of the first tag that is not before this one. Altered bytes lead elsewhere; the leaves that are given are checked all the same. */
  #firstFrom(blind: string): number {
    const wanted = Buffer.from(blind, 'hex');
    let low = 0;
    let high = this.facts.tags;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#bytes(headBytes + middle * hashBytes, hashBytes).compare(wanted) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  readonly #known = (from: number, to: number): Hash | null => {
    if (to - from >= block) return knownRow(this.#rows, from, to);
    return rootOfLeaves(this.#checked(Math.floor(from / block)).slice(from % block, ((to - 1) % block) + 1).map(subjectLeafHash));
  };

  #leaf(place: number): SubjectLeaf {
    const found = this.#checked(Math.floor(place / block))[place % block];
    if (found === undefined) throw this.#damaged();
    return found;
  }

  /** The leaves of a block, once they are those of the hash that the root was made of. */
  #checked(number: number): readonly SubjectLeaf[] {
    const kept = this.#read.get(number);
    if (kept !== undefined) return kept;
    const leaves = this.#leaves(number * block, Math.min((number + 1) * block, this.facts.tags));
    const known = this.#rows[0]?.[number];
    if (known !== undefined && rootOfLeaves(leaves.map(subjectLeafHash)) !== known) throw this.#damaged();
    this.#read.set(number, leaves);
    return leaves;
  }

  #leaves(from: number, to: number): readonly SubjectLeaf[] {
    const { tags } = this.facts;
    const blinds = this.#bytes(headBytes + from * hashBytes, (to - from) * hashBytes);
    const startsAt = headBytes + tags * hashBytes;
    const starts = this.#bytes(startsAt + from * 4, (to - from + 1) * 4);
    const first = starts.readUInt32LE(0);
    const pairs = starts.readUInt32LE((to - from) * 4) - first;
    if (pairs < 0) throw this.#damaged();
    const offsets = this.#bytes(startsAt + (tags + 1) * 4 + first * 4, pairs * 4);
    return Array.from({ length: to - from }, (_, n) => {
      const begin = starts.readUInt32LE(n * 4) - first;
      const end = starts.readUInt32LE((n + 1) * 4) - first;
      if (begin < 0 || end < begin || end > pairs) throw this.#damaged();
      const indices = Array.from({ length: end - begin }, (_none, k) => this.facts.from + offsets.readUInt32LE((begin + k) * 4));
      return { place: from + n, blind: blinds.toString('hex', n * hashBytes, (n + 1) * hashBytes), indices };
    });
  }

  #bytes(at: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length;) {
      const read = readSync(this.#descriptor, bytes, done, length - done, at + done);
      if (read === 0) throw this.#damaged();
      done += read;
    }
    return bytes;
  }

  #damaged(): SubjectsError {
    return new SubjectsError('EPOCH_DAMAGED', `the index ${this.#path} is not the one in the anchor log`);
  }
}

/** Row 0 are the hashes of whole blocks, each row above those of pairs of the one below. */
function rowsOf(blocks: readonly Hash[]): readonly (readonly Hash[])[] {
  const rows = [blocks];
  for (let row = blocks; row.length > 1;) rows.push((row = rowAbove(row)));
  return rows;
}

function rootOfBlocks(tags: number, rows: readonly (readonly Hash[])[], partial: (from: number, to: number) => Hash): Hash {
  return subtreeHash(0, tags, (from, to) => (to - from >= block ? knownRow(rows, from, to) : partial(from, to)));
}

/** The hash of a subtree of whole blocks whose number is a power of two; null for any other. */
function knownRow(rows: readonly (readonly Hash[])[], from: number, to: number): Hash | null {
  const row = Math.log2((to - from) / block);
  return Number.isInteger(row) ? rows[row]?.[from / (to - from)] ?? null : null;
}

function rootOfLeaves(leaves: readonly Hash[]): Hash {
  return subtreeHash(0, leaves.length, (from, to) => (to - from === 1 ? leaves[from] ?? null : null));
}
