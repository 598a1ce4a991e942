import { createPrivateKey, createPublicKey, hash, sign } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseCheckpoint } from '../../verify/checkpoint.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { keyIdOf, noteTypes, openNote } from '../../verify/note.ts';
import { indexPath } from '../../verify/tilePath.ts';
import { encodePrivate, privateFile } from '../private.ts';
import type { LogName } from '../record.ts';
import { leafData, leafHash, plainRecord, recordHead, sealedHead } from '../record.ts';
import type { Cosigners, NoteSigner, Placed, WalRecord } from '../types.ts';
import type { Wal } from '../wal.ts';
import { openWal } from '../wal.ts';
import type { PublishFs } from './fs.ts';
import { publishFs } from './fs.ts';
import type { Publisher, PublisherOptions } from './publisher.ts';
import { openPublisher } from './publisher.ts';

/** What tests of the publisher share. */

export const prefix = 'weir.example.org';

export const noWitness: Cosigners = { configured: false, cosign: () => Promise.resolve({ lines: [], quorum: false }) };

/** A key of a log that is the same in every run. */
export function testSigner(log: LogName): NoteSigner {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(hash('sha256', `test ${log}`, 'hex'), 'hex')]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(12);
  return { name: `${prefix}/log/${log}`, publicKey, sign: (message) => Promise.resolve(sign(null, message, key)) };
}

/** A record of a log: its content and length follow from `number`. */
export function testRecord(log: LogName, number: number, day = 20_000): WalRecord {
  const id = `${log}-${number}`;
  if (log === 'anchor') return { log, id, record: plainRecord(day, JSON.stringify({ type: 'system', number, text: 'x'.repeat(number % 11) })) };
  const commitment = Buffer.from(hash('sha256', id, 'hex'), 'hex');
  return { log, id, record: Buffer.concat([sealedHead(number % 3 === 0 ? 'disclosure' : 'other', log.toUpperCase(), day, commitment), Buffer.alloc(12 + 32 + 16 + (number % 13), number)]) };
}

/** A write-ahead file and a publisher behind it, and all that was placed. */
export class Bench {
  readonly placed: Placed[] = [];
  readonly #root: string;
  readonly #counts = new Map<LogName, number>();
  #wal: Wal | null = null;
  publisher: Publisher | null = null;

  constructor(root: string) {
    this.#root = root;
  }

  get place(): string {
    return join(this.#root, 'ledger');
  }

  get wal(): string {
    return join(this.#root, 'journal');
  }

  async open(options: Partial<PublisherOptions> = {}): Promise<Publisher> {
    this.#wal ??= await openWal({ folder: this.wal, onCommit: (placed) => {
      this.placed.push(...placed);
      this.publisher?.take(placed);
    } });
    this.publisher = await openPublisher({
      place: this.place, wal: this.wal, prefix, signer: (log) => Promise.resolve(testSigner(log)), cosigners: noWitness, publishMs: 3_600_000, retryDelay: 3_600_000, ...options,
    });
    return this.publisher;
  }

  /** Appends so many records to each of the logs, in turn. */
  async append(logs: readonly LogName[], count: number, day = 20_000): Promise<void> {
    const records: WalRecord[] = [];
    for (let turn = 0; turn < count; turn += 1) {
      for (const log of logs) {
        const number = this.#counts.get(log) ?? 0;
        this.#counts.set(log, number + 1);
        records.push(testRecord(log, number, day));
      }
    }
    for (let at = 0; at < records.length; at += 4_000) await this.#wal?.append(records.slice(at, at + 4_000));
  }

  /** As if the process ended here. What it still does is without effect, since its calls to the disk fail. */
  forget(): void {
    this.publisher = null;
  }

  async close(): Promise<void> {
    await this.publisher?.close();
    this.publisher = null;
    await this.#wal?.close();
    this.#wal = null;
  }
}

