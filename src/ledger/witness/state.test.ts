import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { openNote } from '../../verify/note.ts';
import { codeOf, diskError, watchedFs } from '../cases.ts';
import type { FsCall } from '../cases.ts';
import type { WitnessAnswer } from './answers.ts';
import { consistencyOf, history, rootOf, SampleLog, witnessFolder } from './cases.ts';
import { keptFolder, originHash } from './kept.ts';
import { makeKey, readKey } from './key.ts';
import { openWitness } from './state.ts';
import type { Witness, WitnessOptions } from './state.ts';
import { addWatched, logKeysIn, watchedFile } from './watched.ts';

let folder: string;
let remove: () => void;
let log: SampleLog;
let now: number;
let witness: Witness;

beforeEach(async () => {
  ({ folder, remove } = witnessFolder());
  now = 1_800_000_000_000;
  log = await SampleLog.make('weir.example.org/log/wa');
  await makeKey(folder, 'witness.example.org/w1');
  await addWatched(folder, [log.vkey]);
  witness = await open();
});

afterEach(async () => {
  await witness.close();
  remove();
});

function open(over: Partial<WitnessOptions> = {}): Promise<Witness> {
  return openWitness({ folder, clock: () => now, rate: { perSecond: 1e6, atOnce: 1e6 }, ...over });
}

async function reopen(over: Partial<WitnessOptions> = {}): Promise<void> {
  await witness.close();
  witness = await open(over);
}

/** Whether an answer is a cosignature of exactly this history, and when it says it was made. */
async function cosigned(answer: WitnessAnswer, of: readonly string[]): Promise<number | null> {
  if (answer.status !== 200) return null;
  const { times } = await openNote(nodeCrypto, `${log.checkpoint(of)}${answer.line}`, [witness.vkey]);
  return times[0] ?? null;
}

