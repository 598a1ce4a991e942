import { afterEach, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { verifyOpening, verifyOpeningLines } from '../../verify/opening.ts';
import type { OpeningReport } from '../../verify/opening.ts';
import { decisionAt, testLedger, textOf } from './cases.ts';
import type { TestLedger } from './cases.ts';
import type { OpeningRequest } from './make.ts';
import { makeOpening } from './make.ts';

const ledgers: TestLedger[] = [];
afterEach(async () => { for (const ledger of ledgers.splice(0)) await ledger.remove(); });

const now = Date.parse('2026-03-20T12:00:00.000Z');
const [own, other] = ['ZX0010000', 'ZX0020000'];

/** Decisions 0 to 5: 1 is another agency's, 2 was made by another for `own`, 3 gave nothing, 4 is of yesterday. */
async function filled(): Promise<TestLedger> {
  const ledger = await testLedger();
  ledgers.push(ledger);
  const requester = (ori: string) => ({ ...decisionAt(0, '').requester, ori });
  await ledger.append([
    decisionAt(0, '2026-01-05T10:00:00.000Z'),
    decisionAt(1, '2026-01-05T11:00:00.000Z', { requester: requester(other) }),
    decisionAt(2, '2026-01-06T10:00:00.000Z', { requester: requester(other), onBehalfOf: requester(own), delegated: true }),
    decisionAt(3, '2026-01-07T10:00:00.000Z', { status: 'noRecord', released: [], records: 0, releasedHash: null, recordTags: [] }),
    decisionAt(4, '2026-03-19T10:00:00.000Z'),
    { type: 'redelivery', v: 1, id: 'r-5/ZY', at: '2026-03-19T10:01:00.000Z', inquiry: 'q-4', requester: own, credential: null, owner: 'ZY' },
  ]);
  return ledger;
}

function requestTo(ledger: TestLedger, to: OpeningRequest['to'], indices: OpeningRequest['indices'], change: Partial<OpeningRequest> = {}): OpeningRequest {
  return { reader: ledger.reader, logFiles: ledger.files('zy'), to, who: 'who', order: to === 'auditor' ? 'order 7' : null, log: 'zy', indices, now, ...(to === 'agency' ? { oris: new Set([own]) } : {}), ...change };
}

async function opened(ledger: TestLedger, request: OpeningRequest): Promise<{ text: string; report: OpeningReport }> {
  const made = await makeOpening(request, ledger);
  if (!made.ok) throw new Error('refused');
  const text = await textOf(made.lines);
  return { text, report: await verifyOpening(nodeCrypto, ledger.policy, text) };
}

const everything = { from: 0, to: 1_000 };
const openOf = (report: OpeningReport, index: number) => [...report.opened.find((one) => one.index === index)!.fields.keys()];

describe('what each reader gets', () => {
  it('the owner: all fields of all entries', async () => {
    const { report } = await opened(await filled(), requestTo(ledgers[0]!, 'owner', everything));
    expect(report.indices).toEqual([0, 1, 2, 3, 4, 5]);
    expect(report.opened.every(({ closed }) => closed.length === 0)).toBe(true);
    expect(report.record.promised).toBe(now);
    expect(report.opened[0]!.words).toContain('ZX0010000');
  });

  it('an agency: its own entries, and `subject` only where it asked and was given something', async () => {
    const { report } = await opened(await filled(), requestTo(ledgers[0]!, 'agency', everything));
    expect(report.indices).toEqual([0, 2, 3, 4, 5]);
    expect(openOf(report, 0)).toContain('subject');
    for (const index of [2, 3]) expect(openOf(report, index)).not.toContain('subject');
    expect(openOf(report, 2)).toContain('behalf');
  });

  it('an agency that asks for another\'s entry, or for none, gets one and the same refusal, and nothing is recorded', async () => {
    const ledger = await filled();
    for (const indices of [[1], [0, 1], [999]]) expect(await makeOpening(requestTo(ledger, 'agency', indices), ledger)).toEqual({ ok: false, code: 'notFound' });
    ledger.erase('ZY', '2026-01-05');
    expect(await makeOpening(requestTo(ledger, 'agency', [0]), ledger)).toEqual({ ok: false, code: 'notFound' });
    expect(await ledger.reader.entry('zy', 6)).toBeNull();
  });

  it('an auditor: all but `subject`, and only on an order', async () => {
    const ledger = await filled();
    const { report } = await opened(ledger, requestTo(ledger, 'auditor', [5, 1]));
    expect(report.indices).toEqual([1, 5]);
    expect(report.opened[0]!.closed).toEqual(['subject']);
    await expect(makeOpening(requestTo(ledger, 'auditor', [1], { order: null }), ledger)).rejects.toMatchObject({ code: 'OPENING_REQUEST' });
  });

  it('the public: the listed fields of decisions older than the delay that are not withheld', async () => {
    const ledger = await filled();
    const { report, text } = await opened(ledger, requestTo(ledger, 'public', everything, { hidden: new Set([1]) }));
    expect(report.indices).toEqual([0, 2, 3]);
    expect(report.withheld).toEqual([]);
    for (const { fields, closed } of report.opened) {
      expect([...fields.keys()]).toEqual(['day', 'message', 'requester', 'reason', 'outcome', 'given', 'rules']);
      expect(closed).toEqual(['entry', 'time', 'behalf', 'duties', 'subject']);
    }
    const entries = text.slice(text.indexOf('"entries":['), text.indexOf('\n],'));
    for (const secret of ['q-0', 'T10:00', 'e'.repeat(64), '9'.repeat(64), 'a'.repeat(64), 'f'.repeat(120)]) expect(entries).not.toContain(secret);
  });

  it('the delay goes by whole days', async () => {
    const ledger = await filled();
    const to = async (at: string): Promise<readonly number[]> => (await opened(ledger, requestTo(ledger, 'public', { from: 3, to: 4 }, { now: Date.parse(at) }))).report.indices;
    expect(await to('2026-02-06T23:59:59.999Z')).toEqual([]);
    expect(await to('2026-02-07T00:00:00.000Z')).toEqual([3]);
  });
});

describe('on the record first', () => {
  it('nothing is given where the record cannot be written', async () => {
    const ledger = await filled();
    let read = 0;
    const failing = { append: () => Promise.reject(new Error('the disk is full')) };
    const request = requestTo(ledger, 'owner', everything, { onEntry: () => { read += 1; } });
    await expect(makeOpening(request, failing)).rejects.toThrow('the disk is full');
    expect(read).toBe(0);
  });

  it('the entry is durable before the first line, and says what is opened', async () => {
    const ledger = await filled();
    const made = await makeOpening(requestTo(ledger, 'agency', [0, 3], { who: own }), ledger);
    if (!made.ok) throw new Error('refused');
    const recorded = await ledger.reader.entry('zy', 6);
    expect(recorded).toMatchObject({ entry: { type: 'opening', to: 'agency', who: own, entries: 2, fields: [...made.entry.fields], withheld: 0 } });
    await textOf(made.lines);
  });

  it('waits for a checkpoint that covers the record, and gives up in time', async () => {
    const ledger = await filled();
    const stale = await ledger.files('zy')('checkpoint');
    const logFiles = (path: string) => (path === 'checkpoint' ? Promise.resolve(stale) : ledger.files('zy')(path));
    await expect(makeOpening(requestTo(ledger, 'owner', [0], { logFiles, patience: 60 }), ledger)).rejects.toMatchObject({ code: 'OPENING_NOT_COVERED' });
  });

  it('an entry that is erased meanwhile ends the bundle', async () => {
    const ledger = await filled();
    const made = await makeOpening(requestTo(ledger, 'owner', [0, 3]), ledger);
    ledger.erase('ZY', '2026-01-05');
    await expect(textOf(made.ok ? made.lines : [] as never)).rejects.toMatchObject({ code: 'OPENING_ERASED' });
  });
});

describe('a bundle', () => {
  it('is verified line by line as well, and not when it is cut short', async () => {
    const ledger = await filled();
    const { text, report } = await opened(ledger, requestTo(ledger, 'owner', everything, { withheld: [{ index: null, until: '2027-01-01T00:00:00.000Z' }] }));
    expect(await verifyOpeningLines(nodeCrypto, ledger.policy, text.split('\n'))).toEqual(report);
    expect((await verifyOpeningLines(nodeCrypto, ledger.policy, text.split('\n'), { keep: false })).opened).toEqual([]);
    await expect(verifyOpeningLines(nodeCrypto, ledger.policy, text.split('\n').slice(0, -2))).rejects.toMatchObject({ code: 'malformed' });
  });

  it('with any byte altered is refused, or says the same', async () => {
    const ledger = await filled();
    const { text } = await opened(ledger, requestTo(ledger, 'public', { from: 0, to: 1 }, { hidden: new Set(), withheld: [{ index: 3, until: '2027-01-01T00:00:00.000Z' }] }));
    const before: unknown = JSON.parse(text);
    let refused = 0;
    for (let at = 0; at < text.length; at += 1) {
      const altered = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
      const found = await verifyOpening(nodeCrypto, ledger.policy, altered).then(() => 'taken', (error: unknown) => (error as { code: string }).code);
      if (found !== 'taken') refused += 1;
      else expect(JSON.parse(altered), `byte ${at}`).toEqual(before);
    }
    expect(refused).toBeGreaterThan(text.length - 20);
  });

  it('proves entries in a log of several tiles', async () => {
    const ledger = await testLedger();
    ledgers.push(ledger);
    await ledger.append(Array.from({ length: 600 }, (_, n) => decisionAt(n, '2026-01-05T10:00:00.000Z')));
    const { report } = await opened(ledger, requestTo(ledger, 'owner', [0, 255, 256, 511, 512, 599]));
    expect(report.entries).toBe(6);
    const { report: all } = await opened(ledger, requestTo(ledger, 'owner', everything));
    expect(all.entries).toBe(601);
  });
});
