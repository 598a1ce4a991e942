import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decisionInput, instant, policyDocument } from '../../test/policyArbitraries.ts';
import type { DecisionInput } from '../model/index.ts';
import { hashPolicy } from './canonical.ts';
import { interpret } from './interpret.ts';
import { ownerPolicy } from './ownerPolicy.ts';

/** As the registry and the exchange hand them over: equal attributes are one frozen object. */
const asShared = (input: DecisionInput): DecisionInput => ({ ...input, requester: Object.freeze({ ...input.requester }) });

it('decides as the interpreter does, whatever was asked before and however the clock moves', () => {
  fc.assert(fc.property(policyDocument, fc.array(decisionInput, { minLength: 1, maxLength: 4 }), fc.array(fc.tuple(fc.nat(), instant), { minLength: 1, maxLength: 12 }),
    (document, inputs, questions) => {
      let at = 0;
      const policy = ownerPolicy(document, hashPolicy(document), { now: () => at });
      const shared = inputs.map(asShared);
      for (const [pick, moment] of questions) {
        at = moment;
        const input = shared[pick % shared.length] as DecisionInput;
        expect(policy.decide(input)).toEqual({ ...interpret(document, input, new Date(at)), tableHash: policy.table().hash });
      }
    }), { numRuns: 200 });
});

it('compiles once for each stretch of days, and tells of it', () => {
  const document = { ...(fc.sample(policyDocument, { numRuns: 1, seed: 9 })[0] as Parameters<typeof hashPolicy>[0]), effective: '2026-06-01', expires: '2026-06-02' };
  const [input] = fc.sample(decisionInput, { numRuns: 1, seed: 4 }).map(asShared) as [DecisionInput];
  const told: string[] = [];
  let at = Date.UTC(2026, 5, 1, 12);
  const policy = ownerPolicy(document, hashPolicy(document), { now: () => at, onCompiled: ({ hash }) => told.push(hash) });
  const first = policy.decide(input);
  at += 1000;
  expect(policy.decide(input)).toBe(first);
  at = Date.UTC(2026, 5, 3);
  expect(policy.decide(input)).not.toBe(first);
  expect(told).toHaveLength(new Set(told).size);
  expect(told.length).toBeGreaterThan(1);
});