describe('the answers of add-checkpoint', () => {
  it('cosigns the first checkpoint, then each that only adds', async () => {
    expect(await cosigned(await witness.addCheckpoint(log.request(history(3), 0)), history(3))).toBe(1_800_000_000);
    expect(await cosigned(await witness.addCheckpoint(log.request(history(8), 3)), history(8))).toBe(1_800_000_000);
    expect(await cosigned(await witness.addCheckpoint(log.request(history(300), 8)), history(300))).toBe(1_800_000_000);
    expect(witness.logs()).toMatchObject([{ origin: log.origin, kept: { size: 300 } }]);
  });

  it('cosigns the same checkpoint again, and an empty log', async () => {
    expect(await cosigned(await witness.addCheckpoint(log.request([], 0)), [])).not.toBeNull();
    const first = await witness.addCheckpoint(log.request(history(5), 0));
    expect(await witness.addCheckpoint(log.request(history(5), 5))).toEqual({ ...first, again: true });
    now += 1000;
    expect(await cosigned(await witness.addCheckpoint(log.request(history(5), 5)), history(5))).toBe(1_800_000_001);
  });

  it('400: what is no request', async () => {
    const good = log.request(history(4), 2).toString();
    const hash = Buffer.alloc(32).toString('base64');
    const [head = '', ...rest] = good.split('\n\n');
    const bad: (string | Buffer)[] = [
      '', '\n\n', 'old 0', good.replace('old 2', 'old 02'), good.replace('old 2', 'old -1'), good.replace('old 2', 'new 2'), good.replace('old 2', 'old 9007199254740992'),
      good.replace('old 2', 'old 2 '), good.replace('\n\n', '\n'), good.replace('\n', '\r\n'), [`${head}\n${hash.slice(0, -1)}`, ...rest].join('\n\n'), [`${head}\n${hash.replace('A=', 'B=')}`, ...rest].join('\n\n'),
      [`old 2${`\n${hash}`.repeat(64)}`, ...rest].join('\n\n'), good.slice(0, good.indexOf('—')), `${head}\n\n`, Buffer.concat([Buffer.from(good), Buffer.of(0xff, 10)]),
    ];
    for (const body of bad) expect(await witness.addCheckpoint(Buffer.from(body)), String(body)).toMatchObject({ status: 400, reason: 'malformed' });
    expect(witness.logs()[0]?.kept).toBeNull();
  });

  it('400: an old size above that of the checkpoint', async () => {
    expect(await witness.addCheckpoint(log.request(history(3), 4, []))).toMatchObject({ status: 400, reason: 'oldSizeAbove' });
  });

  it('63 hashes are read, and refused for what they are', async () => {
    await witness.addCheckpoint(log.request(history(2), 0));
    expect(await witness.addCheckpoint(log.request(history(4), 2, Array.from({ length: 63 }, () => Buffer.alloc(32))))).toMatchObject({ status: 422 });
  });

  it('404: a log that is not watched', async () => {
    const other = await SampleLog.make('weir.example.org/log/or');
    expect(await witness.addCheckpoint(other.request(history(3), 0))).toMatchObject({ status: 404, reason: 'unknownLog' });
  });

  it('403: a key that is not the log\'s, under its name or its own, and an altered checkpoint', async () => {
    const forger = await SampleLog.make(log.origin);
    expect(await witness.addCheckpoint(forger.request(history(3), 0))).toMatchObject({ status: 403, reason: 'notSigned' });
    const altered = log.request(history(3), 0).toString().replace(rootOf(history(3)).toString('base64'), rootOf(history(2)).toString('base64'));
    expect(await witness.addCheckpoint(Buffer.from(altered))).toMatchObject({ status: 403, reason: 'notSigned' });
    // The key of another watched log is no key of this one.
    const other = await SampleLog.make('weir.example.org/log/or');
    await addWatched(folder, [other.vkey]);
    await reopen();
    const crossed = other.signed(`${log.checkpoint(history(3)).split('\n\n')[0] ?? ''}\n`);
    expect(await witness.addCheckpoint(Buffer.from(`old 0\n\n${crossed}`))).toMatchObject({ status: 403, reason: 'notSigned' });
  });

  it('ignores signatures of keys that it does not know, and does not hand them on', async () => {
    const stranger = await SampleLog.make('stranger.example.org');
    const text = `${log.checkpoint(history(3)).split('\n\n')[0]}\n`;
    const strange = stranger.signed(text).split('\n\n')[1] ?? '';
    const answer = await witness.addCheckpoint(Buffer.concat([log.request(history(3), 0), Buffer.from(strange)]));
    expect(answer.status).toBe(200);
    const served = witness.latest(originHash(log.origin)) ?? '';
    expect(served).not.toContain('stranger');
    expect((await openNote(nodeCrypto, served, [log.vkey, witness.vkey])).by).toEqual([log.origin, 'witness.example.org/w1']);
  });

  it('409 with the size: an old size that is not the latest', async () => {
    await witness.addCheckpoint(log.request(history(5), 0));
    for (const old of [0, 3, 6, 7]) expect(await witness.addCheckpoint(log.request(history(9), old))).toMatchObject({ status: 409, reason: 'otherSize', latest: 5 });
    expect(await witness.addCheckpoint(log.request(history(3), 0))).toMatchObject({ status: 409, latest: 5 });
    expect(await witness.addCheckpoint(log.request(history(9), 5))).toMatchObject({ status: 200 });
  });

  it('409: another root at the same size, and the evidence is kept', async () => {
    await witness.addCheckpoint(log.request(history(5), 0));
    expect(await witness.addCheckpoint(log.request(history(5, 2), 5))).toMatchObject({ status: 409, reason: 'otherRoot', latest: 5 });
    expect(await witness.addCheckpoint(log.request(history(5, 2), 5))).toMatchObject({ status: 409, reason: 'otherRoot' });
    expect(witness.logs()).toMatchObject([{ contradictions: 1 }]);
    await reopen();
    expect(witness.logs()).toMatchObject([{ contradictions: 1, kept: { size: 5 } }]);
  });

  it('409: a root for no entries that is not the root of nothing', async () => {
    const text = `${log.origin}\n0\n${rootOf(history(1)).toString('base64')}\n`;
    expect(await witness.addCheckpoint(Buffer.from(`old 0\n\n${log.signed(text)}`))).toMatchObject({ status: 409, reason: 'otherRoot', latest: 0 });
  });

  it('422: a proof that does not lead there', async () => {
    await witness.addCheckpoint(log.request(history(5), 0));
    const right = consistencyOf(history(9), 5);
    for (const proof of [[], right.slice(1), right.toReversed(), [...right, Buffer.alloc(32)], consistencyOf(history(9, 1), 5), consistencyOf(history(10), 5)]) {
      expect(await witness.addCheckpoint(log.request(history(9), 5, proof))).toMatchObject({ status: 422, reason: 'inconsistent' });
    }
    expect(await witness.addCheckpoint(log.request(history(9, 4), 5))).toMatchObject({ status: 422 });
    expect(await witness.addCheckpoint(log.request(history(5), 5, right))).toMatchObject({ status: 422 });
  });

  it('422: a proof from nothing must be empty', async () => {
    expect(await witness.addCheckpoint(log.request(history(5), 0, [rootOf(history(2))]))).toMatchObject({ status: 422 });
  });

  it('429: more than its share; a repeat of what was kept costs nothing', async () => {
    await reopen({ rate: { perSecond: 1, atOnce: 2 } });
    const last = await witness.addCheckpoint(log.request(history(1), 0));
    expect(last.status).toBe(200);
    expect((await witness.addCheckpoint(log.request(history(2), 1))).status).toBe(200);
    expect(await witness.addCheckpoint(log.request(history(3), 2))).toMatchObject({ status: 429, reason: 'tooOften', afterMs: 1000 });
    expect((await witness.addCheckpoint(log.request(history(2), 2))).status).toBe(200);
    now += 1000;
    expect((await witness.addCheckpoint(log.request(history(3), 2))).status).toBe(200);
  });

  it('429: too many that wait', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => witness.addCheckpoint(log.request(history(3), 0))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(63);
    expect(answers.filter((answer) => answer.status === 429 && answer.reason === 'busy')).toHaveLength(36);
  });
});

