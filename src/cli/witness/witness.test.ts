import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { consistencyOf, history, rootOf, SampleLog } from '../../ledger/witness/cases.ts';
import { openCosigners } from '../../ledger/witness/cosigners.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { openNote } from '../../verify/note.ts';
import { judge, parsePolicy } from '../../verify/policy.ts';
import { judgeSplit } from '../../verify/split.ts';
import { transpile } from '../../../test/transpile.ts';

let built: string;
let place: string;
let running: ChildProcess[];
let log: SampleLog;

/** The verbs as programs of their own, from these very sources: what is in `dist` may be older. */
beforeAll(() => {
  built = mkdtempSync(join(tmpdir(), 'weir-witness-cli-'));
  transpile(built, ['src/cli/witness/index.ts']);
  writeFileSync(join(built, 'main.js'), `import { Command } from 'commander';
    import { addWitness } from './src/cli/witness/index.js';
    const program = new Command('weir').option('--json').option('--quiet');
    addWitness(program);
    await program.parseAsync();`);
});

afterAll(() => rmSync(built, { recursive: true, force: true }));

beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'weir-witness-runs-'));
  running = [];
  log = await SampleLog.make('weir.example.org/log/wa');
});

afterEach(async () => {
  for (const child of running) await killed(child);
  rmSync(place, { recursive: true, force: true });
});

interface Done { readonly code: number | null; readonly out: string; readonly err: string }

