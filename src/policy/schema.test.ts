import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { demoPolicies } from '../../demo/policies/index.ts';
import { policyDocument } from '../../test/policyArbitraries.ts';
import { checkPolicy } from './check.ts';
import { toSource } from './print.ts';
import { samples } from './samples.ts';
import { policySchema } from './schema.ts';

const validate = new Ajv2020({ strict: true, strictRequired: false, allErrors: false }).compile(policySchema());
const read = (text: string): unknown => parse(text, { schema: 'core', version: '1.2' }) as unknown;

describe('the JSON Schema', () => {
  it('takes every document', () => {
    fc.assert(fc.property(policyDocument, (document) => {
      expect(validate(toSource(document)), JSON.stringify(validate.errors)).toBe(true);
    }), { numRuns: 100 });
  });

  it('takes the policies of the demonstration', () => {
    for (const { text } of demoPolicies()) expect(validate(read(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  const structural = new Set(['wrongType', 'missingKey', 'unknownKey', 'unknownWord', 'badOwner', 'badVersion', 'badId', 'badDuration', 'badLimit', 'tooMany', 'emptyList', 'emptyCondition', 'oneOutcome', 'treatmentNotValid']);
  it.each(samples.filter(({ code }) => structural.has(code)))('refuses what the check refuses: $code', ({ text }) => {
    expect(validate(read(text))).toBe(false);
  });

  it('refuses nothing that the check takes', () => {
    const mutated = fc.tuple(policyDocument.map((one) => JSON.stringify(toSource(one))), fc.nat(), fc.nat(3), fc.constantFrom('', 'x', '0', '[]', '{}', '"a"', 'all'))
      .map(([text, from, length, piece]) => text.slice(0, from % text.length) + piece + text.slice((from % text.length) + length));
    fc.assert(fc.property(mutated, (text) => {
      if (checkPolicy(text).ok) expect(validate(read(text)), JSON.stringify(validate.errors)).toBe(true);
    }), { numRuns: 300 });
  });
});
