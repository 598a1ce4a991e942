import { createHmac, generateKeyPairSync, hash, randomBytes, sign } from 'node:crypto';
import type { Receipt } from '../../model/index.ts';
import type { Recorded } from '../../exchange/ports.ts';
import type { Entry } from '../../model/index.ts';
import { toBase64 } from '../../verify/bytes.ts';
import { formatCheckpoint } from '../../verify/checkpoint.ts';
import { formatVkey, keyIdOf, noteTypes, signatureLine } from '../../verify/note.ts';
import { splitPoint } from '../../verify/merkle.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { parsePolicy } from '../../verify/policy.ts';
import type { TrustPolicy } from '../../verify/policy.ts';
import { commitmentOf } from '../entry/commit.ts';
import { fieldsOf } from '../entry/fields.ts';
import { canonicalSubject } from '../keys/subject.ts';
import type { LedgerReader } from '../reader.ts';
import { dayOf, dayText } from '../record.ts';
import type { OpenedRecord } from '../types.ts';
import type { SubjectKeys } from './blind.ts';
import type { ProvenLog } from './report.ts';
import { subtreeHash } from './tree.ts';

/** Keys that are made of the owner's code, for tests. */
export const sampleKeys: SubjectKeys = {
  tag: (owner, subject) => createHmac('sha256', `tag ${owner}`).update(canonicalSubject(subject)).digest('hex'),
  epochKey: (owner, day) => createHmac('sha256', `tag ${owner}`).update(`weir-epoch/v1\n${day}`).digest(),
};

interface Kept {
  readonly record: OpenedRecord;
  readonly day: string;
  readonly leaf: string;
  erased: boolean;
}

/** Logs in memory, with real commitments, trees and signatures: for tests of what is built on a ledger. */
export class SampleLedger {
  readonly #logs = new Map<string, Kept[]>();
  readonly #keys = generateKeyPairSync('ed25519');
  #sequence = 0;
  /** Milliseconds since 1970: the day of what is appended. */
  now: number;

  constructor(now: number) {
    this.now = now;
  }

  readonly append = (entries: readonly Entry[]): Promise<readonly Recorded[]> => Promise.resolve(entries.map((entry) => this.#add(entry)));

  log(name: string): readonly OpenedRecord[] {
    return (this.#logs.get(name) ?? []).map(({ record }) => record);
  }

  /** The entry is as one whose key was destroyed. */
  erase(name: string, index: number): void {
    const kept = this.#logs.get(name)?.[index];
    if (kept !== undefined) kept.erased = true;
  }

  readonly reader: LedgerReader = {
    entry: (log, index) => {
      const kept = this.#logs.get(log)?.[index];
      return Promise.resolve(kept === undefined ? null : kept.erased ? 'erased' : kept.record);
    },
    range: (log, from, to, options) => this.#range(log, from, to, options?.where ?? (() => true)),
    entries: () => {
      throw new Error('not in a sample');
    },
    days: (log) => {
      const found = new Map<string, { readonly from: number; readonly to: number }>();
      for (const { day, erased, record: { index } } of this.#logs.get(log) ?? []) if (!erased) found.set(day, { from: found.get(day)?.from ?? index, to: index + 1 });
      return Promise.resolve(found);
    },
  };

  readonly tree = async (log: string): Promise<ProvenLog> => {
    const leaves = (this.#logs.get(log) ?? []).map(({ leaf }) => leaf);
    const origin = `weir.example.org/log/${log}`;
    const whole = (from: number, to: number): string | null => (to - from === 1 ? leaves[from] ?? null : null);
    const text = formatCheckpoint({ origin, size: leaves.length, root: Buffer.from(subtreeHash(0, leaves.length, whole), 'latin1') });
    const line = signatureLine(origin, await keyIdOf(nodeCrypto, origin, noteTypes.ed25519, this.#publicKey), sign(null, Buffer.from(text), this.#keys.privateKey));
    return { origin, size: leaves.length, note: `${text}\n${line}`, proof: (index) => Promise.resolve(pathOf(leaves, index, whole)) };
  };

  /** Trusts one owner's log; the anchor log has the same key here, which one policy may not name twice. */
  async policy(owner: string): Promise<TrustPolicy> {
    const of = async (log: string): Promise<TrustPolicy> => parsePolicy(`log ${await formatVkey(nodeCrypto, `weir.example.org/log/${log}`, noteTypes.ed25519, this.#publicKey)}\nquorum none\n`);
    const [log, anchor] = [await of(owner.toLowerCase()), await of('anchor')];
    return { ...log, logs: [...log.logs, ...anchor.logs] };
  }

  get #publicKey(): Uint8Array {
    return Buffer.from(this.#keys.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  }

  async *#range(log: string, from: number, to: number, where: (text: Buffer, sequence: number) => boolean): AsyncGenerator<OpenedRecord, void> {
    await Promise.resolve();
    for (const { record, erased } of (this.#logs.get(log) ?? []).slice(from, to)) {
      const text = record.seed === null ? JSON.stringify(record.entry) : record.fields.map((field) => `${field.name} ${field.text}`).join('\n');
      if (!erased && where(Buffer.from(text), record.sequence)) yield record;
    }
  }

  #add(entry: Entry): Recorded {
    const log = entry.type === 'system' ? 'anchor' : entry.owner.toLowerCase();
    const kept = this.#logs.get(log) ?? [];
    this.#logs.set(log, kept);
    const fields = entry.type === 'system' ? [] : fieldsOf(entry);
    const seed = entry.type === 'system' ? null : randomBytes(32);
    const data = seed === null ? Buffer.from(JSON.stringify(entry)) : Buffer.from(commitmentOf(fields, seed), 'latin1');
    const leaf = hash('sha256', Buffer.concat([Buffer.of(0), data]), 'binary');
    const record: OpenedRecord = { sequence: this.#sequence, log, index: kept.length, entry, seed, fields };
    this.#sequence += 1;
    kept.push({ record, day: dayText(dayOf(this.now)), leaf, erased: false });
    const receipt: Receipt = { log, index: record.index, entry: entry.id, hash: data.toString('hex'), token: toBase64(data) };
    return { sequence: record.sequence, receipt };
  }
}

function pathOf(leaves: readonly string[], index: number, whole: (from: number, to: number) => string | null): readonly Buffer[] {
  const path: Buffer[] = [];
  for (let from = 0, to = leaves.length; to - from > 1;) {
    const middle = from + splitPoint(to - from);
    path.unshift(Buffer.from(index < middle ? subtreeHash(middle, to, whole) : subtreeHash(from, middle, whole), 'latin1'));
    if (index < middle) to = middle;
    else from = middle;
  }
  return path;
}