describe('time', () => {
  it('never goes back for a log, over a clock that does and over a restart', async () => {
    await witness.addCheckpoint(log.request(history(1), 0));
    now -= 3_600_000;
    expect(await cosigned(await witness.addCheckpoint(log.request(history(2), 1)), history(2))).toBe(1_800_000_000);
    await reopen();
    expect(await cosigned(await witness.addCheckpoint(log.request(history(3), 2)), history(3))).toBe(1_800_000_000);
    now += 7_200_000;
    expect(await cosigned(await witness.addCheckpoint(log.request(history(4), 3)), history(4))).toBe(1_800_003_600);
  });
});

describe('two requests at once', () => {
  it('with different histories of one size: exactly one gets a cosignature', async () => {
    await witness.addCheckpoint(log.request(history(4), 0));
    for (let size = 5; size < 25; size += 1) {
      const kept = witness.logs()[0]?.kept;
      const base = kept === undefined || kept === null ? 0 : kept.size;
      const answers = await Promise.all([witness.addCheckpoint(log.request(history(size), base)), witness.addCheckpoint(log.request(history(size, size - 1), base))]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      // Go on with the true history where the other one was first.
      if (answers[0].status !== 200) break;
    }
  });

  it('a smaller one never takes the place of a larger one', async () => {
    const answers = await Promise.all([3, 9, 5, 9, 7].map((size) => witness.addCheckpoint(log.request(history(size), 0))));
    expect(answers.map(({ status }) => status)).toEqual([200, 409, 409, 409, 409]);
    expect(witness.logs()[0]?.kept?.size).toBe(3);
  });
});

describe('any run of requests', () => {
  it('is cosigned as one history that only grows, whatever comes, with restarts between', async () => {
    const step = fc.record({
      size: fc.nat(20), parted: fc.oneof(fc.constant(Infinity), fc.nat(20)), old: fc.oneof(fc.constant('latest' as const), fc.nat(20)), restart: fc.boolean(), proof: fc.constantFrom('right', 'none'),
    });
    let number = 0;
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      number += 1;
      const mine = await SampleLog.make(`weir.example.org/log/n${number}`);
      await addWatched(folder, [mine.vkey]);
      await reopen();
      const signed: string[][] = [[]];
      for (const { size, parted, old, restart, proof } of steps) {
        if (restart) await reopen();
        const last = signed.at(-1)!;
        const shown = history(size, parted);
        const oldSize = Math.min(old === 'latest' ? last.length : old, size);
        const answer = await witness.addCheckpoint(mine.request(shown, oldSize, proof === 'right' ? consistencyOf(shown, oldSize) : []));
        if (answer.status !== 200) continue;
        // Judged by the entries themselves, not by any proof.
        expect(shown.slice(0, last.length)).toEqual(last);
        signed.push(shown);
      }
    }), { numRuns: 40 });
  });
});

