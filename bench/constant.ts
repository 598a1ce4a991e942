import { createLog, createMetrics, buildServer, startListener } from '../src/server/index.ts';
import type { Exchange } from '../src/exchange/index.ts';

/**
 * The same server, answering a constant of the size of an ordinary answer: the yardstick for the cost of governing.
 * Prints its address as one line of JSON and runs until it is told to stop.
 */
const body = JSON.stringify({ id: 'constant', filler: 'x'.repeat(1500) });
const exchange: Exchange = {
  handle: () => Promise.resolve({ status: 200, contentType: 'application/json; charset=utf-8', body, id: 'constant', retryAfter: null, outcome: 'answered', owners: [] }),
};
const unused = (): never => { throw new Error('the constant server has no registry'); };
const app = buildServer({
  exchange, log: createLog('warn', process.stderr), metrics: createMetrics(), mode: 'demonstration', listener: { kind: 'http' }, version: 'bench', examples: [],
  registry: { current: unused }, policies: { owners: [], of: () => null },
  policyDesk: { of: () => null, verdicts: unused, override: unused, run: unused }, credentials: { of: () => null },
  insight: { run: unused }, logDesk: { prefix: '', logs: unused, policy: unused, file: unused, proof: unused, openToAgency: unused }, tickets: { find: () => Promise.resolve(null) }, health: () => [],
});
const listener = await startListener(app, { host: '127.0.0.1', port: 0 });
process.stdout.write(`${JSON.stringify({ http: listener.url })}\n`);
process.once('SIGINT', () => void listener.close().then(() => process.exit(0)));
