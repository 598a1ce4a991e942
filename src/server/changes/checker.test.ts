import { describe, expect, it } from 'vitest';
import type { ChangeErrorCode } from '../../approvals/types.ts';
import type { InsightAnswer } from '../insight/messages.ts';
import { json, type JobAnswer } from '../proof/job.ts';
import { changeChecker } from './checker.ts';

const assessed = { hash: 'a'.repeat(64), at: '2026-03-02T00:00:00.000Z', base: null, registry: { version: 1, hash: 'b'.repeat(64) }, ok: true, findings: [], claims: [], effect: 'neutral', difference: [] };
const counted = { period: '2026', text: ['nothing'], newlyReleased: 0, newlyHeld: 0, newlyRefused: 0, hash: 'c'.repeat(64) };

function checker(proof: JobAnswer, insight: InsightAnswer) {
  const jobs: unknown[] = [];
  return { jobs, ...changeChecker({
    proof: { run: (job) => { jobs.push(job); return Promise.resolve(proof); } },
    insight: { run: (job) => { jobs.push(job); return Promise.resolve(insight); } },
  }) };
}

const codeOf = (work: Promise<unknown>): Promise<ChangeErrorCode | 'none'> => work.then(() => 'none' as const, (error: unknown) => (error as { readonly code: ChangeErrorCode }).code);

describe('the checks of a change', () => {
  it('are made by the desks, with the owner and the text', async () => {
    const made = checker(json(assessed), { kind: 'backtest', result: counted });
    expect(await made.assess('WA', 'text')).toEqual(assessed);
    expect(await made.backtest('WA', 'text')).toEqual(counted);
    expect(made.jobs).toEqual([{ kind: 'assess', owner: 'WA', draft: 'text' }, { kind: 'backtest', owner: 'WA', draft: 'text' }]);
  });

  it('have no backtest where there is no archive', async () => {
    expect(await checker(json(assessed), { kind: 'backtest', result: null }).backtest('WA', 'text')).toBeNull();
  });

  it.each([['proofBusy', 'CHANGE_CHECKS'], ['proofTooLarge', 'CHANGE_CHECKS'], ['internal', 'CHANGE_CHECKS'], ['otherOwner', 'CHANGE_FIELD'], ['unsoundPolicy', 'CHANGE_FIELD']] as const)('fail with %s as %s', async (problem, code) => {
    expect(await codeOf(checker({ ok: false, problem }, { kind: 'backtest', result: null }).assess('WA', 'text'))).toBe(code);
  });

  it.each(['busy', 'failed', 'unknown'] as const)('do not pass where the archive is %s', async (problem) => {
    expect(await codeOf(checker(json(assessed), { kind: 'none', problem, why: 'a test' }).backtest('WA', 'text'))).toBe('CHANGE_CHECKS');
  });
});
