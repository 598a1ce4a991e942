import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createExchange, type Journal } from '../src/exchange/index.ts';
import { openKeys, openLedgerThread } from '../src/ledger/index.ts';
import { buildServer, createLog, createMetrics, startListener } from '../src/server/index.ts';
import { packageFolder } from '../src/store/index.ts';
import { world } from '../test/exchangeParts.ts';
import { temporaryFolder } from './weirProcess.ts';

/**
 * The pipeline over HTTP with a policy and a source in memory, so that little but the ledger is left to differ: with the ledger as the exchange runs it,
 * or with a journal that says at once that all is durable and keeps nothing. `node dist/bench/ledgerServer.js with|without`. Prints its address as one
 * line of JSON and runs until it is told to stop.
 */
const nothing: Journal = {
  healthy: true,
  append: (entries) => Promise.resolve(entries.map((entry, sequence) => ({ sequence, receipt: { log: 'zy', index: sequence, entry: entry.id, hash: 'a'.repeat(64), token: 'A'.repeat(220) } }))),
  witnessed: () => Promise.resolve(),
};

const folder = await temporaryFolder();
const ledger = process.argv[2] === 'with' ? await realLedger() : null;
const { parts } = world({ journal: ledger?.journal ?? nothing, clock: { now: () => Date.now() } });
const exchange = createExchange({ ...parts, settings: { ...parts.settings, capacity: 4_096 } });
const unused = (): never => { throw new Error('this server has no registry'); };
const app = buildServer({
  exchange, log: createLog('warn', process.stderr), metrics: createMetrics(), mode: 'demonstration', listener: { kind: 'http' }, version: 'bench', examples: [],
  registry: { current: unused }, policies: { owners: [], of: () => null },
  policyDesk: { of: () => null, verdicts: unused, override: unused, run: unused }, credentials: { of: () => null }, tickets: { find: () => Promise.resolve(null) }, health: () => [],
  insight: { run: unused },
  logDesk: { prefix: '', logs: unused, policy: unused, file: unused, proof: unused, openToAgency: unused },
});
const listener = await startListener(app, { host: '127.0.0.1', port: 0 });
process.stdout.write(`${JSON.stringify({ http: listener.url })}\n`);
process.once('SIGINT', () => void stop());

async function realLedger(): Promise<{ readonly journal: Journal; close(): Promise<void> }> {
  const owners = ['ZW', 'ZX', 'ZY'];
  const place = { journal: join(folder, 'journal'), place: join(folder, 'ledger'), keys: join(folder, 'keys') };
  await (await openKeys(place.keys, owners)).close();
  const thread = await openLedgerThread({
    file: join(packageFolder(), 'dist', 'src', 'ledger', 'thread', 'worker.js'),
    settings: { ...place, owners, custodian: null, prefix: null, defaultPrefix: 'bench.weir.example', policy: null, publishMs: 1_000, anchorMs: 10_000, witnessMs: 5_000 },
  });
  return { journal: thread, close: () => thread.close() };
}

async function stop(): Promise<void> {
  await listener.close();
  await ledger?.close();
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
}
