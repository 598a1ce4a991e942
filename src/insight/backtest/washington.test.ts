import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleArchive, sampleSession } from '../archive/sample.ts';
import { readPeriod } from '../period.ts';
import { backtest, type BacktestAnswer } from './run.ts';
import { sampleQuestion, sampleWorld } from './samples.ts';
import { policyOf, washingtonRows } from './washingtonSample.ts';

/**
 * The Washington case on a year that is small enough to count by hand: block one agency by name, and see the sister agency get the same of the same
 * people; bind access to its purpose, and see both stopped while border inspection goes on.
 */
const [block, border] = [policyOf('washington-block'), policyOf('washington-border')];

let folder: string;
let answers: { readonly block: BacktestAnswer; readonly both: BacktestAnswer };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-backtest-'));
  const session = await sampleSession(await sampleArchive(folder, washingtonRows), readPeriod('2026', 0));
  try {
    const world = sampleWorld();
    answers = { block: await backtest(session, world, sampleQuestion([block])), both: await backtest(session, world, sampleQuestion([block, border])) };
  } finally {
    await session.close();
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const counts = (answer: BacktestAnswer, draft = 0): Record<string, number> => Object.fromEntries((answer.drafts[draft]?.kinds ?? []).filter(({ requests }) => requests > 0).map(({ kind, requests }) => [kind, requests]));
const family = (answer: BacktestAnswer, name: string, draft = 0) => answer.drafts[draft]?.families.find((one) => one.family === name)?.kinds;

describe('the block of one agency by name', () => {
  it('refuses ICE, and nobody else', () => {
    // The request for civil immigration was refused by the act already.
    expect(counts(answers.block)).toEqual({ refused: 10, unchanged: 56 });
    expect(family(answers.block, 'ICE')).toEqual({ refused: 10, unchanged: 1 });
    expect(family(answers.block, 'CBP')).toEqual({ unchanged: 14, stillGiven: 13 });
  });

  it('says who else got the same of the same people', () => {
    const [elsewhere] = answers.block.drafts[0]?.rows?.elsewhere ?? [];
    expect(elsewhere).toMatchObject({ from: 'ICE', requests: 10, people: 5, peopleElsewhere: 3 });
    expect(elsewhere?.others.map(({ family: name, sister, requests, people }) => ({ name, sister, requests, people }))).toEqual([
      { name: 'CBP', sister: true, requests: 3, people: 3 }, { name: 'FBI', sister: false, requests: 1, people: 1 }, { name: 'ownState', sister: false, requests: 40, people: 1 },
    ].sort((a, b) => b.people - a.people));
  });

  it('counts people once, and shows examples to open', () => {
    const [people] = answers.block.drafts[0]?.rows?.people ?? [];
    expect(people).toMatchObject({ kind: 'refused', people: 5, unknown: 0 });
    expect(people?.examples).toHaveLength(3);
    expect(people?.examples[0]).toMatchObject({ ori: 'WAICEE01Z', rulesAfter: ['WA-10'] });
  });
});

describe('access bound to its purpose', () => {
  it('stops both for all but the border, and the border goes on', () => {
    expect(family(answers.both, 'ICE', 1)).toEqual({ refused: 10, unchanged: 1 });
    expect(family(answers.both, 'CBP', 1)).toEqual({ held: 6, unchanged: 8, stillGiven: 7 });
    const purposes = answers.both.drafts[1]?.parties.find(({ party }) => party === 'border')?.purposes;
    expect(purposes?.find(({ key }) => key === 'borderInspection')).toMatchObject({ requests: 7, changed: 0, kinds: { stillGiven: 7 } });
    expect(purposes?.find(({ key }) => key === 'criminalInvestigation')).toMatchObject({ requests: 5, changed: 5, kinds: { held: 5 } });
  });

  it('tells what the holds cost', () => {
    expect(answers.both.drafts[1]?.review).toMatchObject({ heldBefore: 0, heldAfter: 6, newlyHeld: 6, busiestDay: { day: '2026-03-02', held: 6 }, hours: { low: 0.3, middle: 0.6, high: 1.2 } });
    expect(answers.both.drafts[1]?.review.desks).toEqual([{ by: 'licensingPrivacyDesk', withinSeconds: 14_400, onTimeout: 'deny', requests: 6, before: 0 }]);
  });

  it('stands beside the block', () => {
    expect(answers.both.between?.matrix).toEqual(expect.arrayContaining([{ first: 'unchanged', second: 'held', requests: 6 }, { first: 'refused', second: 'refused', requests: 10 }]));
    expect(answers.both.between?.requests).toBe(66);
  });
});

describe('a report', () => {
  it('is the same, to the byte, for the same inputs', async () => {
    const session = await sampleSession(join(folder, 'sample'), readPeriod('2026', 0));
    try {
      const again = await backtest(session, sampleWorld(), sampleQuestion([block]));
      expect(JSON.stringify(again)).toBe(JSON.stringify(answers.block));
    } finally {
      await session.close();
    }
  });

  it('adds up, and says what it left out', () => {
    const [report] = answers.block.drafts;
    expect(report?.requests).toBe(66);
    expect(report?.leftOut).toEqual({ redelivery: 1 });
    expect(report?.kinds.find(({ kind }) => kind === 'unchanged')?.then).toEqual({ found: 53, nothingThere: 1, notLooked: 2 });
    expect(report?.baseline).toMatchObject({ kind: 'decided', policies: [{ version: 1, requests: 66 }] });
  });
});
