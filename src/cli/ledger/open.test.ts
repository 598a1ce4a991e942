import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decisionAt, testLedger, type TestLedger } from '../../ledger/opening/cases.ts';
import { readLogFile } from '../../ledger/publish/tileStore.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { verifyOpening, type OpeningReport } from '../../verify/opening.ts';
import { verifyProof } from '../../verify/proof.ts';
import { verifyRelease } from '../../verify/release.ts';
import { unopenedOfSample } from '../../verify/sample.ts';
import { publishedLogs } from './logFolder.ts';
import { logsResult } from './logs.ts';
import type { OpenOptions, OpenParts } from './open.ts';
import { openEntries } from './open.ts';
import { proof } from './proof.ts';
import { release } from './release.ts';

let ledger: TestLedger;
let folder: string;
let parts: OpenParts;
beforeEach(async () => {
  ledger = await testLedger();
  folder = await mkdtemp(join(tmpdir(), 'weir-open-'));
  await ledger.append(Array.from({ length: 20 }, (_, n) => decisionAt(n, `2026-01-${n < 10 ? '05' : '06'}T10:00:00.000Z`, n === 3 ? { requester: { ...decisionAt(0, '').requester, ori: 'ZX0020000' } } : {})));
  parts = { reader: ledger.reader, place: ledger.place, recorder: ledger, now: Date.parse('2026-03-01T00:00:00.000Z'), patience: 200 };
});
afterEach(async () => {
  await ledger.remove();
  await rm(folder, { recursive: true });
});

const out = (): string => join(folder, 'out.json');
const options = (change: Partial<OpenOptions>): OpenOptions => ({ owner: 'ZY', for: 'owner', out: out(), ...change });
const exitOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'done', (error: unknown) => (error as { exit?: unknown }).exit);
const verified = async (): Promise<OpeningReport> => verifyOpening(nodeCrypto, ledger.policy, await readFile(out(), 'utf8'));

describe('weir ledger open', () => {
  it('writes a bundle that verifies, readable by its owner only', async () => {
    const { json } = await openEntries(parts, options({ index: [1, 0] }));
    expect(json).toMatchObject({ entries: 2, receipt: { log: 'zy', index: 20 } });
    expect((await verified()).indices).toEqual([0, 1]);
    expect((await stat(out())).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['out.json']);
  });

  it('takes a period, and a sample that nobody chose', async () => {
    await openEntries(parts, options({ from: '2026-01-06', to: '2026-01-31', for: 'auditor', who: 'State auditor', order: '7' }));
    expect((await verified()).indices).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    await rm(out());
    await openEntries(parts, options({ sample: 5, beacon: 'round 4711', for: 'auditor', who: 'State auditor' }));
    const report = await verified();
    expect(report.order).toBe('sample 5 of 21 by round 4711');
    expect(await unopenedOfSample(nodeCrypto, report)).toEqual([]);
  });

  it('leaves out of a public opening what is withheld now, until its date has come', async () => {
    await ledger.append([{ type: 'withheld', v: 1, id: 'w-1/ZY', at: '2026-01-07T00:00:00.000Z', index: 4, until: '2026-06-01T00:00:00.000Z', order: '2026-9', owner: 'ZY' }]);
    await openEntries(parts, options({ for: 'public', from: '2026-01-05', to: '2026-01-31' }));
    const { indices, opened } = await verified();
    expect(indices).not.toContain(4);
    expect(indices).toHaveLength(19);
    expect(new Set(opened.flatMap(({ fields }) => [...fields.keys()]))).toEqual(new Set(['day', 'message', 'requester', 'reason', 'outcome', 'given', 'rules']));
    await rm(out());
    await openEntries({ ...parts, now: Date.parse('2026-06-02T00:00:00.000Z') }, options({ for: 'public', from: '2026-01-05', to: '2026-01-31' }));
    expect((await verified()).indices).toContain(4);
  });

  it('writes nothing where the opening cannot be recorded, where an entry is another\'s, or where the file is there', async () => {
    const failing = { ...parts, recorder: { append: () => Promise.reject(new Error('no')) } };
    await expect(openEntries(failing, options({ index: [0] }))).rejects.toThrow('no');
    expect(await exitOf(openEntries(parts, options({ index: [3], for: 'agency', who: 'ZX0010000' })))).toBe(1);
    expect(await readdir(folder)).toEqual([]);
    expect(await ledger.reader.entry('zy', 20)).toBeNull();
    await openEntries(parts, options({ index: [0] }));
    expect(await exitOf(openEntries(parts, options({ index: [0] })))).toBe(2);
    expect(await ledger.reader.entry('zy', 21)).toBeNull();
  });

  it('wants one way of saying which entries, and who reads', async () => {
    const wrong: readonly Partial<OpenOptions>[] = [
      {}, { index: [0], from: '2026-01-05', to: '2026-01-06' }, { from: '2026-01-05' }, { from: '2026-01-05', to: 'x' }, { sample: 5 }, { beacon: 'b' }, { sample: 5, beacon: 'b', order: '7' },
      { index: [0], for: 'auditor', who: 'a' }, { index: [0], for: 'auditor', order: '7' }, { index: [0], for: 'agency' }, { index: [0], for: 'agency', who: 'police' },
    ];
    for (const one of wrong) expect(await exitOf(openEntries(parts, options(one))), JSON.stringify(one)).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('weir ledger release', () => {
  it('writes totals that the opening shows', async () => {
    const opening = join(folder, 'opening.json');
    const { json } = await release(parts, { owner: 'ZY', from: '2026-01-05', to: '2026-01-06', out: out(), opening, for: 'public' });
    expect(json).toMatchObject({ decisions: 20, others: 0, unopened: 0 });
    const found = await verifyRelease(nodeCrypto, ledger.policy, await readFile(out(), 'utf8'), await readFile(opening, 'utf8'));
    expect(found.release.decisions).toBe(20);
  });
});

describe('weir ledger logs and proof', () => {
  it('list what is published, and prove it', async () => {
    const { text, json } = logsResult(await publishedLogs(ledger.place), Date.now());
    expect(json).toMatchObject({ logs: [{ log: 'zy', size: 20, cosigned: null, by: [] }] });
    expect(text.split('\n')).toHaveLength(2);
    const made = (await proof(ledger.place, { out: out() }, 'zy', '19')).json as { proof: string };
    expect(await readFile(out(), 'utf8')).toBe(made.proof);
    const bundle = await readLogFile(ledger.place, 'zy', 'tile/entries/000.p/20');
    expect((await verifyProof(nodeCrypto, ledger.policy, made.proof, bundle!.subarray(19 * 34 + 2, 20 * 34))).index).toBe(19);
  });

  it('say what is wrong', async () => {
    expect(() => logsResult([], 0)).toThrow(expect.objectContaining({ exit: 3 }) as Error);
    expect(await exitOf(proof(ledger.place, {}, '../x', '0'))).toBe(2);
    expect(await exitOf(proof(ledger.place, {}, 'zy', 'x'))).toBe(2);
    expect(await exitOf(proof(ledger.place, {}, 'xx', '0'))).toBe(3);
    expect(await exitOf(proof(ledger.place, {}, 'zy', '20'))).toBe(1);
  });
});
