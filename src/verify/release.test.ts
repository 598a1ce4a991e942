import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decisionAt, testLedger, textOf } from '../ledger/opening/cases.ts';
import type { TestLedger } from '../ledger/opening/cases.ts';
import { makeOpening } from '../ledger/opening/make.ts';
import { makeRelease } from '../ledger/opening/release.ts';
import { nodeCrypto } from './nodeCrypto.ts';
import { verifyOpening } from './opening.ts';
import { formatRelease, verifyRelease } from './release.ts';
import { drawSample, sampleOrder, unopenedOfSample } from './sample.ts';
import type { VerifyError } from './types.ts';

let ledger: TestLedger;
let release: string;
let opening: string;

beforeEach(async () => {
  ledger = await testLedger();
  const ori = (one: string) => ({ ...decisionAt(0, '').requester, ori: one });
  await ledger.append([
    decisionAt(0, '2026-01-04T10:00:00.000Z'),
    decisionAt(1, '2026-01-05T10:00:00.000Z'), decisionAt(2, '2026-01-05T10:00:00.000Z', { requester: ori('ZX0020000') }),
    decisionAt(3, '2026-01-06T10:00:00.000Z', { status: 'refused', decisions: [{ dataClass: 'photo', outcome: 'deny', rules: [], treatment: null, review: null }], released: [], records: 0 }),
    { type: 'redelivery', v: 1, id: 'r-4/ZY', at: '2026-01-06T10:01:00.000Z', inquiry: 'q-3', requester: 'ZX0010000', credential: null, owner: 'ZY' },
    decisionAt(5, '2026-01-07T10:00:00.000Z'),
  ]);
  const made = await makeRelease(
    { reader: ledger.reader, logFiles: ledger.files('zy'), to: 'auditor', who: 'state auditor', order: '2026-3', log: 'zy', now: Date.parse('2026-02-01T00:00:00.000Z') },
    { from: '2026-01-05', to: '2026-01-06' }, ledger,
  );
  opening = await textOf(made.lines);
  release = formatRelease(made.release());
});
afterEach(() => ledger.remove());

const check = (changed: unknown, by: unknown = opening) => verifyRelease(nodeCrypto, ledger.policy, changed, by);
const errorOf = async (work: Promise<unknown>): Promise<Pick<VerifyError, 'code' | 'at'>> => await work.then(() => ({ code: 'taken' as never, at: null }), (error: unknown) => error as VerifyError);

