import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Recorded } from '../../exchange/ports.ts';
import type { DecisionEntry, Entry } from '../../model/index.ts';
import { formatCheckpoint } from '../../verify/checkpoint.ts';
import { formatVkey, keyIdOf, noteTypes, signatureLine } from '../../verify/note.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { parsePolicy } from '../../verify/policy.ts';
import type { TrustPolicy } from '../../verify/policy.ts';
import { tilePath } from '../../verify/tilePath.ts';
import { formatToken, receiptLeaf, receiptNote } from '../../verify/receipt.ts';
import { prepareEntry } from '../entry/prepare.ts';
import { writePrivate } from '../private.ts';
import { readLogFile } from '../publish/tileStore.ts';
import type { LedgerReader } from '../reader.ts';
import { openReader } from '../reader.ts';
import { dayOf, leafData, leafHash } from '../record.ts';
import type { DayKeys } from '../types.ts';
import { sampleEntry } from '../samples.ts';

/** A small ledger of tests: what is appended stands in private files and tiles at once, under a signed checkpoint. */
export interface TestLedger {
  readonly data: string;
  readonly place: string;
  readonly prefix: string;
  readonly reader: LedgerReader;
  readonly days: DayKeys;
  readonly policy: TrustPolicy;
  /** Its text. */
  readonly policyText: string;
  files(log: string): (path: string) => Promise<Buffer | null>;
  append(entries: readonly Entry[]): Promise<readonly Recorded[]>;
  /** Erases a day of an owner. */
  erase(owner: string, day: string): void;
  remove(): Promise<void>;
}

export async function testLedger(logs: readonly string[] = ['zy', 'anchor']): Promise<TestLedger> {
  const data = await mkdtemp(join(tmpdir(), 'weir-opening-'));
  const place = join(data, 'ledger');
  const journal = join(data, 'journal');
  await mkdir(journal, { recursive: true });
  await mkdir(place, { recursive: true });
  const prefix = 'weir.example.org';
  await writeFile(join(place, 'name'), `${prefix}\n`);
  const days = memoryKeys();
  const names = [...logs.map((log) => `${prefix}/log/${log}`), `${prefix}/receipts`];
  const signers = new Map(await Promise.all(names.map(async (name) => [name, await signer(name)] as const)));
  const policyText = `${[...signers.values()].map(({ vkey }) => `log ${vkey}\n`).join('')}quorum none\n`;
  const leaves = new Map<string, { leaf: Buffer; data: Buffer }[]>();
  let sequence = 0;
  const publish = async (log: string): Promise<void> => {
    const of = leaves.get(log) ?? [];
    let level = of.map(({ leaf }) => leaf);
    for (let n = 0; n * 256 < of.length; n += 1) {
      const some = of.slice(n * 256, (n + 1) * 256);
      await put(join(place, 'log', log, tilePath('entries', n, some.length)), Buffer.concat(some.flatMap((one) => [Buffer.of(one.data.length >> 8, one.data.length & 255), one.data])));
    }
    for (let height = 0; level.length > 0; height += 1) {
      const above: Buffer[] = [];
      for (let n = 0; n * 256 < level.length; n += 1) {
        const some = level.slice(n * 256, (n + 1) * 256);
        await put(join(place, 'log', log, tilePath(height, n, some.length)), Buffer.concat(some));
        if (some.length === 256) above.push(treeHash(some));
      }
      level = above;
    }
    const origin = `${prefix}/log/${log}`;
    const text = formatCheckpoint({ origin, size: of.length, root: treeHash(of.map(({ leaf }) => leaf)) });
    await put(join(place, 'log', log, 'checkpoint'), Buffer.from(`${text}\n${known(signers.get(origin)).line(text)}`));
  };
  return {
    data, place, prefix, days, policyText, policy: parsePolicy(policyText), reader: openReader({ journal, place, days }),
    files: (log) => (path) => readLogFile(place, log, path),
    append: async (entries) => {
      const made: Recorded[] = [];
      for (const entry of entries) {
        const at = Date.parse(entry.at);
        const kind = entry.type === 'system' ? null : entry.owner;
        if (kind !== null) for (const one of ['disclosure', 'other'] as const) await days.ready(kind, dayOf(at), one);
        const { log, id, record } = known(prepareEntry(entry, days, at));
        const of = leaves.get(log) ?? [];
        leaves.set(log, of);
        const index = of.length;
        of.push({ leaf: Buffer.from(leafHash(record), 'latin1'), data: Buffer.from(leafData(record)) });
        await writePrivate(place, [{ sequence, index, record }]);
        const hash = log === 'anchor' ? known(of[index]).leaf : leafData(record);
        const receipts = known(signers.get(`${prefix}/receipts`));
        const leaf = Buffer.from(nodeCrypto.sha256(Buffer.concat([Buffer.of(0), Buffer.from(receiptLeaf(`${prefix}/log/${log}`, index, hash, id, at))])));
        const token = formatToken({ place: 0, count: 1, time: at, keyId: receipts.keyId, signature: receipts.sign(receiptNote(`${prefix}/receipts`, 1, leaf)), proof: [] });
        made.push({ sequence, receipt: { log, index, entry: id, hash: hash.toString('hex'), token } });
        sequence += 1;
      }
      for (const log of new Set(made.map(({ receipt }) => receipt.log))) await publish(log);
      return made;
    },
    erase: (owner, day) => {
      for (const kind of ['disclosure', 'other'] as const) void days.destroy(owner, dayOf(Date.parse(day)), kind);
    },
    remove: () => rm(data, { recursive: true }),
  };
}

