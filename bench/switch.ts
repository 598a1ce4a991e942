import { join } from 'node:path';
import { landmarkOris, people } from '../demo/landmarks.ts';
import { demoPolicies } from '../demo/policies/index.ts';
import { openStore } from '../src/store/index.ts';
import { activatePolicy } from '../src/store/policies.ts';
import { argument } from './argument.ts';
import { conditions, table } from './table.ts';
import { inTemporaryFolder, startProcess } from './weirProcess.ts';

/**
 * How long after an activation is durable a running exchange of 18,000 agencies decides by the new table, while queries come without a
 * pause. `node dist/bench/switch.js --count 20`; exit 1 where one answer came from an older version than the answer before it.
 */
const count = argument('--count', 20);
const text = demoPolicies().find(({ owner }) => owner === 'WA')?.text ?? '';
const body = JSON.stringify({ key: 'DQ', requester: landmarkOris.cityPolice, destinations: ['WA'], control: 'S1', subject: { kind: 'licence', number: people.tessa.licenceNumber }, purpose: 'trafficEnforcement' });

await inTemporaryFolder(async (folder) => {
  const weir = await startProcess({ data: join(folder, 'data'), residents: 2_000 });
  const store = await openStore({ data: weir.data });
  const versionOf = async (): Promise<number> => {
    const answer = await fetch(`${weir.http}/v1/inquiries`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    return ((await answer.json()) as { answers: { policyVersion: number }[] }).answers[0]?.policyVersion ?? 0;
  };
  const times: number[] = [];
  let newest = await versionOf();
  let back = 0;
  for (let i = 0; i < count; i += 1) {
    const version = 1_000 + i;
    const next = text.replace(/^version: \d+$/m, `version: ${version}`).replace('rules:\n', `rules:\n  - { id: WA-S${i}, deny: { data: ssn, to: { homeState: AK } } }\n`);
    const done = activatePolicy(store.sql, next, { author: 'bench', at: new Date() }).then(() => performance.now());
    let at = 0;
    void done.then((durable) => (at = durable));
    for (;;) {
      const asked = performance.now();
      const now = await versionOf();
      if (now < newest) back += 1;
      newest = Math.max(newest, now);
      if (now === version && at > 0) {
        times.push(Math.max(0, asked - at));
        break;
      }
    }
  }
  await store.stop();
  await weir.stop();
  times.sort((a, b) => a - b);
  const [median, slowest] = [times[times.length >> 1] ?? 0, times.at(-1) ?? 0];
  process.stdout.write(`${conditions()}\n\n${table([{
    what: `from a durable activation to the first answer by the new table, median and slowest of ${count}, under queries`, measured: `${median.toFixed(0)} ms, ${slowest.toFixed(0)} ms`, budget: '< 1 s', ok: slowest < 1000,
  }, { what: 'answers by an older version than one before', measured: String(back), budget: '0', ok: back === 0 }])}\n`);
  process.exitCode = back === 0 ? 0 : 1;
});
