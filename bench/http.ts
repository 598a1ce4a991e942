import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { argument } from './argument.ts';
import { landmarkOris, people } from '../demo/landmarks.ts';
import { load, median, pace, type Round } from './load.ts';
import { driverQuestions } from './questions.ts';
import { conditions, number, table, type Row } from './table.ts';
import { inTemporaryFolder, servingArguments, startProcess } from './weirProcess.ts';

/**
 * Governed queries over HTTP against the same server answering a constant, in one run and in turns.
 * `node dist/bench/http.js [--seconds N] [--rounds N] [--residents N]`
 */
const seconds = argument('--seconds', 8);
const rounds = argument('--rounds', 3);
const residents = argument('--residents', 100_000);

await inTemporaryFolder(async (folder) => {
  const began = performance.now();
  const weir = await startProcess({ data: join(folder, 'data'), residents });
  const firstStart = (performance.now() - began) / 1000;
  const constant = await startConstant();
  try {
    const bodies = await driverQuestions(weir.data, 4000);
    const legacy = await driverQuestions(weir.data, 4000, 'legacy');
    const governedAt = (over: object): Promise<Round> => load({ url: weir.http, bodies, contentType: 'application/json', connections: 64, seconds, ...over });
    const constantAt = (over: object): Promise<Round> => load({ url: constant.url, bodies, contentType: 'application/json', connections: 64, seconds, ...over });
    await governedAt({ seconds: 4 });
    await constantAt({ seconds: 2 });
    const governed: Round[] = [];
    const plain: Round[] = [];
    const text: Round[] = [];
    for (let i = 0; i < rounds; i += 1) {
      governed.push(await governedAt({}));
      plain.push(await constantAt({}));
      text.push(await governedAt({ bodies: legacy, contentType: 'text/plain' }));
      process.stderr.write(`round ${i + 1}: governed ${number(governed[i]?.perSecond ?? 0)}/s, constant ${number(plain[i]?.perSecond ?? 0)}/s, legacy ${number(text[i]?.perSecond ?? 0)}/s\n`);
    }
    const full = median(governed);
    const bare = median(plain);
    const words = median(text);
    const paced = (at: string, rate: number): Promise<Round> => pace({ url: at, bodies, contentType: 'application/json', connections: 64, seconds, rate });
    await paced(weir.http, 1000);
    const steady = await paced(weir.http, 1000);
    const steadyBare = await paced(constant.url, 1000);
    const half = await paced(weir.http, 5000);
    const fanOut = await fanOuts(weir.http, 100);
    const stopAt = performance.now();
    await weir.stop();
    const stopped = (performance.now() - stopAt) / 1000;
    const again = performance.now();
    const second = await startProcess({ data: weir.data });
    const secondStart = (performance.now() - again) / 1000;
    await second.stop();
    const rows: Row[] = [
      { what: 'governed queries/s over HTTP, JSON, 64 connections', measured: `${number(full.perSecond)}/s, p50 ${full.p50} ms, p99 ${full.p99} ms`, budget: '≥ 5,000/s at p99 ≤ 25 ms', ok: full.perSecond >= 5000 && full.p99 <= 25 },
      { what: 'the same server answering a constant', measured: `${number(bare.perSecond)}/s, p50 ${bare.p50} ms, p99 ${bare.p99} ms`, budget: '', ok: null },
      { what: 'ratio', measured: number(full.perSecond / bare.perSecond, 2), budget: '≥ 0.3', ok: full.perSecond / bare.perSecond >= 0.3 },
      { what: 'governed queries/s, legacy text', measured: `${number(words.perSecond)}/s, p99 ${words.p99} ms`, budget: '', ok: null },
      { what: 'offered 5,000/s', measured: `${number(half.perSecond)}/s, p50 ${half.p50} ms, p99 ${half.p99} ms`, budget: 'p99 ≤ 25 ms', ok: half.p99 <= 25 && half.perSecond > 4900 },
      { what: 'added latency at 1,000/s', measured: `p50 ${number(steady.p50 - steadyBare.p50, 1)} ms, p99 ${number(steady.p99 - steadyBare.p99, 1)} ms (${steady.p50}/${steady.p99} against ${steadyBare.p50}/${steadyBare.p99})`, budget: 'p50 ≤ 3 ms, p99 ≤ 15 ms', ok: steady.p50 - steadyBare.p50 <= 3 && steady.p99 - steadyBare.p99 <= 15 },
      { what: 'errors and answers other than 2xx in all rounds', measured: String([...governed, ...text, steady, half].reduce((n, r) => n + r.errors + r.non2xx, 0)), budget: '0', ok: [...governed, ...text, steady, half].every((r) => r.errors + r.non2xx === 0) },
      { what: 'one name to all 56 owners (`NL`), one after the other, 100 times', measured: `p50 ${number(fanOut.p50)} ms, p99 ${number(fanOut.p99)} ms`, budget: '< 1 s', ok: fanOut.p99 < 1000 },
      { what: `first start, ${number(residents)} residents`, measured: `${number(firstStart, 1)} s`, budget: '≤ 30 s', ok: firstStart <= 30 },
      { what: 'second start', measured: `${number(secondStart, 1)} s`, budget: '< 5 s', ok: secondStart < 5 },
      { what: 'stop', measured: `${number(stopped, 1)} s`, budget: '', ok: null },
    ];
    process.stdout.write(`${conditions()}; ${seconds} s a round, median of ${rounds}\n\n${table(rows)}\n`);
  } finally {
    await weir.kill();
    constant.stop();
  }
});

/** A person who lives in ten states is asked for at all 56 owners, one query at a time. */
async function fanOuts(url: string, count: number): Promise<{ p50: number; p99: number }> {
  const { dara } = people;
  const body = JSON.stringify({
    key: 'DQ', requester: landmarkOris.cityPolice, destinations: ['NL'], purpose: 'criminalInvestigation',
    subject: { kind: 'person', name: { surname: dara.surname, given: dara.given, middle: dara.middle }, birthDate: dara.birthDate, sex: dara.sex },
  });
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const began = performance.now();
    await (await fetch(`${url}/v1/inquiries`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).text();
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return { p50: times[Math.floor(count * 0.5)] ?? 0, p99: times[Math.floor(count * 0.99)] ?? 0 };
}

async function startConstant(): Promise<{ url: string; stop(): void }> {
  const child = spawn(process.execPath, [...servingArguments, fileURLToPath(new URL('./constant.js', import.meta.url))], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: (JSON.parse(chunk.toString()) as { http: string }).http, stop: () => child.kill('SIGINT') };
}
