import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBenchLedger } from '../../../bench/ledgerFolder.ts';
import { sampleEntry } from '../../ledger/samples.ts';
import { addFsck } from './fsck.ts';

let data: string;
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'weir-fsck-'));
  const { ledger, close } = await openBenchLedger(data);
  await ledger.append(Array.from({ length: 300 }, (_, i) => sampleEntry(i)));
  await close();
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

async function run(...args: readonly string[]): Promise<{ exit: unknown; out: string; err: string }> {
  let out = '';
  let err = '';
  const outSpy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  const errSpy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
  try {
    const program = new Command().option('--data <dir>').option('--json').option('--quiet');
    addFsck(program);
    await program.parseAsync(['node', 'weir', '--data', data, 'fsck', ...args]);
    return { exit: process.exitCode, out, err };
  } finally {
    process.exitCode = undefined;
    outSpy.mockRestore();
    errSpy.mockRestore();
  }
}

describe('weir ledger fsck', () => {
  it('says 0 of a whole ledger, 1 of one where a bit is altered, and mends a tile', async () => {
    expect(await run('--keys')).toMatchObject({ exit: 0, out: expect.stringContaining('300 opened') as string });
    const tile = join(data, 'ledger/log/zy/tile/0/000');
    const bytes = readFileSync(tile);
    writeFileSync(tile, Buffer.concat([Buffer.of(bytes[0]! ^ 1), bytes.subarray(1)]));
    expect(await run()).toMatchObject({ exit: 1, out: expect.stringContaining('ledger/log/zy/tile/0/000') as string });
    const json = JSON.parse((await run('--json')).out) as { ok: boolean; findings: { file: string }[] };
    expect([json.ok, json.findings.map(({ file }) => file)]).toEqual([false, ['ledger/log/zy/tile/0/000']]);
    expect((await run('--mend')).exit).toBe(0);
    expect(readFileSync(tile)).toEqual(bytes);
  });

  it('takes public keys from a file where the key folder is not here, and says so where it has none', async () => {
    rmSync(join(data, 'keys'), { recursive: true });
    expect(await run()).toMatchObject({ exit: 0, out: expect.stringContaining('signatures were not verified') as string });
    expect(readdirSync(data)).not.toContain('keys');
    writeFileSync(join(data, 'vkeys'), 'no key\n');
    expect((await run('--vkeys', join(data, 'vkeys'))).exit).toBe(2);
    expect((await run('--vkeys', join(data, 'nowhere'))).exit).toBe(3);
  });

  it('refuses a folder without a ledger and a log that is no name', async () => {
    expect((await run('--log', '../zy')).exit).toBe(2);
    rmSync(data, { recursive: true });
    expect((await run()).exit).toBe(3);
  });
});
