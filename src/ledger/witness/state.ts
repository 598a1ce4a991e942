import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { JournalError } from '../../exchange/errors.ts';
import { parseCheckpoint } from '../../verify/checkpoint.ts';
import type { Checkpoint } from '../../verify/checkpoint.ts';
import { emptyRoot, verifyConsistency } from '../../verify/merkle.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { openNote, parseNote, signatureLine } from '../../verify/note.ts';
import type { Note, Vkey } from '../../verify/note.ts';
import { VerifyError } from '../../verify/types.ts';
import { diskFs } from '../files.ts';
import type { JournalFs } from '../files.ts';
import { takeLock } from '../lock.ts';
import type { Lock } from '../lock.ts';
import { Allowance } from './allowance.ts';
import type { Rate } from './allowance.ts';
import { refused } from './answers.ts';
import type { WitnessAnswer } from './answers.ts';
import { contradictionsOf, keepContradiction } from './contradictions.ts';
import { WitnessError } from './errors.ts';
import type { WatchedLog } from './inspect.ts';
import { keep, KeepError, originHash, readKept } from './kept.ts';
import type { Kept } from './kept.ts';
import { readKey } from './key.ts';
import type { WitnessKey } from './key.ts';
import { parseRequest } from './request.ts';
import { readWatched, watchedFile } from './watched.ts';

export interface WitnessOptions {
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly fs?: JournalFs;
  /** Checkpoints a log may have cosigned; each costs a write to the disk. */
  readonly rate?: Rate;
}

/** A witness at work on its folder. */
export interface Witness {
  readonly name: string;
  readonly vkey: string;
  /** Answers the body of an `add-checkpoint` request. Rejects never for what a request holds. */
  addCheckpoint(body: Uint8Array): Promise<WitnessAnswer>;
  /** The latest cosigned checkpoint of the log with this hash of its origin; null where there is none. */
  latest(hash: string): string | null;
  logs(): readonly WatchedLog[];
  /** `ok`; `failing` after a write that failed, until one succeeds; `stopped` after a sync that failed or a lost lock, until a restart. */
  readonly health: 'ok' | 'failing' | 'stopped';
  /** Waits for what is under way, and gives the folder back. */
  close(): Promise<void>;
}

/** What is held of one log. All decisions about a log are made one after the other, in `last`. */
interface Held {
  readonly origin: string;
  keys: readonly Vkey[];
  kept: Kept | null;
  contradictions: number;
  readonly allowance: Allowance;
  waiting: number;
  last: Promise<unknown>;
}

const usualRate: Rate = { perSecond: 20, atOnce: 40 };
const mostWaiting = 64;
/** How often the list of logs is looked at again for the sake of a log that is not in it, in milliseconds. */
const lookEvery = 1_000;

/**
 * Opens a witness's folder: takes its lock, reads its key, its logs, and what it cosigned last for each.
 * Rejects with WitnessError. One process at a time has the folder, so that what is compared is what is kept.
 */