async function weir(...words: string[]): Promise<Done> {
  const child = spawn(process.execPath, [join(built, 'main.js'), 'witness', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

interface Started { readonly child: ChildProcess; readonly url: string; readonly vkey: string }

async function start(state: string, port = 0, ...more: string[]): Promise<Started> {
  const child = spawn(process.execPath, [join(built, 'main.js'), 'witness', '--json', 'start', '--state', state, '--port', String(port), '--rate', '10000', ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let told = '';
  child.stderr.on('data', (part: Buffer) => (told += part.toString()));
  const first = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (part: Buffer) => resolve(part.toString()));
    child.once('close', () => reject(new Error(`it ended: ${told}`)));
  });
  const { url, vkey } = JSON.parse(first) as { url: string; vkey: string };
  return { child, url, vkey };
}

/** Of witnesses that are well: a machine with other work may keep them waiting. */
const patient = { limitMs: 60_000, graceMs: 60_000 } as const;

async function made(name: string): Promise<string> {
  const state = join(place, name);
  expect((await weir('init', '--state', state, '--name', `witness.example.org/${name}`)).code).toBe(0);
  expect((await weir('add-log', '--state', state, log.vkey)).code).toBe(0);
  return state;
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function ask(url: string, body: Uint8Array): Promise<{ status: number; body: string } | null> {
  try {
    const response = await fetch(`${url}add-checkpoint`, { method: 'POST', body });
    return { status: response.status, body: await response.text() };
  } catch {
    return null;
  }
}

describe('the verbs', () => {
  it('make a witness, show its policy line, watch logs, and say what was cosigned', async () => {
    const state = join(place, 'one');
    const init = await weir('--json', 'init', '--state', state, '--name', 'witness.example.org/one');
    const { vkey, line } = JSON.parse(init.out) as { vkey: string; line: string };
    expect(parsePolicy(`${line}\nquorum one\n`).witnesses[0]?.name).toBe('one');
    expect(init.out).not.toContain('PRIVATE');
    expect(statSync(join(state, 'key')).mode & 0o077).toBe(0);
    const policy = join(place, 'policy');
    const other = await SampleLog.make('weir.example.org/log/or');
    const receipts = await SampleLog.make('weir.example.org/receipts');
    await writeFile(policy, `log ${log.vkey}\nlog ${other.vkey} https://weir.example.org/log/or\nlog ${receipts.vkey}\nquorum none\n`);
    expect(JSON.parse((await weir('--json', 'add-log', '--state', state, policy)).out)).toEqual({ added: [log.origin, other.origin] });
    expect(JSON.parse((await weir('--json', 'add-log', '--state', state, policy)).out)).toEqual({ added: [] });
    // The list of a witness is itself a policy.
    expect(parsePolicy(await readFile(join(state, 'logs'), 'utf8')).logs).toHaveLength(2);
    const { url, child } = await start(state);
    expect((await ask(url, log.request(history(4), 0)))?.status).toBe(200);
    const status = JSON.parse((await weir('--json', 'status', '--state', state)).out) as unknown;
    expect(status).toMatchObject({ name: 'witness.example.org/one', vkey, logs: [{ origin: log.origin, size: 4, root: rootOf(history(4)).toString('base64'), contradictions: 0 }, { origin: other.origin, size: null }] });
    expect((await weir('status', '--state', state)).out).toContain('4 entries, cosigned 20');
    expect((await ask(url, log.request(history(4, 1), 4)))?.status).toBe(409);
    expect(await weir('status', '--state', state)).toMatchObject({ code: 1, out: expect.stringContaining('TWO HISTORIES') as string });
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  });

  it('say what is wrong, with an exit code of its own and no stack', async () => {
    const state = await made('one');
    const again = await weir('init', '--state', state, '--name', 'w');
    const badName = await weir('init', '--state', join(place, 'x'), '--name', 'two words');
    const nothing = await weir('start', '--state', join(place, 'nothing'), '--port', '0');
    const noKey = await weir('add-log', '--state', join(place, 'nothing'), log.vkey);
    const noLog = await weir('add-log', '--state', state, 'nonsense');
    const badLog = await weir('add-log', '--state', state, 'non+sense');
    const badFile = await weir('add-log', '--state', state, place);
    const badPort = await weir('start', '--state', state, '--port', '70000');
    const badLevel = await weir('start', '--state', state, '--port', '0', '--log', 'loud');
    const missing = await weir('status');
    const first = await start(state);
    const second = await weir('start', '--state', state, '--port', '0');
    const taken = await weir('start', '--state', await made('two'), '--port', new URL(first.url).port);
    expect([again, badName, nothing, noKey, noLog, badLog, badFile, badLevel, second, taken].map(({ code }) => code)).toEqual([2, 2, 3, 3, 2, 2, 2, 2, 3, 3]);
    expect([badPort.code, missing.code]).toEqual([1, 1]); // by commander alone here; `main` makes it 2
    for (const { err } of [again, badName, nothing, noKey, noLog, badLog, badFile, badLevel, second, taken]) {
      expect(err).toMatch(/^weir: .+\n/);
      expect(err).not.toMatch(/^\s+at /m);
    }
    await killed(first.child);
    const kept = join(state, 'cosigned');
    for (const name of readdirSync(kept)) rmSync(join(kept, name));
    expect(await weir('start', '--state', state, '--port', '0')).toMatchObject({ code: 1, err: expect.stringContaining('is missing') as string });
  });

  it('log one JSON line a request, without a word of what strangers sent', async () => {
    const state = await made('one');
    const { url, child } = await start(state, 0, '--log', 'info');
    let err = '';
    child.stderr?.on('data', (part: Buffer) => (err += part.toString()));
    const stranger = await SampleLog.make('stranger.example.org');
    await ask(url, log.request(history(2), 0));
    await ask(url, stranger.request(history(2), 0));
    await fetch(`${url}secret?token=1`);
    const ended = once(child, 'close');
    child.kill('SIGTERM');
    await ended;
    const lines = err.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { level: 'info', route: 'add-checkpoint', status: 200, reason: 'cosigned', origin: log.origin, size: 2 }, { status: 404, reason: 'unknownLog', origin: null }, { route: 'other', status: 404 },
    ]);
    expect(err).not.toMatch(/stranger|secret|token|PRIVATE/);
  });
});

describe('three witnesses in processes of their own', () => {
  it('cosign for an exchange, one of them killed and started again meanwhile', async () => {
    const states = [await made('one'), await made('two'), await made('three')];
    const witnesses = await Promise.all(states.map((state) => start(state)));
    const policy = `log ${log.vkey}\n${witnesses.map(({ vkey, url }, at) => `witness w${at + 1} ${vkey} ${url}\n`).join('')}group two-of-three 2 w1 w2 w3\nquorum two-of-three\n`;
    let now = Date.now();
    const cosigners = await openCosigners({ policy, place: join(place, 'ledger'), ...patient, clock: () => now });
    const show = async (size: number): Promise<readonly string[]> => {
      const shown = history(size);
      const { lines, quorum } = await cosigners.cosign('wa', { note: log.checkpoint(shown), size }, (oldSize) => Promise.resolve(consistencyOf(shown, oldSize)));
      expect(quorum).toBe(true);
      const judged = await judge(nodeCrypto, parsePolicy(policy), log.checkpoint(shown) + lines.join(''));
      expect(judged.quorum).toBe(true);
      return judged.by;
    };
    expect(await show(3)).toEqual(['w1', 'w2', 'w3']);
    expect(await show(7)).toEqual(['w1', 'w2', 'w3']);
    await killed(witnesses[1]!.child);
    expect(await show(8)).toEqual(['w1', 'w3']);
    await start(states[1]!, Number(new URL(witnesses[1]!.url).port));
    now += 60_000;
    expect(await show(20)).toEqual(['w1', 'w2', 'w3']);
    expect(cosigners.status().map(({ state, lag }) => [state, lag])).toEqual([['ok', 0], ['ok', 0], ['ok', 0]]);
    await cosigners.close();
  });

  it('killed at any moment, never go back, and never sign a second history at a size they signed', async () => {
    const state = await made('one');
    let witness = await start(state);
    const port = Number(new URL(witness.url).port);
    let signed: readonly string[] = [];
    let killedUnder = 0;
    for (let round = 0; round < 15; round += 1) {
      // An operator without scruples asks for two histories of the next size at once, while the process is killed under it.
      let next: readonly (readonly string[])[] = [];
      const asking = (async () => {
        for (;;) {
          const both = next = [[...signed, `${round} a`], [...signed, `${round} b`]];
          const answers = await Promise.all(both.map((shown) => ask(witness.url, log.request(shown, signed.length))));
          const good = both.filter((_, at) => answers[at]?.status === 200);
          expect(good.length).toBeLessThan(2);
          if (good[0] !== undefined) {
            const line = answers.find((answer) => answer?.status === 200)?.body ?? '';
            expect((await openNote(nodeCrypto, log.checkpoint(good[0]) + line, [witness.vkey])).by).toHaveLength(1);
            [signed] = good;
          }
          if (answers.includes(null)) return good[0] === undefined;
        }
      })();
      if (round === 0) await expect.poll(() => signed.length).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, 20 + round * 7));
      await killed(witness.child);
      if (await asking) killedUnder += 1;
      witness = await start(state, port);
      const [name = ''] = readdirSync(join(state, 'cosigned')).filter((one) => !one.endsWith('.tmp'));
      const served = await (await fetch(`${witness.url}${name}/checkpoint`)).text();
      const held = [signed, ...next].find((shown) => served.startsWith(`${log.checkpoint(shown).split('\n\n')[0] ?? ''}\n\n`));
      // What it has is what it signed last, or one that it was about to sign: and then no other of that size.
      expect(held ?? (signed.length === 0 && served.startsWith('no checkpoint') ? signed : null)).not.toBeNull();
      signed = held ?? signed;
      for (const shown of next.filter((one) => one.length === signed.length && one !== signed)) expect((await ask(witness.url, log.request(shown, signed.length)))?.status).toBe(409);
    }
    expect(signed.length).toBeGreaterThan(0);
    expect(killedUnder).toBeGreaterThan(0);
  });
});

