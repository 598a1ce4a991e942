import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionInput, instant, policyDocument, requester } from '../../../test/policyArbitraries.ts';
import type { Decision, DecisionInput } from '../../model/index.ts';
import { applyLimits, hashPolicy, interpret, joinDecisions, tableFor, type PolicyDocument } from '../../policy/index.ts';
import type { RequesterAttributes } from '../../vocabulary/index.ts';
import { sampleArchive, sampleSession, type SampleRow } from '../archive/sample.ts';
import { ArchiveError, type Period } from '../archive/types.ts';
import { partyOf } from '../parties.ts';
import { readPeriod } from '../period.ts';
import { compareDecisions } from './compare.ts';
import { changeKinds } from './kinds.ts';
import type { BacktestQuestion } from './question.ts';
import { backtest, type BacktestAnswer } from './run.ts';
import { decidedRow, samplePolicy, sampleQuestion, sampleWorld } from './samples.ts';
import type { Backtest } from './types.ts';

/** One request, with what was decided on it and how often it came. */
interface Request {
  readonly input: DecisionInput;
  readonly behalf: RequesterAttributes | null;
  readonly usedUp: boolean;
  readonly n: number;
  readonly day: number;
}

/** Of few askers and few questions, so that the same come together in every way. */
const requests = fc.tuple(fc.array(requester, { minLength: 1, maxLength: 3 }), fc.array(decisionInput, { minLength: 1, maxLength: 4 })).chain(([askers, inputs]) => fc.array(fc.record({
  asker: fc.constantFrom(...askers), input: fc.constantFrom(...inputs), behalf: fc.option(fc.constantFrom(...askers), { nil: null, freq: 2 }), usedUp: fc.boolean(),
  n: fc.integer({ min: 1, max: 4 }), day: fc.integer({ min: 0, max: 59 }),
}).map(({ asker, input, ...rest }): Request => ({ ...rest, input: { ...input, requester: asker } })), { minLength: 1, maxLength: 40 }));
const year: Period = readPeriod('2026', 0);
const lawful = (input: DecisionInput): DecisionInput => ({ ...input, evidence: input.evidence.warrant === 'none' ? { ...input.evidence, court: 'notStated' } : input.evidence });