export async function openWitness({ folder, clock = Date.now, fs = diskFs, rate = usualRate }: WitnessOptions): Promise<Witness> {
  const key = await readKey(folder);
  const lock = await lockOf(folder);
  try {
    const witness = new FolderWitness({ folder, clock, fs, rate, key, lock });
    await witness.readLogs();
    return witness;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

class FolderWitness implements Witness {
  readonly #parts: Required<WitnessOptions> & { readonly key: WitnessKey; readonly lock: Lock };
  readonly #logs = new Map<string, Held>();
  #listedAt = '';
  #lookedAt = -Infinity;
  #looking: Promise<void> | null = null;
  #health: 'ok' | 'failing' | 'stopped' = 'ok';

  constructor(parts: Required<WitnessOptions> & { readonly key: WitnessKey; readonly lock: Lock }) {
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.key.name;
  }

  get vkey(): string {
    return this.#parts.key.vkey;
  }

  get health(): 'ok' | 'failing' | 'stopped' {
    return this.#health;
  }

  logs(): readonly WatchedLog[] {
    return [...this.#logs.values()].map(({ origin, kept, contradictions }) => ({ origin, hash: originHash(origin), kept, contradictions }));
  }

  latest(hash: string): string | null {
    for (const { origin, kept } of this.#logs.values()) if (originHash(origin) === hash) return kept?.note ?? null;
    return null;
  }

  async addCheckpoint(body: Uint8Array): Promise<WitnessAnswer> {
    const request = parseRequest(body);
    if (typeof request === 'string') return refused(400, 'malformed', request);
    let note: Note;
    let checkpoint: Checkpoint;
    try {
      note = parseNote(request.note);
      checkpoint = parseCheckpoint(note.text);
    } catch (error) {
      if (error instanceof VerifyError) return refused(400, 'malformed', 'what stands behind the empty line is not a signed checkpoint');
      throw error;
    }
    const trusted = await this.#trusted(checkpoint.origin, note);
    if ('status' in trusted) return trusted;
    const { log, signed } = trusted;
    if (request.oldSize > checkpoint.size) return refused(400, 'oldSizeAbove', 'the old size is above the size of the checkpoint', log.origin);
    if (log.waiting >= mostWaiting) return { status: 429, reason: 'busy', words: 'too many requests for this log are waiting', origin: log.origin, afterMs: 1_000 };
    return this.#inTurn(log, () => this.#decide(log, { ...request, checkpoint, text: note.text, signed }));
  }

  async close(): Promise<void> {
    this.#health = 'stopped';
    await Promise.allSettled([...this.#logs.values()].map(({ last }) => last));
    await this.#parts.lock.release();
  }

  /** Reads the list of logs, and what was kept for those that are new in it. */
  async readLogs(): Promise<void> {
    const { folder, key, rate } = this.#parts;
    const listedAt = await changedAt(join(folder, watchedFile));
    if (listedAt === this.#listedAt) return;
    for (const [origin, keys] of await readWatched(folder)) {
      const held = this.#logs.get(origin);
      if (held !== undefined) {
        held.keys = keys;
        continue;
      }
      const kept = await readKept(folder, origin, keys, key.vkey);
      const contradictions = (await contradictionsOf(folder, origin)).length;
      this.#logs.set(origin, { origin, keys, kept, contradictions, allowance: new Allowance(rate), waiting: 0, last: Promise.resolve() });
    }
    this.#listedAt = listedAt;
  }

  /** "MUST verify the checkpoint signature against the public keys it trusts for the checkpoint origin, and MUST ignore signatures from unknown keys." */
  async #trusted(origin: string, note: Note): Promise<WitnessAnswer | { readonly log: Held; readonly signed: string }> {
    for (const looked of [false, true]) {
      const log = this.#logs.get(origin);
      const answer = log === undefined ? refused(404, 'unknownLog', 'this witness does not watch a log of this origin') : await signedBy(log, note);
      if (!('status' in answer) || looked) return answer;
      // The log, or a new key of it, may have been added since.
      await this.#lookAgain();
    }
    throw new Error('not reached');
  }

  async #lookAgain(): Promise<void> {
    const now = this.#parts.clock();
    if (Math.abs(now - this.#lookedAt) < lookEvery) return this.#looking ?? undefined;
    this.#lookedAt = now;
    // A list that cannot be read leaves the one that is held.
    this.#looking = this.readLogs().catch(() => undefined);
    await this.#looking;
  }

  /** "Checking the old size against the latest checkpoint and persisting the new checkpoint must be performed atomically": one at a time for each log. */
  async #inTurn(log: Held, work: () => Promise<WitnessAnswer>): Promise<WitnessAnswer> {
    log.waiting += 1;
    const turn = log.last.then(work).finally(() => {
      log.waiting -= 1;
    });
    log.last = turn.catch(() => undefined);
    return turn;
  }

  async #decide(log: Held, asked: Asked): Promise<WitnessAnswer> {
    const { oldSize, checkpoint: { size, root }, proof, text, signed } = asked;
    const { origin } = log;
    const latest = log.kept ?? { size: 0, root: emptyRoot, time: 0, note: null };
    const otherRoot = size === latest.size && !Buffer.from(root).equals(latest.root);
    // Two signed checkpoints of one size with two roots: the log's key signed two histories. This one is kept beside the one that was cosigned.
    if (otherRoot && await keepContradiction(this.#parts.folder, asked.checkpoint, `${text}\n${signed}`)) log.contradictions += 1;
    if (oldSize !== latest.size) return { status: 409, reason: 'otherSize', latest: latest.size, origin };
    if (otherRoot) return { status: 409, reason: 'otherRoot', latest: latest.size, origin };
    if (!(await verifyConsistency(nodeCrypto, { oldSize, oldRoot: latest.root, newSize: size, newRoot: root, proof }))) {
      return refused(422, 'inconsistent', 'the proof does not lead from the latest cosigned checkpoint to this one', origin);
    }
    const now = this.#parts.clock();
    // A clock that steps back does not take the log's time back.
    const time = Math.max(Math.floor(now / 1000), latest.time);
    const line = this.#parts.key.cosign(text, time);
    // The very cosignature that was kept already: whoever repeats a checkpoint costs the disk one write a second at most.
    const again = latest.note?.endsWith(`\n${line}`) === true && latest.note.startsWith(`${text}\n`);
    if (again && this.#usable()) return { status: 200, line, origin, size, again };
    const afterMs = log.allowance.take(now);
    if (afterMs > 0) return { status: 429, reason: 'tooOften', words: 'this log has had its share of cosignatures for now', origin, afterMs };
    const fault = await this.#keep(log, { size, root, time, note: `${text}\n${signed}${line}` });
    return fault ?? { status: 200, line, origin, size, again };
  }

  /** "The witness MUST persist the new checkpoint before responding." Null where it did. */
  async #keep(log: Held, kept: Kept): Promise<WitnessAnswer | null> {
    const stopped = refused(503, 'stopped', 'this witness has stopped signing and must be restarted', log.origin);
    if (!this.#usable()) return stopped;
    try {
      await keep(this.#parts.fs, this.#parts.folder, log.origin, kept.note);
    } catch (error) {
      if (!(error instanceof KeepError)) throw error;
      // After a sync that failed the system may forget what it could not write, and call the next sync good.
      this.#health = error.sync ? 'stopped' : 'failing';
      return refused(503, 'notKept', 'this witness could not keep the checkpoint, so it does not cosign it', log.origin);
    }
    // Looked at after the write as well: whoever took the folder over meanwhile may have read what stood there before.
    if (!this.#usable()) return stopped;
    log.kept = kept;
    this.#health = 'ok';
    return null;
  }

  #usable(): boolean {
    if (this.#health !== 'stopped' && this.#parts.lock.lost()) this.#health = 'stopped';
    return this.#health !== 'stopped';
  }
}

interface Asked {
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  readonly checkpoint: Checkpoint;
  readonly text: string;
  /** The signature lines of the log's keys, and no others. */
  readonly signed: string;
}

async function signedBy(log: Held, note: Note): Promise<WitnessAnswer | { readonly log: Held; readonly signed: string }> {
  try {
    const { keys } = await openNote(nodeCrypto, note, log.keys);
    const lines = note.signatures.filter(({ name, keyId }) => keys.some((key) => key.name === name && Buffer.from(key.keyId).equals(keyId)));
    const signed = new Set(lines.map(({ name, keyId, bytes }) => signatureLine(name, keyId, bytes)));
    return { log, signed: [...signed].join('') };
  } catch (error) {
    if (error instanceof VerifyError) return refused(403, 'notSigned', 'the checkpoint is not signed by a key that this witness trusts for the log', log.origin);
    throw error;
  }
}

async function lockOf(folder: string): Promise<Lock> {
  try {
    return await takeLock(folder);
  } catch (error) {
    if (!(error instanceof JournalError) || error.code !== 'JOURNAL_LOCKED') throw error;
    throw new WitnessError('WITNESS_LOCKED', error.message.replaceAll('the journal', 'the folder of the witness'), 'One process at a time runs a witness. To add a log, none need be stopped.', { cause: error });
  }
}

/** Changes when the file does; empty where there is none. */
async function changedAt(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found === null ? 'none' : `${found.ino} ${found.mtimeNs} ${found.size}`;
}