describe('two histories', () => {
  /** An operator who holds the key makes two trees that share their first `shared` entries, and shows one to each witness. */
  async function twoHistories(shared: number, a: readonly string[], b: readonly string[], k: 1 | 2): Promise<{ a: string; b: string; policy: string; quorums: boolean[] }> {
    const witnesses = [await start(await made('one')), await start(await made('two'))];
    const lines = witnesses.map(({ vkey, url }, at) => `witness w${at + 1} ${vkey} ${url}`);
    const policy = `log ${log.vkey}\n${lines.join('\n')}\ngroup enough ${k} w1 w2\nquorum enough\n`;
    const honest = await openCosigners({ policy, place: join(place, 'both'), ...patient });
    const common = history(shared);
    expect((await honest.cosign('wa', { note: log.checkpoint(common), size: shared }, () => Promise.resolve([]))).lines).toHaveLength(2);
    await honest.close();
    const told: string[] = [];
    const quorums: boolean[] = [];
    for (const [at, shown] of [a, b].entries()) {
      // To each witness its own history first, then to both, to see what they say.
      const only = await openCosigners({ policy: `log ${log.vkey}\n${lines[at] ?? ''}\nquorum w${at + 1}\n`, place: join(place, `only${at}`), ...patient });
      const show = (to: typeof only): ReturnType<typeof only.cosign> => to.cosign('wa', { note: log.checkpoint(shown), size: shown.length }, (oldSize) => Promise.resolve(consistencyOf(shown, oldSize)));
      const { lines: given } = await show(only);
      expect(given).toHaveLength(1);
      told.push(log.checkpoint(shown) + given.join(''));
      await only.close();
    }
    for (const shown of [a, b]) {
      const to = await openCosigners({ policy, place: join(place, 'later'), ...patient });
      const { lines: given, quorum } = await to.cosign('wa', { note: log.checkpoint(shown), size: shown.length }, (oldSize) => Promise.resolve(consistencyOf(shown, oldSize)));
      quorums.push(quorum);
      expect(given).toHaveLength(1);
      expect(to.status().filter(({ lastError }) => lastError !== null)).toHaveLength(1);
      await to.close();
    }
    return { a: told[0] ?? '', b: told[1] ?? '', policy, quorums };
  }

  it('of one size: neither reaches a quorum of two of two, and whoever holds both notes proves the contradiction', async () => {
    const found = await twoHistories(10, history(15), history(15, 10), 2);
    expect(found.quorums).toEqual([false, false]);
    const split = await judgeSplit(nodeCrypto, parsePolicy(found.policy), found.a, found.b, null);
    expect(split).toMatchObject({ verdict: 'twoHistories', a: { by: ['w1'], quorum: false }, b: { by: ['w2'], quorum: false } });
  });

  it('with a quorum of one of two both reach it, and the comparison finds it', async () => {
    const found = await twoHistories(10, history(15), history(15, 10), 1);
    expect(found.quorums).toEqual([true, true]);
    const policy = parsePolicy(found.policy);
    // Each alone is good for whoever holds only that one.
    expect((await judge(nodeCrypto, policy, found.a)).quorum).toBe(true);
    expect((await judge(nodeCrypto, policy, found.b)).quorum).toBe(true);
    expect((await judgeSplit(nodeCrypto, policy, found.a, found.b, null)).verdict).toBe('twoHistories');
  });

  it('of two sizes: no proof leads from the one to the other, and the tree of the larger one convicts', async () => {
    const [a, b] = [history(13), history(21, 10)];
    const found = await twoHistories(10, a, b, 2);
    expect(found.quorums).toEqual([false, false]);
    const policy = parsePolicy(found.policy);
    // The log can make no proof that makes them consistent: these are the best it has.
    for (const proof of [consistencyOf(b, 13), consistencyOf(history(21), 13)]) expect((await judgeSplit(nodeCrypto, policy, found.a, found.b, proof)).verdict).not.toBe('consistent');
    // Whoever was shown the larger tree makes this proof from its tiles.
    expect(await judgeSplit(nodeCrypto, policy, found.a, found.b, consistencyOf(b, 13, true))).toMatchObject({ verdict: 'twoHistories', a: { size: 13 }, b: { size: 21 } });
  });
});