describe('what is kept', () => {
  it('is the note that monitors are given, and a restart goes on from it', async () => {
    await witness.addCheckpoint(log.request(history(5), 0));
    const file = await readFile(join(folder, keptFolder, originHash(log.origin)), 'utf8');
    expect(file).toBe(witness.latest(originHash(log.origin)));
    await reopen();
    expect(witness.latest(originHash(log.origin))).toBe(file);
    expect(await witness.addCheckpoint(log.request(history(5, 1), 0))).toMatchObject({ status: 409, latest: 5 });
    expect(await witness.addCheckpoint(log.request(history(6), 5))).toMatchObject({ status: 200 });
  });

  it('is refused where it is missing or altered: the witness does not begin anew', async () => {
    await witness.addCheckpoint(log.request(history(5), 0));
    await witness.close();
    const path = join(folder, keptFolder, originHash(log.origin));
    const good = await readFile(path);
    for (const at of [0, 30, good.indexOf('\n5\n') + 1, good.length - 20]) {
      const bad = Buffer.from(good);
      bad[at]! ^= 1;
      await writeFile(path, bad);
      expect(await codeOf(open())).toBe('WITNESS_STATE');
    }
    await writeFile(path, '');
    expect(await codeOf(open())).toBe('WITNESS_STATE');
    await rm(path);
    expect(await codeOf(open())).toBe('WITNESS_STATE');
    // Another log's file does not pass for it.
    await writeFile(path, good);
    const other = await SampleLog.make('weir.example.org/log/or');
    await addWatched(folder, [other.vkey]);
    await writeFile(join(folder, keptFolder, originHash(other.origin)), good);
    expect(await codeOf(open())).toBe('WITNESS_STATE');
    await writeFile(join(folder, keptFolder, originHash(other.origin)), 'nothing cosigned yet\n');
    witness = await open();
    expect(witness.logs()).toMatchObject([{ kept: { size: 5 } }, { kept: null }]);
  });
});

describe('a disk that fails', () => {
  const calls: readonly FsCall[] = ['open', 'write', 'fdatasync', 'close', 'rename', 'syncFolder'];
  for (const call of calls) {
    for (const when of ['before', 'after'] as const) {
      it(`${call}, told ${when} it is done: no cosignature leaves, and no second history is ever cosigned`, async () => {
        let failing = false;
        const fault = (which: FsCall): void => {
          if (failing && which === call) throw diskError('EIO');
        };
        const none = (): void => undefined;
        await reopen({ fs: watchedFs(when === 'before' ? fault : none, when === 'after' ? fault : none) });
        expect((await witness.addCheckpoint(log.request(history(3), 0))).status).toBe(200);
        failing = true;
        expect(await witness.addCheckpoint(log.request(history(6), 3))).toMatchObject({ status: 503, reason: 'notKept' });
        expect(await witness.addCheckpoint(log.request(history(6, 4), 3))).toMatchObject({ status: 503 });
        expect(witness.latest(originHash(log.origin))).toContain('\n3\n');
        const sync = call === 'fdatasync' || call === 'syncFolder' || call === 'close';
        expect(witness.health).toBe(sync ? 'stopped' : 'failing');
        failing = false;
        // What was never cosigned binds nobody: after the fault the true history goes on, by itself or after a restart.
        if (sync) {
          expect(await witness.addCheckpoint(log.request(history(6), 3))).toMatchObject({ status: 503, reason: 'stopped' });
          await reopen();
        }
        const held = witness.logs()[0]?.kept?.size ?? 0;
        expect([3, 6]).toContain(held);
        const shown = held === 6 && (await witness.addCheckpoint(log.request(history(6), 6))).status !== 200 ? history(6, 4) : history(6);
        expect((await witness.addCheckpoint(log.request(shown, held))).status).toBe(200);
        expect((await witness.addCheckpoint(log.request(shown === history(6) ? history(6, 4) : history(6, 5), 6))).status).toBe(409);
        expect(witness.health).toBe('ok');
      });
    }
  }

  it('is durable at the moment of the answer: everything happens in order, and before it', async () => {
    const seen: string[] = [];
    await reopen({ fs: watchedFs(() => undefined, (call) => void seen.push(call)) });
    const answer = await witness.addCheckpoint(log.request(history(3), 0)).then((given) => {
      seen.push('answer');
      return given;
    });
    expect(answer.status).toBe(200);
    expect(seen).toEqual(['open', 'write', 'fdatasync', 'close', 'rename', 'syncFolder', 'answer']);
  });

  it('a power loss at any call leaves what was cosigned last, or what was being kept', async () => {
    for (let stopAt = 0; stopAt < 6; stopAt += 1) {
      let calls = -1;
      let armed = false;
      // From `stopAt` on nothing reaches the disk any more, and nothing is answered.
      const gone = new Error('the power went');
      await reopen({ fs: watchedFs(() => {
        if (!armed) return;
        calls += 1;
        if (calls >= stopAt) throw gone;
      }) });
      const base = witness.logs()[0]?.kept?.size ?? 0;
      armed = true;
      expect((await witness.addCheckpoint(log.request(history(base + 2), base))).status).toBe(503);
      await reopen();
      expect([base, base + 2]).toContain(witness.logs()[0]?.kept?.size ?? 0);
    }
  });
});

