import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultDeskLimits, ProofDesk, type DeskLimits } from './desk.ts';
import type { JobAnswer, ProofJob } from './job.ts';

/**
 * Stands in for the thread that proves. What it does is told by the text of a check: `echo`, `throw` (the job fails), `exit` and `crash` (the thread
 * ends), `spin` (it never answers), `fill` (it takes all the memory there is), `wait` (until the next message comes).
 */
const thread = `
import { parentPort, threadId } from 'node:worker_threads';
let held = [];
parentPort.on('message', (message) => {
  const { id } = message;
  const answer = (body) => parentPort.postMessage({ type: 'job', id, answer: { ok: true, body: body + ' ' + threadId, contentType: 'text/plain' } });
  for (const late of held.splice(0)) late();
  if (message.type === 'recheck') return void held.push(() => parentPort.postMessage({ type: 'recheck', id, checked: { registryVersion: 1, owners: [], broken: [], faults: [] } }));
  const { text } = message.job;
  if (text === 'throw') parentPort.postMessage({ type: 'failed', id, error: new Error('planted') });
  else if (text === 'exit') process.exit(0);
  else if (text === 'crash') throw new Error('planted');
  else if (text === 'spin') for (;;);
  else if (text === 'fill') { const all = []; for (;;) all.push(new Array(100_000).fill(all.length)); }
  else if (text === 'wait') held.push(() => answer('waited'));
  else answer(text);
});`;

let folder: string;
const desks: ProofDesk[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-desk-'));
  writeFileSync(join(folder, 'thread.mjs'), thread);
});
// A limit of time is over when a test says so: to start a thread can take long on a machine that has other work.
beforeEach(() => { vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }); });
afterEach(() => { vi.useRealTimers(); });
afterEach(async () => { await Promise.all(desks.splice(0).map((desk) => desk.close())); });
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

function open(limits: Partial<DeskLimits> = {}): { desk: ProofDesk; faults: Error[]; run: (text: string) => Promise<JobAnswer> } {
  const faults: Error[] = [];
  const desk = new ProofDesk({ url: 'postgres://nowhere', onFault: (error) => faults.push(error), file: join(folder, 'thread.mjs'), limits });
  desks.push(desk);
  return { desk, faults, run: (text) => desk.run({ kind: 'check', text } satisfies ProofJob) };
}

const body = (answer: JobAnswer): string => (answer.ok ? answer.body : answer.problem);
const told = (answer: JobAnswer): string => body(answer).split(' ')[0] ?? '';

describe('the desk', () => {
  it('does one job after the other, in one thread', async () => {
    const { run, faults } = open();
    const answers = await Promise.all(['a', 'b', 'c'].map(run));
    expect(answers.map(told)).toEqual(['a', 'b', 'c']);
    expect(new Set(answers.map((answer) => body(answer).split(' ')[1])).size).toBe(1);
    expect(faults).toEqual([]);
  });

  it('says that it is busy when more wait than it takes, and takes again when they are done', async () => {
    const { run } = open({ waiting: 2 });
    const first = run('spin');
    const answers = Promise.all(['a', 'b', 'c', 'd'].map(run));
    vi.advanceTimersByTime(defaultDeskLimits.time);
    expect((await answers).map(told)).toEqual(['a', 'b', 'proofBusy', 'proofBusy']);
    expect(told(await first)).toBe('proofTooLarge');
    expect(told(await run('e'))).toBe('e');
  });

  it.each([['spin', 'proofTooLarge'], ['fill', 'proofTooLarge'], ['crash', 'internal'], ['exit', 'internal'], ['throw', 'internal']])(
    'survives a job that does %s, and says %s of it alone', async (text, problem) => {
      const { run, faults } = open({ memoryMegabytes: 64 });
      const both = Promise.all([run(text), run('a')]);
      if (text === 'spin') vi.advanceTimersByTime(defaultDeskLimits.time);
      const [bad, good] = await both;
      expect([told(bad), told(good)]).toEqual([problem, 'a']);
      expect(faults).toHaveLength(1);
    });

  it('runs over all owners beside the jobs, one run at a time', async () => {
    const { desk, run } = open();
    const running = desk.recheck();
    expect(await desk.recheck()).toBeNull();
    expect(told(await run('a'))).toBe('a');
    expect(await running).toEqual({ registryVersion: 1, owners: [], broken: [], faults: [] });
  });

  it('goes on with a run over all owners where a job took its thread along', async () => {
    const { desk, run } = open();
    const running = desk.recheck();
    const spinning = run('spin');
    vi.advanceTimersByTime(defaultDeskLimits.time);
    expect(told(await spinning)).toBe('proofTooLarge');
    expect(told(await run('a'))).toBe('a');
    expect(await running).toMatchObject({ registryVersion: 1 });
  });

  it('ends a run over all owners that takes too long, and does the job that waits', async () => {
    const { desk, run, faults } = open();
    const running = desk.recheck();
    vi.advanceTimersByTime(defaultDeskLimits.recheckTime);
    expect(await running).toBeNull();
    expect(faults).toHaveLength(1);
    expect(told(await run('a'))).toBe('a');
  });

  it('ends a thread that has nothing to do, and starts another when something is asked', async () => {
    const { run } = open();
    const first = body(await run('a'));
    vi.advanceTimersByTime(defaultDeskLimits.idle);
    const second = body(await run('a'));
    expect(second).not.toBe(first);
  });

  it('tells what waits that the exchange stops', async () => {
    const { desk, run } = open();
    const waiting = [run('spin'), run('a'), desk.recheck()];
    await desk.close();
    expect(await Promise.all(waiting)).toEqual([{ ok: false, problem: 'proofBusy' }, { ok: false, problem: 'proofBusy' }, null]);
    expect(told(await run('b'))).toBe('proofBusy');
  });

  it('says so where there is no thread to start', async () => {
    const faults: Error[] = [];
    const desk = new ProofDesk({ url: '', onFault: (error) => faults.push(error), file: join(folder, 'absent.mjs') });
    desks.push(desk);
    expect(await desk.run({ kind: 'check', text: 'a' })).toEqual({ ok: false, problem: 'internal' });
    expect(faults).toHaveLength(1);
  });
});