async function withRows<T>(rows: readonly SampleRow[], work: (folder: string) => Promise<T>, options: Parameters<typeof sampleArchive>[2] = {}): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-backtest-'));
  try {
    await sampleArchive(folder, rows, options);
    return await work(join(folder, options.name ?? 'sample'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(folder: string, question: BacktestQuestion, world = sampleWorld(), period = year): Promise<BacktestAnswer> {
  const session = await sampleSession(folder, period);
  try {
    return await backtest(session, world, question);
  } finally {
    await session.close();
  }
}

/** What a document decides on one request, by the interpreter and nothing else. */
function oracle(document: PolicyDocument, { input, behalf, usedUp }: Request, at: number): Decision {
  const own = interpret(document, lawful(input), new Date(at));
  const decision = behalf === null ? own : joinDecisions(own, interpret(document, { ...lawful(input), requester: behalf }, new Date(at)));
  const day = new Date(at).toISOString().slice(0, 10);
  const inForce = ({ effective, expires }: { readonly effective: string | null; readonly expires: string | null }): boolean => (effective ?? '') <= day && day <= (expires ?? '9999');
  return usedUp && inForce(document) ? applyLimits(decision, document.limits.filter(inForce)) : decision;
}

function countsOf(report: Backtest | undefined): Record<string, number> {
  return Object.fromEntries((report?.kinds ?? []).filter(({ requests }) => requests > 0).map(({ kind, requests }) => [kind, requests]));
}

describe('a backtest from the rollup', () => {
  it('is each request decided one by one by the interpreter, and the full scan says the same', async () => {
    await fc.assert(fc.asyncProperty(policyDocument, policyDocument, requests, instant, async (was, is, asked, at) => {
      const then = tableFor(was, { at });
      const same = fc.sample(fc.boolean(), { numRuns: 1, seed: at })[0] === true;
      const draft: PolicyDocument = same ? { ...is, limits: was.limits } : is;
      const rows = asked.map((one): SampleRow => {
        const { classes, duties } = oracle(was, one, at);
        const released = classes.filter(({ outcome }) => outcome === 'release' || outcome === 'redact').map(({ dataClass }) => dataClass);
        const { purpose, evidence, kind, requester: attributes } = lawful(one.input);
        return {
          owner: 'ZY', at: new Date(Date.UTC(2026, 4, 1) + one.day * 86_400_000).toISOString(), attributes, key: kind === 'lookup' ? 'DQ' : kind === 'nameSearch' ? 'DNQ' : 'RPQ', purpose, ...evidence,
          ...(one.behalf === null ? {} : { behalf: { ori: 'ZYBEHALF1', attributes: one.behalf } }), wanted: one.input.classes, decisions: classes, duties: duties.map(({ rule }) => rule), released,
          usedUp: one.usedUp ? was.limits.map(({ id }) => id) : [], status: released.length > 0 ? 'answered' : 'refused', tableHash: then.hash, times: one.n, subject: String(one.day % 7),
        };
      });
      const question = sampleQuestion([{ document: draft, hash: hashPolicy(draft) }], { asOf: at, fullScan: true });
      const { drafts: [report], scans: [scan] } = await withRows(rows, (folder) => run(folder, question, sampleWorld([], [then])), { monthly: true, compactAt: Date.UTC(2026, 9, 1) });
      const kept = new Set(report?.limits.filter(({ standing }) => standing === 'same').map(({ id }) => id));
      const expected: Record<string, number> = {};
      let cells = 0;
      for (const one of asked) {
        const now = oracle(draft, { ...one, usedUp: one.usedUp && draft.limits.some(({ id }) => kept.has(id)) }, at);
        const change = compareDecisions(oracle(was, one, at).classes, now.classes);
        expected[change.kind] = (expected[change.kind] ?? 0) + one.n;
        cells += change.cells.filter(({ kind }) => kind === 'released').length * one.n;
      }
      expect(countsOf(report)).toEqual(expected);
      expect(report?.cellKinds.released ?? 0).toBe(cells);
      expect(scan?.differences).toEqual([]);
      expect(scan?.requests).toBe(asked.reduce((sum, { n }) => sum + n, 0));
      for (const list of [report?.agencies.rows, report?.organisations.rows, report?.purposes.rows, report?.parties]) {
        for (const kind of changeKinds) expect((list ?? []).reduce((sum, { kinds }) => sum + (kinds[kind] ?? 0), 0)).toBe(expected[kind] ?? 0);
      }
    }), { numRuns: 16 });
  });

  it('knows the party of each asker from its attributes', () => {
    fc.assert(fc.property(requester, (attributes) => { expect(partyOf(attributes, 'ZY')).toBeTypeOf('string'); }));
  });
});

const open = samplePolicy('policy: WA\nversion: 1\neffective: 2026-01-01\nrules:\n  - { id: WA-1, release: { data: all } }\n');
const shut = samplePolicy('policy: WA\nversion: 2\neffective: 2026-01-01\nrules:\n  - { id: WA-2, deny: { data: all } }\n');

describe('a full scan', () => {
  it('finds a rollup that counts otherwise than the rows', async () => {
    const rows = [decidedRow(open, { at: '2026-03-02', times: 5 })];
    await withRows(rows, async (folder) => {
      const session = await sampleSession(folder, year);
      try {
        // A rollup of another reading: one line counts twice.
        const lying: typeof session = {
          ...session, words: (owner) => session.words(owner), table: (name, columns) => session.table(name, columns), query: (sql, parameters) => session.query(sql, parameters),
          columns: (sql, take) => session.columns(sql.includes('FROM totals') ? sql.replace('CAST(n AS INTEGER)', 'CAST(n * 2 AS INTEGER)') : sql, take),
        };
        const { scans: [scan] } = await backtest(lying, sampleWorld(), sampleQuestion([shut], { fullScan: true, rows: false }));
        expect(scan?.differences).toContainEqual({ figure: 'requests', rollup: 10, scan: 5 });
        await expect(backtest(lying, sampleWorld(), sampleQuestion([shut]))).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
      } finally {
        await session.close();
      }
    });
  });
});

describe('what it is compared with', () => {
  it('is another document where one is named', async () => {
    await withRows([decidedRow(open, { at: '2026-03-02', times: 5 })], async (folder) => {
      const { drafts: [report] } = await run(folder, sampleQuestion([open], { baseline: shut }));
      expect(countsOf(report)).toEqual({ released: 5 });
      expect(report?.baseline).toMatchObject({ kind: 'policy', policies: [{ version: 2 }] });
    });
  });

  it('is the policy in force where the log does not say what was decided, and an error where there is none', async () => {
    const rows: SampleRow[] = [{ at: '2026-03-02', times: 5, decisions: [], policyVersion: null, policyHash: null }];
    await withRows(rows, async (folder) => {
      const { drafts: [report] } = await run(folder, sampleQuestion([shut]), sampleWorld([open]));
      expect(countsOf(report)).toEqual({ refused: 5 });
      expect(report?.baseline.kind).toBe('inForce');
      expect(report?.cannotKnow.join(' ')).toContain('policy in force');
      await expect(run(folder, sampleQuestion([shut]))).rejects.toMatchObject({ code: 'ARCHIVE_QUESTION' });
    }, { kind: 'imported', lacks: ['decisions', 'subject'] });
  });
});

describe('limits', () => {
  const limited = (max: number): ReturnType<typeof samplePolicy> => samplePolicy(`policy: WA\nversion: 3\neffective: 2026-01-01\nrules:\n  - { id: WA-1, release: { data: all } }\nlimits:\n  - { id: WA-40, data: all, per: agency, max: ${max}/day, beyond: hold }\n`);
  const then = limited(50);
  const table = tableFor(then.document, { at: year.to });
  const rows = [
    decidedRow(then, { at: '2026-03-02', times: 5, tableHash: table.hash }),
    { ...decidedRow(samplePolicy('policy: WA\nversion: 4\neffective: 2026-01-01\nrules:\n  - { id: WA-40, hold: { data: all, review: { by: owner, within: 1d, onTimeout: deny } } }\n'), { at: '2026-03-02', times: 2 }), usedUp: ['WA-40'], tableHash: table.hash },
  ];

  it.each([['same', then, { unchanged: 7 }, null], ['changed', limited(500), { released: 2, unchanged: 5 }, 7]] as const)('that are %s', async (standing, draft, kinds, concerned) => {
    await withRows(rows, async (folder) => {
      const { drafts: [report], scans: [scan] } = await run(folder, sampleQuestion([draft], { fullScan: true }), sampleWorld([], [table]));
      expect(scan?.differences).toEqual([]);
      expect(report?.limits).toEqual([{ id: 'WA-40', standing, concerned }]);
      expect(countsOf(report)).toEqual(kinds);
    });
  });

  it('that the draft drops or adds', async () => {
    await withRows(rows, async (folder) => {
      expect((await run(folder, sampleQuestion([open]), sampleWorld([], [table]))).drafts[0]?.limits).toEqual([{ id: 'WA-40', standing: 'removed', concerned: null }]);
      const other = samplePolicy('policy: WA\nversion: 3\neffective: 2026-01-01\nrules:\n  - { id: WA-1, release: { data: all } }\nlimits:\n  - { id: WA-41, data: all, to: { level: federal }, per: agency, max: 1/day, beyond: deny }\n');
      expect((await run(folder, sampleQuestion([other]), sampleWorld([], [table]))).drafts[0]?.limits).toEqual([{ id: 'WA-40', standing: 'removed', concerned: null }, { id: 'WA-41', standing: 'added', concerned: 0 }]);
    });
  });
});

describe('a request on behalf of another', () => {
  it('gets what both may have, whoever the other is', async () => {
    const draft = samplePolicy('policy: WA\nversion: 5\neffective: 2026-01-01\nrules:\n  - { id: WA-1, release: { data: all } }\n  - { id: WA-2, deny: { data: all, to: { component: ICE } } }\n  - { id: WA-3, deny: { data: name, to: { component: CBP } } }\n');
    const asked = (n: number, component?: 'ICE' | 'CBP' | 'FBI'): SampleRow => ({
      ...decidedRow(open, { at: '2026-03-02', times: n }), ...(component === undefined ? {} : { behalf: { ori: `WA${component}X01Z`, attributes: { component: [component] } } }),
    });
    await withRows([asked(1), asked(2, 'FBI'), asked(4, 'ICE'), asked(8, 'CBP')], async (folder) => {
      const { drafts: [report], scans: [scan] } = await run(folder, sampleQuestion([draft], { fullScan: true }));
      expect(countsOf(report)).toEqual({ unchanged: 3, refused: 4, narrowed: 8 });
      expect(scan?.differences).toEqual([]);
    });
  });
});

describe('at the edges', () => {
  it('counts nothing where there is nothing', async () => {
    await withRows([decidedRow(open, { at: '2026-03-02' })], async (folder) => {
      const { drafts: [report] } = await run(folder, sampleQuestion([shut], { fullScan: true }), sampleWorld(), readPeriod('2025', 0));
      expect(report).toMatchObject({ requests: 0, changed: 0, window: { firstIndex: null, newest: null } });
    });
  });

  it('refuses an owner that the data set does not have', async () => {
    await withRows([decidedRow(open, { at: '2026-03-02' })], async (folder) => {
      const foreign = samplePolicy('policy: OR\nversion: 1\neffective: 2026-01-01\nrules:\n  - { id: OR-1, deny: { data: all } }\n');
      await expect(run(folder, sampleQuestion([foreign]))).rejects.toSatisfy((error) => error instanceof ArchiveError && error.code === 'ARCHIVE_UNKNOWN');
    });
  });

  it('counts what would have been allowed apart from what was given', async () => {
    const rows = [decidedRow(open, { at: '2026-03-02', times: 3 }), decidedRow(open, { at: '2026-03-02', times: 4, found: false }), decidedRow(shut, { at: '2026-03-02', times: 2 })];
    await withRows(rows, async (folder) => {
      const { drafts: [report] } = await run(folder, sampleQuestion([shut]));
      expect(report?.kinds.find(({ kind }) => kind === 'refused')).toMatchObject({ requests: 7, then: { found: 3, nothingThere: 4, notLooked: 0 }, records: 3, toNothing: 7 });
    });
  });
});
