import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openLedger, openKeys } from '../../ledger/index.ts';
import { sampleEntry } from '../../ledger/samples.ts';
import { addJournal } from './index.ts';

let data: string;
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'weir-cli-journal-'));
  const keys = await openKeys(join(data, 'keys'), ['ZX', 'ZY']);
  const cosigners = { configured: false, cosign: () => Promise.resolve({ lines: [], quorum: false }) };
  const ledger = await openLedger({
    journal: join(data, 'journal'), place: join(data, 'ledger'), prefix: 'test.weir.example', defaultPrefix: '', keys, cosigners, publishMs: 60_000, anchorMs: 60_000, wal: { segmentBytes: 9_000 },
  });
  for (let number = 0; number < 20; number += 1) await ledger.append([{ ...sampleEntry(number, 'full'), owner: number % 2 === 0 ? 'ZY' : 'ZX' }]);
  await ledger.append([{ type: 'system', v: 1, id: 'e-s', at: '2026-03-01T12:00:01.000Z', event: 'stopped', subject: 'bell\u0007', hash: null, detail: null }]);
  await ledger.close();
  await keys.close();
});
afterEach(() => {
  rmSync(data, { recursive: true });
  process.exitCode = undefined;
});

async function weir(...words: string[]): Promise<{ out: string; exit: unknown }> {
  let out = '';
  const take = (text: string | Uint8Array): boolean => { out += String(text); return true; };
  const spies = [vi.spyOn(process.stdout, 'write').mockImplementation(take), vi.spyOn(process.stderr, 'write').mockImplementation(take)];
  try {
    const program = new Command('weir').option('--data <dir>').option('--json');
    addJournal(program);
    await program.parseAsync(['--data', data, 'journal', ...words], { from: 'user' });
    return { out, exit: process.exitCode };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

it('verify: exit 0 where all is whole, 1 and the place where a byte is altered', async () => {
  expect(await weir('verify')).toMatchObject({ exit: 0, out: expect.stringContaining('entries   22, 0 to 21') as string });
  const path = join(data, 'journal', '000000000000.wal');
  const bytes = readFileSync(path);
  bytes[600]! ^= 1;
  writeFileSync(path, bytes);
  const { out, exit } = await weir('verify', '--json');
  expect(exit).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ ok: false, damage: [{ file: '000000000000.wal', offset: 512 }] });
  expect((await weir('show', '0')).exit).toBe(1);
});

it('tail: the last lines over the borders of files, of one owner where that is asked, with nothing that is sealed', async () => {
  const { out } = await weir('tail', '-n', '12');
  const lines = out.trimEnd().split('\n');
  expect(lines).toHaveLength(12);
  expect(lines[0]).toMatch(/^2026-03-01T12:00:00\.000Z +10 {2}ZY {2}ZX0010000 {2}DQ +answered +ZY-1,ZY-20 {2}licenceStatus,/);
  expect(lines[10]).toMatch(/ 20 {2}-- .* stopped +bell\?$/);
  expect(lines[11]).toMatch(/ 21 {2}-- .* checkpoints +2$/);
  expect(out).not.toContain(sampleEntry(0).sealed);
  const zy = (await weir('tail', '-n', '7', '--owner', 'ZY', '--json')).out;
  expect((JSON.parse(zy) as { sequence: number }[]).map(({ sequence }) => sequence)).toEqual([6, 8, 10, 12, 14, 16, 18]);
  expect((JSON.parse((await weir('tail', '-n', '100', '--json')).out) as unknown[])).toHaveLength(22);
});

it('show: one entry with its hash; 1 where there is none, 2 where the index is no number', async () => {
  const { sequence, log, index, entry, hash } = JSON.parse((await weir('show', '13', '--json')).out) as { sequence: number; log: string; index: number; entry: { id: string }; hash: string };
  expect([sequence, log, index, entry.id]).toEqual([13, 'zx', 6, 'e-13']);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.parse((await weir('show', 'ZX', '6', '--json')).out)).toEqual({ sequence, log, index, entry, hash });
  expect((await weir('show', '22')).exit).toBe(1);
  expect((await weir('show', 'ZX', '10')).exit).toBe(1);
  expect((await weir('show', 'XYZ', '10')).exit).toBe(2);
  expect((await weir('show', 'x')).exit).toBe(2);
});

it('stats: counts by type, owner, status and key', async () => {
  expect(JSON.parse((await weir('stats', '--json')).out)).toMatchObject({ entries: 22, type: { decision: 20, system: 2 }, owner: { ZY: 10, ZX: 10 }, status: { answered: 20 }, key: { DQ: 20 } });
});

it('says what to do where there is no journal', async () => {
  rmSync(join(data, 'journal'), { recursive: true });
  expect(await weir('stats')).toMatchObject({ exit: 3, out: expect.stringContaining('--data') as string });
});