/** An invented decision of ZY at an instant, of which something was given where `given` says so. */
export function decisionAt(number: number, at: string, change: Partial<DecisionEntry> = {}): DecisionEntry {
  return { ...sampleEntry(number, 'full'), id: `q-${number}/ZY`, at, recordTags: ['9'.repeat(64)], releasedHash: 'a'.repeat(64), ...change };
}

/** The root over leaf hashes (RFC 6962, section 2.1), worked out plainly. */
export function treeHash(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) return Buffer.from(nodeCrypto.sha256(new Uint8Array()));
  if (hashes.length === 1) return known(hashes[0]);
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return Buffer.from(nodeCrypto.sha256(Buffer.concat([Buffer.of(1), treeHash(hashes.slice(0, split)), treeHash(hashes.slice(split))])));
}

/** All lines of a bundle as one text. */
export async function textOf(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const line of lines) text += line;
  return text;
}

function known<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('the test ledger lacks something');
  return value;
}

/** Day keys that are nowhere but here. */
export function memoryKeys(): DayKeys {
  const keys = new Map<string, Buffer>();
  const name = (owner: string, day: number, kind: string): string => `${owner} ${day} ${kind}`;
  return {
    ready: (owner, day, kind) => {
      const found = keys.get(name(owner, day, kind)) ?? randomBytes(32);
      keys.set(name(owner, day, kind), found);
      return Promise.resolve(found);
    },
    held: (owner, day, kind) => keys.get(name(owner, day, kind)) ?? null,
    find: (owner, day, kind) => Promise.resolve(keys.get(name(owner, day, kind)) ?? null),
    destroy: (owner, day, kind) => Promise.resolve(keys.delete(name(owner, day, kind))),
  };
}

async function signer(name: string): Promise<{ vkey: string; keyId: Uint8Array; sign(text: string): Buffer; line(text: string): string }> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const keyId = await keyIdOf(nodeCrypto, name, noteTypes.ed25519, key);
  const signed = (text: string): Buffer => sign(null, Buffer.from(text), privateKey);
  return { vkey: await formatVkey(nodeCrypto, name, noteTypes.ed25519, key), keyId, sign: signed, line: (text) => signatureLine(name, keyId, signed(text)) };
}

async function put(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
