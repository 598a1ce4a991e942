import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openKeys } from '../../../ledger/index.ts';
import { takeLock } from '../../../ledger/lock.ts';
import { dayOf } from '../../../ledger/record.ts';
import type { Entry, SystemEntry } from '../../../model/index.ts';
import { formatVkey, noteTypes, parsePolicy } from '../../../verify/index.ts';
import { nodeCrypto } from '../../../verify/nodeCrypto.ts';
import { VerbError } from '../../verb.ts';
import { addKeys } from '../keys.ts';
import { rotate, type WithRecorder } from './rotate.ts';

const prefix = 'weir.example.org';
const now = Date.parse('2026-11-22T12:00:00.000Z');
const today = dayOf(now);
let data: string;
let recorded: SystemEntry[];
const recording: WithRecorder = async (_options, work) => work({ append: (entries: readonly Entry[]) => Promise.resolve(recorded.push(...entries as SystemEntry[])) });

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'weir-keys-'));
  recorded = [];
  for (const folder of ['journal', 'ledger', 'ledger/log']) mkdirSync(join(data, folder));
  writeFileSync(join(data, 'ledger', 'name'), `${prefix}\n`);
  const keys = await openKeys(join(data, 'keys'), ['ZY', 'ZX'], { clock: { now: () => now } });
  for (const name of ['zy', 'anchor']) await keys.signer(name, `${prefix}/log/${name}`);
  await keys.receiptSigner(`${prefix}/receipts`);
  for (const day of [today - 1, today]) await keys.days.ready('ZY', day, 'disclosure');
  await keys.days.ready('ZY', today, 'other');
  await keys.days.destroy('ZY', today - 1, 'disclosure');
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
    const program = new Command('weir').option('--data <dir>').option('--json').option('--quiet');
    addKeys(program);
    await program.parseAsync(['--data', data, 'keys', ...words], { from: 'user' });
    return { out, exit: process.exitCode };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

it('list: the verifier keys, the days held and the days destroyed, and no key', async () => {
  const { out, exit } = await weir('list', '--json');
  const listed = JSON.parse(out) as { signers: { name: string; vkey: string }[]; owners: { owner: string; disclosure: string[]; other: string[]; destroyed: { day: string; kind: string }[] }[] };
  expect(exit).toBe(0);
  expect(listed.signers.map(({ name, vkey }) => [name, vkey.split('+')[0]])).toEqual([['anchor', `${prefix}/log/anchor`], ['zy', `${prefix}/log/zy`], ['receipts', `${prefix}/receipts`]]);
  const text = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
  expect(listed.owners).toMatchObject([{ owner: 'ZX', disclosure: [], other: [], destroyed: [] }, { owner: 'ZY', disclosure: [text(today)], other: [text(today)], destroyed: [{ day: text(today - 1), kind: 'disclosure' }] }]);
  expect((await weir('list')).out).toContain('1 (');
  for (const path of ['owners/ZY.key', 'logs/zy.key']) expect(out).not.toContain(readFileSync(join(data, 'keys', path), 'latin1').split('\n').find((line) => !line.startsWith('-')));
});

it('list makes no key that was not there', async () => {
  await weir('list');
  expect(readdirSync(join(data, 'keys', 'logs'))).toEqual(['anchor.key', 'receipts.key', 'zy.key']);
});

it('policy: a tlog-policy of all logs and receipts, with the witnesses of a file and none of its logs', async () => {
  const plain = parsePolicy((await weir('policy')).out);
  expect([plain.logs.map(({ key }) => key.name), plain.quorum]).toEqual([[`${prefix}/log/anchor`, `${prefix}/log/zy`, `${prefix}/receipts`], null]);
  const file = join(data, 'witnesses.policy');
  const witness = await formatVkey(nodeCrypto, 'w.example', noteTypes.cosignature, Buffer.alloc(32, 9));
  const foreign = await formatVkey(nodeCrypto, 'evil.example', noteTypes.ed25519, Buffer.alloc(32, 8));
  writeFileSync(file, `log ${foreign}\nwitness w1 ${witness}\ngroup all all w1\nquorum all\n`);
  const full = parsePolicy((await weir('policy', '--witnesses', file, '--url', 'https://weir.example.org/')).out);
  expect([full.logs.length, full.witnesses.map(({ name }) => name), full.quorum, full.logs[1]?.url]).toEqual([3, ['w1'], 'all', 'https://weir.example.org/log/zy']);
  writeFileSync(file, 'quorum w1\n');
  expect((await weir('policy', '--witnesses', file)).exit).toBe(2);
  expect((await weir('policy', '--witnesses', join(data, 'nowhere'))).exit).toBe(2);
  expect((await weir('policy', '--url', 'ftp://x')).exit).toBe(2);
});

