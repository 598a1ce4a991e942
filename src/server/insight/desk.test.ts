import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsightDesk, type InsightDeskOptions } from './desk.ts';
import type { InsightPlaces } from './messages.ts';

/** A process that does what the name of the owner says. */
const script = `
import { existsSync } from 'node:fs';
process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  if (message.type !== 'job') return;
  const { owner } = message.job;
  if (owner === 'CR') process.exit(9);
  if (owner === 'HA') return;
  const html = owner === 'EN' ? JSON.stringify(Object.keys(process.env).sort()) : owner === 'TM' ? process.env.TMPDIR + ' ' + existsSync(process.env.TMPDIR) : owner + ' ' + process.pid;
  process.send({ id: message.id, answer: { kind: 'briefing', html } });
});`;

let folder: string;
let faults: Error[];
let desks: InsightDesk[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-desk-'));
  await writeFile(join(folder, 'process.mjs'), script);
  faults = [];
  desks = [];
});
afterEach(async () => {
  for (const desk of desks) await desk.close();
  await rm(folder, { recursive: true, force: true });
});

function open(limits: InsightDeskOptions['limits'] = {}): InsightDesk {
  const places: InsightPlaces = { url: '', archive: join(folder, 'archive'), ledger: { journal: '', ledger: '', keys: '' }, settings: {}, invented: true };
  const desk = new InsightDesk({ places, file: join(folder, 'process.mjs'), onFault: (error) => faults.push(error), limits });
  desks.push(desk);
  return desk;
}
const ask = async (desk: InsightDesk, owner: string): Promise<string> => {
  const answer = await desk.run({ kind: 'briefing', owner, period: '', log: '' });
  return answer.kind === 'briefing' ? answer.html : answer.kind === 'none' ? answer.problem : answer.kind;
};

describe('the desk that has a year read', () => {
  it('does one job after the other in one process', async () => {
    const desk = open();
    const [a, b] = await Promise.all([ask(desk, 'WA'), ask(desk, 'OR')]);
    expect(a.startsWith('WA ')).toBe(true);
    expect(b.slice(3)).toBe(a.slice(3));
    expect(faults).toEqual([]);
  });

  it('goes on in another process where one ends by itself, and only its job is lost', async () => {
    const desk = open();
    const [lost, kept] = await Promise.all([ask(desk, 'CR'), ask(desk, 'WA')]);
    expect(lost).toBe('failed');
    expect(kept.startsWith('WA ')).toBe(true);
    expect(faults).toHaveLength(1);
  });

  it('tells each job, and stops, where no process can be started; and goes on when one can', async () => {
    const node = process.execPath;
    const desk = open();
    try {
      process.execPath = join(folder, 'no-such-program');
      expect(await Promise.all([ask(desk, 'WA'), ask(desk, 'OR')])).toEqual(['failed', 'failed']);
      expect(faults).toHaveLength(2);
      const last = open();
      const asked = ask(last, 'WA');
      await last.close();
      expect(await asked).toBe('failed');
    } finally {
      process.execPath = node;
    }
    expect((await ask(desk, 'WA')).startsWith('WA ')).toBe(true);
  });

  it('ends a job that takes too long', async () => {
    // The limit is over when the test says so: another process can take long to start on a machine that has other work.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const desk = open({ time: 300 });
      const hanging = ask(desk, 'HA');
      vi.advanceTimersByTime(300);
      expect(await hanging).toBe('failed');
      expect((await ask(desk, 'WA')).startsWith('WA ')).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('says that it is busy rather than letting a queue grow, and tells what waits when it closes', async () => {
    const desk = open({ waiting: 1 });
    const [first, second] = [ask(desk, 'HA'), ask(desk, 'WA')];
    expect(await ask(desk, 'OR')).toBe('busy');
    await desk.close();
    expect([await first, await second]).toEqual(['failed', 'failed']);
    expect(await ask(desk, 'WA')).toBe('busy');
  });

  it('hands on nothing of the environment, and takes away what was spilt to disk', async () => {
    const desk = open();
    expect(JSON.parse(await ask(desk, 'EN'))).not.toContain('HOME');
    const [scratch = '', there] = (await ask(desk, 'TM')).split(' ');
    expect(there).toBe('true');
    await desk.close();
    expect(existsSync(scratch)).toBe(false);
  });
});
