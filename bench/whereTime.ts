import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from './load.ts';
import { driverQuestions } from './questions.ts';
import { conditions, number } from './table.ts';
import { inTemporaryFolder, startProcess } from './weirProcess.ts';

/** A CPU profile of the exchange under full load, summed by room: where a governed query's time goes. */
interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string; readonly url: string } }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

await inTemporaryFolder(async (folder) => {
  const profiles = join(folder, 'profiles');
  const data = join(folder, 'data');
  await (await startProcess({ data, residents: 50_000 })).stop();
  const weir = await startProcess({ data, nodeArguments: ['--cpu-prof', '--cpu-prof-dir', profiles, '--cpu-prof-interval', '500'] });
  const bodies = await driverQuestions(data, 4000);
  const round = await load({ url: weir.http, bodies, contentType: 'application/json', connections: 64, seconds: 8 });
  await weir.stop();
  // Each thread writes one; the number of the thread that answers is 0.
  const file = (await readdir(profiles)).find((name) => /\.0\.\d+\.cpuprofile$/.test(name));
  if (file === undefined) throw new Error('no profile was written');
  const profile = JSON.parse(await readFile(join(profiles, file), 'utf8')) as Profile;
  const { rooms, functions, busy } = summed(profile);
  const queries = round.perSecond * 8;
  process.stdout.write(`${conditions()}; ${number(round.perSecond)} queries/s while profiled\n\n`);
  process.stdout.write(`| room | share of busy time | µs a query |\n|---|---|---|\n${[...rooms].sort((a, b) => b[1] - a[1]).slice(0, 16).map(([room, us]) => `| ${room} | ${number((100 * us) / busy, 1)} % | ${number(us / queries, 1)} |`).join('\n')}\n\n`);
  process.stdout.write(`Hottest functions: ${[...functions].sort((a, b) => b[1] - a[1]).slice(0, 25).map(([name, us]) => `${name} ${number((100 * us) / busy, 1)} %`).join(', ')}.\n`);
});

function summed({ nodes, samples, timeDeltas }: Profile): { rooms: Map<string, number>; functions: Map<string, number>; busy: number } {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const rooms = new Map<string, number>();
  const functions = new Map<string, number>();
  let busy = 0;
  samples.forEach((id, i) => {
    const frame = byId.get(id);
    const us = timeDeltas[i] ?? 0;
    if (frame === undefined || frame.functionName === '(idle)' || frame.functionName === '(root)') return;
    busy += us;
    const room = roomOf(frame);
    rooms.set(room, (rooms.get(room) ?? 0) + us);
    const name = `${frame.functionName === '' ? 'anonymous' : frame.functionName} (${room})`;
    functions.set(name, (functions.get(name) ?? 0) + us);
  });
  return { rooms, functions, busy };
}

function roomOf({ functionName, url }: { functionName: string; url: string }): string {
  if (functionName === '(garbage collector)') return 'garbage collection';
  const own = /\/dist\/src\/([^/]+)\//.exec(url);
  if (own?.[1] !== undefined) return own[1];
  const used = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url);
  if (used?.[1] !== undefined) return used[1];
  if (url.startsWith('node:')) return 'Node itself (JavaScript)';
  return 'Node itself (native, system calls)';
}