describe('a release', () => {
  it('is added up again from the opening', async () => {
    const { release: found, opening: report } = await check(release);
    expect(found).toMatchObject({ owner: 'ZY', leaves: { from: 1, to: 5 }, decisions: 3, others: 1, unopened: 0 });
    expect(report.indices).toEqual([1, 2, 3, 4]);
    const whole = found.cells.filter((cell) => cell.class === '*');
    expect(whole.map(({ day, agency, outcome, count }) => [day, agency, outcome, count])).toEqual([
      ['2026-01-05', 'ZX0010000', 'answered', 1], ['2026-01-05', 'ZX0020000', 'answered', 1], ['2026-01-06', 'ZX0010000', 'refused', 1],
    ]);
    expect(found.cells).toContainEqual({ day: '2026-01-06', agency: 'ZX0010000', purpose: 'officerSafety', outcome: 'deny', class: 'photo', count: 1 });
  });

  it('counts what was erased since as not opened', async () => {
    ledger.erase('ZY', '2026-01-05');
    const made = await makeRelease({ reader: ledger.reader, logFiles: ledger.files('zy'), to: 'auditor', who: 'a', order: 'o', log: 'zy' }, { from: '2026-01-05', to: '2026-01-06' }, ledger);
    opening = await textOf(made.lines);
    expect((await check(formatRelease(made.release()))).release).toMatchObject({ decisions: 1, unopened: 2 });
  });

  it('with any number, name or cell altered is found, and the first cell that differs is named', async () => {
    const parsed = JSON.parse(release) as { cells: { count: number; agency: string }[] } & Record<string, unknown>;
    const cells = parsed.cells;
    const first = cells[0]!;
    const named = '2026-01-05 ZX0010000 officerSafety * answered';
    const altered: readonly (readonly [unknown, string])[] = [
      [{ ...parsed, cells: [{ ...first, count: 2 }, ...cells.slice(1)] }, named],
      [{ ...parsed, cells: cells.slice(1) }, named],
      [{ ...parsed, cells: [first, first, ...cells.slice(1)] }, named],
      [{ ...parsed, cells: [...cells, { ...first, agency: 'ZX0090000', day: '2026-01-06' }] }, '2026-01-06 ZX0090000 officerSafety * answered'],
      [{ ...parsed, decisions: 4 }, 'decisions'], [{ ...parsed, others: 0 }, 'others'], [{ ...parsed, unopened: 1 }, 'unopened'], [{ ...parsed, size: 5 }, 'size'],
      [{ ...parsed, owner: 'ZX' }, 'owner'], [{ ...parsed, leaves: { from: 1, to: 99 } }, 'leaves'], [{ ...parsed, leaves: { from: 2, to: 5 } }, 'leaves'],
    ];
    for (const [one, at] of altered) expect(await errorOf(check(one)), at).toMatchObject({ code: 'otherTotals', at });
  });

  it('of hostile form is malformed, whatever it is', async () => {
    const parsed = JSON.parse(release) as Record<string, unknown>;
    const hostile: readonly unknown[] = [
      null, 7, 'x', [], {}, '{"__proto__":{}}', { ...parsed, more: 1 }, { ...parsed, cells: {} }, { ...parsed, cells: [null] }, { ...parsed, decisions: -1 }, { ...parsed, decisions: 1e300 },
      { ...parsed, period: [] }, Object.create(parsed), { ...parsed, weir: 'release/v2' }, JSON.parse(`{"__proto__":${release.trim()}}`),
    ];
    for (const one of hostile) expect((await errorOf(check(one))).code).toBe('malformed');
  });

  it('needs an opening that opens what it counts', async () => {
    const made = await makeOpening({ reader: ledger.reader, logFiles: ledger.files('zy'), to: 'auditor', who: 'a', order: 'o', log: 'zy', indices: { from: 1, to: 5 }, only: new Set(['entry', 'day']) }, ledger);
    expect((await errorOf(check(release, await textOf(made.ok ? made.lines : [] as never)))).code).toBe('missing');
  });
});