describe('the folder', () => {
  it('is one process\'s at a time', async () => {
    expect(await codeOf(open())).toBe('WITNESS_LOCKED');
    await witness.close();
    witness = await open();
  });

  it('taken over by another: nothing is signed any more, though the write was done', async () => {
    // As after a takeover: the next lock file stands there.
    const { readdir } = await import('node:fs/promises');
    const number = Math.max(...(await readdir(folder)).flatMap((name) => /^lock\.(\d+)$/.exec(name)?.[1] ?? []).map(Number));
    await writeFile(join(folder, `lock.${number + 1}`), '');
    expect(await witness.addCheckpoint(log.request(history(3), 0))).toMatchObject({ status: 503, reason: 'stopped' });
    expect(witness.health).toBe('stopped');
    await rm(join(folder, `lock.${number + 1}`));
  });

  it('has one key, and says what is wrong with it', async () => {
    expect(await codeOf(makeKey(folder, 'w2'))).toBe('WITNESS_HAS_KEY');
    for (const name of ['', 'two words', 'a+b', 'line\nfeed']) expect(await codeOf(makeKey(join(folder, 'x'), name))).toBe('WITNESS_NAME');
    await mkdir(join(folder, 'empty'));
    expect(await codeOf(openWitness({ folder: join(folder, 'empty') }))).toBe('WITNESS_KEY');
    const line = await readFile(join(folder, 'key'), 'utf8');
    const last = line.at(-6) === 'A' ? 'B' : 'A';
    for (const bad of ['', 'x\n', line.replace('w1', 'w2'), `${line.slice(0, -6)}${last}${line.slice(-5)}`]) {
      await writeFile(join(folder, 'empty', 'key'), bad);
      expect(await codeOf(readKey(join(folder, 'empty')))).toBe('WITNESS_KEY');
    }
  });

  it('takes up a log, and a new key of a log, that was added while it runs', async () => {
    const other = await SampleLog.make('weir.example.org/log/or');
    expect(await witness.addCheckpoint(other.request(history(2), 0))).toMatchObject({ status: 404 });
    expect(await addWatched(folder, [other.vkey])).toHaveLength(1);
    now += 2000;
    expect(await witness.addCheckpoint(other.request(history(2), 0))).toMatchObject({ status: 200 });
    const renewed = await SampleLog.make(log.origin);
    expect(await witness.addCheckpoint(log.request(history(2), 0))).toMatchObject({ status: 200 });
    await addWatched(folder, [renewed.vkey, renewed.vkey, other.vkey]);
    now += 2000;
    expect(await witness.addCheckpoint(renewed.request(history(4), 2))).toMatchObject({ status: 200 });
    await reopen();
    expect(await witness.addCheckpoint(log.request(history(5), 4))).toMatchObject({ status: 200 });
  });

  it('refuses a list that is none, and keys that are no logs\'', async () => {
    expect(await codeOf(addWatched(folder, ['nonsense']))).toBe('WITNESS_LOGS');
    expect(await codeOf(addWatched(folder, [witness.vkey]))).toBe('WITNESS_LOGS');
    expect(await codeOf(addWatched(folder, [log.vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+')]))).toBe('WITNESS_LOGS');
    expect(() => logKeysIn('quorum none\n')).toThrow(expect.objectContaining({ code: 'WITNESS_LOGS' }) as Error);
    expect(logKeysIn(`# a\n log\t${log.vkey} https://log.example.org/\nquorum none\n`)).toEqual([log.vkey]);
    await witness.close();
    const good = await readFile(join(folder, watchedFile), 'utf8');
    await writeFile(join(folder, watchedFile), 'log\n');
    expect(await codeOf(open())).toBe('WITNESS_LOGS');
    await writeFile(join(folder, watchedFile), good);
    witness = await open();
  });

  it('does not take a signature by an unrelated key of the right name and id for good', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const good = log.checkpoint(history(2));
    const [text = ''] = good.split('\n\n');
    const id = Buffer.from(good.trim().split(' ').at(-1) ?? '', 'base64').subarray(0, 4);
    const forged = `${text}\n\n— ${log.origin} ${Buffer.concat([id, sign(null, Buffer.from(`${text}\n`), privateKey)]).toString('base64')}\n`;
    expect(await witness.addCheckpoint(Buffer.from(`old 0\n\n${forged}`))).toMatchObject({ status: 403 });
  });
});
