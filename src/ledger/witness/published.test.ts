import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { formatVkey, noteTypes } from '../../verify/note.ts';
import { judge, parsePolicy } from '../../verify/policy.ts';
import { Bench, testSigner } from '../publish/cases.ts';
import { openCosigners } from './cosigners.ts';
import type { WitnessedLogs } from './cosigners.ts';
import { makeKey } from './key.ts';
import { startWitnessServer } from './server.ts';
import { openWitness } from './state.ts';
import { addWatched } from './watched.ts';

/** The publisher of the exchange, its own consistency proofs from tiles, and real witnesses over loopback. */

const logs = ['anchor', 'wa'] as const;
let root: string;
let policy: string;
let ends: (() => Promise<void>)[];

beforeEach(async () => {
  ends = [];
  root = mkdtempSync(join(tmpdir(), 'weir-published-'));
  const vkeys = await Promise.all(logs.map((log) => formatVkey(nodeCrypto, testSigner(log).name, noteTypes.ed25519, testSigner(log).publicKey)));
  const lines: string[] = [];
  for (const name of ['w1', 'w2', 'w3']) {
    const folder = join(root, name);
    const { vkey } = await makeKey(folder, `witness.example.org/${name}`);
    await addWatched(folder, vkeys);
    const witness = await openWitness({ folder });
    const server = await startWitnessServer({ witness, port: 0, closeMs: 100 });
    ends.push(async () => {
      await server.close();
      await witness.close();
    });
    lines.push(`witness ${name} ${vkey} http://127.0.0.1:${server.port}/`);
  }
  policy = `${vkeys.map((vkey) => `log ${vkey}`).join('\n')}\n${lines.join('\n')}\ngroup most 2 w1 w2 w3\nquorum most\n`;
});

afterEach(async () => {
  for (const end of ends.toReversed()) await end();
  rmSync(root, { recursive: true, force: true });
});

async function exchange(name: string): Promise<{ bench: Bench; cosigners: WitnessedLogs; cosigned: (log: string, size: number) => Promise<void> }> {
  const bench = new Bench(join(root, name));
  const cosigners = await openCosigners({ policy, place: bench.place, limitMs: 60_000 });
  const publisher = await bench.open({ cosigners });
  ends.push(async () => {
    await bench.close();
    await cosigners.close();
  });
  return { bench, cosigners, cosigned: (log, size) => publisher.covered(log, size - 1, 'cosigned', 60_000) };
}

describe('an exchange and its witnesses', () => {
  it('publishes checkpoints that a quorum cosigned, over a restart', async () => {
    for (const session of [0, 1]) {
      const { bench, cosigners, cosigned } = await exchange('exchange');
      if (session === 1) bench.placed.length = 0;
      for (const [at, count] of [1, 2, 255, 300].entries()) {
        await bench.append(logs, count);
        await bench.publisher?.publish();
        const size = session * 558 + [1, 3, 258, 558][at]!;
        for (const log of logs) {
          await cosigned(log, size);
          // The file is put in its place after those who wait were told.
          await expect.poll(() => readFile(join(bench.place, 'log', log, 'cosigned'), 'utf8').then((note) => judge(nodeCrypto, parsePolicy(policy), note), () => null)).toMatchObject({ size, quorum: true });
        }
      }
      // Two of the three are a quorum: the third may still be answering.
      await expect.poll(() => cosigners.status().map(({ state, faults, lag }) => [state, faults, lag])).toEqual([['ok', 0, 0], ['ok', 0, 0], ['ok', 0, 0]]);
      await bench.close();
    }
  });

  it('that was brought back from an older copy gets no cosignature until it has again what was cosigned, and then goes on', async () => {
    const first = await exchange('first');
    await first.bench.append(['wa'], 40);
    await first.bench.publisher?.publish();
    await first.cosigned('wa', 40);
    const copy = await exchange('copy');
    await copy.bench.append(['wa'], 30);
    await copy.bench.publisher?.publish();
    await expect.poll(() => copy.cosigners.status().map(({ lastError }) => lastError?.code)).toEqual(['ahead', 'ahead', 'ahead']);
    expect(copy.bench.publisher?.status()).toMatchObject([{ log: 'wa', published: { size: 30 }, cosigned: 0 }]);
    // The records of a bench follow from their numbers, so a fresh one has the same history.
    const anew = await exchange('anew');
    await anew.bench.append(['wa'], 60);
    await anew.bench.publisher?.publish();
    await anew.cosigned('wa', 60);
  });
});