describe('an opening of hostile form', () => {
  it('is refused with a code, whatever it is', async () => {
    const parsed = JSON.parse(opening) as { entries: Record<string, unknown>[]; record: Record<string, unknown> } & Record<string, unknown>;
    const first = parsed.entries[0]!;
    const second = parsed.entries[1]!;
    const fields = first['fields'] as Record<string, unknown>[];
    const withFirst = (change: Record<string, unknown>) => ({ ...parsed, entries: [{ ...first, ...change }, ...parsed.entries.slice(1)] });
    const cases: readonly (readonly [unknown, string])[] = [
      [null, 'malformed'], ['', 'malformed'], [[], 'malformed'], [{ ...parsed, more: 1 }, 'malformed'], [Object.create(parsed), 'malformed'], [{ ...parsed, entries: {} }, 'malformed'],
      [{ ...parsed, to: 'everybody' }, 'malformed'], [{ ...parsed, checkpoint: 'x' }, 'malformed'], [{ ...parsed, made: '2026-02-30T00:00:00.000Z' }, 'malformed'],
      [{ ...parsed, to: 'public' }, 'altered'], [{ ...parsed, who: 'another' }, 'altered'], [{ ...parsed, order: null }, 'altered'], [{ ...parsed, origin: 'other/log/zy' }, 'altered'],
      [{ ...parsed, made: '2026-02-02T00:00:00.000Z' }, 'altered'], [{ ...parsed, withheld: [{ index: null, until: '2027-01-01T00:00:00.000Z' }] }, 'altered'],
      [{ ...parsed, entries: parsed.entries.slice(1) }, 'altered'], [{ ...parsed, entries: [] }, 'altered'],
      [{ ...parsed, entries: [first, first, ...parsed.entries.slice(1)] }, 'malformed'], [{ ...parsed, entries: [second, first, ...parsed.entries.slice(2)] }, 'malformed'],
      [withFirst({ index: 2 }), 'notIncluded'], [withFirst({ index: -1 }), 'malformed'], [withFirst({ index: 1.5 }), 'malformed'], [withFirst({ index: 2 ** 60 }), 'malformed'],
      [withFirst({ proof: Array.from({ length: 100_000 }, () => 'A'.repeat(44)) }), 'malformed'], [withFirst({ proof: [] }), 'notIncluded'], [withFirst({ proof: ['x'] }), 'malformed'],
      [withFirst({ fields: [] }), 'malformed'], [withFirst({ fields: [...fields].reverse() }), 'notIncluded'], [withFirst({ fields: [...fields, fields[0]] }), 'malformed'],
      [withFirst({ fields: [{ ...fields[0], name: '__proto__' }, ...fields.slice(1)] }), 'malformed'], [withFirst({ fields: [{ ...fields[0], hash: '0'.repeat(64) }, ...fields.slice(1)] }), 'malformed'],
      [withFirst({ fields: [{ ...fields[0], text: '{"a":1,"a":2}' }, ...fields.slice(1)] }), 'malformed'],
      [{ ...parsed, record: { ...parsed.record, hash: '0'.repeat(64) } }, 'notCommitted'], [{ ...parsed, record: { ...parsed.record, log: 'zx' } }, 'altered'],
      [{ ...parsed, record: { ...parsed.record, proof: first['proof'], fields, index: first['index'] } }, 'notCommitted'],
    ];
    for (const [n, [one, code]] of cases.entries()) expect((await errorOf(verifyOpening(nodeCrypto, ledger.policy, one))).code, String(n)).toBe(code);
  });

  it('is not accepted under a policy that does not know the log, or wants witnesses', async () => {
    const other = await testLedger();
    try {
      expect((await errorOf(verifyOpening(nodeCrypto, other.policy, opening))).code).toBe('unsigned');
      expect((await errorOf(verifyOpening(nodeCrypto, { ...ledger.policy, quorum: 'w' }, opening))).code).toBe('noQuorum');
    } finally {
      await other.remove();
    }
  });
});

describe('a sample', () => {
  const sample = { origin: 'weir.example.org/log/zy', size: 1_000, count: 20, beacon: 'round 4711: 0badcafe' };

  it('is the same for all who draw it, and another for another beacon', async () => {
    const drawn = await drawSample(nodeCrypto, sample);
    expect(drawn).toEqual(await drawSample(nodeCrypto, sample));
    expect(new Set(drawn).size).toBe(20);
    expect(drawn).toEqual([...drawn].sort((a, b) => a - b));
    expect(drawn).not.toEqual(await drawSample(nodeCrypto, { ...sample, beacon: 'round 4712: 0badcafe' }));
    expect(await drawSample(nodeCrypto, { ...sample, size: 3 })).toEqual([0, 1, 2]);
    expect(await drawSample(nodeCrypto, { ...sample, size: 21 })).toHaveLength(20);
    // A value worked out once with another program (sha256sum), so that the rule cannot change unnoticed.
    expect(await drawSample(nodeCrypto, { origin: 'o', size: 1_000_000, count: 1, beacon: 'b' })).toEqual([360_978]);
  });

  it('shows in the opening what was drawn and not opened, and what was opened and not drawn', async () => {
    const opened = await drawSample(nodeCrypto, sample);
    const of = (indices: readonly number[]) => unopenedOfSample(nodeCrypto, { origin: sample.origin, order: sampleOrder(sample), indices });
    expect(await of(opened)).toEqual([]);
    expect(await of(opened.slice(1))).toEqual([opened[0]]);
    expect((await errorOf(of([...opened, 1_001]))).code).toBe('altered');
    expect((await errorOf(unopenedOfSample(nodeCrypto, { origin: 'o', order: 'order 7', indices: [] }))).code).toBe('malformed');
  });
});
