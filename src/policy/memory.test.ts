import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decisionInput, instant, policyDocument } from '../../test/policyArbitraries.ts';
import type { DecisionInput } from '../model/index.ts';
import { decide, prepare } from './interpret.ts';
import { rememberingDecider } from './memory.ts';

/** As the registry and the exchange hand them over: equal attributes are one frozen object, and so are the classes of a key. */
const asShared = (input: DecisionInput): DecisionInput => ({ ...input, requester: Object.freeze({ ...input.requester }) });

it('decides as the interpreter does, whatever was asked before and however the clock moves', () => {
  fc.assert(fc.property(policyDocument, fc.array(decisionInput, { minLength: 1, maxLength: 4 }), fc.array(fc.tuple(fc.nat(), instant), { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 5 }),
    (document, inputs, questions, most) => {
      const prepared = prepare(document, 'hash');
      const remembering = rememberingDecider(prepared, most);
      const shared = inputs.map(asShared);
      for (const [pick, at] of questions) {
        const input = shared[pick % shared.length] as DecisionInput;
        expect(remembering(input, at)).toEqual(decide(prepared, input, at));
      }
    }), { numRuns: 300 });
});

it('gives one frozen object for equal questions, and a new one after a rule begins or ends', () => {
  const input = asShared(fc.sample(decisionInput, { numRuns: 1, seed: 4 })[0] as DecisionInput);
  const document = fc.sample(policyDocument, { numRuns: 1, seed: 9 })[0] as Parameters<typeof prepare>[0];
  const remembering = rememberingDecider(prepare({ ...document, effective: '2026-06-01', expires: '2026-06-02' }, 'hash'));
  const noon = Date.UTC(2026, 5, 1, 12);
  const first = remembering(input, noon);
  expect(remembering(input, noon + 1000)).toBe(first);
  expect(Object.isFrozen(first) && Object.isFrozen(first.classes)).toBe(true);
  expect(remembering(input, noon + 3 * 86_400_000)).not.toBe(first);
});

it('remembers nothing of attributes that could still change', () => {
  const input = fc.sample(decisionInput, { numRuns: 1, seed: 4 })[0] as DecisionInput;
  const loose = { ...input, requester: { ...input.requester } };
  const remembering = rememberingDecider(prepare(fc.sample(policyDocument, { numRuns: 1, seed: 9 })[0] as Parameters<typeof prepare>[0], 'hash'));
  expect(remembering(loose, 0)).not.toBe(remembering(loose, 0));
});
