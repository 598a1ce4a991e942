import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { verifyOpening } from '../../verify/opening.ts';
import { parsePolicy } from '../../verify/policy.ts';
import { openKeys, vkeyOf } from '../keys/index.ts';
import { openLedger } from '../ledger.ts';
import { originOf, receiptsName } from '../name.ts';
import { readLogFile } from '../publish/tileStore.ts';
import { openReader } from '../reader.ts';
import { decisionAt, textOf } from './cases.ts';
import { makeOpening } from './make.ts';
import { makeRelease } from './release.ts';

it('opens what a ledger with keys, write-ahead file and publisher has just recorded', async () => {
  const data = await mkdtemp(join(tmpdir(), 'weir-whole-'));
  const keys = await openKeys(join(data, 'keys'), ['ZY']);
  const places = { journal: join(data, 'journal'), place: join(data, 'ledger') };
  const ledger = await openLedger({
    ...places, prefix: 'weir.example.org', defaultPrefix: 'x', keys, publishMs: 20,
    cosigners: { configured: false, cosign: () => Promise.resolve({ lines: [], quorum: false }) },
  });
  try {
    const { prefix } = ledger;
    const now = Date.now();
    await ledger.append(Array.from({ length: 300 }, (_, n) => decisionAt(n, new Date(now).toISOString())));
    const reader = openReader({ ...places, days: keys.days });
    const logFiles = (path: string) => readLogFile(places.place, 'zy', path);
    const made = await makeOpening({ reader, logFiles, to: 'auditor', who: 'State auditor', order: '7', log: 'zy', indices: [0, 299] }, ledger);
    const text = await textOf(made.ok ? made.lines : [] as never);
    const names = [originOf(prefix, 'zy'), receiptsName(prefix)];
    const signers = [await keys.signer('zy', names[0]!), await keys.signer('receipts', names[1]!)];
    const policy = parsePolicy(`${signers.map((signer) => `log ${vkeyOf(signer.name, signer.publicKey)}\n`).join('')}quorum none\n`);
    const report = await verifyOpening(nodeCrypto, policy, text);
    expect(report).toMatchObject({ origin: 'weir.example.org/log/zy', indices: [0, 299], record: { index: 300 } });
    expect(report.record.promised).toBeGreaterThanOrEqual(now);
    const today = new Date(now).toISOString().slice(0, 10);
    const release = await makeRelease({ reader, logFiles, to: 'auditor', who: 'State auditor', order: '8', log: 'zy' }, { from: today, to: new Date().toISOString().slice(0, 10) }, ledger);
    await verifyOpening(nodeCrypto, policy, await textOf(release.lines));
    expect(release.release()).toMatchObject({ decisions: 300, others: 1 });
  } finally {
    await ledger.close();
    await rm(data, { recursive: true });
  }
});
