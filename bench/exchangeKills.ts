import { join } from 'node:path';
import { argument } from './argument.ts';
import { driverQuestions } from './questions.ts';
import { inTemporaryFolder, startProcess } from './weirProcess.ts';
import { holdAgainst, Witness } from './witness.ts';

/**
 * Kills the whole exchange with SIGKILL at a random moment under load, again and again on one data folder, and holds every
 * answer that was given against the journal. `node dist/bench/exchangeKills.js --count N [--seed S]`; exit 1 on a finding.
 */
const count = argument('--count', 20);
let seed = argument('--seed', 1);

await inTemporaryFolder(async (folder) => {
  const data = join(folder, 'data');
  const first = await startProcess({ data, residents: 5_000, agencies: 3_500 });
  const bodies = await driverQuestions(data, 2_000);
  await first.stop();
  const witness = new Witness();
  const starts: number[] = [];
  for (let i = 1; i <= count; i += 1) {
    const began = performance.now();
    const weir = await startProcess({ data });
    starts.push(performance.now() - began);
    const asking = witness.ask(weir.http, bodies, 64);
    await new Promise((done) => setTimeout(done, 100 + random() * 900));
    await weir.kill();
    witness.stop();
    await asking;
    if (i % 10 === 0 || i === count) process.stderr.write(`${i} of ${count} kills, ${witness.seen.length} answers\n`);
  }
  await witness.close();
  const last = await startProcess({ data });
  await last.stop();
  const verdict = await holdAgainst(data, witness);
  const slowest = Math.max(...starts) / 1000;
  process.stdout.write(`kills ${count}, answers ${verdict.answers}, without a receipt ${witness.unreceipted}, missing ${verdict.missing}, altered ${verdict.altered}, contradicted ${verdict.contradicted}; slowest start after a kill ${slowest.toFixed(1)} s\n`);
  process.exitCode = verdict.answers > 0 && witness.unreceipted + verdict.missing + verdict.altered + verdict.contradicted === 0 ? 0 : 1;
});

function random(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}
