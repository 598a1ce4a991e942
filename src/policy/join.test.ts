import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionInput, instant, policyDocument, requester } from '../../test/policyArbitraries.ts';
import { outcomeOrder } from '../vocabulary/index.ts';
import { decide, prepare } from './interpret.ts';
import { joinDecisions } from './join.ts';

describe('the stricter of two decisions', () => {
  const two = fc.tuple(policyDocument, decisionInput, requester, instant).map(([document, input, other, at]) => {
    const policy = prepare(document, 'hash');
    return [decide(policy, input, at), decide(policy, { ...input, requester: other }, at)] as const;
  });

  it('is at least as strict as both, class by class, and as strict as no more than one of them', () => {
    fc.assert(fc.property(two, ([a, b]) => {
      joinDecisions(a, b).classes.forEach((one, n) => {
        const ranks = [a, b].map(({ classes }) => outcomeOrder.indexOf(classes[n]!.outcome));
        expect(outcomeOrder.indexOf(one.outcome)).toBe(Math.max(...ranks));
        expect(one.treatment === null).toBe(one.outcome !== 'redact');
        // What is held has a review, and what is given at once may have one that follows.
        expect(one.review !== null).toBe(one.outcome !== 'deny' && [a, b].some(({ classes }) => classes[n]!.outcome === one.outcome && classes[n]!.review !== null));
      });
    }), { numRuns: 150 });
  });

  it('is the same either way round, and of a decision with itself that decision', () => {
    fc.assert(fc.property(two, ([a, b]) => {
      expect(joinDecisions(a, b)).toEqual(joinDecisions(b, a));
      expect(joinDecisions(a, a)).toEqual(a);
    }), { numRuns: 150 });
  });

  it('unites the duties', () => {
    fc.assert(fc.property(two, ([a, b]) => {
      const rules = new Set([...a.duties, ...b.duties].map(({ rule }) => rule));
      expect(joinDecisions(a, b).duties.map(({ rule }) => rule)).toEqual([...rules].sort());
    }), { numRuns: 100 });
  });

  it('denies a class that one of the two does not have', () => {
    const decision = { owner: 'ZY', policyVersion: 1, policyHash: 'h', tableHash: null, duties: [], classes: [{ dataClass: 'photo', outcome: 'release', rules: ['R'], treatment: null, review: null }] } as const;
    expect(joinDecisions(decision, { ...decision, classes: [] }).classes).toEqual([{ dataClass: 'photo', outcome: 'deny', rules: [], treatment: null, review: null }]);
  });
});
