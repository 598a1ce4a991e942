import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { emptyExtension, type Inquiry } from '../src/model/index.ts';
import { encodeInquiry } from '../src/wire/index.ts';
import { argument } from './argument.ts';
import { load, median, pace, type Round } from './load.ts';
import { conditions, number, table, type Row } from './table.ts';

/** What the ledger costs a governed query over HTTP: the same server with it and without, in turns. `node dist/bench/ledgerCost.js [--seconds N] [--rounds N]` */
const seconds = argument('--seconds', 6);
const rounds = argument('--rounds', 3);
const asked: Inquiry = {
  key: 'DQ', requester: 'ZX0010100', destinations: ['ZY'], control: 'A1B2C3D4', subject: { kind: 'licence', number: 'Q4471180023' }, image: false, reason: null,
  legacyPurpose: null, attention: null, extension: emptyExtension,
};
const bodies = [encodeInquiry('json', asked)];

const servers = { with: await start('with'), without: await start('without') };
try {
  const run = (url: string, more: object = {}): Promise<Round> => load({ url, bodies, contentType: 'application/json', connections: 64, seconds, ...more });
  for (const { url } of Object.values(servers)) await run(url, { seconds: 2 });
  const measured: { readonly [K in keyof typeof servers]: { round: Round; micros: number }[] } = { with: [], without: [] };
  for (let i = 0; i < rounds; i += 1) {
    for (const name of ['with', 'without'] as const) {
      const { url, pid } = servers[name];
      const before = cpuOf(pid);
      const round = await run(url);
      measured[name].push({ round, micros: ((cpuOf(pid) - before) * 1e6) / (round.perSecond * seconds) });
    }
  }
  const paced = { with: await pacedAt(servers.with.url), without: await pacedAt(servers.without.url) };
  const [full, bare] = [median(measured.with.map(({ round }) => round)), median(measured.without.map(({ round }) => round))];
  const micros = (name: keyof typeof servers): number => measured[name].map((one) => one.micros).sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? NaN;
  const rows: Row[] = [
    { what: 'with the ledger, durable before the answer', measured: `${number(full.perSecond)}/s, p50 ${full.p50} ms, p99 ${full.p99} ms; ${number(micros('with'))} µs of processor a query, all threads`, budget: '', ok: null },
    { what: 'without it', measured: `${number(bare.perSecond)}/s, p50 ${bare.p50} ms, p99 ${bare.p99} ms; ${number(micros('without'))} µs of processor a query`, budget: '', ok: null },
    { what: 'ratio', measured: number(full.perSecond / bare.perSecond, 2), budget: '', ok: null },
    { what: 'added latency at 1,000/s', measured: `p50 ${number(paced.with.p50 - paced.without.p50, 1)} ms, p99 ${number(paced.with.p99 - paced.without.p99, 1)} ms`, budget: 'p50 ≤ 3 ms, p99 ≤ 15 ms', ok: paced.with.p50 - paced.without.p50 <= 3 && paced.with.p99 - paced.without.p99 <= 15 },
  ];
  process.stdout.write(`${conditions()}; ${seconds} s a round, median of ${rounds}; policy and source in memory\n\n${table(rows)}\n`);
} finally {
  for (const server of Object.values(servers)) server.stop();
}

function pacedAt(url: string): Promise<Round> {
  return pace({ url, bodies, contentType: 'application/json', connections: 64, seconds, rate: 1_000 });
}

/** Processor seconds of a process, all threads: fields 14 and 15 of its line, in hundredths of a second. */
function cpuOf(pid: number): number {
  const line = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function start(how: 'with' | 'without'): Promise<{ readonly url: string; readonly pid: number; stop(): void }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./ledgerServer.js', import.meta.url)), how], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: (JSON.parse(chunk.toString()) as { http: string }).http, pid: child.pid ?? 0, stop: () => child.kill('SIGINT') };
}
