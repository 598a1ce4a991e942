import { expect, it } from 'vitest';
import type { Recorded } from '../exchange/ports.ts';
import type { DecisionEntry, Entry, SystemEntry } from '../model/index.ts';
import { leafHash, nodeCrypto, parseCheckpoint, parseNote, rootOfInclusion, inclusionProof, verifyReceipt, fromHex, formatVkey } from '../verify/index.ts';
import { codeOf } from './cases.ts';
import type { OpenedRecord } from './types.ts';
import { sampleEntry } from './samples.ts';

/** One ledger over a folder, however it is hosted. */
export interface Hosted {
  append(entries: readonly Entry[]): Promise<readonly Recorded[]>;
  witnessed(recorded: readonly Recorded[]): Promise<void>;
  publish(): Promise<void>;
  close(): Promise<void>;
  readonly size: number;
  readonly healthy: boolean;
}

/** What the cases need besides. The folder is fresh for each case. */
export interface Host {
  open(): Promise<Hosted>;
  readAll(): Promise<readonly OpenedRecord[]>;
  readFile(log: string, path: string): Promise<Uint8Array | null>;
  /** The vkey of receipts, as text. */
  receiptsKey(): Promise<string>;
  readonly prefix: string;
}

export const decisionOf = (owner: string, n: number): DecisionEntry => ({ ...sampleEntry(n, 'full'), id: `i-${n}/${owner}`, owner });
export const systemOf = (n: number): SystemEntry => ({ type: 'system', v: 1, id: `s-${n}`, at: '2026-03-01T12:00:00.000Z', event: 'policyActivated', subject: `ZY ${n}`, hash: null, detail: { n } });

/** What every implementation of the exchange's journal over the ledger must do: called in a `describe` of each. */
export function journalCases(fresh: () => Host): void {
  it('gives each entry its place over all logs and in its own, without gaps, however many ask at once', async () => {
    const host = fresh();
    const ledger = await host.open();
    const calls = Array.from({ length: 60 }, (_, n) => [decisionOf(n % 3 === 0 ? 'ZY' : 'ZX', n), ...(n % 10 === 0 ? [systemOf(n)] : [])]);
    const all = (await Promise.all(calls.map((call) => ledger.append(call)))).flat();
    expect(all.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(all.map((_, n) => n));
    for (const log of ['zy', 'zx', 'anchor']) {
      const own = all.filter(({ receipt }) => receipt.log === log).map(({ receipt }) => receipt.index).sort((a, b) => a - b);
      expect(own).toEqual(own.map((_, n) => n));
    }
    expect(all.map(({ receipt }) => receipt.entry)).toEqual(calls.flat().map(({ id }) => id));
    expect(ledger.size).toBe(all.length);
    await ledger.close();
    const read = await host.readAll();
    expect(read.map(({ entry }) => entry)).toEqual(expect.arrayContaining(calls.flat()));
    for (const { sequence, receipt } of all) expect(read.find((one) => one.sequence === sequence)).toMatchObject({ log: receipt.log, index: receipt.index, entry: { id: receipt.entry } });
  });

  it('signs receipts that can be checked without it, and keeps what they promise', async () => {
    const host = fresh();
    const ledger = await host.open();
    const recorded = (await Promise.all(Array.from({ length: 20 }, (_, n) => ledger.append([decisionOf('ZY', n), decisionOf('ZX', n), systemOf(n)])))).flat();
    await ledger.publish();
    const key = await host.receiptsKey();
    for (const { receipt } of recorded) {
      const origin = `${host.prefix}/log/${receipt.log}`;
      const promise = { vkey: key, origin, index: receipt.index, entry: receipt.entry, hash: receipt.hash, token: receipt.token };
      await expect(verifyReceipt(nodeCrypto, promise)).resolves.toMatchObject({ time: expect.any(Number) as number });
      expect(await codeOf(verifyReceipt(nodeCrypto, { ...promise, index: receipt.index + 1 }))).not.toBe('none');
      const note = parseNote(Buffer.from((await host.readFile(receipt.log, 'checkpoint')) ?? []).toString());
      const { size, root } = parseCheckpoint(note.text);
      const fetch = (path: string): Promise<Uint8Array | null> => host.readFile(receipt.log, path);
      const promised = fromHex(receipt.hash) ?? new Uint8Array();
      const leaf = receipt.log === 'anchor' ? promised : await leafHash(nodeCrypto, promised);
      const proof = await inclusionProof(nodeCrypto, fetch, receipt.index, size);
      expect(await rootOfInclusion(nodeCrypto, { index: receipt.index, size, leaf, proof })).toEqual(root);
    }
    await ledger.close();
  });

  it('goes on where it ended, and gives no place twice', async () => {
    const host = fresh();
    const places = new Set<string>();
    let entries = 0;
    for (let start = 0; start < 3; start += 1) {
      const ledger = await host.open();
      for (const { sequence, receipt } of (await Promise.all([1, 2, 3].map((n) => ledger.append([decisionOf('ZY', n)])))).flat()) places.add(`${sequence} ${receipt.log} ${receipt.index}`);
      entries += 3;
      await ledger.close();
      expect(await codeOf(ledger.append([decisionOf('ZY', 1)]))).toBe('JOURNAL_CLOSED');
      expect(ledger.healthy).toBe(false);
    }
    expect(places.size).toBe(entries);
    expect((await host.readAll()).filter(({ entry }) => entry.type === 'decision')).toHaveLength(entries);
  });

  it('refuses an entry that is too large, alone', async () => {
    const host = fresh();
    const ledger = await host.open();
    const large = { ...decisionOf('ZY', 1), sealed: 'x'.repeat(70_000) };
    const [bad, good] = await Promise.allSettled([ledger.append([large]), ledger.append([decisionOf('ZY', 2)])]);
    expect([bad.status === 'rejected' && (bad.reason as { code: string }).code, good.status]).toEqual(['JOURNAL_TOO_LARGE', 'fulfilled']);
    expect(await ledger.append([])).toEqual([]);
    await ledger.close();
  });

  it('lets nothing pass as witnessed where no witness is known', async () => {
    const host = fresh();
    const ledger = await host.open();
    const recorded = await ledger.append([decisionOf('ZY', 1)]);
    expect(await codeOf(ledger.witnessed(recorded))).toBe('JOURNAL_WITNESS');
    await ledger.close();
  });

  it('is held by one at a time', async () => {
    const host = fresh();
    const ledger = await host.open();
    expect(await codeOf(host.open())).toBe('JOURNAL_LOCKED');
    await ledger.append([decisionOf('ZY', 1)]);
    await ledger.close();
    const next = await host.open();
    expect(next.size).toBeGreaterThan(0);
    await next.close();
  });
}

/** A vkey as text, of raw key bytes. */
export function vkeyText(name: string, publicKey: Uint8Array): Promise<string> {
  return Promise.resolve(formatVkey(nodeCrypto, name, 0x01, publicKey));
}
