import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageFolder } from '../store/version.ts';
import { codeOf, collect } from './cases.ts';
import { openKeys, openLedger, openLedgerThread, openReader, type Keys, type Ledger } from './index.ts';
import { decisionOf, journalCases, systemOf, vkeyText, type Host, type Hosted } from './journalCases.ts';
import { readLogFile } from './publish/tileStore.ts';
import type { Cosigners } from './types.ts';

const prefix = 'ledger.weir.example';
const owners = ['ZX', 'ZY'];
let root = '';
const opened: { close(): Promise<void> }[] = [];
beforeEach(() => { root = mkdtempSync(join(tmpdir(), 'weir-ledger-')); });
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  rmSync(root, { recursive: true, force: true });
});

const places = (): { journal: string; place: string; keys: string } => ({ journal: join(root, 'journal'), place: join(root, 'ledger'), keys: join(root, 'keys') });
const noWitnesses: Cosigners = { configured: false, cosign: () => Promise.resolve({ lines: [], quorum: false }) };
const keysOf = async (): Promise<Keys> => {
  const keys = await openKeys(places().keys, owners);
  opened.push(keys);
  return keys;
};

function hostOf(open: () => Promise<Hosted>): Host {
  return {
    prefix,
    async open() {
      const ledger = await open();
      opened.push(ledger);
      return ledger;
    },
    readAll: async () => collect(openReader({ journal: places().journal, place: places().place, days: (await keysOf()).days }).entries(0)),
    readFile: (log, path) => readLogFile(places().place, log, path),
    async receiptsKey() {
      const signer = await (await keysOf()).receiptSigner(`${prefix}/receipts`);
      return vkeyText(signer.name, signer.publicKey);
    },
  };
}

async function open(more: Partial<Parameters<typeof openLedger>[0]> = {}): Promise<Ledger> {
  const { journal, place } = places();
  const ledger = await openLedger({ journal, place, prefix, defaultPrefix: prefix, keys: await keysOf(), cosigners: noWitnesses, publishMs: 20, anchorMs: 50, ...more });
  opened.push(ledger);
  return ledger;
}

describe('the ledger in this thread', () => {
  journalCases(() => hostOf(() => open()));

  it('names the owners\' checkpoints in the anchor log, the last ones at its end too', async () => {
    const ledger = await open();
    await ledger.append([decisionOf('ZY', 1), decisionOf('ZX', 2)]);
    await ledger.close();
    const entries = (await hostOf(open).readAll()).map(({ entry }) => entry);
    const told = Object.assign({}, ...entries.flatMap((entry) => (entry.type === 'system' && entry.event === 'checkpoints' ? [entry.detail] : []))) as Record<string, string>;
    expect(Object.keys(told).sort()).toEqual([`${prefix}/log/zx`, `${prefix}/log/zy`]);
    for (const text of Object.values(told)) expect(text).toMatch(/^1 [A-Za-z0-9+/]{43}=$/);
  });

  it('keeps its name', async () => {
    await (await open()).close();
    expect(await codeOf(open({ prefix: 'other.weir.example' }))).toBe('JOURNAL_CORRUPT');
    const again = await open({ prefix: null, defaultPrefix: 'other.weir.example' });
    expect(again.prefix).toBe(prefix);
    expect(await codeOf(open({ prefix: 'Not A Name' }))).not.toBe('none');
  });

  it('never gives an earlier day after the clock stepped back, not over a restart either', async () => {
    let now = Date.UTC(2026, 2, 2, 0, 0, 1);
    const clock = { now: () => now };
    const first = await open({ clock });
    await first.append([decisionOf('ZY', 1)]);
    now -= 3_600_000;
    await first.append([decisionOf('ZY', 2)]);
    await first.close();
    const second = await open({ clock });
    await second.append([decisionOf('ZY', 3)]);
    await second.publish();
    const reader = openReader({ journal: places().journal, place: places().place, days: (await keysOf()).days });
    expect([...(await reader.days('zy')).keys()]).toEqual(['2026-03-02']);
  });

  it('makes the keys of a new day where they are missing, and seals entries of one call with one day', async () => {
    let now = Date.UTC(2026, 2, 1, 23, 59, 59);
    const ledger = await open({ clock: { now: () => now } });
    await ledger.append([decisionOf('ZY', 1)]);
    now += 2_000;
    const all = await Promise.all(Array.from({ length: 20 }, (_, n) => ledger.append([decisionOf('ZY', n), decisionOf('ZX', n)])));
    expect(all.flat()).toHaveLength(40);
    await ledger.publish();
    const reader = openReader({ journal: places().journal, place: places().place, days: (await keysOf()).days });
    expect(await reader.days('zy')).toEqual(new Map([['2026-03-01', { from: 0, to: 1 }], ['2026-03-02', { from: 1, to: 21 }]]));
  });

  it('confirms an entry once a quorum has cosigned, and not before', async () => {
    let agree = false;
    const shown: string[] = [];
    const cosigners: Cosigners = {
      configured: true,
      cosign: (log) => {
        shown.push(log);
        return Promise.resolve({ lines: [], quorum: agree });
      },
    };
    const ledger = await open({ cosigners, witnessMs: 300 });
    const recorded = await ledger.append([decisionOf('ZY', 1)]);
    expect(await codeOf(ledger.witnessed(recorded))).toBe('JOURNAL_WITNESS');
    await ledger.close();
    agree = true;
    const patient = await open({ cosigners, witnessMs: 60_000 });
    expect(await codeOf(patient.witnessed(await patient.append([decisionOf('ZY', 2)])))).toBe('none');
    expect(shown).toContain('zy');
  });

  it('goes on answering where publishing fails, and says so', async () => {
    const failures: string[] = [];
    const ledger = await open({ onFailure: (error) => failures.push(error.message), keys: { ...(await keysOf()), signer: () => Promise.reject(new Error('the key service is down')) } });
    expect(await ledger.append([decisionOf('ZY', 1), systemOf(1)])).toHaveLength(2);
    await expect.poll(() => failures.length).toBeGreaterThan(0);
    expect(ledger.status().logs.find(({ log }) => log === 'zy')).toMatchObject({ size: 1, published: null });
  });
});

const file = join(packageFolder(), 'dist', 'src', 'ledger', 'thread', 'worker.js');

describe.skipIf(!existsSync(file))('the ledger in a thread of its own (needs the compiled program)', () => {
  journalCases(() => hostOf(() => {
    const { journal, place, keys } = places();
    return openLedgerThread({ file, settings: { journal, place, keys, owners, custodian: null, prefix, defaultPrefix: prefix, policy: null, publishMs: 20, anchorMs: 50, witnessMs: 300 } });
  }));
});
