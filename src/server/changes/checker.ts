import { ChangeError, type Checks } from '../../approvals/types.ts';
import type { InsightAnswer, InsightJob } from '../insight/messages.ts';
import type { JobAnswer, ProofJob } from '../proof/job.ts';

/** Who checks a text for the changes of an owner: what is proved of it, and what it would have done to past requests. */
export interface ChangeChecker {
  assess(owner: string, text: string): Promise<Omit<Checks, 'backtest'>>;
  backtest(owner: string, text: string): Promise<Checks['backtest']>;
}

/** Where the work is done: apart from the queries, one job at a time. Neither rejects. */
export interface CheckDesks {
  readonly proof: { run(job: ProofJob): Promise<JobAnswer> };
  readonly insight: { run(job: InsightJob): Promise<InsightAnswer> };
}

/** The checks of the exchange. What could not be checked is a `ChangeError` `CHANGE_CHECKS`, never a check that passed. */
export function changeChecker({ proof, insight }: CheckDesks): ChangeChecker {
  return {
    async assess(owner, text) {
      const answer = await proof.run({ kind: 'assess', owner, draft: text });
      if (answer.ok) return JSON.parse(answer.body) as Omit<Checks, 'backtest'>;
      if (answer.problem === 'otherOwner') throw new ChangeError('CHANGE_FIELD', `the text is not a policy of ${owner}`, 'The line `policy:` names the owner.');
      if (answer.problem === 'unsoundPolicy') throw new ChangeError('CHANGE_FIELD', `the text is no sound policy: ${(answer.reasons ?? []).slice(0, 5).join('; ')}`, 'Mend what is named.');
      throw unchecked('the checks could not be made', answer.problem === 'proofBusy');
    },
    async backtest(owner, text) {
      const answer = await insight.run({ kind: 'backtest', owner, draft: text });
      if (answer.kind === 'backtest') return answer.result;
      throw unchecked('the backtest could not be made', answer.kind === 'none' && answer.problem === 'busy');
    },
  };
}

function unchecked(what: string, busy: boolean): ChangeError {
  return new ChangeError('CHANGE_CHECKS', `${what}${busy ? ', as too much is asked at once' : ''}`, busy ? 'Try again in a minute.' : 'Try again; if it stays so, the operator finds the reason in the log.');
}
