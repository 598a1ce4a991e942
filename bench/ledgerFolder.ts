import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openKeys } from '../src/ledger/keys/index.ts';
import type { Ledger, LedgerOptions } from '../src/ledger/ledger.ts';
import { openLedger } from '../src/ledger/ledger.ts';
import type { Cosigners } from '../src/ledger/types.ts';

/** No witness is asked. */
export const noCosigners: Cosigners = { configured: false, cosign: () => Promise.resolve({ lines: [], quorum: false }) };

/** A ledger in a folder of its own, with keys, as benches and tests of whole ledgers use it. */
export async function openBenchLedger(data: string, more: Partial<LedgerOptions> = {}): Promise<{ readonly ledger: Ledger; readonly close: () => Promise<void> }> {
  mkdirSync(data, { recursive: true });
  const keys = await openKeys(join(data, 'keys'), []);
  const ledger = await openLedger({ journal: join(data, 'journal'), place: join(data, 'ledger'), prefix: null, defaultPrefix: 'bench.weir.example', keys, cosigners: noCosigners, ...more });
  return { ledger, close: () => ledger.close() };
}
