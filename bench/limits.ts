import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { argument } from './argument.ts';
import { askers, askWith, countJournal, limitPolicy, over } from './limitLoad.ts';
import { packageFolder } from '../src/store/index.ts';
import { inTemporaryFolder, startProcess } from './weirProcess.ts';

/**
 * Volume limits under load: many askers at once on one owner, through HTTP, with counters by agency and by owner; then the same with every
 * limit used up, and without limits. Holds the answers and the journal against the limits.
 * `node dist/bench/limits.js --askers 64 --requests 20000 [--kills 5]`; exit 1 where a counter went over or an answer was not counted.
 */
const workers = argument('--askers', 64);
const requests = argument('--requests', 20_000);
const kills = argument('--kills', 0);
/** The photos of each agency and what the owner gives in all are used up; what each agency gets in all is not. */
const limits = { photoPerAgency: Math.floor(requests / 4 / askers.length), bothPerAgency: Math.floor(requests / 3 / askers.length), perOwner: Math.floor(requests * 0.3) };

await inTemporaryFolder(async (folder) => {
  const data = join(folder, 'data');
  let weir = await startProcess({ data, residents: 2_000, agencies: 3_500 });
  const activate = async (text: string): Promise<void> => {
    const file = join(folder, 'wa.yaml');
    await writeFile(file, text);
    execFileSync(process.execPath, [join(packageFolder(), 'bin', 'weir.js'), 'policy', 'activate', file, '--data', data], { stdio: ['ignore', 'ignore', 'inherit'] });
    await new Promise((done) => setTimeout(done, 1_500));
  };
  const round = async (name: string, count: number): Promise<void> => {
    const began = performance.now();
    const got = await askWith(weir.http, workers, count);
    const sorted = got.latencies.sort((a, b) => a - b);
    const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
    process.stdout.write(`${name}: ${got.answers} answers, ${Math.round(got.answers / ((performance.now() - began) / 1000))}/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, failed ${got.failed}\n`);
  };

  await activate(limitPolicy(1_000, limits).replace(/limits:[^]*/, ''));
  await round('without limits', requests);
  await activate(limitPolicy(1_001, limits));
  for (let i = 0; i < kills; i += 1) {
    let stop = false;
    const asking = askWith(weir.http, workers, requests, () => stop);
    await new Promise((done) => setTimeout(done, 100 + Math.random() * 500));
    await weir.kill();
    stop = true;
    await asking;
    weir = await startProcess({ data });
  }
  await round('with limits', requests);
  await round('all used up', requests);
  await weir.stop();

  const count = await countJournal(data, 1_001);
  const counters = [...count.counters.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, max, used } of counters) process.stdout.write(`${name}: taken ${used.length} of ${max}\n`);
  process.stdout.write(`askers ${workers}, kills ${kills}; counters ${counters.length}, full ${counters.filter(({ max, used }) => used.length === max).length}; over ${over(count)}, given without being counted ${count.uncounted}\n`);
  process.exitCode = over(count) === 0 && count.uncounted === 0 && counters.length > 0 ? 0 : 1;
});