it('rotate: a new key after it was recorded, the old one retired and shown as such', async () => {
  const before = parsePolicy((await weir('policy')).out);
  const result = await rotate({ data }, 'zy', recording);
  expect(recorded.map(({ type, event, subject }) => [type, event, subject])).toEqual([['system', 'keyAdded', `${prefix}/log/zy`], ['system', 'keyRetired', `${prefix}/log/zy`]]);
  expect(recorded.map(({ detail }) => detail?.['vkey'])).toEqual([(result.json as { added: string }).added, (result.json as { retired: string }).retired]);
  const [after, all] = [parsePolicy((await weir('policy')).out), parsePolicy((await weir('policy', '--retired')).out)];
  expect(after.logs[1]?.key.publicKey).not.toEqual(before.logs[1]?.key.publicKey);
  expect(all.logs[2]?.key).toEqual(before.logs[1]?.key);
  expect((await weir('list')).out).toContain('retired');
});

it('rotate: nothing changes where it cannot be recorded, and the next run takes the same new key', async () => {
  const before = readFileSync(join(data, 'keys', 'logs', 'zy.key'), 'latin1');
  const told: unknown[] = [];
  const failing: WithRecorder = (_options, work) => work({ append: (entries) => { told.push((entries[0] as SystemEntry).hash); return Promise.reject(new Error('the disk is full')); } });
  await expect(rotate({ data }, 'zy', failing)).rejects.toThrow();
  expect(readFileSync(join(data, 'keys', 'logs', 'zy.key'), 'latin1')).toBe(before);
  await rotate({ data }, 'zy', recording);
  expect(recorded[0]?.hash).toBe(told[0]);
});

it('rotate --master: day keys are kept under a new master', async () => {
  const before = readFileSync(join(data, 'keys', 'owners', 'ZY.key'), 'latin1');
  expect((await rotate({ data, master: true }, 'ZY', recording)).json).toMatchObject({ wrapped: 2 });
  expect(recorded.map(({ event, subject, detail }) => [event, subject, detail])).toEqual([['keyAdded', 'ZY master', null], ['keyRetired', 'ZY master', null]]);
  expect(readFileSync(join(data, 'keys', 'owners', 'ZY.key'), 'latin1')).not.toBe(before);
  expect(await (await openKeys(join(data, 'keys'), ['ZY'])).days.find('ZY', today, 'other')).toHaveLength(32);
});

it('rotate: refused while an exchange has the ledger, and for what is no key', async () => {
  const lock = await takeLock(join(data, 'journal'));
  const before = readFileSync(join(data, 'keys', 'logs', 'zy.key'), 'latin1');
  const exitOf = async (name: string, master = false): Promise<unknown> => rotate({ data, master }, name, recording).then(() => 0, (error: unknown) => (error instanceof VerbError ? error.exit : error));
  expect(await exitOf('zy')).toBe(3);
  expect(await exitOf('ZY', true)).toBe(3);
  await lock.release();
  for (const name of ['../zy', 'ZY', 'zyx', '']) expect(await exitOf(name)).toBe(2);
  for (const name of ['zy', '../ZY', 'anchor']) expect(await exitOf(name, true)).toBe(2);
  expect(await exitOf('wa')).toBe(1);
  expect(await exitOf('WA', true)).toBe(1);
  expect(recorded).toEqual([]);
  expect(readFileSync(join(data, 'keys', 'logs', 'zy.key'), 'latin1')).toBe(before);
});

it('a key file that is damaged, or no ledger at all, is one sentence and exit code 3', async () => {
  chmodSync(join(data, 'keys', 'logs', 'zy.key'), 0o644);
  const { out, exit } = await weir('list');
  expect([exit, out.split('\n').length <= 3, out.includes('0600')]).toEqual([3, true, true]);
  rmSync(join(data, 'ledger', 'name'));
  expect((await weir('list')).exit).toBe(3);
});