/** Every file that must be there in the end, made anew from what was placed in the plainest way: path below the ledger's folder, and bytes. */
export function expectedFiles(placed: readonly Placed[], place: string): Map<string, Buffer> {
  const files = new Map<string, Buffer[]>();
  const add = (path: string, bytes: Buffer): void => {
    const found = files.get(path);
    if (found === undefined) files.set(path, [bytes]);
    else found.push(bytes);
  };
  for (const log of new Set(placed.map((one) => one.log))) {
    const mine = placed.filter((one) => one.log === log);
    let hashes: Buffer[] = mine.map(({ record }) => Buffer.from(leafHash(record), 'latin1'));
    for (let level = 0; hashes.length > 0; level += 1) {
      const above: Buffer[] = [];
      for (let n = 0; n * 256 < hashes.length; n += 1) {
        const tile = hashes.slice(n * 256, n * 256 + 256);
        const suffix = tile.length === 256 ? '' : `.p/${tile.length}`;
        for (const one of tile) add(`log/${log}/tile/${level}/${indexPath(n)}${suffix}`, one);
        if (level === 0) {
          for (const { record } of mine.slice(n * 256, n * 256 + 256)) {
            const data = leafData(record);
            add(`log/${log}/tile/entries/${indexPath(n)}${suffix}`, Buffer.concat([Buffer.of(data.length >> 8, data.length & 255), data]));
          }
        }
        if (tile.length === 256) above.push(plainRoot(tile));
      }
      hashes = above;
    }
    for (const one of mine) {
      const head = recordHead(one.record);
      if (head !== null) add(relative(place, privateFile(place, log, head.day, head.kind, Math.floor(one.index / 256))), encodePrivate(one));
    }
  }
  return new Map([...files].map(([path, parts]) => [path, Buffer.concat(parts)]));
}

/** The size of the checkpoint of a log, its signature verified, and its root compared with that of the leaves that were placed. */
export async function checkpointOf(place: string, log: LogName, placed: readonly Placed[], name = 'checkpoint'): Promise<number> {
  const signer = testSigner(log);
  const key = { name: signer.name, keyId: await keyIdOf(nodeCrypto, signer.name, noteTypes.ed25519, signer.publicKey), type: noteTypes.ed25519, publicKey: signer.publicKey };
  const { text } = await openNote(nodeCrypto, readFileSync(join(place, 'log', log, name), 'utf8'), [key]);
  const { origin, size, root } = parseCheckpoint(text);
  const leaves = placed.filter((one) => one.log === log).slice(0, size).map(({ record }) => Buffer.from(leafHash(record), 'latin1'));
  if (origin !== signer.name || leaves.length !== size || !plainRoot(leaves).equals(root)) throw new Error(`a wrong checkpoint of ${log} at ${size}`);
  return size;
}

/** RFC 6962 section 2.1, word for word. */
export function plainRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return Buffer.from(hash('sha256', '', 'hex'), 'hex');
  const only = leaves[0];
  if (leaves.length === 1 && only !== undefined) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return Buffer.from(hash('sha256', Buffer.concat([Buffer.of(1), plainRoot(leaves.slice(0, split)), plainRoot(leaves.slice(split))]), 'hex'), 'hex');
}

/** All files below a folder, by path. */
export function filesBelow(folder: string): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  if (!existsSync(folder)) return found;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) if (statSync(join(folder, name)).isFile()) found.set(name, readFileSync(join(folder, name)));
  return found;
}

export type PublishCall = keyof PublishFs;

/** The disk with something before and after each call; see `watchedFs`. Its syncs do nothing: what a sync is good for only a loss of power shows, and that is acted. */
export function watchedPublishFs(before: (call: PublishCall, path: unknown) => void, after: (call: PublishCall, path: unknown) => void = () => undefined): PublishFs {
  const watched = Object.entries({ ...publishFs, fdatasync: nothing, syncFolder: nothing }).map(([call, work]) => [call, async (...given: unknown[]): Promise<unknown> => {
    before(call as PublishCall, given[0]);
    const result = await (work as (...given: unknown[]) => Promise<unknown>)(...given);
    after(call as PublishCall, given[0]);
    return result;
  }]);
  const made: unknown = Object.fromEntries(watched);
  return made as PublishFs;
}

const nothing = (): Promise<void> => Promise.resolve();
