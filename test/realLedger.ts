import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBenchLedger } from '../bench/ledgerFolder.ts';
import { fsck } from '../src/ledger/fsck/index.ts';
import type { FsckOptions, FsckReport } from '../src/ledger/fsck/index.ts';
import { publicBytes, readSigningKey } from '../src/ledger/keys/ed25519.ts';
import { vkeyOf } from '../src/ledger/keys/index.ts';
import { sampleEntry } from '../src/ledger/samples.ts';
import type { Cosigners } from '../src/ledger/types.ts';
import type { SystemEntry } from '../src/model/index.ts';
import type { NoteKey } from './tinyLog.ts';
import { noteKey, signatureLine } from './tinyLog.ts';

/** A ledger that the exchange's own code wrote, with two witnesses: for tests that alter it. */
export interface RealLedger {
  readonly data: string;
  readonly witnesses: readonly NoteKey[];
  vkey(log: string): string;
  fsck(more?: Partial<FsckOptions>, data?: string): Promise<FsckReport>;
  remove(): void;
}

export const realPrefix = 'bench.weir.example';

/** `entries` decisions in zy and zx, every fifth in zx, and one in the anchor log for every twenty. */
export async function realLedger(entries: number): Promise<RealLedger> {
  const data = mkdtempSync(join(tmpdir(), 'weir-real-'));
  const witnesses = [noteKey('witness.example/one', 0x04), noteKey('witness.example/two', 0x04)];
  const cosigners: Cosigners = {
    configured: true,
    cosign: (_, { note }) => Promise.resolve({ lines: witnesses.map((one) => signatureLine(one, note.slice(0, note.lastIndexOf('\n\n') + 1))), quorum: true }),
  };
  const { ledger, close } = await openBenchLedger(data, { cosigners, publishMs: 20, anchorMs: 3_600_000 });
  for (let at = 0; at < entries; at += 20) {
    const anchor: SystemEntry = { type: 'system', v: 1, id: `s-${at}`, at: '2026-03-01T12:00:00.000Z', event: 'started', subject: String(at), hash: null, detail: null };
    await ledger.append([...Array.from({ length: 20 }, (_, i) => ({ ...sampleEntry(at + i, i % 2 === 0 ? 'full' as const : 'small' as const), owner: (at + i) % 5 === 0 ? 'ZX' : 'ZY' })), anchor]);
  }
  await close();
  const publicKey = (log: string, folder = data): Uint8Array => {
    const path = join(folder, 'keys', 'logs', `${log}.key`);
    return publicBytes(readSigningKey(readFileSync(path, 'utf8'), path));
  };
  return {
    data, witnesses,
    vkey: (log) => vkeyOf(`${realPrefix}/log/${log}`, Buffer.from(publicKey(log))),
    fsck: (more = {}, folder = data) => fsck({ journal: join(folder, 'journal'), ledger: join(folder, 'ledger'), publicKey: (log) => Promise.resolve(publicKey(log)), witnesses: witnesses.map(({ vkey }) => vkey), ...more }),
    remove: () => rmSync(data, { recursive: true, force: true }),
  };
}

/** Every file below a folder, by its path there. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile()).sort();
}
